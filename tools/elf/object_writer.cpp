// SPDX-License-Identifier: MIT
//
// Everything that the object has stays where it is. New contents go behind it, and behind them new section headers.
#include "elf/object_writer.hpp"

#include <elf.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "elf/tables.hpp"

namespace surefoot::tools {
namespace {

using Error = std::string;

// What a relocation can name a section by.
struct Anchor {
  std::uint64_t symbol = 0;
  std::uint64_t offset = 0;  // into the section
};

// The lower the better: another file may define a global symbol of the same name.
unsigned rank(const Elf64_Sym& symbol) {
  if (ELF64_ST_TYPE(symbol.st_info) == STT_SECTION) return 0;
  switch (ELF64_ST_BIND(symbol.st_info)) {
    case STB_LOCAL: return 1;
    case STB_GLOBAL: return 2;
    default: return 3;
  }
}

class Writer {
 public:
  Writer(std::span<const std::byte> object, RawFile file)
      : bytes_(object.begin(), object.end()), file_(std::move(file)) {
    for (const RawSection& section : file_.sections) headers_.push_back(section.header);
  }

  std::optional<Error> prepare() {
    if (!file_.is_relocatable) return "not a relocatable object";
    const auto is_symbols = [](const RawSection& section) { return section.header.sh_type == SHT_SYMTAB; };
    const auto at = std::ranges::find_if(file_.sections, is_symbols);
    if (at == file_.sections.end()) return "the object has no symbols";
    symbols_ = static_cast<std::size_t>(at - file_.sections.begin());
    find_anchors();
    Elf64_Ehdr header;
    std::memcpy(&header, bytes_.data(), sizeof header);
    names_ = header.e_shstrndx != SHN_XINDEX ? header.e_shstrndx : headers_.front().sh_link;
    name_bytes_.assign(file_.sections[names_].bytes.begin(), file_.sections[names_].bytes.end());
    return std::nullopt;
  }

  std::optional<Error> add(const AddedSection& added) {
    for (const RawSection& section : file_.sections) {
      if (section.name == added.name) return fmt::format("the object has a section {:.64} already", added.name);
    }
    std::vector<std::byte> relocations;
    for (const AddedSection::Distance& distance : added.distances) {
      if (distance.section >= anchors_.size() || !anchors_[distance.section]) {
        return fmt::format("no symbol is in section {:.64}, to refer to it by",
                           distance.section < file_.sections.size() ? file_.sections[distance.section].name : "");
      }
      const Anchor& anchor = *anchors_[distance.section];
      const std::uint32_t type = distance.size == sizeof(std::uint32_t) ? R_AARCH64_PREL32 : R_AARCH64_PREL64;
      const Elf64_Rela entry{.r_offset = distance.offset,
                             .r_info = ELF64_R_INFO(anchor.symbol, type),
                             .r_addend = static_cast<Elf64_Sxword>(distance.target - anchor.offset)};
      append(relocations, entry);
    }
    const std::size_t index = headers_.size();
    Elf64_Shdr data{};
    data.sh_type = SHT_PROGBITS;
    data.sh_flags = SHF_ALLOC;
    add_section(added.name, added.bytes, data);
    Elf64_Shdr rela{};
    rela.sh_type = SHT_RELA;
    rela.sh_flags = SHF_INFO_LINK;
    rela.sh_link = static_cast<std::uint32_t>(symbols_);
    rela.sh_info = static_cast<std::uint32_t>(index);
    rela.sh_entsize = sizeof(Elf64_Rela);
    add_section(".rela" + added.name, relocations, rela);
    return std::nullopt;
  }

  std::vector<std::byte> finish() {
    headers_[names_].sh_offset = append_contents(name_bytes_);
    headers_[names_].sh_size = name_bytes_.size();
    Elf64_Ehdr header;
    std::memcpy(&header, bytes_.data(), sizeof header);
    align();
    header.e_shoff = bytes_.size();
    // More than the field can tell are told by the first section header [gabi, ELF Header].
    const bool is_beyond_field = headers_.size() >= SHN_LORESERVE;
    header.e_shnum = is_beyond_field ? 0 : static_cast<Elf64_Half>(headers_.size());
    if (is_beyond_field) headers_.front().sh_size = headers_.size();
    std::memcpy(bytes_.data(), &header, sizeof header);
    for (const Elf64_Shdr& section : headers_) append(bytes_, section);
    return std::move(bytes_);
  }

 private:
  static constexpr std::size_t section_alignment = 8;

  void find_anchors() {
    anchors_.resize(file_.sections.size());
    std::vector<unsigned> ranks(file_.sections.size(), ~0U);
    const std::span<const std::byte> symbols = file_.sections[symbols_].bytes;
    const RawSection* const indices = find_section_indices(file_.sections);
    for (std::uint64_t i = 1; const auto symbol = read_at<Elf64_Sym>(symbols, i * sizeof(Elf64_Sym)); ++i) {
      const unsigned type = ELF64_ST_TYPE(symbol->st_info);
      if (type == STT_FILE || type == STT_TLS || type == STT_GNU_IFUNC) continue;
      std::uint32_t section = symbol->st_shndx;
      if (section == SHN_XINDEX) {
        section = section_beyond_field(indices, i);
      } else if (section >= SHN_LORESERVE) {
        continue;
      }
      if (section == SHN_UNDEF || section >= anchors_.size() || rank(*symbol) >= ranks[section]) continue;
      ranks[section] = rank(*symbol);
      anchors_[section] = Anchor{.symbol = i, .offset = symbol->st_value};
    }
  }

  template <typename T>
  static void append(std::vector<std::byte>& bytes, const T& value) {
    const std::size_t at = bytes.size();
    bytes.resize(at + sizeof value);
    std::memcpy(bytes.data() + at, &value, sizeof value);
  }

  void align() { bytes_.resize((bytes_.size() + section_alignment - 1) / section_alignment * section_alignment); }

  std::uint64_t append_contents(std::span<const std::byte> contents) {
    align();
    const std::uint64_t at = bytes_.size();
    bytes_.insert(bytes_.end(), contents.begin(), contents.end());
    return at;
  }

  void add_section(std::string_view name, std::span<const std::byte> contents, Elf64_Shdr header) {
    header.sh_name = static_cast<Elf64_Word>(name_bytes_.size());
    for (const char c : name) name_bytes_.push_back(static_cast<std::byte>(c));
    name_bytes_.push_back(std::byte{0});
    header.sh_offset = append_contents(contents);
    header.sh_size = contents.size();
    header.sh_addralign = section_alignment;
    headers_.push_back(header);
  }

  std::vector<std::byte> bytes_;
  RawFile file_;
  std::vector<Elf64_Shdr> headers_;
  std::vector<std::byte> name_bytes_;
  std::size_t names_ = 0;
  std::size_t symbols_ = 0;
  std::vector<std::optional<Anchor>> anchors_;  // by the index of the section
};

}  // namespace

std::expected<std::vector<std::byte>, std::string> add_sections(std::span<const std::byte> object,
                                                                const std::vector<AddedSection>& added) {
  std::expected<RawFile, Image::Error> file = read_file(object);
  if (!file) return std::unexpected(std::move(file.error()));
  Writer writer(object, std::move(*file));
  if (std::optional<Error> error = writer.prepare()) return std::unexpected(std::move(*error));
  for (const AddedSection& section : added) {
    if (section.bytes.empty()) continue;
    if (std::optional<Error> error = writer.add(section)) return std::unexpected(std::move(*error));
  }
  return writer.finish();
}

}  // namespace surefoot::tools
