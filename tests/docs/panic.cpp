// SPDX-License-Identifier: MIT
//
// The C++ of docs/panic.md: a kernel's panic by surefoot::panic. It is compiled, and not linked.
#include "surefoot/panic.hpp"

#include <cstddef>
#include <cstdint>

// Of the reader's kernel.
extern surefoot::Kernel kernel;
extern surefoot::Task current_task;
void uart_write(void* object, const char* text, std::size_t size) noexcept;
[[noreturn]] void stop_for_good() noexcept;

namespace panic_page {

// One for the kernel, and one for each CPU.
constinit surefoot::panic::AllCpus all_cpus;
constinit surefoot::panic::OwnCpu own_cpu;

// Called by exception entry, with interrupts masked, for what nothing else handles.
[[noreturn]] void panic(const char* reason, const surefoot::ExceptionFrame& frame) noexcept {
  const surefoot::panic::Syndrome syndrome{.esr = frame.esr, .far = frame.far};
  const surefoot::panic::Report report{.reason = reason,
                                       .cpu = 0,
                                       .exception_frame_at = reinterpret_cast<std::uintptr_t>(&frame),
                                       .syndrome = &syndrome,
                                       .kernel = &kernel,
                                       .task = &current_task,
                                       .symbols = surefoot::Symbols::linked().value_or(surefoot::Symbols())};
  static_cast<void>(surefoot::panic::handle(report, {.write = uart_write}, all_cpus, own_cpu));
  stop_for_good();
}

}  // namespace panic_page
