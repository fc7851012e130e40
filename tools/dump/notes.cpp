// SPDX-License-Identifier: MIT
#include "dump/notes.hpp"

#include <elf.h>
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "elf/byte_reader.hpp"

namespace surefoot::tools {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) {
  // SAFETY: bytes are characters.
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A kernel gives VMCOREINFO one page of up to 64 KiB.
constexpr std::size_t max_vmcoreinfo = std::size_t{1} << 20;

// A hostile file has millions of bad notes.
void warn(Dump& dump, std::string text) {
  constexpr std::size_t max_warnings = 20;
  if (dump.warnings.size() < max_warnings) dump.warnings.push_back(std::move(text));
}

void read_note(std::string_view name, std::uint64_t type, std::span<const std::byte> contents, Dump& dump) {
  if (name == "VMCOREINFO") {
    read_vmcoreinfo(contents, dump);
  } else if (name == "CORE" && type == NT_PRSTATUS) {
    if (const std::optional<CpuState> state = cpu_state_of(contents)) {
      dump.cpus.push_back(*state);
    } else {
      warn(dump, fmt::format("a note of a CPU's registers has {} bytes: not used", contents.size()));
    }
  }
}

}  // namespace

std::optional<CpuState> cpu_state_of(std::span<const std::byte> prstatus) {
  // Dictated by Linux: elf_prstatus has 112 bytes before its registers.
  ByteReader reader(prstatus);
  reader.skip(112);
  CpuState state;
  for (std::uint64_t& value : state.x) value = reader.unsigned_number(8);
  state.sp = reader.unsigned_number(8);
  state.pc = reader.unsigned_number(8);
  state.pstate = reader.unsigned_number(8);
  if (reader.has_failed()) return std::nullopt;
  return state;
}

void read_vmcoreinfo(std::span<const std::byte> contents, Dump& dump) {
  if (contents.size() > max_vmcoreinfo) return;
  const std::string_view text = as_text(contents);
  dump.vmcoreinfo = text.substr(0, text.find('\0'));
}

void read_notes(std::span<const std::byte> notes, Dump& dump) {
  ByteReader reader(notes);
  // Linux and QEMU leave room behind the last note, filled with zeros.
  while (reader.rest().size() >= sizeof(Elf64_Nhdr)) {
    const std::uint64_t name_size = reader.unsigned_number(4);
    const std::uint64_t size = reader.unsigned_number(4);
    const std::uint64_t type = reader.unsigned_number(4);
    if (name_size == 0 && size == 0 && type == 0) return;
    const std::span<const std::byte> name_place = reader.rest();
    reader.skip((name_size + 3) / 4 * 4);
    const std::span<const std::byte> contents = reader.rest();
    reader.skip(size);
    if (reader.has_failed()) {
      warn(dump, "a note is longer than its segment: it and those behind it are not used");
      return;
    }
    std::string_view name = as_text(name_place.first(static_cast<std::size_t>(name_size)));
    name = name.substr(0, name.find('\0'));
    read_note(name, type, contents.first(static_cast<std::size_t>(size)), dump);
    if (!reader.is_at_end()) reader.skip(std::min<std::uint64_t>((4 - size % 4) % 4, reader.rest().size()));
  }
}

}  // namespace surefoot::tools
