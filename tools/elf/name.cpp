// SPDX-License-Identifier: MIT
#include "elf/name.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace surefoot::tools {

std::string demangle(const std::string& symbol) {
  if (!symbol.starts_with("_Z")) return symbol;
  struct Free {
    void operator()(char* text) const { std::free(text); }
  };
  int status = 0;
  const std::string plain = symbol.substr(0, symbol.find('@'));
  const std::unique_ptr<char, Free> text(abi::__cxa_demangle(plain.c_str(), nullptr, nullptr, &status));
  return status == 0 && text ? std::string(text.get()) : symbol;
}

std::string printable(std::string_view text) {
  std::string result(text);
  for (char& character : result) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte == 0x7f) character = '?';
  }
  return result;
}

}  // namespace surefoot::tools
