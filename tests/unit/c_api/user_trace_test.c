// SPDX-License-Identifier: MIT
//
// Traces of user programs, from C.
#include "text_buffer.h"
#include "world.h"

static bool read_word(void* object, uint64_t address, uint64_t* word) {
  struct world* world = object;
  if (address < world->stack.range.start || address - world->stack.range.start >= sizeof world->words) return false;
  *word = world->words[(address - world->stack.range.start) / 8];
  return true;
}

const char* c_api_walks_a_user_program(void) {
  struct world world;
  uint64_t pcs[8];
  EXPECT(fill(&world));
  const struct surefoot_user_space space = {.memory = {read_word, &world}, .addresses = {0x1000, 0x10000000}};
  struct surefoot_user_thread thread = {
      .pc = inner_pc, .fp = address(&world, inner_at), .sp = address(&world, 0), .stack = world.stack.range};
  const struct surefoot_user_trace trace = surefoot_walk_user(&space, &thread, pcs, 8);
  EXPECT(trace.count == 3 && trace.pcs == pcs);
  EXPECT(pcs[0] == inner_pc && pcs[1] == outer_pc && pcs[2] == inner_pc);
  EXPECT(trace.stop == surefoot_user_stop_chain_end && trace.stop_at == address(&world, final_at));
  EXPECT(strcmp(surefoot_user_stop_name(trace.stop), "chain_end") == 0);
  EXPECT(strcmp(surefoot_user_stop_name(surefoot_user_stop_count), "unknown") == 0);
  return NULL;
}

const char* c_api_user_ranges_that_wrap_hold_nothing(void) {
  struct world world;
  uint64_t pcs[8];
  EXPECT(fill(&world));
  const struct surefoot_user_space space = {.memory = {read_word, &world}, .addresses = {0x1000, 0x10000000}};
  const struct surefoot_user_space wrapped = {.memory = {read_word, &world}, .addresses = {0x1000, UINT64_MAX}};
  struct surefoot_user_thread thread = {.pc = inner_pc, .fp = address(&world, inner_at), .stack = {8, UINT64_MAX}};
  EXPECT(surefoot_walk_user(&space, &thread, pcs, 8).stop == surefoot_user_stop_off_stack);
  EXPECT(surefoot_walk_user(&wrapped, &thread, pcs, 8).stop == surefoot_user_stop_not_user_code);
  return NULL;
}

const char* c_api_prints_a_user_program_apart(void) {
  const uint64_t pcs[] = {0x401000};
  const struct surefoot_user_trace trace = {
      .pcs = pcs, .count = 1, .stop = surefoot_user_stop_unreadable, .stop_at = 8};
  const struct surefoot_print_options options = {.use_colour = false};
  struct text_buffer buffer = {.size = 0};
  const struct surefoot_sink sink = {append, &buffer};
  surefoot_print_user_trace(&trace, &options, &sink);
  EXPECT(strcmp(buffer.text,
                "  user  #0  0x0000000000401000  -\n"
                "  user  stop  0x0000000000000008  unreadable\n") == 0);
  return NULL;
}
