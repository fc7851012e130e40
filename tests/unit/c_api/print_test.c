// SPDX-License-Identifier: MIT
//
// Printing from C, with names of functions.
#include "text_buffer.h"
#include "world.h"

// A table of one function, [text_start + 0x100, text_start + 0x140), as it lies at text_start.
// Its 6 literals are "_enrtx", and its stream has 8 bytes: 16 instructions, 6 codes, the codes of "net_rx".
static const uint32_t symbol_words[] = {0x32594653, 1,          8,          0x12060000, 0x100,
                                        0,          0x726e655f, 0x06207874, 0x00040102, 0x00000503};
enum { symbol_word_count = sizeof symbol_words / sizeof symbol_words[0] };

const char* c_api_prints_a_trace(void) {
  struct world world;
  struct text_buffer buffer = {.size = 0};
  const struct surefoot_sink sink = {append, &buffer};
  struct surefoot_print_options options = {.use_colour = false};
  EXPECT(fill(&world));
  EXPECT(surefoot_make_symbols_at(symbol_words, symbol_word_count, text_start, &options.symbols, NULL));
  world.words[outer_at] = 0x1000;
  const struct surefoot_trace trace = walk_call(&world);
  surefoot_print_trace(&trace, &options, &sink);
  EXPECT(strcmp(buffer.text,
                "  #0  0x0000000000400204  -  start\n"
                "  #1  0x0000000000400104  net_rx+0x4/0x40  frame_record\n"
                "  #2  0x0000000000400204  -  frame_record\n"
                "  stop  0x0000000000001000  off_stack\n") == 0);
  return NULL;
}

const char* c_api_prints_a_verdict(void) {
  struct world world;
  struct text_buffer buffer = {.size = 0};
  const struct surefoot_sink sink = {append, &buffer};
  const struct surefoot_print_options options = {.use_colour = true};
  EXPECT(fill(&world));
  const struct surefoot_trace trace = walk_call(&world);
  surefoot_print_verdict(&trace.verdict, trace.frame_count, &options, &sink);
  EXPECT(strcmp(buffer.text,
                "policy=strict verdict=\x1b[32mreliable\x1b[0m stop=final_record evidence=none frames=3") == 0);
  return NULL;
}

const char* c_api_prints_findings(void) {
  struct text_buffer buffer = {.size = 0};
  const struct surefoot_sink sink = {append, &buffer};
  const struct surefoot_port_finding findings[2] = {
      {.address = 0x40200a80, .index = 5, .problem = surefoot_port_vector_not_special},
      {.index = 3, .problem = surefoot_port_kernel_refused, .fault = surefoot_kernel_misaligned_register}};
  const struct surefoot_port_result result = {.found = 7, .errors = 7};
  surefoot_print_findings(findings, 2, &result, &sink);
  EXPECT(strcmp(buffer.text,
                "port: error vector_not_special index=5 address=0x0000000040200a80\n"
                "port: error kernel_refused index=3 address=0x0000000000000000 fault=misaligned_register\n"
                "port: 5 more\n") == 0);
  return NULL;
}

const char* c_api_prints_one_frame(void) {
  struct text_buffer buffer = {.size = 0};
  const struct surefoot_sink sink = {append, &buffer};
  const struct surefoot_print_options options = {.use_colour = false};
  const struct surefoot_frame frame = {.pc = outer_pc, .evidence = surefoot_evidence_not_text};
  const struct surefoot_frame_position position = {.index = 7, .index_width = 2, .is_doubtful = true};
  surefoot_print_frame(&frame, &position, &options, &sink);
  EXPECT(strcmp(buffer.text, "  #7   0x0000000000400104  ? -  start  [not_text]\n") == 0);
  return NULL;
}

const char* c_api_folds_a_recursion(void) {
  struct text_buffer buffer = {.size = 0};
  const struct surefoot_sink sink = {append, &buffer};
  const struct surefoot_print_options options = {.use_colour = false};
  struct surefoot_frame frames[12];
  memset(frames, 0, sizeof frames);
  for (size_t i = 0; i < 12; ++i) frames[i].pc = outer_pc;
  const struct surefoot_trace trace = {
      .frames = frames, .frame_count = 12, .verdict = {.is_reliable = true, .first_doubtful = 12}};
  surefoot_print_trace(&trace, &options, &sink);
  EXPECT(strcmp(buffer.text,
                "  #0   0x0000000000400104  -  start\n"
                "  ...  #1 to #11 repeat #0\n") == 0);
  return NULL;
}

const char* c_api_prints_a_name(void) {
  struct text_buffer buffer = {.size = 0};
  const struct surefoot_sink sink = {append, &buffer};
  struct surefoot_symbols symbols;
  EXPECT(surefoot_make_symbols_at(symbol_words, symbol_word_count, text_start, &symbols, NULL));
  const struct surefoot_symbol found = surefoot_find_symbol(&symbols, text_start + 0x104, surefoot_pc_exact);
  surefoot_print_name(&found.name, &sink);
  EXPECT(strcmp(buffer.text, "net_rx") == 0);
  return NULL;
}

const char* c_api_finds_symbols(void) {
  struct surefoot_symbols symbols;
  struct surefoot_error error;
  EXPECT(surefoot_make_symbols_at(symbol_words, symbol_word_count, text_start, &symbols, NULL));
  const struct surefoot_symbol found = surefoot_find_symbol(&symbols, text_start + 0x140, surefoot_pc_return_address);
  EXPECT(surefoot_symbol_is_known(&found) && found.offset == 0x40 && found.size == 0x40);
  char name[] = "########";
  EXPECT(surefoot_copy_symbol_name(&found.name, name, 8) == 6 && strcmp(name, "net_rx") == 0 && name[7] == '#');
  EXPECT(surefoot_copy_symbol_name(&found.name, name, 3) == 6 && strcmp(name, "ne") == 0);
  EXPECT(surefoot_copy_symbol_name(&found.name, NULL, 0) == 6);
  const struct surefoot_symbol none = surefoot_find_symbol(&symbols, text_start + 0x140, surefoot_pc_exact);
  EXPECT(!surefoot_symbol_is_known(&none) && surefoot_copy_symbol_name(&none.name, name, 8) == 0 && name[0] == 0);

  EXPECT(!surefoot_make_symbols(symbol_words, symbol_word_count - 1, &symbols, &error));
  EXPECT(error.code == surefoot_symbols_truncated);
  const struct surefoot_symbol refused = surefoot_find_symbol(&symbols, text_start + 0x104, surefoot_pc_exact);
  EXPECT(!surefoot_symbol_is_known(&refused));
  EXPECT(surefoot_make_symbols(NULL, 0, &symbols, NULL));
  return NULL;
}
