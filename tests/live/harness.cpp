// SPDX-License-Identifier: MIT
//
// Not compiled for tracing: the port functions are here.
#include "harness.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

extern "C" {
// The bounds of the program's code, from the linker.
extern const char __executable_start[];
extern const char etext[];
}

namespace surefoot::testing::live {

TracingPort* port = nullptr;
void (*on_probe)() = nullptr;
thread_local ftrace::ExecutionState* thread_state = nullptr;
void (*on_execution_state)() = nullptr;

namespace {

constexpr std::size_t stack_size = std::size_t{256} * 1024;
alignas(16) std::array<unsigned char, stack_size> stack;

MetadataRecord* bottom_record() {
  // SAFETY: inside the array, which is aligned for it; 16 bytes more keep sp aligned.
  return reinterpret_cast<MetadataRecord*>(stack.data() + stack.size() - sizeof(MetadataRecord) - 8);
}

// A test may write what it executes: the kernel's job of making a writable alias is not what is tested here.
bool make_text_writable() {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t start = address_of(__executable_start) / page * page;
  const std::uintptr_t end = (address_of(etext) + page - 1) / page * page;
  return mprotect(reinterpret_cast<void*>(start), end - start, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
}

}  // namespace

const Kernel& live_kernel() {
  static const Region image[] = {{.text = AddressRange(address_of(__executable_start), address_of(etext)),
                                  .special_ranges = SpecialRanges::linked().value()}};
  static std::array<Interval, 256> intervals;
  static const CodeMap code = CodeMap::make(image, intervals).value();
  // More address bits than user space has, on any CPU that is emulated.
  static const Kernel kernel = Kernel::make({.code = &code, .pac = PointerAuthMask::for_address_bits(48)}).value();
  return kernel;
}

Task live_task() {
  static const Stack stacks[] = {{.range = {address_of(stack.data()), address_of(stack.data()) + stack.size()}}};
  static const StackSet set = StackSet::make(stacks).value();
  static const ReturnStack* returns[1];
  returns[0] = port->current->returns;
  Task task{.stacks = set, .final_record_at = address_of(bottom_record())};
  if (returns[0] != nullptr) task.return_stacks = returns;
  return task;
}

// The harness ends here: frames below are left out of names().
extern "C" [[gnu::noinline]] void live_body(void* body) {
  (*static_cast<const std::function<void()>*>(body))();
  asm volatile("" ::: "memory");
}

void run(const std::function<void()>& body) {
  *bottom_record() = {.zeros = {0, 0}, .type = MetadataType::final_record};
  live_run_on(live_body, const_cast<std::function<void()>*>(&body), bottom_record());
}

LiveTest::LiveTest() {
  static const bool is_writable = make_text_writable();
  if (!is_writable) std::abort();
  port = &port_;
  ftrace::initialize(patch_sites());
  if (!ftrace::prepare()) std::abort();
}

LiveTest::~LiveTest() {
  on_probe = nullptr;
  on_execution_state = nullptr;
  port = nullptr;
}

namespace {

std::string describe(const LiveTrace& trace) {
  std::string text = std::string(to_string(trace.verdict.stop)) + ":";
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(1U << i);
    if (trace.verdict.evidence.has(bit)) text += std::string(" ") + to_string(bit);
  }
  for (const Frame& frame : trace.frames) text += "\n  " + symbol_at(frame.address().lookup());
  return text;
}

}  // namespace

void expect_reliable(const LiveTrace& trace, Evidence allowed) {
  EXPECT_TRUE(trace.verdict.is_reliable()) << describe(trace);
  EXPECT_EQ(trace.verdict.evidence, allowed) << describe(trace);
}

void expect_unreliable(const LiveTrace& trace, Evidence noticed) {
  EXPECT_FALSE(trace.verdict.is_reliable()) << describe(trace);
  EXPECT_EQ(trace.verdict.stop, StopReason::final_record) << describe(trace);
  EXPECT_EQ(trace.verdict.evidence, noticed) << describe(trace);
}

}  // namespace surefoot::testing::live

extern "C" {

void probe() {
  if (surefoot::testing::live::on_probe != nullptr) surefoot::testing::live::on_probe();
  asm volatile("" ::: "memory");
}

surefoot::ftrace::ExecutionState* surefoot_ftrace_port_execution_state() noexcept {
  using namespace surefoot::testing::live;
  if (on_execution_state != nullptr) on_execution_state();
  if (thread_state != nullptr) return thread_state;
  return port != nullptr ? port->current : nullptr;
}

std::uint32_t* surefoot_ftrace_port_writable_alias(std::uint64_t code_at) noexcept {
  if (surefoot::testing::live::port->refuses_writes) return nullptr;
  ++surefoot::testing::live::port->write_count;
  // SAFETY: all of text was made writable before the first test, and so was what tests map themselves.
  return reinterpret_cast<std::uint32_t*>(code_at);
}

void surefoot_ftrace_port_synchronize_cpus() noexcept {
  if (surefoot::testing::live::port->on_synchronize) surefoot::testing::live::port->on_synchronize();
}
}
