// SPDX-License-Identifier: MIT
#include "dump/flattened.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>

namespace surefoot::tools {
namespace {

using Error = std::string;

constexpr std::uint64_t header_size = 4096;
constexpr std::uint64_t number_size = 8;
// Dumps have small holes, before what is aligned. Else a small stream could make others search terabytes of zeros.
std::uint64_t max_size_of(const DumpFile& stream) { return 2 * stream.size() + (std::uint64_t{16} << 20); }

// Numbers in it are big-endian.
std::optional<std::uint64_t> read_number(const DumpFile& stream, std::uint64_t at) {
  std::array<std::byte, number_size> bytes{};
  if (!stream.read(at, bytes)) return std::nullopt;
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}

std::expected<int, Error> make_file() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  std::string name = (folder / "surefoot-XXXXXX").string();
  const int descriptor = error ? -1 : ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return std::unexpected("in makedumpfile's flattened form, and there is no temporary file to put it together in: " +
                           (error ? error : std::error_code(errno, std::generic_category())).message());
  }
  ::unlink(name.c_str());
  return descriptor;
}

bool write(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

// Copies a piece as far as the stream goes. False if it cannot be written.
bool copy(const DumpFile& stream, std::uint64_t at, std::uint64_t size, int descriptor, std::uint64_t offset) {
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, std::uint64_t{1} << 20)));
  while (size != 0) {
    const std::span<std::byte> part = std::span(buffer).first(std::min<std::uint64_t>(size, buffer.size()));
    if (!stream.read(at, part)) return false;
    if (!write(descriptor, offset, part)) return false;
    at += part.size();
    offset += part.size();
    size -= part.size();
  }
  return true;
}

}  // namespace

std::expected<DumpFile, Error> unflatten(const DumpFile& stream, std::vector<std::string>& warnings) {
  const std::expected<int, Error> descriptor = make_file();
  if (!descriptor) return std::unexpected(descriptor.error());
  DumpFile file = DumpFile::adopt(*descriptor, 0);
  const std::uint64_t max_size = max_size_of(stream);
  std::uint64_t size = 0;
  std::uint64_t at = header_size;
  while (true) {
    const std::optional<std::uint64_t> offset = read_number(stream, at);
    const std::optional<std::uint64_t> count = read_number(stream, at + number_size);
    constexpr std::uint64_t end_mark = ~std::uint64_t{0};
    if (offset == end_mark) break;
    if (!offset || !count) {
      warnings.emplace_back("the file is cut: makedumpfile's flattened form has an end mark, which is missing");
      break;
    }
    at += 2 * number_size;
    if (*offset > max_size || *count > max_size - *offset) {
      return std::unexpected("in makedumpfile's flattened form, with a piece that belongs to no place in a file");
    }
    const std::uint64_t there = std::min(*count, stream.size() - at);
    if (!copy(stream, at, there, *descriptor, *offset)) {
      return std::unexpected(fmt::format("in makedumpfile's flattened form, and cannot be put together in {}: {}",
                                         std::filesystem::temp_directory_path().string(),
                                         std::generic_category().message(errno)));
    }
    size = std::max(size, *offset + there);
    at += there;
  }
  return DumpFile::adopt(file.release(), size);
}

}  // namespace surefoot::tools
