// SPDX-License-Identifier: MIT
//
// The layout of a kernel's structures, as its type information tells it: BTF, which kernels carry, or DWARF, which
// files with debug information do. No offset is ever taken from a table of versions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace surefoot::tools {

/// Structs and unions by name, or by the name of a typedef of one. A path names a member of a member:
/// "thread.cpu_context.fp". It looks through anonymous members, and through an array to its first element, which
/// "mem[2].base" does to another. Pointers are not followed. Empty where there is no such type or member, and for
/// bit-fields.
class Types {
 public:
  virtual ~Types() = default;
  [[nodiscard]] virtual std::optional<std::uint64_t> size_of(std::string_view type) const = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> offset_of(std::string_view type, std::string_view path) const = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> size_of_member(std::string_view type,
                                                                    std::string_view path) const = 0;
  /// How many elements a member has that is an array; empty if it is none. 0 of a flexible array.
  [[nodiscard]] virtual std::optional<std::uint64_t> count_of(std::string_view type, std::string_view path) const = 0;
  /// The value of an enumerator of any enum.
  [[nodiscard]] virtual std::optional<std::int64_t> enumerator(std::string_view name) const = 0;
  /// "BTF" or "DWARF".
  [[nodiscard]] virtual std::string_view source() const = 0;
};

/// Of an ELF file: by BTF if the file has it, else by DWARF. Of a file that is BTF and nothing else, by that. An error
/// is one line.
[[nodiscard]] std::expected<std::unique_ptr<Types>, std::string> types_of_file(const std::string& path);

/// Of BTF in memory, of which a copy is made.
[[nodiscard]] std::expected<std::unique_ptr<Types>, std::string> types_of_btf(std::span<const std::byte> bytes);

/// Of the DWARF of an ELF file.
[[nodiscard]] std::expected<std::unique_ptr<Types>, std::string> types_of_dwarf(const std::string& path);

}  // namespace surefoot::tools
