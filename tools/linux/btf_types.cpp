// SPDX-License-Identifier: MIT
//
// Types by BTF, read by libbpf. It checks that strings and type numbers are inside; cycles and sizes are checked here.
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <unordered_map>

#include "linux/type_graph.hpp"

namespace surefoot::tools {
namespace {

struct FreeBtf {
  void operator()(::btf* types) const { btf__free(types); }
};
using Btf = std::unique_ptr<::btf, FreeBtf>;

constexpr std::uint64_t max_size = std::uint64_t{1} << 32;  // of a type, in bytes

class BtfGraph : public TypeGraph {
 public:
  explicit BtfGraph(Btf types) : types_(std::move(types)) {
    for (std::uint32_t id = 1; id < btf__type_cnt(types_.get()); ++id) add(id);
  }

  std::optional<Type> find(std::string_view name) override {
    for (const auto* names : {&aggregates_, &typedefs_}) {
      if (const auto found = names->find(name); found != names->end()) return found->second;
    }
    return std::nullopt;
  }

  std::optional<Shape> shape_of(Type type) override {
    Shape shape;
    std::uint64_t elements = 1;
    for (unsigned depth = 0; depth < max_depth; ++depth) {
      const ::btf_type* const next = at(type);
      if (next == nullptr) return std::nullopt;
      if (is_other_name(next)) {
        type = next->type;
        continue;
      }
      if (btf_is_array(next)) {
        const auto& array = *btf_array(next);
        if (shape.kind != Kind::array)
          shape = {.kind = Kind::array, .type = array.type, .size = 0, .count = array.nelems};
        elements *= array.nelems;
        if (elements > max_size) return std::nullopt;
        type = array.type;
        continue;
      }
      if (shape.kind != Kind::array)
        shape = {.kind = btf_is_composite(next) ? Kind::aggregate : Kind::other, .type = type};
      shape.size = elements * size_of(next);  // both at most 2^32
      return shape.size <= max_size ? std::optional(shape) : std::nullopt;
    }
    return std::nullopt;
  }

  std::vector<Member> members_of(Type type) override {
    const ::btf_type* const aggregate = at(type);
    if (aggregate == nullptr || !btf_is_composite(aggregate)) return {};
    std::vector<Member> members;
    members.reserve(btf_vlen(aggregate));  // 16 bits
    for (std::uint32_t i = 0; i < btf_vlen(aggregate); ++i) {
      const ::btf_member& member = btf_members(aggregate)[i];
      members.push_back({.name = name_at(member.name_off),
                         .type = member.type,
                         .bit_offset = btf_member_bit_offset(aggregate, i),
                         .is_bit_field = btf_member_bitfield_size(aggregate, i) != 0});
    }
    return members;
  }

  std::optional<std::int64_t> enumerator(std::string_view name) override {
    for (std::uint32_t id = 1; id < btf__type_cnt(types_.get()); ++id) {
      const ::btf_type* const type = at(id);
      for (std::uint32_t i = 0; type != nullptr && btf_is_enum(type) && i < btf_vlen(type); ++i) {
        const auto& value = btf_enum(type)[i];
        if (name_at(value.name_off) == name) return std::int64_t{value.val};
      }
      for (std::uint32_t i = 0; type != nullptr && btf_is_enum64(type) && i < btf_vlen(type); ++i) {
        const auto* const value = btf_enum64(type) + i;
        if (name_at(value->name_off) == name) return static_cast<std::int64_t>(btf_enum64_value(value));
      }
    }
    return std::nullopt;
  }

 private:
  void add(std::uint32_t id) {
    const ::btf_type* const type = at(id);
    if (type == nullptr || type->name_off == 0) return;
    if (btf_is_composite(type)) aggregates_.try_emplace(name_at(type->name_off), id);
    if (btf_is_typedef(type)) typedefs_.try_emplace(name_at(type->name_off), id);
  }

  [[nodiscard]] const ::btf_type* at(Type type) const {
    if (type > std::numeric_limits<std::uint32_t>::max()) return nullptr;
    return btf__type_by_id(types_.get(), static_cast<std::uint32_t>(type));
  }
  [[nodiscard]] std::string_view name_at(std::uint32_t offset) const {
    const char* const name = btf__name_by_offset(types_.get(), offset);
    return name == nullptr ? std::string_view() : std::string_view(name);
  }
  static bool is_other_name(const ::btf_type* type) {
    return btf_is_mod(type) || btf_is_typedef(type) || btf_is_type_tag(type);
  }
  // In bytes; 0 of functions, and of what is only declared.
  static std::uint64_t size_of(const ::btf_type* type) {
    if (btf_is_ptr(type)) return sizeof(std::uint64_t);
    const bool has_size = btf_is_composite(type) || btf_is_int(type) || btf_is_float(type) || btf_is_any_enum(type);
    return has_size ? type->size : 0;
  }

  Btf types_;
  std::unordered_map<std::string_view, Type> aggregates_;  // names are in the strings of types_
  std::unordered_map<std::string_view, Type> typedefs_;
};

}  // namespace

std::expected<std::unique_ptr<Types>, std::string> types_of_btf(std::span<const std::byte> bytes) {
  ::btf_header header = {};
  if (bytes.size() < sizeof header || bytes.size() > std::numeric_limits<std::uint32_t>::max()) {
    return std::unexpected("its type information (BTF) is truncated or too large");
  }
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != BTF_MAGIC || header.version != BTF_VERSION || header.hdr_len < sizeof header) {
    return std::unexpected("its type information is no little-endian BTF of version 1");
  }
  libbpf_set_print(nullptr);  // what it would say goes to standard error
  Btf types(btf__new(bytes.data(), static_cast<std::uint32_t>(bytes.size())));
  if (types == nullptr) return std::unexpected("its type information (BTF) is damaged, or needs that of another file");
  return types_of_graph(std::make_unique<BtfGraph>(std::move(types)), "BTF");
}

}  // namespace surefoot::tools
