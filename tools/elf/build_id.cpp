// SPDX-License-Identifier: MIT
#include "elf/build_id.hpp"

#include <fmt/format.h>
#include <link.h>

#include <cstring>
#include <span>
#include <string_view>

#include "elf/tables.hpp"

namespace surefoot::tools {
namespace {

constexpr std::uint64_t max_size = 64;
constexpr std::string_view owner("GNU\0", 4);

std::string digits_of(std::span<const std::byte> bytes) {
  std::string digits;
  for (const std::byte byte : bytes) digits += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return digits;
}

std::optional<std::string> find_build_id(std::span<const std::byte> notes) {
  constexpr std::uint64_t alignment = 4;
  const auto align = [](std::uint64_t size) { return (size + alignment - 1) / alignment * alignment; };
  while (const auto header = read_at<Elf64_Nhdr>(notes, 0)) {
    const std::span<const std::byte> rest = notes.subspan(sizeof(Elf64_Nhdr));
    const std::uint64_t name_size = align(header->n_namesz);
    if (name_size > rest.size() || header->n_descsz > rest.size() - name_size) break;
    const bool is_ours = header->n_type == NT_GNU_BUILD_ID && header->n_namesz == owner.size() &&
                         std::memcmp(rest.data(), owner.data(), owner.size()) == 0;
    if (is_ours && header->n_descsz != 0 && header->n_descsz <= max_size) {
      return digits_of(rest.subspan(name_size, header->n_descsz));
    }
    const std::uint64_t size = name_size + align(header->n_descsz);
    if (size > rest.size()) break;
    notes = rest.subspan(size);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> build_id_of(const Image& image) {
  for (const char* const name : {".note.gnu.build-id", ".notes"}) {
    const Section* const section = image.find_section(name);
    if (section == nullptr) continue;
    if (auto build_id = find_build_id(section->bytes)) return build_id;
  }
  return std::nullopt;
}

std::optional<std::string> build_id_of_this_program() {
  std::optional<std::string> found;
  const auto look = [](dl_phdr_info* program, std::size_t, void* into) {
    for (const auto& segment : std::span(program->dlpi_phdr, program->dlpi_phnum)) {
      if (segment.p_type != PT_NOTE) continue;
      // SAFETY: the loader has mapped the segment there.
      const auto* const notes = reinterpret_cast<const std::byte*>(program->dlpi_addr + segment.p_vaddr);
      auto build_id = find_build_id({notes, segment.p_memsz});
      if (build_id) *static_cast<std::optional<std::string>*>(into) = std::move(build_id);
    }
    return 1;  // the program comes first, and its libraries are not asked
  };
  ::dl_iterate_phdr(look, &found);
  return found;
}

}  // namespace surefoot::tools
