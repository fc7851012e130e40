// SPDX-License-Identifier: MIT
//
// Reading an ELF image with libelf, and its instructions with Capstone.
#include "image.hpp"

#include <capstone/capstone.h>
#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace surefoot::testing {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "image test: " << why << '\n';
  std::exit(2);
}

}  // namespace

const Image& Image::under_test() {
  static const Image image = [] {
    const char* path = std::getenv("SUREFOOT_IMAGE");
    if (path == nullptr) give_up("SUREFOOT_IMAGE does not name an image");
    return Image(path);
  }();
  return image;
}

Image::Image(const std::string& path) {
  if (elf_version(EV_CURRENT) == EV_NONE) give_up(elf_errmsg(-1));
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) give_up("cannot open " + path);
  Elf* elf = elf_begin(file, ELF_C_READ, nullptr);
  GElf_Ehdr header;
  if (elf == nullptr || gelf_getehdr(elf, &header) == nullptr || header.e_machine != EM_AARCH64) {
    give_up(path + " is no AArch64 ELF image");
  }
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr shdr;
    const Elf_Data* data = elf_getdata(section, nullptr);
    if (gelf_getshdr(section, &shdr) == nullptr || data == nullptr || data->d_buf == nullptr) continue;
    if ((shdr.sh_flags & SHF_ALLOC) != 0) {
      const auto* begin = static_cast<const std::uint8_t*>(data->d_buf);
      sections_.push_back({shdr.sh_addr, std::vector<std::uint8_t>(begin, begin + data->d_size)});
    }
    if (shdr.sh_type != SHT_SYMTAB) continue;
    for (int i = 0; i < static_cast<int>(shdr.sh_size / shdr.sh_entsize); ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(const_cast<Elf_Data*>(data), i, &symbol) == nullptr) continue;
      const std::string name = elf_strptr(elf, shdr.sh_link, symbol.st_name);
      if (name.empty() || name[0] == '$' || symbol.st_shndx == SHN_UNDEF) continue;  // $x, $d: mapping symbols
      symbols_[name] = {name, symbol.st_value, symbol.st_size, GELF_ST_TYPE(symbol.st_info) == STT_FUNC};
    }
  }
  elf_end(elf);
  close(file);
}

const ImageSymbol& Image::symbol(const std::string& name) const {
  const auto found = symbols_.find(name);
  if (found == symbols_.end()) give_up("the image has no symbol " + name);
  return found->second;
}

std::span<const std::uint8_t> Image::bytes(std::uint64_t address, std::uint64_t end) const {
  for (const Section& section : sections_) {
    if (address >= section.address && end >= address && end - section.address <= section.bytes.size()) {
      return std::span(section.bytes).subspan(address - section.address, end - address);
    }
  }
  give_up("no section holds the bytes at " + std::to_string(address));
}

std::optional<Instruction> Image::decode(std::uint64_t address) const {
  csh handle = 0;
  if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle) != CS_ERR_OK) give_up("Capstone does not start");
  cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
  cs_insn* decoded = nullptr;
  std::optional<Instruction> result;
  if (cs_disasm(handle, bytes(address, address + 4).data(), 4, address, 1, &decoded) == 1) {
    result = Instruction{decoded->mnemonic, decoded->op_str, std::nullopt};
    const cs_arm64& detail = decoded->detail->arm64;
    const bool is_branch = cs_insn_group(handle, decoded, CS_GRP_JUMP) || cs_insn_group(handle, decoded, CS_GRP_CALL) ||
                           result->mnemonic == "bl";
    if (is_branch && detail.op_count > 0 && detail.operands[0].type == ARM64_OP_IMM) {
      result->target = static_cast<std::uint64_t>(detail.operands[0].imm);
    }
    cs_free(decoded, 1);
  }
  cs_close(&handle);
  return result;
}

}  // namespace surefoot::testing
