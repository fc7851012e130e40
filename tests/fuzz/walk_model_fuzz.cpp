// SPDX-License-Identifier: MIT
//
// The walk and its slow oracle (tests/support/oracle.hpp) in the random memory of the unit tests, of which the input
// changes any choice.
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <span>
#include <vector>

#include "require.hpp"
#include "support/chaos.hpp"

using namespace surefoot;
using namespace surefoot::testing;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RandomSource random(std::as_bytes(std::span(data, size)));
  const Chaos chaos(random);
  const Registers& registers = chaos.start.registers;
  const ExceptionFrame frame = chaos.start.exception_frame();
  const Start start = chaos.start.is_exception ? Start::exception(frame) : Start::at_call(registers);
  const std::size_t buffer_size = random.is_chosen(90) ? 64 : random.below(5);
  std::vector<Frame> buffer(buffer_size);
  ReadCount count;
  const Trace trace = walk(start, chaos.context, buffer, CountingReader(chaos.memory, count));
  require(count.wild == 0, "no read outside the stacks");
  const std::string got = text({.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict});
  const std::string wanted =
      text(oracle_walk(chaos.start, chaos.context, chaos.frame_table, chaos.memory, buffer_size));
  if (got != wanted) std::cerr << "the walk:\n" << got << "the oracle:\n" << wanted;
  require(got == wanted, "the walk and the oracle agree");
  return 0;
}
