// SPDX-License-Identifier: MIT
//
// What workers call. Compiled for tracing; nothing but the functions that a record names has code here, so that an
// address tells which one of them it is in, or that it is in none.
#include "torture/work.hpp"

#include <array>

#include "torture/worker.hpp"

namespace torture {
namespace {

using Function = void (*)(Worker& worker, std::uint32_t left) noexcept;

#if defined(__clang__)
#define TORTURE_TAIL_CALL [[clang::musttail]] return
#else
#define TORTURE_TAIL_CALL return  // GCC makes a branch of it, as it optimises
#endif

// Writes down that a function has begun, and that it ends.
class Entered {
 public:
  [[gnu::always_inline]] Entered(Worker& worker, Id id) noexcept : record_(worker.record) { record_.enter(id); }
  [[gnu::always_inline]] ~Entered() { record_.leave(); }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;

 private:
  Record& record_;
};

// A call of a known function, which is written down.
[[gnu::always_inline]] inline void make_call(Function function, Worker& worker, std::uint32_t left) noexcept {
  worker.record.call();
  function(worker, left);
  worker.record.returned();
}

}  // namespace

// As many shapes of calls as there are: each goes on until no calls are left, and waits there.

[[gnu::noinline]] void call_straight(Worker& worker, std::uint32_t left) noexcept {
  const Entered entered(worker, straight);
  left == 0 ? pause(worker) : make_call(call_twice, worker, left - 1);
}

[[gnu::noinline]] void call_straight_patched(Worker& worker, std::uint32_t left) noexcept {
  const Entered entered(worker, straight_patched);
  left == 0 ? pause(worker) : make_call(call_by_pointer, worker, left - 1);
}

[[gnu::noinline]] void call_recursive(Worker& worker, std::uint32_t left) noexcept {
  const Entered entered(worker, recursive);
  const bool goes_on = left != 0 && worker.random.below(4) != 0;
  if (left == 0) {
    pause(worker);
  } else {
    make_call(goes_on ? call_recursive : call_by_pointer, worker, left - 1);
  }
}

[[gnu::noinline]] void call_recursive_patched(Worker& worker, std::uint32_t left) noexcept {
  const Entered entered(worker, recursive_patched);
  left == 0 ? pause(worker) : make_call(call_recursive, worker, left - 1);
}

[[gnu::noinline]] void call_by_pointer(Worker& worker, std::uint32_t left) noexcept {
  static constexpr std::array<Function, 8> targets{call_straight, call_recursive, call_by_pointer, call_twice,
                                                   call_tail,     call_roomy,     call_to_module,  call_roomy};
  const Entered entered(worker, by_pointer);
  left == 0 ? pause(worker) : make_call(targets[worker.random.below(targets.size())], worker, left - 1);
}

[[gnu::noinline]] void call_twice(Worker& worker, std::uint32_t left) noexcept {
  const Entered entered(worker, twice);
  if (left == 0) {
    pause(worker);
  } else {
    // Not twice the depth each time: the time of a round would double with each call.
    make_call(call_by_pointer, worker, left < 4 ? left - 1 : 2);
    make_call(call_by_pointer, worker, left - 1);
  }
}

[[gnu::noinline]] void call_tail(Worker& worker, std::uint32_t left) noexcept {
  worker.record.enter(tail);
  const std::uint32_t next = left + (worker.random.next() & 1);
  worker.record.leave();
  TORTURE_TAIL_CALL call_straight(worker, next == 0 ? 0 : next - 1);
}

[[gnu::noinline]] void call_roomy(Worker& worker, std::uint32_t left) noexcept {
  const Entered entered(worker, roomy);
  void* const room = __builtin_alloca(16 + worker.random.below(8) * 16);
  asm volatile("" ::"r"(room) : "memory");
  left == 0 ? pause(worker) : make_call(call_by_pointer, worker, left - 1);
  asm volatile("" ::"r"(room) : "memory");
}

[[gnu::noinline]] void call_to_module(Worker& worker, std::uint32_t left) noexcept {
  const Entered entered(worker, to_module);
  const auto function = __atomic_load_n(&published_modules[worker.random.below(module_count)], __ATOMIC_ACQUIRE);
  if (left == 0) {
    pause(worker);
  } else if (function == nullptr) {
    make_call(call_by_pointer, worker, left - 1);
  } else {
    worker.calls_left = left - 1;
    worker.record.call_module();
    function(call_from_module, reinterpret_cast<std::uintptr_t>(&worker));
    worker.record.returned_from_module();
  }
}

[[gnu::noinline]] void call_from_module(std::uint64_t argument) noexcept {
  // SAFETY: the address that call_to_module gave to the module.
  Worker& worker = *reinterpret_cast<Worker*>(argument);
  const Entered entered(worker, from_module);
  const std::uint32_t left = worker.calls_left;
  left == 0 ? pause(worker) : make_call(call_by_pointer, worker, left - 1);
}

}  // namespace torture
