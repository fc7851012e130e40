// SPDX-License-Identifier: MIT
//
// Opening an image: read, check, put in order.
#include "elf/image.hpp"

#include <fmt/core.h>
#include <libelf.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "elf/frame_entries.hpp"
#include "elf/functions.hpp"
#include "elf/imports.hpp"
#include "elf/layout.hpp"
#include "elf/relocations.hpp"
#include "elf/sparse_file.hpp"
#include "elf/tables.hpp"

namespace surefoot::tools {
namespace {

struct ElfCloser {
  void operator()(::Elf* elf) const { elf_end(elf); }
};

// Code and data are told apart by mapping symbols: $x, $d, both with any suffix after a dot [aaelf64 §5.9].
bool is_mapping_symbol(const RawSymbol& raw) {
  const std::string_view name = raw.symbol.name;
  return name.size() >= 2 && name[0] == '$' && (name[1] == 'x' || name[1] == 'd') &&
         (name.size() == 2 || name[2] == '.');
}

struct DataStretch {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
};

}  // namespace

struct Image::Contents {
  std::optional<SparseFile> storage;  // of open() only
  std::span<const std::byte> original;
  RawFile file;
  std::vector<std::vector<std::byte>> joined;
  std::unique_ptr<::Elf, ElfCloser> elf;
  std::optional<Layout> layout;  // of a relocatable object
  std::vector<Section> sections;
  std::vector<Symbol> symbols;
  std::unordered_map<std::string_view, std::size_t> symbol_by_name;
  std::vector<Function> functions;
  std::vector<Import> imports;
  FrameEntries frame_entries;
  std::vector<DataStretch> data_in_code;  // by rising address, none overlapping

  [[nodiscard]] std::optional<Error> read(std::span<const std::byte> bytes);
  [[nodiscard]] const Section* section_at(std::uint64_t address) const;

 private:
  [[nodiscard]] std::optional<Error> relocate();
  [[nodiscard]] std::optional<Error> find_sections();
  void join_linked_sections();
  [[nodiscard]] std::expected<std::vector<RawSymbol>, Error> find_symbols() const;
  void find_data_in_code(std::vector<RawSymbol>& raw);
  void read_frame_sections();
  void decompress_debug_frame();
  [[nodiscard]] std::span<const std::byte> decompress(std::size_t section, std::size_t size);
  void keep_symbols(std::vector<RawSymbol> raw);
};

std::optional<Image::Error> Image::Contents::read(std::span<const std::byte> bytes) {
  std::expected<RawFile, Error> read_result = read_file(bytes);
  if (!read_result) return read_result.error();
  original = bytes;
  file = std::move(*read_result);

  elf_version(EV_CURRENT);
  // SAFETY: libelf is asked to read only.
  elf.reset(elf_memory(reinterpret_cast<char*>(const_cast<std::byte*>(bytes.data())), bytes.size()));
  if (elf == nullptr) return fmt::format("damaged: {}", elf_errmsg(-1));

  decompress_debug_frame();
  if (std::optional<Error> error = relocate()) return error;
  if (std::optional<Error> error = find_sections()) return error;
  std::expected<std::vector<RawSymbol>, Error> found = find_symbols();
  if (!found) return found.error();
  std::vector<RawSymbol>& raw_symbols = *found;
  find_data_in_code(raw_symbols);
  read_frame_sections();
  keep_sound_entries(frame_entries, sections, raw_symbols);
  functions = find_functions(sections, raw_symbols, frame_entries.entries);
  if (functions.empty()) return "no functions: neither symbols nor call frame information tell of any";
  imports = layout ? find_undefined(file.sections, *layout) : find_imports(file.sections);
  keep_symbols(std::move(raw_symbols));
  return std::nullopt;
}

std::optional<Image::Error> Image::Contents::relocate() {
  if (!file.is_relocatable) {
    relocate_linked(file);
    return std::nullopt;
  }
  const std::expected<Layout, Error> laid_out = lay_out(file.sections);
  if (!laid_out) return laid_out.error();
  layout = *laid_out;
  return relocate_object(file, *layout);
}

std::expected<std::vector<RawSymbol>, Image::Error> Image::Contents::find_symbols() const {
  std::vector<RawSymbol> found;
  for (const std::uint32_t type : {std::uint32_t{SHT_SYMTAB}, std::uint32_t{SHT_DYNSYM}}) {
    if (!found.empty()) break;  // the second is part of the first
    for (const RawSection& section : file.sections) {
      if (section.header.sh_type != type) continue;
      auto symbols_of_section = read_symbols(file.sections, section, layout ? &*layout : nullptr);
      if (!symbols_of_section) return symbols_of_section;
      found = std::move(*symbols_of_section);
      break;
    }
  }
  return found;
}

std::optional<Image::Error> Image::Contents::find_sections() {
  for (std::size_t i = 0; i < file.sections.size(); ++i) {
    const RawSection& section = file.sections[i];
    if (!section.is_loaded() || section.header.sh_size == 0) continue;
    sections.push_back({.name = section.name,
                        .address = section.header.sh_addr,
                        .size = section.header.sh_size,
                        .is_executable = section.is_code(),
                        .is_writable = (section.header.sh_flags & SHF_WRITE) != 0,
                        .bytes = section.bytes,
                        .index = i});
  }
  std::ranges::sort(sections, {}, [](const Section& section) { return std::tuple(section.address, section.size); });
  // Data may: overlays do. Of code the same address would mean two instructions.
  const Section* highest = nullptr;
  for (const Section& section : sections) {
    const bool overlaps = highest != nullptr && section.address - highest->address < highest->size;
    if (overlaps && (section.is_executable || highest->is_executable)) {
      return fmt::format("sections {:.64} and {:.64} overlap at {:#x}", highest->name, section.name, section.address);
    }
    if (!overlaps || section.address + section.size > highest->address + highest->size) highest = &section;
  }
  const bool has_code = std::ranges::any_of(
      sections, [](const Section& section) { return section.is_executable && section.bytes.size() >= 4; });
  if (!has_code) return "no code: no executable section has contents";
  if (file.is_relocatable) join_linked_sections();
  return std::nullopt;
}

// Entries that belong to code are in a section each until they are linked. They were laid out as one.
void Image::Contents::join_linked_sections() {
  const auto is_linked = [this](const Section& section) {
    return (file.sections[section.index].header.sh_flags & SHF_LINK_ORDER) != 0 && !section.is_executable &&
           section.bytes.size() == section.size;
  };
  std::vector<Section> kept;
  for (auto first = sections.begin(); first != sections.end();) {
    auto end = first + 1;
    while (end != sections.end() && is_linked(*first) && is_linked(*end) && end->name == first->name &&
           end->address == (end - 1)->address + (end - 1)->size) {
      ++end;
    }
    if (end - first > 1) {
      std::vector<std::byte>& bytes = joined.emplace_back();
      for (auto part = first; part != end; ++part) bytes.insert(bytes.end(), part->bytes.begin(), part->bytes.end());
      first->bytes = bytes;
      first->size = bytes.size();
    }
    kept.push_back(std::move(*first));
    first = end;
  }
  sections = std::move(kept);
}

// Takes the mapping symbols out of the others.
void Image::Contents::find_data_in_code(std::vector<RawSymbol>& raw) {
  struct Mapping {
    std::uint64_t address;
    std::size_t order;  // of several at one address the last is meant: the others map nothing
    bool is_data;
  };
  std::vector<Mapping> mappings;
  for (const RawSymbol& symbol : raw) {
    if (is_mapping_symbol(symbol)) {
      mappings.push_back({symbol.symbol.address, mappings.size(), symbol.symbol.name[1] == 'd'});
    }
  }
  std::erase_if(raw, is_mapping_symbol);
  std::ranges::sort(mappings, {}, [](const Mapping& mapping) { return std::tuple(mapping.address, mapping.order); });

  auto at = mappings.begin();
  for (const Section& section : sections) {
    if (!section.is_executable) continue;
    const std::uint64_t end = section.address + section.size;
    while (at != mappings.end() && at->address < section.address) ++at;
    for (; at != mappings.end() && at->address < end; ++at) {
      if (!data_in_code.empty()) data_in_code.back().end = std::min(data_in_code.back().end, at->address);
      if (at->is_data) data_in_code.push_back({at->address, end});
    }
  }
}

void Image::Contents::read_frame_sections() {
  for (const RawSection& section : file.sections) {
    const bool is_eh_frame = section.name == ".eh_frame";
    if (!is_eh_frame && section.name != ".debug_frame") continue;
    read_frame_entries(section.bytes, section.header.sh_addr, is_eh_frame, frame_entries);
  }
}

void Image::Contents::decompress_debug_frame() {
  for (std::size_t i = 0; i < file.sections.size(); ++i) {
    RawSection& section = file.sections[i];
    const bool is_frames = section.name == ".eh_frame" || section.name == ".debug_frame";
    if (!is_frames || (section.header.sh_flags & SHF_COMPRESSED) == 0) continue;
    section.bytes = decompress(i, section.bytes.size());
    file.left_to_copy += section.bytes.size();
  }
}

void Image::Contents::keep_symbols(std::vector<RawSymbol> raw) {
  std::erase_if(raw, [](const RawSymbol& symbol) { return symbol.type == STT_TLS; });
  std::ranges::sort(raw, {}, [](const RawSymbol& symbol) {
    return std::tuple(symbol.symbol.address, std::string_view(symbol.symbol.name));
  });
  symbols.reserve(raw.size());
  for (RawSymbol& symbol : raw) symbols.push_back(std::move(symbol.symbol));
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const auto [at, is_new] = symbol_by_name.try_emplace(symbols[i].name, i);
    // Of several with one name the global one is meant.
    if (!is_new && symbols[i].is_global && !symbols[at->second].is_global) at->second = i;
  }
}

// The last that starts at or below the address, where the address is inside it.
const Section* Image::Contents::section_at(std::uint64_t address) const {
  const auto above = std::ranges::upper_bound(sections, address, {}, &Section::address);
  if (above == sections.begin()) return nullptr;
  const Section& section = *(above - 1);
  return address - section.address < section.size ? &section : nullptr;
}

std::span<const std::byte> Image::Contents::decompress(std::size_t section, std::size_t size) {
  // zlib makes at most 1032 bytes of one: a size that is larger is not true, and not to be allocated.
  constexpr std::uint64_t max_ratio = 1032;
  Elf_Scn* scn = elf_getscn(elf.get(), section);
  Elf64_Chdr* header = scn != nullptr ? elf64_getchdr(scn) : nullptr;
  if (header == nullptr || header->ch_size > max_ratio * size || elf_compress(scn, 0, 0) != 1) return {};
  const Elf_Data* data = elf_rawdata(scn, nullptr);
  if (data == nullptr || data->d_buf == nullptr) return {};
  return {static_cast<const std::byte*>(data->d_buf), data->d_size};
}

std::expected<Image, Image::Error> Image::open(const std::filesystem::path& path) {
  std::expected<SparseFile, std::string> file = SparseFile::read(path);
  if (!file) return std::unexpected(std::move(file.error()));
  auto contents = std::make_shared<Contents>();
  contents->storage = std::move(*file);
  if (std::optional<Error> problem = contents->read(contents->storage->bytes()))
    return std::unexpected(std::move(*problem));
  return Image(std::move(contents));
}

std::expected<Image, Image::Error> Image::from_memory(std::span<const std::byte> file) {
  auto contents = std::make_shared<Contents>();
  if (std::optional<Error> problem = contents->read(file)) return std::unexpected(std::move(*problem));
  return Image(std::move(contents));
}

bool Image::is_relocatable() const { return contents_->file.is_relocatable; }
const std::vector<Section>& Image::sections() const { return contents_->sections; }
const std::vector<Symbol>& Image::symbols() const { return contents_->symbols; }
const std::vector<Function>& Image::functions() const { return contents_->functions; }
const std::vector<Import>& Image::imports() const { return contents_->imports; }
const FrameEntries& Image::frame_entries() const { return contents_->frame_entries; }
std::span<const std::byte> Image::file() const { return contents_->original; }
::Elf* Image::elf() const { return contents_->elf.get(); }

const Section* Image::find_section(std::string_view name) const {
  const auto at = std::ranges::find(contents_->sections, name, &Section::name);
  return at != contents_->sections.end() ? &*at : nullptr;
}

const Symbol* Image::find_symbol(std::string_view name) const {
  const auto at = contents_->symbol_by_name.find(name);
  return at != contents_->symbol_by_name.end() ? &contents_->symbols[at->second] : nullptr;
}

const Function* Image::find_function(std::uint64_t address) const {
  const auto above = std::ranges::upper_bound(contents_->functions, address, {}, &Function::start);
  if (above == contents_->functions.begin()) return nullptr;
  const Function& function = *(above - 1);
  return address < function.end ? &function : nullptr;
}

const Section* Image::section_at(std::uint64_t address) const { return contents_->section_at(address); }

std::span<const std::byte> Image::read(std::uint64_t address, std::uint64_t size) const {
  const Section* section = section_at(address);
  if (section == nullptr) return {};
  const std::uint64_t offset = address - section->address;
  if (offset > section->bytes.size() || size > section->bytes.size() - offset) return {};
  return section->bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

std::optional<std::uint32_t> Image::instruction_at(std::uint64_t address) const {
  const Section* section = section_at(address);
  if (address % 4 != 0 || section == nullptr || !section->is_executable) return std::nullopt;
  const auto above = std::ranges::upper_bound(contents_->data_in_code, address, {}, &DataStretch::start);
  if (above != contents_->data_in_code.begin() && address < (above - 1)->end) return std::nullopt;
  // Not by read(), which looks for the section again: nothing else is called as often.
  const std::uint64_t offset = address - section->address;
  std::uint32_t instruction = 0;
  if (offset > section->bytes.size() || section->bytes.size() - offset < sizeof(instruction)) return std::nullopt;
  std::memcpy(&instruction, section->bytes.data() + offset, sizeof(instruction));
  return instruction;
}

}  // namespace surefoot::tools
