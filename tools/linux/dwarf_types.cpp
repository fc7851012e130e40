// SPDX-License-Identifier: MIT
//
// Types by DWARF, read by libdw. A kernel has millions of entries, so they are looked through only as far as names are
// asked for: each unit's outermost entries once, and the search goes on where the last one ended.
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <deque>
#include <functional>
#include <unordered_map>

#include "linux/type_graph.hpp"

namespace surefoot::tools {
namespace {

struct EndDwfl {
  void operator()(::Dwfl* dwfl) const { dwfl_end(dwfl); }
};
using Debug = std::unique_ptr<::Dwfl, EndDwfl>;

constexpr std::uint64_t max_size = std::uint64_t{1} << 32;  // of a type, in bytes

std::optional<std::uint64_t> number_of(Dwarf_Die* die, unsigned kind) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(die, kind, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) return std::nullopt;
  return value;
}

std::string_view name_of(Dwarf_Die* die) {
  const char* const name = dwarf_diename(die);
  return name == nullptr ? std::string_view() : std::string_view(name);
}

bool is_aggregate(int tag) {
  return tag == DW_TAG_structure_type || tag == DW_TAG_union_type || tag == DW_TAG_class_type;
}

bool is_other_name(int tag) {
  return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
         tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

bool refer(Dwarf_Die* die, unsigned kind, Dwarf_Die* to) {
  Dwarf_Attribute attribute;
  return dwarf_attr(die, kind, &attribute) != nullptr && dwarf_formref_die(&attribute, to) != nullptr;
}

// The next entry beside this one. Siblings that lead backwards would have no end.
bool go_on(Dwarf_Die* die) {
  const void* const before = die->addr;
  return dwarf_siblingof(die, die) == 0 && std::less<>()(before, static_cast<const void*>(die->addr));
}

// The number of elements of an array, all dimensions together; 0 if one has no bound. Empty if there are too many.
std::optional<std::uint64_t> count_elements(Dwarf_Die* array) {
  Dwarf_Die dimension;
  if (dwarf_child(array, &dimension) != 0) return 0;
  std::uint64_t elements = 1;
  do {
    if (dwarf_tag(&dimension) != DW_TAG_subrange_type) continue;
    auto count = number_of(&dimension, DW_AT_count);
    // That of an array without elements is -1, in as many bits as the compiler likes.
    const auto highest = number_of(&dimension, DW_AT_upper_bound);
    if (!count && highest && *highest < max_size) count = *highest + 1;
    if (count && *count > max_size) return std::nullopt;
    elements *= count.value_or(0);  // both at most 2^32
    if (elements > max_size) return std::nullopt;
  } while (go_on(&dimension));
  return elements;
}

class DwarfGraph : public TypeGraph {
 public:
  DwarfGraph(Debug debug, ::Dwarf* dwarf) : debug_(std::move(debug)), types_(dwarf), enums_(dwarf) {}

  std::optional<Type> find(std::string_view name) override {
    while (true) {
      if (const auto found = aggregates_.find(name); found != aggregates_.end()) return keep(found->second);
      if (!types_.for_each_of_next_unit([this](Dwarf_Die& die) { add_type(die); })) break;
    }
    const auto found = typedefs_.find(name);
    return found == typedefs_.end() ? std::nullopt : std::optional(keep(found->second));
  }

  std::optional<std::int64_t> enumerator(std::string_view name) override {
    while (true) {
      if (const auto found = enumerators_.find(name); found != enumerators_.end()) return found->second;
      if (!enums_.for_each_of_next_unit([this](Dwarf_Die& die) { add_enumerators(die); })) return std::nullopt;
    }
  }

  std::optional<Shape> shape_of(Type type) override {
    if (type >= kept_.size()) return std::nullopt;
    Dwarf_Die die = kept_[type];
    Shape shape;
    std::uint64_t elements = 1;
    for (unsigned depth = 0; depth < max_depth; ++depth) {
      const int tag = dwarf_tag(&die);
      if (tag == DW_TAG_array_type) {
        const auto count = count_elements(&die);
        if (!count || !refer(&die, DW_AT_type, &die)) return std::nullopt;
        if (shape.kind != Kind::array) shape = {.kind = Kind::array, .type = keep(die), .size = 0, .count = *count};
        elements *= *count;
        if (elements > max_size) return std::nullopt;
      } else if (is_other_name(tag)) {
        if (!refer(&die, DW_AT_type, &die)) return Shape{};  // void
      } else {
        // What is in a unit of its own may be declared here, with its signature.
        if (is_aggregate(tag) && refer(&die, DW_AT_signature, &die)) continue;
        const std::uint64_t size = number_of(&die, DW_AT_byte_size).value_or(tag == DW_TAG_pointer_type ? 8 : 0);
        if (size > max_size || elements * size > max_size) return std::nullopt;
        if (shape.kind != Kind::array) {
          shape.kind = is_aggregate(tag) ? Kind::aggregate : Kind::other;
          shape.type = keep(die);
        }
        shape.size = elements * size;
        return shape;
      }
    }
    return std::nullopt;
  }

  std::vector<Member> members_of(Type type) override {
    Dwarf_Die die;
    if (type >= kept_.size() || dwarf_child(&kept_[type], &die) != 0) return {};
    std::vector<Member> members;
    do {
      Dwarf_Die member_type;
      if (dwarf_tag(&die) != DW_TAG_member || !refer(&die, DW_AT_type, &member_type)) continue;
      const auto offset = number_of(&die, DW_AT_data_member_location);
      // Also if the place is to be calculated.
      const bool is_odd = dwarf_hasattr(&die, DW_AT_bit_size) != 0 || dwarf_hasattr(&die, DW_AT_data_bit_offset) != 0 ||
                          (!offset && dwarf_hasattr(&die, DW_AT_data_member_location) != 0);
      if (offset.value_or(0) > max_size) continue;
      members.push_back({.name = name_of(&die),
                         .type = keep(member_type),
                         .bit_offset = offset.value_or(0) * 8,
                         .is_bit_field = is_odd});
    } while (members.size() < max_members && go_on(&die));
    return members;
  }

 private:
  // Goes through the units, one at a time.
  class Units {
   public:
    explicit Units(::Dwarf* dwarf) : dwarf_(dwarf) {}
    // False if there is none left.
    template <typename Take>
    bool for_each_of_next_unit(const Take& take) {
      Dwarf_Die unit;
      if (is_at_end_ || dwarf_get_units(dwarf_, unit_, &unit_, nullptr, nullptr, &unit, nullptr) != 0) {
        is_at_end_ = true;
        return false;
      }
      Dwarf_Die die;
      if (dwarf_child(&unit, &die) != 0) return true;
      do take(die);
      while (go_on(&die));
      return true;
    }

   private:
    ::Dwarf* dwarf_;
    ::Dwarf_CU* unit_ = nullptr;
    bool is_at_end_ = false;
  };

  void add_type(Dwarf_Die& die) {
    const int tag = dwarf_tag(&die);
    const bool is_typedef = tag == DW_TAG_typedef;
    if (!is_typedef && !is_aggregate(tag)) return;
    const std::string_view name = name_of(&die);
    if (name.empty()) return;
    auto& names = is_typedef ? typedefs_ : aggregates_;
    if (names.contains(name)) return;
    if (!is_typedef && dwarf_hasattr(&die, DW_AT_byte_size) == 0) return;  // a declaration
    names.emplace(name, die);
  }

  void add_enumerators(Dwarf_Die& type) {
    Dwarf_Die die;
    if (dwarf_tag(&type) != DW_TAG_enumeration_type || dwarf_child(&type, &die) != 0) return;
    do {
      Dwarf_Attribute attribute;
      Dwarf_Sword value = 0;
      const bool has_value = dwarf_tag(&die) == DW_TAG_enumerator &&
                             dwarf_attr(&die, DW_AT_const_value, &attribute) != nullptr &&
                             dwarf_formsdata(&attribute, &value) == 0;
      if (has_value) enumerators_.try_emplace(name_of(&die), value);
    } while (go_on(&die));
  }

  Type keep(const Dwarf_Die& die) {
    const auto [at, is_new] = number_of_kept_.try_emplace(die.addr, kept_.size());
    if (is_new) kept_.push_back(die);
    return at->second;
  }

  Debug debug_;
  Units types_;
  Units enums_;
  std::deque<Dwarf_Die> kept_;
  std::unordered_map<const void*, Type> number_of_kept_;  // by the entry's place in memory
  // Names are in the file's sections, which debug_ holds.
  std::unordered_map<std::string_view, Dwarf_Die> aggregates_;
  std::unordered_map<std::string_view, Dwarf_Die> typedefs_;
  std::unordered_map<std::string_view, std::int64_t> enumerators_;
};

// No other file than the one that was named.
int find_no_debug_file(::Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*, GElf_Word, char**) {
  return -1;
}

}  // namespace

std::expected<std::unique_ptr<Types>, std::string> types_of_dwarf(const std::string& path) {
  static const ::Dwfl_Callbacks callbacks = {.find_elf = nullptr,
                                             .find_debuginfo = find_no_debug_file,
                                             .section_address = dwfl_offline_section_address,
                                             .debuginfo_path = nullptr};
  Debug debug(dwfl_begin(&callbacks));
  ::Dwfl_Module* const module = debug == nullptr ? nullptr : dwfl_report_offline(debug.get(), "", path.c_str(), -1);
  if (module == nullptr) return std::unexpected("not an ELF file that elfutils can read");
  dwfl_report_end(debug.get(), nullptr, nullptr);
  Dwarf_Addr bias = 0;
  ::Dwarf* const dwarf = dwfl_module_getdwarf(module, &bias);
  if (dwarf == nullptr) return std::unexpected("no type information: the file has neither BTF nor DWARF");
  return types_of_graph(std::make_unique<DwarfGraph>(std::move(debug), dwarf), "DWARF");
}

}  // namespace surefoot::tools
