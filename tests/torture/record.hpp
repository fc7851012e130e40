// SPDX-License-Identifier: MIT
//
// The truth: what a task writes down of its own calls. At each instruction of the task it tells what is on the stack,
// but for the newest call while that is being made or is ending: then the function may be there or not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace torture {

/// The functions of work.cpp, by number; and what else can stand in a record.
enum Id : std::uint8_t {
  straight,
  straight_patched,
  recursive,
  recursive_patched,
  by_pointer,
  twice,
  tail,
  roomy,
  to_module,
  from_module,
  function_count,
  in_module,  ///< a frame of a module
  unsettled,  ///< the newest call, which has not begun or is about to end
};

inline constexpr std::size_t most_calls = 64;

/// A copy that others look at.
struct Snapshot {
  std::array<std::uint8_t, most_calls> ids;
  std::uint32_t depth;
  bool is_in_callback;
};

/// Written by its task alone, in steps of one store each. Others may copy it while the task is off its CPU: at other
/// times a copy is of no use, but does no harm.
class Record {
 public:
  /// Before a call, and after it.
  void call() noexcept { push(unsettled, 1); }
  void returned() noexcept { set_depth(depth_ - 1); }
  /// Before a call of a module that calls back, and after it.
  void call_module() noexcept {
    set(depth_ + 1, in_module);
    set(depth_ + 2, unsettled);
    push(in_module, 3);
  }
  void returned_from_module() noexcept { set_depth(depth_ - 3); }
  /// In the function that was called, at its beginning and at its end.
  void enter(Id id) noexcept { set(depth_ - 1, id); }
  void leave() noexcept { set(depth_ - 1, unsettled); }
  /// Around a wait in a callback of a tracer.
  void set_in_callback(bool is_in_callback) noexcept {
    __atomic_store_n(&is_in_callback_, is_in_callback, __ATOMIC_RELEASE);
  }

  [[nodiscard]] std::uint32_t depth() const noexcept { return depth_; }

  /// `forgets` leaves the outermost call out, for a test that has to notice it.
  void copy_to(Snapshot& copy, bool forgets = false) const noexcept {
    const std::uint32_t depth = __atomic_load_n(&depth_, __ATOMIC_ACQUIRE);
    const std::uint32_t first = forgets && depth > 1 ? 1 : 0;
    copy.depth = (depth <= most_calls ? depth : 0) - first;
    for (std::uint32_t i = 0; i != copy.depth; ++i) copy.ids[i] = __atomic_load_n(&ids_[i + first], __ATOMIC_RELAXED);
    copy.is_in_callback = __atomic_load_n(&is_in_callback_, __ATOMIC_ACQUIRE);
  }

 private:
  void set(std::uint32_t at, std::uint8_t id) noexcept { __atomic_store_n(&ids_[at], id, __ATOMIC_RELEASE); }
  void set_depth(std::uint32_t depth) noexcept { __atomic_store_n(&depth_, depth, __ATOMIC_RELEASE); }
  void push(std::uint8_t id, std::uint32_t levels) noexcept {
    set(depth_, id);
    set_depth(depth_ + levels);
  }

  std::array<std::uint8_t, most_calls> ids_{};
  std::uint32_t depth_ = 0;
  bool is_in_callback_ = false;
};

}  // namespace torture
