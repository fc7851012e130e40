// SPDX-License-Identifier: MIT
//
// Return addresses that no call has made: adr x30, and then a frame record, a jump or a return.
#include <fmt/format.h>

#include "audit/checks.hpp"
#include "code/flow.hpp"
#include "code/registers.hpp"
#include "flow/constants.hpp"

namespace surefoot::tools {
namespace {

// stp x29, x30, in every form. A store of x30 alone may be of anything: compilers use it for what they like.
bool stores_record(std::uint32_t word) { return (word & 0xfe407c1f) == (0xa8000000 | lr_number << 10 | fp_number); }

bool leaves(const Function& function, const Flow& flow) {
  switch (flow.kind) {
    case Flow::Kind::jump: return flow.target <= function.start || flow.target >= function.end;
    case Flow::Kind::indirect_jump:
    case Flow::Kind::function_return: return true;
    default: return false;
  }
}

bool is_executable(const Image& image, std::uint64_t address) {
  const Section* section = image.section_at(address);
  return section != nullptr && section->is_executable;
}

// The registers that hold x30 and something else added up: it is the anchor of a jump table then.
class Anchored {
 public:
  void step(std::uint32_t word) {
    const bool is_sum = (word & 0xff200000) == 0x8b000000 || (word & 0xffe00000) == 0x8b200000;  // ADD of two registers
    const bool is_of_lr = (word >> 5 & 31) == lr_number || (word >> 16 & 31) == lr_number;
    registers_ &= ~registers_written(word);
    if (is_sum && is_of_lr) registers_ |= RegisterSet{1} << (word & 31);
  }
  [[nodiscard]] bool leads(const Flow& flow) const {
    return flow.kind == Flow::Kind::indirect_jump && (registers_ >> flow.target_register & 1) != 0;
  }

 private:
  RegisterSet registers_ = 0;
};

// A walk takes it for what it is: it follows a call, or it is a hook, or special.
bool is_sound(const Image& image, const SpecialTable& special, std::uint64_t address) {
  if (address == 0) return true;                    // says that there is no caller, in an image at address 0 too
  if (!is_executable(image, address)) return true;  // not a return address at all
  const std::optional<std::uint32_t> before = image.instruction_at(address - 4);
  if (before && flow_of(*before, address - 4).is_call()) return true;
  return special.ranges().find(address).is_return_hook_at(address) || special.ranges().find(address - 4).is_special();
}

}  // namespace

void check_return_addresses(const Image& image, const SpecialTable& special, const Function& function,
                            Findings& findings) {
  Constants constants;
  Anchored anchored;
  std::optional<std::uint64_t> reported_at;
  for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
    const std::optional<std::uint32_t> word = image.instruction_at(pc);
    if (!word) {
      constants.forget();
      anchored = {};
      continue;
    }
    const Flow flow = flow_of(*word, pc);
    const std::optional<Constants::Constant>& lr = constants[lr_number];
    const bool is_left = leaves(function, flow) && !anchored.leads(flow);
    if (lr && (stores_record(*word) || is_left) && lr->made_at != reported_at && !is_sound(image, special, lr->value)) {
      reported_at = lr->made_at;
      Finding finding = make_finding(
          FindingKind::return_address_without_call, lr->made_at,
          fmt::format("puts the address of {} into x30, and no call stands before it", name_of(image, lr->value)));
      place(image, finding);
      findings.push_back(std::move(finding));
    }
    constants.step(pc, *word);
    anchored.step(*word);
    if (flow.goes_on()) continue;
    constants.forget();
    anchored = {};
  }
}

}  // namespace surefoot::tools
