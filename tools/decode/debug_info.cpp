// SPDX-License-Identifier: MIT
#include "decode/debug_info.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_map>

#include "decode/die_ranges.hpp"
#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

struct EndDwfl {
  void operator()(::Dwfl* dwfl) const { dwfl_end(dwfl); }
};

std::string text_of(Dwarf_Die* die, unsigned kind) {
  Dwarf_Attribute attribute;
  if (dwarf_attr_integrate(die, kind, &attribute) == nullptr) return {};
  const char* const text = dwarf_formstring(&attribute);
  return text == nullptr ? std::string() : text;
}

// The entry that another one of the same function refers to, up to the one that stands in its namespace.
Dwarf_Die declaration_of(Dwarf_Die die) {
  constexpr int max_steps = 8;
  for (int step = 0; step < max_steps; ++step) {
    Dwarf_Attribute attribute;
    Dwarf_Die next;
    const bool has_origin = dwarf_attr(&die, DW_AT_abstract_origin, &attribute) != nullptr ||
                            dwarf_attr(&die, DW_AT_specification, &attribute) != nullptr;
    if (!has_origin || dwarf_formref_die(&attribute, &next) == nullptr) break;
    die = next;
  }
  return die;
}

// The name out of the linkage name; empty if there is none, or if the demangler is older than the compiler and does not
// know it.
std::string demangled_name(Dwarf_Die* die) {
  for (const unsigned kind : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    const std::string linkage_name = text_of(die, kind);
    std::string name = demangle(linkage_name);
    if (!name.empty() && (name != linkage_name || !name.starts_with("_Z"))) return name;
  }
  return {};
}

// The name with the namespaces, classes and functions that the function is in.
std::string qualified_name(Dwarf_Die* die) {
  std::string name = text_of(die, DW_AT_name);
  Dwarf_Die declaration = declaration_of(*die);
  ::Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes_die(&declaration, &scopes);
  const std::unique_ptr<::Dwarf_Die, decltype(&std::free)> owner(scopes, &std::free);
  for (int i = 1; i < count; ++i) {
    const int tag = dwarf_tag(&scopes[i]);
    if (tag == DW_TAG_compile_unit || tag == DW_TAG_partial_unit) break;
    // The function around a lambda names all that is around itself.
    const std::string function = tag == DW_TAG_subprogram ? demangled_name(&scopes[i]) : std::string();
    if (!function.empty()) return function + "::" + name;
    const char* const scope = dwarf_diename(&scopes[i]);
    if (scope == nullptr && tag != DW_TAG_namespace) continue;
    name.insert(0, std::string(scope == nullptr ? "(anonymous namespace)" : scope) + "::");
  }
  return name;
}

// Where there is no linkage name, as of GCC's local functions, or none that is known, the name is put together.
std::string name_of(Dwarf_Die* die) {
  std::string name = demangled_name(die);
  return name.empty() ? qualified_name(die) : name;
}

// The same of a function that has a symbol, which holds the parameters if the entry does not.
std::string name_of(Dwarf_Die* die, std::string_view symbol) {
  std::string name = demangle(std::string(symbol));
  const bool has_linkage_name = !text_of(die, DW_AT_linkage_name).empty();
  return has_linkage_name || name == symbol ? name_of(die) : name;
}

unsigned number_of(Dwarf_Die* die, unsigned kind) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(die, kind, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) return 0;
  return static_cast<unsigned>(std::min<Dwarf_Word>(value, UINT32_MAX));
}

std::string readable_path(const char* path) {
  return path == nullptr ? std::string() : std::filesystem::path(path).lexically_normal().string();
}

// The part of the file's name that is beside the folder of the compilation, if it is not absolute.
std::string in_folder(Dwarf_Die* unit, const char* path) {
  if (path == nullptr || *path == '/') return readable_path(path);
  Dwarf_Attribute attribute;
  const char* folder = nullptr;
  if (dwarf_attr(unit, DW_AT_comp_dir, &attribute) != nullptr) folder = dwarf_formstring(&attribute);
  return folder == nullptr ? readable_path(path) : (std::filesystem::path(folder) / path).lexically_normal().string();
}

}  // namespace

class DebugInfo::Contents {
 public:
  Contents(const std::filesystem::path& path, const Image& image) : image_(image) {
    callbacks_.find_elf = dwfl_build_id_find_elf;
    callbacks_.find_debuginfo = dwfl_standard_find_debuginfo;
    callbacks_.section_address = dwfl_offline_section_address;
    if (path.empty()) return;
    dwfl_.reset(dwfl_begin(&callbacks_));
    if (!dwfl_) return;
    dwfl_report_begin(dwfl_.get());
    module_ = dwfl_report_offline(dwfl_.get(), "image", path.c_str(), -1);
    dwfl_report_end(dwfl_.get(), nullptr, nullptr);
    if (module_ == nullptr) return;
    ::GElf_Addr bias = 0;
    elf_ = dwfl_module_getelf(module_, &bias);
    elf_bias_ = bias;
    Dwarf_Addr dwarf_bias = 0;
    dwarf_ = dwfl_module_getdwarf(module_, &dwarf_bias);
    dwarf_bias_ = dwarf_bias;
    if (dwarf_ != nullptr) units_ = unit_ranges(*dwarf_);
  }

  // Logs name the same addresses over and over.
  const std::vector<CodePlace>& find_or_keep(std::uint64_t address) {
    constexpr std::size_t max_kept = 16384;
    if (const auto found = kept_.find(address); found != kept_.end()) return found->second;
    if (kept_.size() == max_kept) kept_.clear();
    return kept_.emplace(address, find(address)).first->second;
  }

 private:
  std::vector<CodePlace> find(std::uint64_t address) {
    if (dwarf_ == nullptr) return {};
    const std::optional<std::uint64_t> pc = in_dwarf(address);
    const std::optional<Dwarf_Off> offset = pc ? units_.find(*pc) : std::nullopt;
    Dwarf_Die unit;
    if (!offset || dwarf_offdie(dwarf_, *offset, &unit) == nullptr) return {};
    CodePlace place = line_of(unit, *pc);
    std::vector<CodePlace> places;
    const std::optional<Dwarf_Off> function = functions_of(unit).find(*pc);
    Dwarf_Die die;
    if (function && dwarf_offdie(dwarf_, *function, &die) != nullptr) {
      std::vector<Dwarf_Die> chain = inlined_at(die, *pc);
      // The place in a function that was inlined is the line's; that in the one around it is where it was called.
      for (auto inlined = chain.rbegin(); inlined != chain.rend(); ++inlined) {
        place.function = name_of(&*inlined);
        place.is_inlined = true;
        places.push_back(place);
        place = call_of(unit, *inlined);
      }
      const Function* const symbol = image_.find_function(address);
      place.function = name_of(&die, symbol == nullptr ? std::string_view() : symbol->name);
    }
    places.push_back(place);
    return places;
  }

  // The same address as DWARF counts: elfutils lays out the sections of a relocatable object in its own way.
  std::optional<std::uint64_t> in_dwarf(std::uint64_t address) const {
    if (!image_.is_relocatable()) return address + elf_bias_ - dwarf_bias_;
    const Section* const section = image_.section_at(address);
    ::Elf_Scn* const scn = section == nullptr || elf_ == nullptr ? nullptr : elf_getscn(elf_, section->index);
    ::GElf_Shdr header;
    if (scn == nullptr || gelf_getshdr(scn, &header) == nullptr) return std::nullopt;
    return header.sh_addr + (address - section->address) + elf_bias_ - dwarf_bias_;
  }

  static CodePlace line_of(Dwarf_Die& unit, std::uint64_t pc) {
    CodePlace place;
    ::Dwarf_Line* const line = dwarf_getsrc_die(&unit, pc);
    if (line == nullptr) return place;
    int number = 0;
    int column = 0;
    place.file = in_folder(&unit, dwarf_linesrc(line, nullptr, nullptr));
    if (dwarf_lineno(line, &number) == 0 && number > 0) place.line = static_cast<unsigned>(number);
    if (dwarf_linecol(line, &column) == 0 && column > 0) place.column = static_cast<unsigned>(column);
    return place;
  }

  static CodePlace call_of(Dwarf_Die& unit, Dwarf_Die& inlined) {
    CodePlace place;
    ::Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    const unsigned file = number_of(&inlined, DW_AT_call_file);
    if (dwarf_getsrcfiles(&unit, &files, &count) == 0 && file < count) {
      place.file = in_folder(&unit, dwarf_filesrc(files, file, nullptr, nullptr));
    }
    place.line = number_of(&inlined, DW_AT_call_line);
    place.column = number_of(&inlined, DW_AT_call_column);
    return place;
  }

  const RangesOfDies& functions_of(Dwarf_Die& unit) {
    const Dwarf_Off offset = dwarf_dieoffset(&unit);
    if (const auto found = functions_.find(offset); found != functions_.end()) return found->second;
    return functions_.emplace(offset, function_ranges(unit)).first->second;
  }

  Image image_;
  ::Dwfl_Callbacks callbacks_ = {};
  std::unique_ptr<::Dwfl, EndDwfl> dwfl_;
  ::Dwfl_Module* module_ = nullptr;
  ::Elf* elf_ = nullptr;
  ::Dwarf* dwarf_ = nullptr;
  std::uint64_t elf_bias_ = 0;
  std::uint64_t dwarf_bias_ = 0;
  RangesOfDies units_;
  std::unordered_map<Dwarf_Off, RangesOfDies> functions_;
  std::unordered_map<std::uint64_t, std::vector<CodePlace>> kept_;
};

DebugInfo::DebugInfo(const std::filesystem::path& path, const Image& image)
    : contents_(std::make_unique<Contents>(path, image)) {}
DebugInfo::~DebugInfo() = default;
DebugInfo::DebugInfo(DebugInfo&&) noexcept = default;
DebugInfo& DebugInfo::operator=(DebugInfo&&) noexcept = default;

const std::vector<CodePlace>& DebugInfo::find(std::uint64_t address) { return contents_->find_or_keep(address); }

}  // namespace surefoot::tools
