// SPDX-License-Identifier: MIT
//
// Reading the fixtures. They are known to be right, so that what is not there ends the program.
#include "support/fixture.hpp"

#include <elf.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>

namespace surefoot::testing {
namespace {

[[noreturn]] void give_up(const std::string& what) {
  std::cerr << "fixture: " << what << '\n';
  std::abort();
}

template <typename T>
T take(const std::string& elf, std::uint64_t at) {
  T value;
  if (at > elf.size() || sizeof value > elf.size() - at) give_up("the file is too short");
  std::memcpy(&value, elf.data() + at, sizeof value);
  return value;
}

}  // namespace

std::string read_fixture(const std::string& path) {
  std::ifstream file(std::string(SUREFOOT_TEST_FIXTURES "/") + path, std::ios::binary);
  if (!file) give_up("no file " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

ElfSection read_section(const std::string& elf, const std::string& name) {
  const auto header = take<Elf64_Ehdr>(elf, 0);
  const auto section_header = [&](std::size_t number) {
    return take<Elf64_Shdr>(elf, header.e_shoff + number * sizeof(Elf64_Shdr));
  };
  const Elf64_Shdr names = section_header(header.e_shstrndx);
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const Elf64_Shdr section = section_header(i);
    if (name != elf.c_str() + names.sh_offset + section.sh_name) continue;
    if (section.sh_offset + section.sh_size > elf.size()) give_up(name + " is cut off");
    const auto bytes = std::as_bytes(std::span(elf).subspan(section.sh_offset, section.sh_size));
    return {.address = section.sh_addr, .bytes = {bytes.begin(), bytes.end()}};
  }
  give_up("no section " + name);
}

}  // namespace surefoot::testing
