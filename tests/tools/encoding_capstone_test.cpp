// SPDX-License-Identifier: MIT
//
// What encodings say by themselves, against Capstone, for every word of real libraries that Capstone knows. Missing
// libraries fail the tests.
#include <capstone/capstone.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "code/flow.hpp"
#include "code/registers.hpp"
#include "elf/image.hpp"
#include "flow/state.hpp"
#include "support/parameter_name.hpp"

namespace surefoot::tools {
namespace {

class Capstone {
 public:
  Capstone() {
    if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle_) != CS_ERR_OK) throw std::runtime_error("no AArch64");
    cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
    instruction_ = cs_malloc(handle_);
  }
  Capstone(const Capstone&) = delete;
  Capstone& operator=(const Capstone&) = delete;
  ~Capstone() {
    cs_free(instruction_, 1);
    cs_close(&handle_);
  }

  // Null if it does not know the word.
  const cs_insn* decode(std::uint32_t word, std::uint64_t pc) {
    std::uint8_t bytes[4];
    std::memcpy(bytes, &word, sizeof bytes);
    const std::uint8_t* at = bytes;
    std::size_t size = sizeof bytes;
    return cs_disasm_iter(handle_, &at, &size, &pc, instruction_) ? instruction_ : nullptr;
  }

  // The general registers that the instruction writes, as Capstone has it.
  RegisterSet written() {
    cs_regs read;
    cs_regs write;
    std::uint8_t read_count = 0;
    std::uint8_t write_count = 0;
    if (cs_regs_access(handle_, instruction_, read, &read_count, write, &write_count) != CS_ERR_OK) return 0;
    RegisterSet registers = 0;
    for (unsigned i = 0; i < write_count; ++i) registers |= set_of(write[i]);
    return registers;
  }

 private:
  static RegisterSet set_of(unsigned reg) {
    if (reg >= ARM64_REG_X0 && reg <= ARM64_REG_X28) return RegisterSet{1} << (reg - ARM64_REG_X0);
    if (reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30) return RegisterSet{1} << (reg - ARM64_REG_W0);
    switch (reg) {
      case ARM64_REG_X29: return RegisterSet{1} << fp_number;
      case ARM64_REG_X30: return RegisterSet{1} << lr_number;
      case ARM64_REG_SP:
      case ARM64_REG_WSP: return RegisterSet{1} << sp_number;
      default: return 0;
    }
  }

  csh handle_ = 0;
  cs_insn* instruction_ = nullptr;
};

// All words of the code of a library, each once.
class EncodingOfLibrary : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string path = std::string(SUREFOOT_AARCH64_SYSROOT_LIB "/") + GetParam();
    const auto image = Image::open(path);
    ASSERT_TRUE(image) << path << ": " << image.error();
    for (const Function& function : image->functions()) {
      for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
        if (const auto word = image->instruction_at(pc)) words_.emplace(*word, pc);
      }
    }
    ASSERT_GT(words_.size(), 5'000U);
  }
  std::map<std::uint32_t, std::uint64_t> words_;
  Capstone capstone_;
};

INSTANTIATE_TEST_SUITE_P(, EncodingOfLibrary,
                         ::testing::Values("libc.so.6", "ld-linux-aarch64.so.1", "libm.so.6", "libstdc++.so.6",
                                           "libgomp.so.1"),
                         surefoot::testing::parameter_name);

// Capstone's faults: it takes the first operand of a comparison, the argument of MSR, and lr of SVC for written.
bool is_misjudged(const cs_insn& instruction) {
  switch (instruction.id) {
    case ARM64_INS_CMP:
    case ARM64_INS_CMN:
    case ARM64_INS_TST:
    case ARM64_INS_MSR:
    case ARM64_INS_SYS:
    case ARM64_INS_SVC: return true;
    default: return false;
  }
}

// Capstone's omissions: what hints do to lr, and ADDS.
bool is_incomplete(const cs_insn& instruction) {
  return instruction.id == ARM64_INS_HINT || std::string_view(instruction.mnemonic) == "adds";
}

TEST_P(EncodingOfLibrary, ChangesTheRegistersThatCapstoneSays) {
  std::size_t known = 0;
  std::size_t different = 0;
  for (const auto& [word, pc] : words_) {
    const cs_insn* instruction = capstone_.decode(word, pc);
    if (instruction == nullptr) continue;
    ++known;
    const RegisterSet theirs = is_misjudged(*instruction) ? 0 : capstone_.written();
    const RegisterSet ours = registers_written(word);
    if (ours == theirs || (is_incomplete(*instruction) && (theirs & ~ours) == 0)) continue;
    ADD_FAILURE() << fmt::format("{} {}: {:08x}, Capstone says {:08x}", instruction->mnemonic, instruction->op_str,
                                 ours, theirs);
    if (++different > 10) return;
  }
  EXPECT_GT(known, words_.size() / 100 * 99);
}

// Of calls it says no more than that they are jumps.
TEST_P(EncodingOfLibrary, GoesWhereCapstoneSays) {
  std::size_t targets = 0;
  for (const auto& [word, pc] : words_) {
    const cs_insn* instruction = capstone_.decode(word, pc);
    if (instruction == nullptr) continue;
    SCOPED_TRACE(fmt::format("{} {}", instruction->mnemonic, instruction->op_str));
    const Flow flow = flow_of(word, pc);
    const std::span groups(instruction->detail->groups, instruction->detail->groups_count);
    const bool is_return = std::ranges::find(groups, CS_GRP_RET) != groups.end();
    const bool is_jump = std::ranges::find(groups, CS_GRP_JUMP) != groups.end();
    ASSERT_EQ(is_return, flow.kind == Flow::Kind::function_return);
    ASSERT_EQ(is_return || is_jump, flow.kind != Flow::Kind::next && flow.kind != Flow::Kind::stop);
    const bool has_target =
        flow.kind == Flow::Kind::jump || flow.kind == Flow::Kind::branch || flow.kind == Flow::Kind::call;
    if (!has_target) continue;
    ++targets;
    const cs_arm64& detail = instruction->detail->arm64;
    ASSERT_GT(detail.op_count, 0);
    ASSERT_EQ(static_cast<std::uint64_t>(detail.operands[detail.op_count - 1].imm), flow.target);
  }
  EXPECT_GT(targets, 1'000U);
}

}  // namespace
}  // namespace surefoot::tools
