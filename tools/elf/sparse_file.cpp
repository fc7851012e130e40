// SPDX-License-Identifier: MIT
#include "elf/sparse_file.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <new>
#include <string_view>
#include <vector>

namespace surefoot::tools {
namespace {

// Reads parts of a file to where they are in it. Offsets and sizes may be anything: what is not there stays zero.
class Reader {
 public:
  Reader(std::ifstream& stream, std::span<std::byte> bytes) : stream_(stream), bytes_(bytes) {}

  void read(std::uint64_t offset, std::uint64_t size) {
    if (offset >= bytes_.size()) return;
    const std::span<std::byte> part =
        bytes_.subspan(static_cast<std::size_t>(offset), std::min<std::uint64_t>(size, bytes_.size() - offset));
    stream_.clear();
    stream_.seekg(static_cast<std::streamoff>(offset));
    // SAFETY: bytes are characters.
    stream_.read(reinterpret_cast<char*>(part.data()), static_cast<std::streamsize>(part.size()));
  }

  // Empty if it is not whole in the file.
  template <typename T>
  std::vector<T> read_array(std::uint64_t offset, std::uint64_t count) {
    if (offset > bytes_.size() || count > (bytes_.size() - offset) / sizeof(T)) return {};
    read(offset, count * sizeof(T));
    std::vector<T> array(static_cast<std::size_t>(count));
    if (!array.empty()) std::memcpy(array.data(), bytes_.data() + offset, array.size() * sizeof(T));
    return array;
  }

  [[nodiscard]] std::string_view text_at(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return {};
    // SAFETY: bytes are characters.
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + offset, bytes_.size() - offset);
    return rest.substr(0, rest.find('\0'));
  }

 private:
  std::ifstream& stream_;
  std::span<std::byte> bytes_;
};

bool is_unread(std::string_view section) { return section.starts_with(".debug_") && section != ".debug_frame"; }

// The sections of an ELF file that are needed. False if it is none, or has more sections than its header can count.
bool read_sections(Reader& file) {
  const std::vector<Elf64_Ehdr> header = file.read_array<Elf64_Ehdr>(0, 1);
  if (header.empty() || std::memcmp(header[0].e_ident, ELFMAG, SELFMAG) != 0) return false;
  if (header[0].e_shentsize != sizeof(Elf64_Shdr) || header[0].e_shstrndx >= header[0].e_shnum) return false;
  const auto sections = file.read_array<Elf64_Shdr>(header[0].e_shoff, header[0].e_shnum);
  if (sections.empty()) return false;
  const Elf64_Shdr& names = sections[header[0].e_shstrndx];
  file.read(names.sh_offset, names.sh_size);
  for (const Elf64_Shdr& section : sections) {
    const bool has_contents = section.sh_type != SHT_NULL && section.sh_type != SHT_NOBITS;
    if (has_contents && !is_unread(file.text_at(names.sh_offset + section.sh_name))) {
      file.read(section.sh_offset, section.sh_size);
    }
  }
  return true;
}

}  // namespace

std::expected<SparseFile, std::string> SparseFile::read(const std::filesystem::path& path) {
  // Of pipes and devices the size is not known.
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return std::unexpected("no such file");
  if (!std::filesystem::is_regular_file(status)) return std::unexpected("not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  constexpr std::uintmax_t max_size = std::uintmax_t{4} << 30;
  if (error) return std::unexpected("cannot be read: " + error.message());
  if (size > max_size) return std::unexpected("larger than 4 GiB");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::unexpected("cannot be read");

  const auto count = static_cast<std::size_t>(size);
  auto* const bytes = static_cast<std::byte*>(std::calloc(std::max<std::size_t>(count, 1), 1));
  if (bytes == nullptr) throw std::bad_alloc();
  SparseFile file(bytes, count);
  Reader reader(stream, {bytes, count});
  if (!read_sections(reader)) reader.read(0, size);
  return file;
}

}  // namespace surefoot::tools
