// SPDX-License-Identifier: MIT
#include "elf/name.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace surefoot::tools {
namespace {

// The smallest number for which as many bytes are needed: a longer spelling is not valid.
struct Form {
  std::size_t size = 0;
  std::uint32_t bits = 0;
  std::uint32_t smallest = 0;
};

Form form_of(unsigned char first) {
  if (first < 0x80) return {1, first, 0};
  if (first >= 0xc0 && first < 0xe0) return {2, first & 0x1fU, 0x80};
  if (first >= 0xe0 && first < 0xf0) return {3, first & 0x0fU, 0x800};
  if (first >= 0xf0 && first < 0xf8) return {4, first & 0x07U, 0x10000};
  return {};
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// How often a mangled name refers to an earlier part of itself: S_, S0_, T_, T0_ [cxx-abi §5.1.10]. What is inside
// identifiers, which say how long they are, is passed over.
std::size_t count_references(std::string_view mangled) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < mangled.size(); ++i) {
    if (is_digit(mangled[i])) {
      std::size_t length = 0;
      for (; i < mangled.size() && is_digit(mangled[i]) && length < mangled.size(); ++i) {
        length = length * 10 + static_cast<std::size_t>(mangled[i] - '0');
      }
      i += length - 1;
    } else if (mangled[i] == 'S' || mangled[i] == 'T') {
      const std::string_view rest = mangled.substr(i + 1);
      const std::size_t end = rest.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
      if (end != std::string_view::npos && rest[end] == '_') {
        ++count;
        i += end + 1;
      }
    }
  }
  return count;
}

}  // namespace

std::string demangle(const std::string& symbol) {
  constexpr std::size_t max_references = 12;
  constexpr std::size_t max_size = 1024;
  if (!symbol.starts_with("_Z") || symbol.size() > max_size || count_references(symbol) > max_references) return symbol;
  struct Free {
    void operator()(char* text) const { std::free(text); }
  };
  int status = 0;
  const std::string plain = symbol.substr(0, symbol.find('@'));
  const std::unique_ptr<char, Free> text(abi::__cxa_demangle(plain.c_str(), nullptr, nullptr, &status));
  return status == 0 && text ? std::string(text.get()) : symbol;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const Form form = form_of(static_cast<unsigned char>(text.front()));
    if (form.size == 0 || form.size > text.size()) return false;
    std::uint32_t number = form.bits;
    for (const char part : text.substr(1, form.size - 1)) {
      if ((static_cast<unsigned char>(part) & 0xc0) != 0x80) return false;
      number = number << 6 | (static_cast<unsigned char>(part) & 0x3fU);
    }
    const bool is_surrogate = number >= 0xd800 && number < 0xe000;
    const bool is_control = number >= 0x80 && number < 0xa0;
    if (number < form.smallest || number > 0x10'ffff || is_surrogate || is_control) return false;
    text.remove_prefix(form.size);
  }
  return true;
}

std::string printable_name(std::string_view name) {
  const bool has_other_letters = is_valid_utf8(name);
  const auto is_printable = [has_other_letters](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x80 ? byte >= 0x20 && byte != 0x7f : has_other_letters;
  };
  std::string text(name);
  std::ranges::replace_if(text, [&](char character) { return !is_printable(character); }, '?');
  return text;
}

}  // namespace surefoot::tools
