// SPDX-License-Identifier: MIT
//
// The report of a panic from C.
#include "text_buffer.h"
#include "world.h"

struct buffer {
  struct text_buffer printed;  // first, so that append() takes the whole
  struct world* world;
  struct surefoot_exception_frame frame;
  unsigned stops;
  bool was_of_own;  // a report that was to be filled in had something of the CPU that panics
};

// Of the code there is nothing to read.
static bool read_known(void* object, uint64_t at, uint64_t* word) {
  if (at >= text_start && at < text_start + text_size) return false;
  (void)object;
  memcpy(word, (const void*)(uintptr_t)at, sizeof *word);
  return true;
}
static const struct surefoot_memory memory = {.read = read_known};

static bool take(void* object) {
  append(object, "<take>", 6);
  return true;
}
static void give_back(void* object) { append(object, "<release>", 9); }
static void stop_others(void* object) { ++((struct buffer*)object)->stops; }

static uint32_t wait_for(void* object, uint32_t cpu, struct surefoot_panic_report* known) {
  struct buffer* buffer = object;
  buffer->was_of_own |= known->reason != NULL || known->task_name != NULL || known->has_task_number ||
                        known->exception_frame_at != 0 || known->syndrome != NULL || known->task != NULL ||
                        known->start != NULL || !known->has_cpu || known->cpu != cpu;
  if (cpu != 1) return cpu == 2 ? surefoot_panic_silent : 77;
  known->task_name = "other";
  known->task = &buffer->world->task;
  known->exception_frame_at = (uint64_t)(uintptr_t)&buffer->frame;
  return surefoot_panic_stopped;
}

static bool has(const struct buffer* buffer, const char* text) { return strstr(buffer->printed.text, text) != NULL; }

const char* c_api_prints_a_panic(void) {
  struct world world;
  struct buffer buffer = {.printed = {.size = 0}};
  const struct surefoot_sink sink = {append, &buffer};
  EXPECT(fill(&world));
  const struct surefoot_start start = surefoot_start_call(&world.registers);
  const struct surefoot_syndrome syndrome = {.esr = 0xf2000005, .far = 0};
  const struct surefoot_panic_report report = {.reason = "from C",
                                               .has_cpu = true,
                                               .cpu = 0,
                                               .task_name = "init",
                                               .has_task_number = true,
                                               .task_number = 1,
                                               .syndrome = &syndrome,
                                               .kernel = &world.kernel,
                                               .task = &world.task,
                                               .start = &start,
                                               .memory = &memory};
  surefoot_print_panic(&report, &sink);
  EXPECT(has(&buffer,
             "---[ surefoot: panic: from C ]---\n"
             "CPU: 0  Task: init (1)\n"
             "Exception: brk 0x5 (esr 0xf2000005)\n"
             "pc : 0x0000000000400204\n"));
  EXPECT(has(&buffer, "Call trace: policy=exact verdict=reliable stop=final_record evidence=none frames=3\n"));
  EXPECT(has(&buffer, "\n---[ surefoot: end of panic, cpu 0 ]---\n"));
  return NULL;
}

const char* c_api_prints_a_panic_of_which_nothing_is_known(void) {
  struct world world;
  struct buffer buffer = {.printed = {.size = 0}};
  const struct surefoot_sink sink = {append, &buffer};
  struct surefoot_kernel kernel;
  memset(&kernel, 0, sizeof kernel);
  EXPECT(fill(&world));
  const struct surefoot_start start = surefoot_start_call(&world.registers);
  const struct surefoot_panic_report report = {
      .kernel = &kernel, .task = &world.task, .start = &start, .is_strict = true};
  surefoot_print_panic(&report, &sink);
  EXPECT(has(&buffer, "---[ surefoot: panic ]---\npc : "));
  EXPECT(has(&buffer, "Call trace: policy=strict verdict=unreliable stop=final_record evidence=not_text frames=3\n"));
  EXPECT(!has(&buffer, "Code:"));
  return NULL;
}

const char* c_api_reports_other_cpus(void) {
  struct world world;
  struct buffer buffer = {.printed = {.size = 0}, .world = &world};
  EXPECT(fill(&world));
  buffer.frame = interrupted(&world);
  const struct surefoot_start start = surefoot_start_call(&world.registers);
  const struct surefoot_syndrome syndrome = {.esr = 0x96000044};
  const struct surefoot_panic_report report = {.reason = "own",
                                               .has_cpu = true,
                                               .cpu = 0,
                                               .task_name = "own",
                                               .has_task_number = true,
                                               .syndrome = &syndrome,
                                               .kernel = &world.kernel,
                                               .task = &world.task,
                                               .start = &start,
                                               .memory = &memory};
  const struct surefoot_panic_port port = {.object = &buffer,
                                           .write = append,
                                           .take_console = take,
                                           .release_console = give_back,
                                           .cpu_count = 4,
                                           .stop_others = stop_others,
                                           .wait_for = wait_for};
  struct surefoot_panic_all_cpus all = {0};
  struct surefoot_panic_own_cpu own = {0};
  EXPECT(surefoot_panic(&report, &port, &all, &own) == surefoot_panic_end_machine);
  EXPECT(!buffer.was_of_own);
  EXPECT(buffer.stops == 1 && all.first == 1 && own.depth == 1);
  EXPECT(has(&buffer, "<take>\n---[ surefoot: panic: own ]---\n"));
  EXPECT(has(&buffer, "cpu 0 ]---\n<release><take>---[ surefoot: cpu 1 stopped ]---\nCPU: 1  Task: other\npc : "));
  EXPECT(has(&buffer, "#0  0x0000000000400204  ? -  start  [crossed_exception"));
  EXPECT(has(&buffer, "cpu 1 ]---\n<release><take>---[ surefoot: cpu 2 does not answer ]---\n"));
  EXPECT(!has(&buffer, "cpu 3"));

  buffer.printed.size = 0;
  struct surefoot_panic_own_cpu other = {0};
  const struct surefoot_panic_report of_another = {.has_cpu = true, .cpu = 1};
  EXPECT(surefoot_panic(&of_another, &port, &all, &other) == surefoot_panic_stay);
  EXPECT(surefoot_panic(&report, &port, &all, &own) == surefoot_panic_end_machine);
  EXPECT(has(&buffer, "---[ surefoot: panic in a panic ]---\n"));
  EXPECT(surefoot_panic(&report, &port, &all, &own) == surefoot_panic_give_up);
  return NULL;
}

const char* c_api_has_sentences(void) {
  EXPECT(strcmp(surefoot_stop_sentence(surefoot_stop_off_stack),
                "a frame pointer leads outside of every stack of the task") == 0);
  EXPECT(strcmp(surefoot_evidence_sentence(surefoot_evidence_changed_stack),
                "the chain went from one stack to another") == 0);
  EXPECT(strcmp(surefoot_stop_sentence(250), "the reason has no name here") == 0);
  EXPECT(strcmp(surefoot_evidence_sentence(3), "the evidence has no name here") == 0);
  return NULL;
}
