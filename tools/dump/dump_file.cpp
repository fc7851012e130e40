// SPDX-License-Identifier: MIT
#include "dump/dump_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace surefoot::tools {
namespace {

std::string text_of_error(int number) { return std::generic_category().message(number); }

}  // namespace

std::expected<DumpFile, std::string> DumpFile::open(const std::string& path) {
  // O_NONBLOCK: a pipe would wait for its other end.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return std::unexpected(errno == ENOENT ? "no such file" : "cannot be read: " + text_of_error(errno));
  }
  DumpFile file(descriptor, 0);
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0) return std::unexpected("cannot be read: " + text_of_error(errno));
  if (!S_ISREG(status.st_mode)) return std::unexpected("not a regular file");
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  return file;
}

DumpFile::~DumpFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool DumpFile::read(std::uint64_t offset, std::span<std::byte> into) const {
  if (offset > size_ || into.size() > size_ - offset) return false;
  while (!into.empty()) {
    const ssize_t count = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    offset += static_cast<std::uint64_t>(count);
    into = into.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace surefoot::tools
