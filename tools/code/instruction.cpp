// SPDX-License-Identifier: MIT
#include "code/instruction.hpp"

#include <capstone/capstone.h>
#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>

#include "code/fields.hpp"
#include "elf/adr.hpp"

namespace surefoot::tools {
namespace {

using Operation = Instruction::Operation;

struct Register {
  std::uint8_t number = 0;
  bool is_general = false;
  bool is_32_bit = false;
};

Register register_of(arm64_reg reg) {
  if (reg >= ARM64_REG_X0 && reg <= ARM64_REG_X28) {
    return {.number = static_cast<std::uint8_t>(reg - ARM64_REG_X0), .is_general = true};
  }
  if (reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30) {
    return {.number = static_cast<std::uint8_t>(reg - ARM64_REG_W0), .is_general = true, .is_32_bit = true};
  }
  switch (reg) {
    case ARM64_REG_X29: return {.number = 29, .is_general = true};
    case ARM64_REG_X30: return {.number = 30, .is_general = true};
    case ARM64_REG_SP:
    case ARM64_REG_XZR: return {.number = 31, .is_general = true};
    case ARM64_REG_WSP:
    case ARM64_REG_WZR: return {.number = 31, .is_general = true, .is_32_bit = true};
    default: return {};
  }
}

Extension extension_of(const cs_arm64_op& operand, bool is_32_bit) {
  Extension extension{.bytes = static_cast<std::uint8_t>(is_32_bit ? 4 : 8)};
  switch (operand.ext) {
    case ARM64_EXT_UXTB: extension.bytes = 1; break;
    case ARM64_EXT_UXTH: extension.bytes = 2; break;
    case ARM64_EXT_UXTW: extension.bytes = 4; break;
    case ARM64_EXT_SXTB: extension = {.bytes = 1, .is_signed = true}; break;
    case ARM64_EXT_SXTH: extension = {.bytes = 2, .is_signed = true}; break;
    case ARM64_EXT_SXTW: extension = {.bytes = 4, .is_signed = true}; break;
    default: break;
  }
  extension.shift = static_cast<std::uint8_t>(operand.shift.value);
  return extension;
}

// Capstone's operands in order. Each take_ returns empty if the next one is of another kind.
class Operands {
 public:
  explicit Operands(const cs_arm64& detail) : rest_(detail.operands, detail.op_count) {}
  std::optional<Register> take_register() {
    if (rest_.empty() || rest_.front().type != ARM64_OP_REG) return {};
    const Register reg = register_of(rest_.front().reg);
    rest_ = rest_.subspan(1);
    return reg;
  }
  std::optional<std::int64_t> take_number() {
    if (rest_.empty() || rest_.front().type != ARM64_OP_IMM) return {};
    const std::int64_t number = rest_.front().imm;
    const unsigned shift = rest_.front().shift.type == ARM64_SFT_LSL ? rest_.front().shift.value : 0;
    rest_ = rest_.subspan(1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << shift);
  }
  void skip() { rest_ = rest_.subspan(1); }
  [[nodiscard]] const cs_arm64_op* front() const { return rest_.empty() ? nullptr : rest_.data(); }

 private:
  std::span<const cs_arm64_op> rest_;
};

// ADD, SUB: with a number, or with a register.
void describe_addition(Instruction& instruction, Operands operands, bool is_subtraction) {
  const auto destination = operands.take_register();
  const auto source = operands.take_register();
  if (!destination || !source || !destination->is_general) return;
  instruction.destination = destination->number;
  instruction.source = source->number;
  instruction.is_32_bit = destination->is_32_bit;
  const cs_arm64_op* second = operands.front();
  if (const auto number = operands.take_number()) {
    instruction.operation = Operation::add;
    instruction.number = is_subtraction ? -*number : *number;
    return;
  }
  const auto reg = operands.take_register();
  // With a shifted register, 31 is XZR in all three places: what Capstone calls by another name.
  if (!reg || !reg->is_general || (second->shift.type != ARM64_SFT_INVALID && second->shift.type != ARM64_SFT_LSL))
    return;
  const bool is_extended = (instruction.word >> 21 & 1) != 0;
  if (!is_extended && (destination->number == 31 || source->number == 31)) return;
  instruction.operation = is_subtraction ? Operation::subtract_register : Operation::add_register;
  instruction.second = reg->number;
  instruction.extension = extension_of(*second, reg->is_32_bit);
}

// MOV and its kind: a register, or a number.
void describe_move(Instruction& instruction, Operands operands) {
  const auto destination = operands.take_register();
  if (!destination || !destination->is_general) return;
  instruction.destination = destination->number;
  instruction.is_32_bit = destination->is_32_bit;
  if (const auto number = operands.take_number()) {
    instruction.operation = Operation::set;
    instruction.number = *number;
    return;
  }
  const cs_arm64_op* operand = operands.front();
  if (operand == nullptr || operand->vas != ARM64_VAS_INVALID || operand->vector_index != -1) return;
  const auto source = operands.take_register();
  if (!source || !source->is_general) return;
  const bool is_zero = operand->reg == ARM64_REG_XZR || operand->reg == ARM64_REG_WZR;
  instruction.operation = is_zero ? Operation::set : Operation::add;
  instruction.source = source->number;
  instruction.number = 0;
}

void describe_wide_move(Instruction& instruction, Operands operands, arm64_insn id) {
  const auto destination = operands.take_register();
  const cs_arm64_op* operand = operands.front();
  if (!destination || operand == nullptr || operand->type != ARM64_OP_IMM) return;
  instruction.destination = destination->number;
  instruction.is_32_bit = destination->is_32_bit;
  instruction.shift = static_cast<std::uint8_t>(operand->shift.value);
  if (id == ARM64_INS_MOVK) {
    instruction.operation = Operation::insert;
    instruction.number = operand->imm;
    return;
  }
  const std::uint64_t number = static_cast<std::uint64_t>(operand->imm) << operand->shift.value;
  instruction.operation = Operation::set;
  instruction.number = static_cast<std::int64_t>(id == ARM64_INS_MOVN ? ~number : number);
}

void describe_mask(Instruction& instruction, Operands operands) {
  const auto destination = operands.take_register();
  const auto source = operands.take_register();
  const auto number = operands.take_number();
  if (!destination || !source || !number) return;
  instruction.operation = Operation::mask;
  instruction.destination = destination->number;
  instruction.source = source->number;
  instruction.is_32_bit = destination->is_32_bit || (*number >= 0 && *number <= 0xffffffff);
  instruction.number = *number;
}

void describe_compare(Instruction& instruction, Operands operands) {
  const auto source = operands.take_register();
  if (!source || !source->is_general) return;
  instruction.source = source->number;
  instruction.is_32_bit = source->is_32_bit;
  if (const auto number = operands.take_number()) {
    instruction.operation = Operation::compare;
    instruction.number = *number;
    return;
  }
  const cs_arm64_op* operand = operands.front();
  const auto second = operands.take_register();
  // With an extended register the first may be sp; with a shifted one 31 is XZR.
  const bool is_extended = (instruction.word >> 21 & 1) != 0;
  if (!second || !second->is_general || !is_extended) return;
  const Extension extension = extension_of(*operand, second->is_32_bit);
  if (extension.bytes != 8 || extension.shift != 0) return;
  instruction.operation = Operation::compare_register;
  instruction.second = second->number;
}

std::uint8_t vector_bytes(arm64_reg reg) {
  if (reg >= ARM64_REG_B0 && reg <= ARM64_REG_B31) return 1;
  if (reg >= ARM64_REG_H0 && reg <= ARM64_REG_H31) return 2;
  if (reg >= ARM64_REG_S0 && reg <= ARM64_REG_S31) return 4;
  if (reg >= ARM64_REG_D0 && reg <= ARM64_REG_D31) return 8;
  return 16;
}

// One or two registers, and an address of any form. `bytes` is 0 where the register's own size counts.
void describe_access(Instruction& instruction, Operands operands, Operation operation, std::uint8_t bytes,
                     bool is_sign_extended, bool is_written_back) {
  std::uint8_t count = 0;
  while (operands.front() != nullptr && operands.front()->type == ARM64_OP_REG) {
    if (count == 2) return;
    const arm64_reg name = operands.front()->reg;
    const Register reg = *operands.take_register();
    instruction.registers[count++] = reg.is_general ? reg.number : Instruction::not_general;
    instruction.is_32_bit = reg.is_32_bit;
    if (bytes == 0) bytes = reg.is_general ? (reg.is_32_bit ? 4 : 8) : vector_bytes(name);
  }
  const cs_arm64_op* address = operands.front();
  if (count == 0 || address == nullptr) return;
  instruction.access_bytes = bytes;
  instruction.is_sign_extended = is_sign_extended;
  instruction.register_count = count;
  if (address->type == ARM64_OP_IMM) return;  // LDR (literal): a load of something unknown, as operation `other` has it
  if (address->type != ARM64_OP_MEM) return;
  const Register base = register_of(address->mem.base);
  if (!base.is_general) return;
  MemoryOperand& memory = instruction.memory;
  memory.base = base.number;
  memory.offset = address->mem.disp;
  if (address->mem.index != ARM64_REG_INVALID) {
    const Register index = register_of(address->mem.index);
    memory.has_index = true;
    memory.index = index.number;
    memory.extension = extension_of(*address, index.is_32_bit);
  }
  operands.skip();
  if (is_written_back) {  // by the amount behind the address, of a post-index form, or else by its own offset
    const auto amount = operands.take_number();
    if (!amount && operands.front() != nullptr) return;
    memory.writeback = amount ? static_cast<std::int32_t>(*amount) : memory.offset;
  }
  instruction.operation = operation;
}

void describe_hint(Instruction& instruction, std::int64_t number) {
  instruction.destination = lr_number;
  switch (number) {
    case 0x07: instruction.operation = Operation::strip; break;  // XPACLRI
    case 0x18:
    case 0x19:
    case 0x1a:
    case 0x1b: instruction.operation = Operation::sign; break;
    case 0x1c:
    case 0x1d:
    case 0x1e:
    case 0x1f: instruction.operation = Operation::authenticate; break;
    default: break;
  }
}

// PACIA and its kind, of which Capstone 4 knows none [arm-arm C4.1.95, data-processing (1 source)].
void describe_pointer_authentication(Instruction& instruction) {
  instruction.destination = static_cast<std::uint8_t>(instruction.word & 31U);
  if ((instruction.word & 0xffc0001fU) ==
      0xf380001fU) {  // AUTIASPPC, AUTIBSPPC: of lr, with the address of a PACIASPPC
    instruction.destination = lr_number;
    instruction.operation = Operation::authenticate;
  }
  if ((instruction.word & 0xffff0000U) != 0xdac10000U) return;
  const std::uint32_t opcode = instruction.word >> 10 & 0x3f;
  const bool is_of_lr_with_pc = instruction.destination == lr_number && opcode >= 0x20;
  if (is_of_lr_with_pc && opcode < 0x2a) {
    const bool is_signing = opcode == 0x20 || opcode == 0x21 || opcode == 0x28 || opcode == 0x29;  // PACIASPPC, ...
    if (is_signing) instruction.operation = Operation::sign;
    if (opcode == 0x24 || opcode == 0x25) instruction.operation = Operation::authenticate;  // AUTIASPPCR, AUTIBSPPCR
  } else if (opcode == 0x10 || opcode == 0x11) {
    instruction.operation = Operation::strip;
  } else if (opcode < 0x10) {
    instruction.operation = (opcode & 4) == 0 ? Operation::sign : Operation::authenticate;
  }
}

// Data processing on w registers, by immediates (not of addresses) or registers.
bool is_32_bit_arithmetic(std::uint32_t word) {
  const bool is_by_immediate = (word & 0x1c000000) == 0x10000000 && (word & 0x1f000000) != 0x10000000;
  const bool is_by_register = (word & 0x0e000000) == 0x0a000000;
  return (is_by_immediate || is_by_register) && (word & 0x80000000) == 0;
}

// UBFX and LSR of an x register that leave 32 bits or fewer: zeros stand above them, as after an instruction on a w
// register.
bool is_narrow_extract(std::uint32_t word) {
  if ((word & 0xffc00000) != 0xd3400000) return false;
  const std::uint32_t lowest = word >> 16 & 63;
  const std::uint32_t highest = word >> 10 & 63;
  return lowest <= highest && highest - lowest < 32;
}

bool is_branch_to_label(std::uint32_t word) {
  return matches(word, 0x7c000000, 0x14000000)      // B, BL
         || matches(word, 0xff000010, 0x54000000)   // B.cond
         || matches(word, 0x7c000000, 0x34000000);  // CBZ, CBNZ, TBZ, TBNZ
}

bool is_address(std::uint32_t word) { return matches(word, 0x1f000000, 0x10000000); }  // ADR, ADRP

void describe(Instruction& instruction, const cs_insn& decoded) {
  const cs_arm64& detail = decoded.detail->arm64;
  const Operands operands(detail);
  const auto access = [&](Operation operation, std::uint8_t bytes, bool is_sign_extended = false) {
    describe_access(instruction, operands, operation, bytes, is_sign_extended, detail.writeback);
  };
  const bool is_msr_nzcv = (instruction.word & 0xffffffe0U) == 0xd51b4200U;
  instruction.sets_flags = detail.update_flags || is_msr_nzcv;
  instruction.is_32_bit = is_32_bit_arithmetic(instruction.word) || is_narrow_extract(instruction.word);
  switch (decoded.id) {
    case ARM64_INS_ADD: return describe_addition(instruction, operands, false);
    case ARM64_INS_SUB: return describe_addition(instruction, operands, true);
    case ARM64_INS_MOV: return describe_move(instruction, operands);
    case ARM64_INS_MOVZ:
    case ARM64_INS_MOVN:
    case ARM64_INS_MOVK: return describe_wide_move(instruction, operands, static_cast<arm64_insn>(decoded.id));
    case ARM64_INS_AND: return describe_mask(instruction, operands);
    case ARM64_INS_CMP: return describe_compare(instruction, operands);
    case ARM64_INS_LDR:
    case ARM64_INS_LDUR:
    case ARM64_INS_LDP:
    case ARM64_INS_LDNP: return access(Operation::load, 0);
    case ARM64_INS_LDRB:
    case ARM64_INS_LDURB: return access(Operation::load, 1);
    case ARM64_INS_LDRH:
    case ARM64_INS_LDURH: return access(Operation::load, 2);
    case ARM64_INS_LDRSB:
    case ARM64_INS_LDURSB: return access(Operation::load, 1, true);
    case ARM64_INS_LDRSH:
    case ARM64_INS_LDURSH: return access(Operation::load, 2, true);
    case ARM64_INS_LDRSW:
    case ARM64_INS_LDURSW:
    case ARM64_INS_LDPSW: return access(Operation::load, 4, true);
    case ARM64_INS_STR:
    case ARM64_INS_STUR:
    case ARM64_INS_STP:
    case ARM64_INS_STNP: return access(Operation::store, 0);
    case ARM64_INS_STRB:
    case ARM64_INS_STURB: return access(Operation::store, 1);
    case ARM64_INS_STRH:
    case ARM64_INS_STURH: return access(Operation::store, 2);
    case ARM64_INS_HINT: return describe_hint(instruction, detail.operands[0].imm);
    default: return;
  }
}

}  // namespace

bool is_decoded_by_encoding(std::uint32_t word) { return is_branch_to_label(word) || is_address(word); }

struct Decoder::Handle {
  csh handle = 0;
  cs_insn* instruction = nullptr;

  Handle() {
    if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle) != CS_ERR_OK) {
      throw std::runtime_error("Capstone was built without AArch64");
    }
    cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
    instruction = cs_malloc(handle);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    cs_free(instruction, 1);
    cs_close(&handle);
  }

  // Null if Capstone does not know the word.
  const cs_insn* disassemble(std::uint32_t word, std::uint64_t pc) {
    std::uint8_t bytes[4];
    std::memcpy(bytes, &word, sizeof bytes);
    const std::uint8_t* at = bytes;
    std::size_t size = sizeof bytes;
    return cs_disasm_iter(handle, &at, &size, &pc, instruction) ? instruction : nullptr;
  }
};

Decoder::Decoder() : handle_(std::make_shared<Handle>()) {}

Instruction Decoder::decode(std::uint32_t word, std::uint64_t pc) const {
  Instruction instruction;
  instruction.flow = flow_of(word, pc);
  instruction.word = word;
  instruction.written = registers_written(word);
  if (!is_allocated(word)) {
    instruction.operation = Operation::unknown;
    return instruction;
  }
  if (is_branch_to_label(word)) return instruction;
  if (is_address(word)) {
    instruction.operation = Operation::set;
    instruction.destination = static_cast<std::uint8_t>(rd(word));
    instruction.number = static_cast<std::int64_t>(adr_target(word, pc));
    return instruction;
  }
  if (const cs_insn* decoded = handle_->disassemble(word, pc)) {
    describe(instruction, *decoded);
  } else {
    instruction.sets_flags = true;  // for all that is known
    describe_pointer_authentication(instruction);
  }
  return instruction;
}

std::string Decoder::to_text(std::uint32_t word, std::uint64_t pc) const {
  const cs_insn* decoded = handle_->disassemble(word, pc);
  if (decoded == nullptr) return fmt::format(".inst 0x{:08x}", word);
  return decoded->op_str[0] == '\0' ? decoded->mnemonic : fmt::format("{} {}", decoded->mnemonic, decoded->op_str);
}

}  // namespace surefoot::tools
