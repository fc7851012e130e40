// SPDX-License-Identifier: MIT
//
// Copies the output of the sweep, and adds to each failure the instructions that it names:
//
//   explain_failure IMAGE < OUTPUT
//
// The kernel prints the word that it was about to execute. The image has the word that was linked, which differs where
// tracing has patched the code.
#include <capstone/capstone.h>

#include <cstdint>
#include <cstring>
#include <iostream>
#include <regex>
#include <string>

#include "image.hpp"

namespace {

std::string disassemble(std::uint64_t address, std::uint32_t word) {
  csh handle = 0;
  if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle) != CS_ERR_OK) return "?";
  std::uint8_t bytes[sizeof word];
  std::memcpy(bytes, &word, sizeof word);
  cs_insn* decoded = nullptr;
  std::string text = "?";
  if (cs_disasm(handle, bytes, sizeof bytes, address, 1, &decoded) == 1) {
    text = std::string(decoded->mnemonic) + " " + decoded->op_str;
    cs_free(decoded, 1);
  }
  cs_close(&handle);
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: explain_failure IMAGE < OUTPUT\n";
    return 2;
  }
  const surefoot::testing::Image image(argv[1]);
  const std::regex place("^  (at|after) 0x([0-9a-f]+) instruction 0x([0-9a-f]+)");
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << line;
    if (std::smatch found; std::regex_search(line, found, place)) {
      const std::uint64_t address = std::stoull(found[2], nullptr, 16);
      const auto word = static_cast<std::uint32_t>(std::stoul(found[3], nullptr, 16));
      if (address != 0) {
        std::uint32_t linked = 0;
        std::memcpy(&linked, image.bytes(address, address + sizeof linked).data(), sizeof linked);
        std::cout << "  ; " << disassemble(address, word);
        if (linked != word) std::cout << " (linked as: " << disassemble(address, linked) << ")";
      }
    }
    std::cout << '\n' << std::flush;
  }
}
