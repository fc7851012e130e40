// SPDX-License-Identifier: MIT
//
// The C of docs/panic.md. It is compiled, and not linked.
#include "surefoot/surefoot.h"

// Of the reader's kernel.
extern struct surefoot_kernel kernel;
extern struct surefoot_task current_task;
extern struct surefoot_symbols symbols;
void uart_write(void* object, const char* text, size_t size);
_Noreturn void stop_for_good(void);
_Noreturn void panic(const char* reason, const struct surefoot_exception_frame* frame);

static struct surefoot_panic_all_cpus all_cpus;
static struct surefoot_panic_own_cpu own_cpu;

_Noreturn void panic(const char* reason, const struct surefoot_exception_frame* frame) {
  const struct surefoot_syndrome syndrome = {.esr = frame->esr, .far = frame->far};
  const struct surefoot_panic_report report = {.reason = reason,
                                               .has_cpu = true,
                                               .exception_frame_at = (uint64_t)(uintptr_t)frame,
                                               .syndrome = &syndrome,
                                               .kernel = &kernel,
                                               .task = &current_task,
                                               .symbols = symbols};
  const struct surefoot_panic_port port = {.write = uart_write};
  surefoot_panic(&report, &port, &all_cpus, &own_cpu);
  stop_for_good();
}
