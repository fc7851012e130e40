// SPDX-License-Identifier: MIT
#include "frames/noreturn.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "frames/encoding.hpp"

namespace surefoot::tools {
namespace {

// [c17 §7.2, §7.22, §7.26], [cxx-abi §3.2.6], [cxx-abi-eh §2.4], and what glibc, libstdc++ and compilers call by
// themselves.
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
    "__longjmp_chk",
    "__stack_chk_fail",
    "_dl_signal_error",
    "_exit",
    "_longjmp",
    "abort",
    "err",
    "errx",
    "exit",
    "longjmp",
    "pthread_exit",
    "quick_exit",
    "siglongjmp",
    "thrd_exit",
    "verr",
    "verrx",
};

constexpr std::string_view throw_helper = "__throw_";

// What matters of one function: where it may go.
struct Summary {
  std::size_t first = 0;  // of the flows
  std::size_t count = 0;
};

class Search {
 public:
  Search(const Image& image, const LandingPads& landing_pads) : image_(image), landing_pads_(landing_pads) {
    for (const Function& function : image.functions()) {
      summaries_.push_back({flows_.size(), function.instruction_count()});
      for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
        const std::optional<std::uint32_t> word = image.instruction_at(pc);
        flows_.push_back(word ? flow_of(*word, pc) : Flow{.kind = Flow::Kind::stop});
      }
    }
  }

  NoreturnFunctions run() {
    add_known();
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (std::size_t i = 0; i < summaries_.size(); ++i) {
        const std::uint64_t start = image_.functions()[i].start;
        if (found_.contains(start) || may_return(i)) continue;
        found_.insert(start);
        has_changed = true;
      }
    }
    return std::move(found_);
  }

 private:
  void add_known() {
    for (const Symbol& symbol : image_.symbols()) {
      if (symbol.is_function && is_noreturn_name(symbol.name)) found_.insert(symbol.address);
    }
    for (const Import& import : image_.imports()) {
      if (is_noreturn_name(import.name)) found_.insert(import.stub);
    }
  }

  static bool is_inside(const Function& function, std::uint64_t address) {
    return function.contains(address) && address % 4 == 0;
  }

  // Follows all paths from the start. A way out that is not a call of one that never returns is taken for a return.
  bool may_return(std::size_t index) {
    const Function& function = image_.functions()[index];
    const Summary summary = summaries_[index];
    seen_.assign(summary.count, false);
    work_.assign(1, 0);
    while (!work_.empty()) {
      std::size_t at = work_.back();
      work_.pop_back();
      for (; !seen_[at]; ++at) {
        seen_[at] = true;
        const Flow& flow = flows_[summary.first + at];
        switch (flow.kind) {
          case Flow::Kind::next:
            if (flow.is_trap) goto next_path;
            break;
          case Flow::Kind::indirect_call:
          case Flow::Kind::call:
            if (const std::uint64_t pad = pad_of(landing_pads_, function.start + at * 4)) {
              if (!is_inside(function, pad)) return true;
              work_.push_back(static_cast<std::size_t>((pad - function.start) / 4));
            }
            if (flow.kind == Flow::Kind::call && found_.contains(flow.target)) goto next_path;
            break;
          case Flow::Kind::jump:
          case Flow::Kind::branch:
            if (is_inside(function, flow.target)) {
              work_.push_back(static_cast<std::size_t>((flow.target - function.start) / 4));
            } else if (!found_.contains(flow.target)) {
              return true;
            }
            if (flow.kind == Flow::Kind::jump) goto next_path;
            break;
          case Flow::Kind::indirect_jump:
          case Flow::Kind::function_return:
          case Flow::Kind::exception_return: return true;
          case Flow::Kind::stop: goto next_path;
        }
        if (at + 1 == summary.count) {
          // A compiler ends a function in a call only where it knows that the call does not return.
          if (flow.is_call() && (function.has_size || function.has_cfi)) goto next_path;
          return true;  // runs into what follows
        }
      }
    next_path:;
    }
    return false;
  }

  const Image& image_;
  const LandingPads& landing_pads_;
  std::vector<Flow> flows_;
  std::vector<Summary> summaries_;
  NoreturnFunctions found_;
  std::vector<bool> seen_;
  std::vector<std::size_t> work_;
};

}  // namespace

bool is_noreturn_name(std::string_view name) {
  name = name.substr(0, name.find('@'));  // without a version
  return std::ranges::find(names, name) != std::end(names) || (name.starts_with("_ZSt") && name.contains(throw_helper));
}

NoreturnFunctions find_noreturn(const Image& image, const LandingPads& landing_pads) {
  return Search(image, landing_pads).run();
}

}  // namespace surefoot::tools
