// SPDX-License-Identifier: MIT
//
// What BTF and DWARF have in common: types that refer to each other. Paths are looked up here, once for both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "linux/types.hpp"

namespace surefoot::tools {

class TypeGraph {
 public:
  /// A type of the graph; what the number means is the graph's own.
  using Type = std::uint64_t;

  enum class Kind : std::uint8_t { aggregate /*struct or union*/, array, other };
  /// A type without its typedefs and qualifiers.
  struct Shape {
    Kind kind = Kind::other;
    Type type = 0;            ///< of an array: that of its elements
    std::uint64_t size = 0;   ///< in bytes, of all elements; 0 where that is not known
    std::uint64_t count = 0;  ///< of an array
  };
  struct Member {
    std::string_view name;  ///< empty of an anonymous one
    Type type = 0;
    std::uint64_t bit_offset = 0;
    bool is_bit_field = false;
  };

  virtual ~TypeGraph() = default;
  /// A complete struct or union, or a typedef, of that name.
  [[nodiscard]] virtual std::optional<Type> find(std::string_view name) = 0;
  /// Empty if the type makes no sense: a reference that leads nowhere, a chain without an end, a size that is too
  /// large.
  [[nodiscard]] virtual std::optional<Shape> shape_of(Type type) = 0;
  /// Of an aggregate. At most max_members.
  [[nodiscard]] virtual std::vector<Member> members_of(Type type) = 0;
  [[nodiscard]] virtual std::optional<std::int64_t> enumerator(std::string_view name) = 0;

  /// More than any kernel's types have, for what is made to have no end: typedefs of typedefs, dimensions of an array,
  /// members in anonymous members.
  static constexpr unsigned max_depth = 32;
  static constexpr std::size_t max_members = 65536;
};

/// Types by such a graph. `source` must outlive it.
[[nodiscard]] std::unique_ptr<Types> types_of_graph(std::unique_ptr<TypeGraph> graph, std::string_view source);

}  // namespace surefoot::tools
