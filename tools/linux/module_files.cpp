// SPDX-License-Identifier: MIT
#include "linux/module_files.hpp"

#include <lzma.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

namespace surefoot::tools {
namespace {

// The largest modules have a few MB; with debug information, a hundred times that.
constexpr std::size_t most_bytes = std::size_t{1} << 30;

std::expected<std::vector<std::byte>, std::string> decompress(const std::vector<std::byte>& packed) {
  lzma_stream stream = LZMA_STREAM_INIT;
  constexpr std::uint64_t most_memory = 256 << 20;
  if (lzma_stream_decoder(&stream, most_memory, 0) != LZMA_OK) return std::unexpected("no memory to decompress it");
  // SAFETY: any object may be looked at as bytes, and the vectors outlive the stream.
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::vector<std::byte> bytes;
  std::array<std::byte, 1 << 16> piece;
  lzma_ret state = LZMA_OK;
  while (state == LZMA_OK && bytes.size() <= most_bytes) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(piece.data());
    stream.avail_out = piece.size();
    state = lzma_code(&stream, LZMA_FINISH);
    bytes.insert(bytes.end(), piece.begin(), piece.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
  }
  lzma_end(&stream);
  if (state != LZMA_STREAM_END) return std::unexpected("the compressed file is damaged");
  return bytes;
}

std::optional<std::vector<std::byte>> read_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > most_bytes) return {};
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  std::ifstream file(path, std::ios::binary);
  // SAFETY: any object may be looked at as characters.
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file) return {};
  return bytes;
}

}  // namespace

std::map<std::string, std::filesystem::path> find_module_files(const std::string& folder) {
  std::map<std::string, std::filesystem::path> files;
  std::error_code error;
  constexpr auto options = std::filesystem::directory_options::skip_permission_denied;
  for (std::filesystem::recursive_directory_iterator entry(folder, options, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    const std::size_t suffix = name.find(".ko");
    if (suffix == std::string::npos) continue;
    const std::string kind = name.substr(suffix);
    if (kind != ".ko" && kind != ".ko.xz") continue;
    name.resize(suffix);
    std::ranges::replace(name, '-', '_');
    std::filesystem::path& known = files[name];
    if (known.empty() || kind == ".ko") known = entry->path();
  }
  return files;
}

std::expected<std::unique_ptr<ModuleFile>, std::string> ModuleFile::open(const std::filesystem::path& path) {
  auto bytes = read_file(path);
  if (!bytes) return std::unexpected("cannot be read");
  if (path.extension() == ".xz") {
    auto unpacked = decompress(*bytes);
    if (!unpacked) return std::unexpected(unpacked.error());
    *bytes = std::move(*unpacked);
  }
  // The bytes stay where they are when the vector is moved.
  const auto image = Image::from_memory(*bytes);
  if (!image) return std::unexpected(image.error());
  return std::unique_ptr<ModuleFile>(new ModuleFile(std::move(*bytes), *image));
}

bool is_its_code(VirtualMemory& memory, const LoadedModule& module, const Image& image) {
  std::size_t same = 0;
  std::size_t all = 0;
  for (const Section& section : image.sections()) {
    const auto at = module.sections.find(section.name);
    if (!section.is_executable || section.name != ".text" || at == module.sections.end()) continue;
    std::vector<std::byte> loaded(section.bytes.size());
    if (!memory.read(at->second, loaded)) return false;
    constexpr std::size_t word = 4;
    for (std::size_t i = 0; i + word <= loaded.size(); i += word) {
      // Relocation changes the operands of calls and of addresses, which are these opcodes' lowest bits.
      const auto opcode = std::to_integer<unsigned>(section.bytes[i + 3]);
      const bool is_relocated = (opcode & 0x7c) == 0x14 || (opcode & 0x1f) == 0x10;
      if (is_relocated) continue;
      ++all;
      same += std::ranges::equal(std::span(loaded).subspan(i, word), section.bytes.subspan(i, word)) ? 1U : 0U;
    }
  }
  // `ldr` and `add` with a relocated offset are the tenth that may differ, and what is patched at run time.
  return all != 0 && same * 10 >= all * 7;
}

}  // namespace surefoot::tools
