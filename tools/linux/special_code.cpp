// SPDX-License-Identifier: MIT
#include "linux/special_code.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "code/flow.hpp"
#include "linux/painted_ranges.hpp"

namespace surefoot::tools {
namespace {

// The longest of these functions has 600 bytes.
constexpr std::uint64_t longest = 4096;
constexpr std::uint64_t word = 4;

// An `add x29, sp, #number` [arm-arm C6.2.5].
std::optional<std::int32_t> record_from_sp(std::uint32_t instruction) {
  constexpr std::uint32_t fixed = 0xff80'03ff;
  if ((instruction & fixed) != 0x9100'03fd) return {};
  const auto number = static_cast<std::int32_t>(instruction >> 10 & 0xfff);
  return (instruction >> 22 & 1) != 0 ? number << 12 : number;
}

class Finder {
 public:
  Finder(const KernelSymbols& symbols, const ReadInstruction& instruction, const Layouts& layouts)
      : symbols_(symbols), instruction_(instruction), layouts_(layouts) {}

  SpecialCode find() {
    paint_sections();
    paint_functions();
    paint_entry();
    paint_new_task();
    paint_tracing();
    paint_hooks();
    paint_starts();
    code_.ranges = painted_.finish();
    std::ranges::sort(code_.outermost_calls);
    return std::move(code_);
  }

 private:
  // Code that runs at another level, at other addresses, or with another stack than a walk knows.
  void paint_sections() {
    struct Bounds {
      const char* start;
      const char* end;
    };
    constexpr Bounds sections[] = {{"__hyp_idmap_text_start", "__hyp_idmap_text_end"},
                                   {"__hyp_text_start", "__hyp_text_end"},
                                   {"__idmap_text_start", "__idmap_text_end"},
                                   {"__entry_tramp_text_start", "__entry_tramp_text_end"},
                                   {"__hibernate_exit_text_start", "__hibernate_exit_text_end"},
                                   {"__relocate_new_kernel_start", "__relocate_new_kernel_end"}};
    for (const Bounds& section : sections) paint(between(section.start, section.end), SpecialKind::other);
    paint(between("__entry_text_start", "__entry_text_end"), SpecialKind::exception_entry);
  }

  void paint_functions() {
    for (const char* name :
         {"__efi_rt_asm_recover", "_cpu_resume", "cpu_resume", "__cpu_soft_restart", "__guest_exit",
          "__guest_exit_panic", "__guest_exit_restore_elr_and_panic", "__swpan_entry_el1", "__swpan_exit_el1"}) {
      paint(function(name), SpecialKind::other);
    }
    // C calls these, and they go on to nobody. Their first instruction is ordinary, and says so: a call of special code
    // may lead to any function inside, and is not compared with it.
    for (const char* name : {"cpu_switch_to", "__cpu_suspend_enter", "__efi_rt_asm_wrapper", "__guest_enter",
                             "__hyp_set_vectors", "__hyp_reset_vectors", "__sdei_handler_abort"}) {
      const AddressRange called = function(name);
      if (called.is_empty()) continue;
      paint({called.start() + word, called.end()}, SpecialKind::other);
    }
    paint(function("__sdei_asm_handler"), SpecialKind::exception_entry);
    if (symbols_.address_of("call_on_irq_stack")) {
      for_each_call(function("call_on_irq_stack"),
                    [this](AddressRange call) { code_.calls_with_record.push_back(call.start()); });
    }
  }

  // Of an exception from EL1, the call of the handler is made with x29 at the record in pt_regs. Of one from EL0, that
  // is the task's final record.
  void paint_entry() {
    const bool is_typed = layouts_.exception.typing == RecordTyping::typed;
    const Rule boundary{.pc = is_typed ? From::frame_record : From::exception_frame};
    for (const char* kind : {"sync", "irq", "fiq", "error"}) {
      for (const char* level : {"el1t_64_", "el1h_64_"}) {
        for_handler_call(std::string(level) + kind, std::string(level) + kind + "_handler",
                         [&](AddressRange call) { painted_.paint(call, SpecialKind::exception_entry, boundary); });
      }
      for (const char* level : {"el0t_64_", "el0t_32_"}) {
        for_handler_call(std::string(level) + kind, std::string(level) + kind + "_handler",
                         [&](AddressRange call) { leave_outermost(call); });
      }
    }
    for_handler_call("__bad_stack", "handle_bad_stack",
                     [&](AddressRange call) { painted_.paint(call, SpecialKind::exception_entry, boundary); });
  }

  // From its first instruction on x29 is at the task's final record.
  void paint_new_task() {
    for (const char* name : {"ret_from_fork", "ret_from_fork_asm"}) {
      const AddressRange start = function(name);
      if (start.is_empty()) continue;
      if (code_.new_task == 0) code_.new_task = start.start();
      painted_.paint(start, SpecialKind::other, {.pc = From::frame_record});
      for_each_call(start, [this](AddressRange call) { leave_outermost(call); });
    }
  }

  // ftrace_caller and its kind, in one piece, call tracers with two records and saved registers.
  void paint_tracing() {
    for (const char* name :
         {"ftrace_regs_caller", "ftrace_caller", "ftrace_common", "ftrace_call", "ftrace_stub", "ftrace_stub_graph",
          "ftrace_stub_direct_tramp", "ftrace_graph_caller", "ftrace_graph_call", "ftrace_caller_direct",
          "ftrace_caller_direct_late", "ftrace_common_return"}) {
      paint(function(name), SpecialKind::ftrace_trampoline);
    }
    const auto first = symbols_.address_of("ftrace_regs_caller");
    const auto start = first ? first : symbols_.address_of("ftrace_caller");
    const auto end = symbols_.address_of("ftrace_stub");
    if (!start || !end || *end <= *start || *end - *start > longest || *start % word != 0) return;
    std::optional<std::int32_t> record;
    for (std::uint64_t at = *start; at < *end; at += word) {
      const auto instruction = instruction_(at);
      if (!instruction) continue;
      if (const auto distance = record_from_sp(*instruction)) record = distance;
      // In front of the place that is patched to a call there is a NOP or a call of the stub.
      const bool is_call = flow_of(*instruction, at).is_call() || at == symbols_.address_of("ftrace_call");
      if (!is_call || !record) continue;
      painted_.paint({at, at + word}, SpecialKind::ftrace_call,
                     {.pc = From::frame_record,
                      .in_flight = 2,
                      .offset = static_cast<std::int32_t>(layouts_.traced_pc) - *record,
                      .fp_offset = static_cast<std::int32_t>(layouts_.traced_fp) - *record});
    }
  }

  void paint_hooks() {
    const AddressRange handler = function("return_to_handler");
    if (!handler.is_empty()) {
      code_.return_to_handler = handler.start();
      // Up to its call, and while that lasts, the entry is on the return stack. x29 is what the function has left
      // there: its key.
      std::uint64_t call = handler.start();
      while (call < handler.end() && !is_call_at(call)) call += word;
      painted_.paint({handler.start(), std::min(call + word, handler.end())}, SpecialKind::return_to_handler,
                     {.pc = From::return_stack});
      // Not a hook by itself: nothing returns to its middle. The instruction behind the call gives x30 the way back.
      paint({std::min(call + word, handler.end()), handler.end()}, SpecialKind::ftrace_trampoline);
      if (call + 2 * word < handler.end() && is_move_to_lr(call + word)) {
        painted_.paint({call + 2 * word, handler.end()}, SpecialKind::ftrace_trampoline, {.pc = From::link_register});
      }
    }
    code_.kretprobe_hook = paint_hook(function("__kretprobe_trampoline"));
    code_.rethook_hook = paint_hook(function("arch_rethook_trampoline"));
  }

  // The trampoline of kretprobes and its kind. Where it calls its handler, x29 points to what it has saved: x29, which
  // is the key, and x30, which is the hook. Where it is a BRK, or has not called yet, x29 is the key.
  std::uint64_t paint_hook(AddressRange hook) {
    if (hook.is_empty()) return 0;
    std::uint64_t at = hook.start();
    bool has_record = false;
    for (; at < hook.end() && !is_call_at(at) && !has_record; at += word) {
      const auto instruction = instruction_(at);
      has_record = instruction && record_from_sp(*instruction).has_value();
    }
    painted_.paint({hook.start(), hook.start() + word}, SpecialKind::return_hook, {.pc = From::return_stack});
    paint({hook.start() + word, hook.end()}, SpecialKind::return_hook);
    if (!has_record) return hook.start();
    painted_.paint({hook.start(), at}, SpecialKind::return_hook, {.pc = From::return_stack});
    const std::uint64_t behind_record = at;
    while (at < hook.end() && !is_call_at(at)) at += word;
    if (at == hook.end()) return hook.start();
    painted_.paint({behind_record, at + word}, SpecialKind::ftrace_trampoline, {.pc = From::frame_record});
    paint({at + word, hook.end()}, SpecialKind::ftrace_trampoline);
    return hook.start();
  }

  // A `mov x30, x0` [arm-arm C6.2.251].
  [[nodiscard]] bool is_move_to_lr(std::uint64_t at) const {
    constexpr std::uint32_t move = 0xaa00'03fe;
    return instruction_(at) == std::optional(move);
  }

  // A CPU's first code makes the final record of its idle task, and then calls C.
  void paint_starts() {
    constexpr std::array<std::array<const char*, 2>, 2> starts = {
        {{"__secondary_switched", "secondary_start_kernel"}, {"__primary_switched", "start_kernel"}}};
    for (const auto& [name, callee] : starts) {
      paint(function(name), SpecialKind::other);
      for_handler_call(name, callee, [&](AddressRange call) { leave_outermost(call); });
    }
  }

  void paint(AddressRange range, SpecialKind kind) {
    if (!range.is_empty()) painted_.paint(range, kind, {});
  }

  // Plain code: of a task that is in the kernel for an ordinary reason, nothing is special.
  void leave_outermost(AddressRange call) {
    painted_.clear(call);
    code_.outermost_calls.push_back(call.start());
  }

  template <typename Use>
  void for_each_call(AddressRange code, const Use& use) const {
    for (std::uint64_t at = code.start(); at < code.end(); at += word) {
      if (is_call_at(at)) use(AddressRange(at, at + word));
    }
  }

  [[nodiscard]] bool is_call_at(std::uint64_t at) const {
    const auto instruction = instruction_(at);
    return instruction && flow_of(*instruction, at).is_call();
  }

  template <typename Use>
  void for_handler_call(const std::string& name, const std::string& callee, const Use& use) {
    const auto target = symbols_.address_of(callee);
    const AddressRange code = function(name);
    for (std::uint64_t at = code.start(); target && at < code.end(); at += word) {
      const auto instruction = instruction_(at);
      if (!instruction) continue;
      const Flow flow = flow_of(*instruction, at);
      if (flow.kind == Flow::Kind::call && flow.target == *target) use(AddressRange(at, at + word));
    }
  }

  [[nodiscard]] AddressRange between(const char* start, const char* end) const {
    const auto first = symbols_.address_of(start);
    const auto last = symbols_.address_of(end);
    constexpr std::uint64_t largest_section = 16 << 20;
    if (!first || !last || *last <= *first || *last - *first > largest_section) return {};
    if (*first % word != 0 || *last % word != 0) return {};
    return {*first, *last};
  }

  [[nodiscard]] AddressRange function(const std::string& name) const {
    const auto start = symbols_.address_of(name);
    if (!start || *start % word != 0) return {};
    const std::uint64_t size = std::min(symbols_.size_of(name).value_or(0), longest) / word * word;
    return {*start, *start + std::max(size, word)};
  }

  const KernelSymbols& symbols_;
  const ReadInstruction& instruction_;
  const Layouts& layouts_;
  PaintedRanges painted_;
  SpecialCode code_;
};

}  // namespace

SpecialCode find_special_code(const KernelSymbols& symbols, const ReadInstruction& instruction,
                              const Layouts& layouts) {
  return Finder(symbols, instruction, layouts).find();
}

std::vector<SpecialRange> remaining_calls(const std::vector<AddressRange>& calls, const SpecialCode& special) {
  PaintedRanges painted;
  for (const AddressRange& call : calls) painted.paint(call, SpecialKind::call_without_record, {});
  for (const SpecialRange& range : special.ranges) painted.clear(range.range);
  for (const std::uint64_t call : special.calls_with_record) painted.clear({call, call + word});
  for (const std::uint64_t call : special.outermost_calls) painted.clear({call, call + word});
  return painted.finish();
}

}  // namespace surefoot::tools
