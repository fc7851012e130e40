// SPDX-License-Identifier: MIT
//
// Any bytes as a frame table: nothing outside of them is read, every rule is well-formed, and all is as the slow reader
// says.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <span>
#include <vector>

#include "support/frame_table_section.hpp"
#include "support/slow_frame_table.hpp"
#include "surefoot/frame_table.hpp"

using namespace surefoot;
using surefoot::testing::SlowFrameTable;

namespace {

constexpr std::uint64_t address = 0x4008'0448;  // as in the samples that the corpus is made of

void require(bool is_so, const char* what, std::uint64_t pc) {
  if (is_so) return;
  std::cerr << what << " at pc 0x" << std::hex << pc << '\n';
  std::abort();
}

// Where rules begin and end, and one place that the input chooses.
std::vector<std::uint64_t> interesting_pcs(const SlowFrameTable& table, std::span<const std::byte> input) {
  std::vector<std::uint64_t> pcs(1);
  if (input.size() >= sizeof pcs[0]) std::memcpy(pcs.data(), input.last(sizeof pcs[0]).data(), sizeof pcs[0]);
  constexpr std::size_t most = 400;
  for (const SlowFrameTable::Function& function : table.functions()) {
    if (pcs.size() > most) break;
    for (const std::uint64_t edge : {function.start, function.start + function.size}) {
      pcs.insert(pcs.end(), {edge - 1, edge, edge + 1});
    }
    if (!function.rows) continue;
    for (const SlowFrameTable::Row& row : *function.rows) {
      if (pcs.size() > most) break;
      pcs.insert(pcs.end(), {function.start + row.start, function.start + function.block_size + row.start + 3});
    }
  }
  return pcs;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> input = std::as_bytes(std::span(data, size));
  const auto table = FrameTable::make(input, address);
  const auto slow = SlowFrameTable::from_section(input, address);
  require(table.has_value() == slow.has_value(), "only one reader refuses it", 0);
  if (!table) {
    require(table.error().code == slow.error(), to_string(table.error().code), 0);
    return 0;
  }
  for (const std::uint64_t pc : interesting_pcs(*slow, input)) {
    const Rule rule = table->find(pc);
    require(surefoot::testing::is_well_formed(rule), "no well-formed rule", pc);
    require(rule == slow->find(pc), "the readers differ", pc);
  }
  return 0;
}
