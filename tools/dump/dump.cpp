// SPDX-License-Identifier: MIT
#include "dump/dump.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "dump/dump_file.hpp"
#include "dump/elf_dump.hpp"
#include "dump/file_memory.hpp"
#include "dump/flattened.hpp"
#include "dump/kdump_dump.hpp"

namespace surefoot::tools {
namespace {

enum class Signature : std::uint8_t { none, elf, kdump, flattened };

Signature signature_of(const DumpFile& file) {
  std::array<char, 12> start{};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(start.size(), file.size()));
  if (!file.read(0, std::as_writable_bytes(std::span(start)).first(size))) return Signature::none;
  const std::string_view text(start.data(), size);
  if (text.starts_with("\177ELF")) return Signature::elf;
  if (text.starts_with("KDUMP   ") || text.starts_with("DISKDUMP")) return Signature::kdump;
  if (text.starts_with("makedumpfile")) return Signature::flattened;
  return Signature::none;
}

std::expected<Dump, std::string> read_raw(DumpFile file, std::uint64_t base) {
  if (file.size() == 0) return std::unexpected("an empty file");
  if (base >= physical_end || file.size() > physical_end - base) {
    return std::unexpected(fmt::format("no physical addresses: {} bytes from {:#x}", file.size(), base));
  }
  Dump dump;
  dump.format = fmt::format("raw image of RAM at {:#x}", base);
  std::vector<FilePart> parts = {{base, file.size(), 0}};
  dump.memory = std::make_unique<FileMemory>(std::move(file), std::move(parts));
  return dump;
}

std::expected<Dump, std::string> read_with_signature(DumpFile file, Signature signature) {
  switch (signature) {
    case Signature::elf: return read_elf_dump(std::move(file));
    case Signature::kdump: return read_kdump_dump(std::move(file));
    case Signature::flattened: return std::unexpected("in makedumpfile's flattened form, twice");
    case Signature::none: break;
  }
  return std::unexpected(
      "not a dump: neither ELF nor kdump; of a raw image of RAM, --base ADDRESS names the physical address of its "
      "first byte");
}

std::expected<Dump, std::string> read_flattened(const DumpFile& stream) {
  std::vector<std::string> warnings;
  std::expected<DumpFile, std::string> file = unflatten(stream, warnings);
  if (!file) return std::unexpected(file.error());
  const Signature signature = signature_of(*file);
  std::expected<Dump, std::string> dump = read_with_signature(std::move(*file), signature);
  if (!dump) return std::unexpected("in makedumpfile's flattened form, inside of which: " + dump.error());
  dump->format += ", flattened";
  dump->warnings.insert(dump->warnings.begin(), warnings.begin(), warnings.end());
  return dump;
}

}  // namespace

std::expected<Dump, std::string> open_dump(const std::string& path, std::optional<std::uint64_t> raw_base) {
  std::expected<DumpFile, std::string> file = DumpFile::open(path);
  if (!file) return std::unexpected(file.error());
  const Signature signature = signature_of(*file);
  if (raw_base && signature != Signature::none) {
    return std::unexpected("not a raw image of RAM, which --base is for: it has a format of its own");
  }
  if (raw_base) return read_raw(std::move(*file), *raw_base);
  if (signature == Signature::flattened) return read_flattened(*file);
  return read_with_signature(std::move(*file), signature);
}

}  // namespace surefoot::tools
