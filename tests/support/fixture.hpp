// SPDX-License-Identifier: MIT
//
// Files of tests/fixtures, and the one thing that a test wants of an ELF file there: a section.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace surefoot::testing {

/// The bytes of a file below tests/fixtures. One that cannot be read ends the test program.
[[nodiscard]] std::string read_fixture(const std::string& path);

struct ElfSection {
  std::uint64_t address = 0;
  std::vector<std::byte> bytes;
};

/// The section of that name. A file without it ends the test program.
[[nodiscard]] ElfSection read_section(const std::string& elf, const std::string& name);

}  // namespace surefoot::testing
