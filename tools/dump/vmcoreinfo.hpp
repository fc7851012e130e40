// SPDX-License-Identifier: MIT
//
// VMCOREINFO: what a kernel tells about itself for those who read its memory, a page of lines KEY=VALUE.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "dump/physical_memory.hpp"

namespace surefoot::tools {

class Vmcoreinfo {
 public:
  /// Of several lines with one key the first counts. What is no KEY=VALUE is left out.
  [[nodiscard]] static Vmcoreinfo parse(std::string_view text);

  /// The value of "KEY=", as it stands.
  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  /// The value of "NUMBER(name)=": decimal, or hexadecimal after 0x. Negative ones as two's complement.
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view name) const;
  /// The value of "SYMBOL(name)=": an address.
  [[nodiscard]] std::optional<std::uint64_t> symbol(std::string_view name) const;
  /// The value of "KEY=" as a hexadecimal number, with 0x or without.
  [[nodiscard]] std::optional<std::uint64_t> hexadecimal(std::string_view key) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// Searches all pages for the text, where the file does not give it. The longest one that names what a reader needs.
[[nodiscard]] std::optional<std::string> find_vmcoreinfo(PhysicalMemory& memory);

}  // namespace surefoot::tools
