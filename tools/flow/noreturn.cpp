// SPDX-License-Identifier: MIT
#include "flow/noreturn.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "code/flow.hpp"

namespace surefoot::tools {
namespace {

// [c17 §7.2, §7.22, §7.26], [cxx-abi §3.2.6], [cxx-abi-eh §2.4], and what glibc, libstdc++, compilers and
// Linux's modules call.
constexpr std::string_view names[] = {
    "_Exit",
    "_ZN10__cxxabiv111__terminateEPFvvE",
    "_ZN10__cxxabiv112__unexpectedEPFvvE",
    "_ZSt10unexpectedv",
    "_ZSt9terminatev",
    "_Unwind_Resume",
    "_ZSt17rethrow_exceptionNSt15__exception_ptr13exception_ptrE",
    "__assert",
    "__assert_fail",
    "__assert_perror_fail",
    "__chk_fail",
    "__clang_call_terminate",
    "__cxa_bad_cast",
    "__cxa_bad_typeid",
    "__cxa_call_terminate",
    "__cxa_call_unexpected",
    "__cxa_deleted_virtual",
    "__cxa_pure_virtual",
    "__cxa_rethrow",
    "__cxa_throw",
    "__cxa_throw_bad_array_length",
    "__cxa_throw_bad_array_new_length",
    "__fortify_fail",
    "__libc_fatal",
    "__libc_start_main",
    "__module_put_and_kthread_exit",
    "__longjmp_chk",
    "__stack_chk_fail",
    "_dl_signal_error",
    "_exit",
    "_longjmp",
    "abort",
    "do_exit",
    "err",
    "errx",
    "exit",
    "kthread_complete_and_exit",
    "kthread_exit",
    "longjmp",
    "make_task_dead",
    "panic",
    "pthread_exit",
    "quick_exit",
    "siglongjmp",
    "thrd_exit",
    "verr",
    "verrx",
};

constexpr std::string_view throw_helper = "__throw_";
constexpr std::string_view ada_check = "__gnat_rcheck_";  // raises the exception that its name says

// How the paths of a function end.
struct Ends {
  bool has_return = false;
  bool has_other = false;  // elsewhere, and perhaps in a return there
};

class Search {
 public:
  Search(const Image& image, const LandingPads& landing_pads, const DeclaredWays& ways)
      : image_(image), landing_pads_(landing_pads), ways_(ways) {}

  NoreturnFunctions run() {
    add_known();
    for (bool has_changed = true; has_changed;) has_changed = refute_names();
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (std::size_t i = 0; i < image_.functions().size(); ++i) has_changed |= look_at(i);
    }
    return std::move(found_);
  }

 private:
  void add_known() {
    for (const Symbol& symbol : image_.symbols()) {
      if (symbol.is_function && is_noreturn_name(symbol.name)) found_.never.insert(symbol.address);
    }
    for (const Import& import : image_.imports()) {
      if (is_noreturn_name(import.name)) found_.never.insert(import.stub);
    }
  }

  // A program may have functions of its own by such names, which return.
  bool refute_names() {
    bool has_changed = false;
    for (std::size_t i = 0; i < image_.functions().size(); ++i) {
      const bool is_returning = ends_of(i).has_return;
      set_returning(i, is_returning);
      if (is_returning) has_changed |= found_.never.erase(image_.functions()[i].start) != 0;
    }
    return has_changed;
  }

  // True if it turns out now that the function never returns, or not by itself.
  bool look_at(std::size_t index) {
    const std::uint64_t start = image_.functions()[index].start;
    if (found_.never.contains(start)) return false;
    const Ends ends = ends_of(index);
    const bool is_found = !ends.has_return && !ends.has_other;
    if (is_found) found_.never.insert(start);
    return set_returning(index, ends.has_return) || is_found;
  }

  static bool is_inside(const Function& function, std::uint64_t address) {
    return function.contains(address) && address % 4 == 0;
  }

  // Follows all paths from the start.
  Ends ends_of(std::size_t index) {
    const std::size_t count = image_.functions()[index].instruction_count();
    Ends ends;
    seen_.assign(count, false);
    work_.assign(1, 0);
    while (!work_.empty()) {
      std::size_t at = work_.back();
      work_.pop_back();
      while (!seen_[at]) {
        seen_[at] = true;
        if (!step(index, at, ends)) break;
        if (++at < count) continue;
        note_end(index, ends);
        break;
      }
    }
    return ends;
  }

  // Not stored: of all instructions of an image these would take more memory than everything else.
  [[nodiscard]] Flow flow_at(std::uint64_t pc) const {
    const std::optional<std::uint32_t> word = image_.instruction_at(pc);
    // Data behind a call is for the callee, which goes on behind it.
    if (!word) return {.kind = Flow::Kind::indirect_jump};
    Flow flow = flow_of(*word, pc);
    ways_.add_to(flow, *word, pc);
    return flow;
  }

  // Notes where the instruction goes other than to the next one. True if it goes there too.
  bool step(std::size_t index, std::size_t at, Ends& ends) {
    const std::uint64_t pc = image_.functions()[index].start + at * 4;
    const Flow flow = flow_at(pc);
    const std::optional<std::uint64_t> pad = pad_of(landing_pads_, pc);
    if (pad) go_to(index, *pad, ends);
    if (flow.has_ways) take_declared_ways(index, pc, ends);
    switch (flow.kind) {
      case Flow::Kind::next: return !flow.is_trap;
      case Flow::Kind::indirect_call:
      case Flow::Kind::call: return flow.kind != Flow::Kind::call || !found_.contains(flow.target);
      case Flow::Kind::jump:
      case Flow::Kind::branch:
        if (!found_.contains(flow.target)) go_to(index, flow.target, ends);
        return flow.kind == Flow::Kind::branch;
      case Flow::Kind::function_return: ends.has_return = true; return false;
      case Flow::Kind::indirect_jump:
      case Flow::Kind::exception_return: ends.has_other = true; return false;
      case Flow::Kind::stop: return false;
    }
    return false;
  }

  void take_declared_ways(std::size_t index, std::uint64_t pc, Ends& ends) {
    for (const DeclaredWays::Way& way : ways_.ways_from(pc)) go_to(index, way.to, ends);
    for (const DeclaredWays::Alternative& alternative : ways_.alternatives_at(pc)) {
      for (unsigned offset = 0; offset < alternative.bytes; offset += 4) {
        const std::uint64_t there = alternative.replacement + offset;
        const Flow flow = flow_of(*image_.instruction_at(there), there);
        ends.has_other |= flow.kind != Flow::Kind::next;
      }
      go_to(index, pc + alternative.bytes, ends);
    }
  }

  void go_to(std::size_t index, std::uint64_t target, Ends& ends) {
    const Function& function = image_.functions()[index];
    if (is_inside(function, target)) {
      work_.push_back(static_cast<std::size_t>((target - function.start) / 4));
    } else {
      ends.has_other = true;
    }
  }

  void note_end(std::size_t index, Ends& ends) {
    const Function& function = image_.functions()[index];
    const std::uint64_t last = function.start + (function.instruction_count() - 1) * 4;
    ends.has_other |= !found_.is_end(function, flow_at(last));
  }

  // True if that is new.
  bool set_returning(std::size_t index, bool is_returning) {
    const std::uint64_t start = image_.functions()[index].start;
    return is_returning ? found_.returning.insert(start).second : found_.returning.erase(start) != 0;
  }

  const Image& image_;
  const LandingPads& landing_pads_;
  const DeclaredWays& ways_;
  NoreturnFunctions found_;
  std::vector<bool> seen_;
  std::vector<std::size_t> work_;
};

}  // namespace

bool NoreturnFunctions::is_end(const Function& function, const Flow& last) const {
  if (!last.is_call()) return false;
  return function.has_cfi || (function.has_size && !(last.kind == Flow::Kind::call && returning.contains(last.target)));
}

bool is_noreturn_name(std::string_view name) {
  name = name.substr(0, name.find('@'));  // without a version
  return std::ranges::find(names, name) != std::end(names) ||
         (name.starts_with("_ZSt") && name.contains(throw_helper)) || name.starts_with(ada_check);
}

NoreturnFunctions find_noreturn(const Image& image, const LandingPads& landing_pads, const DeclaredWays& ways) {
  return Search(image, landing_pads, ways).run();
}

}  // namespace surefoot::tools
