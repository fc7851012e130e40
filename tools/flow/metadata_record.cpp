// SPDX-License-Identifier: MIT
#include "flow/metadata_record.hpp"

#include <optional>

#include "code/flow.hpp"
#include "code/registers.hpp"
#include "flow/constants.hpp"
#include "flow/state.hpp"
#include "surefoot/layout.h"

namespace surefoot::tools {

std::unordered_set<std::uint64_t> calls_with_metadata_record(const Image& image, const Function& function) {
  std::unordered_set<std::uint64_t> calls;
  std::uint64_t zeros_at = ~std::uint64_t{0};  // from sp
  std::uint64_t type_at = ~std::uint64_t{0};
  bool has_record = false;
  Constants constants;
  for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
    const std::optional<std::uint32_t> word = image.instruction_at(pc);
    if (!word) continue;
    if (has_record && flow_of(*word, pc).is_call()) calls.insert(pc);
    if ((*word & 0xffc07fff) == 0xa9007fff) zeros_at = std::uint64_t{*word >> 15 & 0x7f} * 8;  // stp xzr, xzr, [sp, #n]
    if ((*word & 0xffc003e0) == 0xf90003e0) {                                                  // str xt, [sp, #n]
      const std::optional<Constants::Constant>& type = constants[*word & 31];
      const bool is_type =
          type && (type->value == SUREFOOT_METADATA_FINAL || type->value == SUREFOOT_METADATA_EXCEPTION);
      if (is_type) type_at = std::uint64_t{*word >> 10 & 0xfff} * 8;
    }
    if ((registers_written(*word) >> fp_number & 1) != 0) {
      const std::uint64_t record_at = *word >> 10 & 0xfff;
      const bool is_from_sp = (*word & 0xffc003ff) == 0x910003fd;  // add x29, sp, #n
      has_record = is_from_sp && record_at == zeros_at && record_at + SUREFOOT_METADATA_RECORD_OFFSET_TYPE == type_at;
    }
    constants.step(pc, *word);
  }
  return calls;
}

}  // namespace surefoot::tools
