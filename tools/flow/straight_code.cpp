// SPDX-License-Identifier: MIT
#include "flow/straight_code.hpp"

#include <optional>

#include "code/flow.hpp"

namespace surefoot::tools {

RegisterSet kept_by_straight_code(const Image& image, const DeclaredWays& ways, std::uint64_t start) {
  constexpr RegisterSet arguments = 0x1ff;
  constexpr std::uint64_t most_instructions = 16;
  RegisterSet kept = arguments;
  for (std::uint64_t pc = start; pc != start + 4 * most_instructions; pc += 4) {
    const std::optional<std::uint32_t> word = image.instruction_at(pc);
    if (!word || is_nop(*word)) return 0;
    Flow flow = flow_of(*word, pc);
    ways.add_to(flow, *word, pc);
    if (flow.has_ways) return 0;
    if (flow.kind == Flow::Kind::function_return) return kept;
    if (flow.kind != Flow::Kind::next || flow.is_trap || flow.may_stop) return 0;
    kept &= ~registers_written(*word);
  }
  return 0;
}

}  // namespace surefoot::tools
