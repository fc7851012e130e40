// SPDX-License-Identifier: MIT
//
// The ways of taking a trace that are measured side by side. Each is a class that is made before time is taken, and has
//   take(top)  takes a trace, to which inlining adds no frame; how many frames were found
//   pc(index)  the code address of a frame that was found
//   is_complete()  what the method itself thinks of the trace
//   may_miss_top   true if the function that called it may be left out of its trace
#pragma once

#include <absl/debugging/stacktrace.h>
#include <execinfo.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "libunwind.hpp"
#include "surefoot/cursor.hpp"
#include "surefoot/walk.hpp"
#include "surroundings.hpp"

namespace surefoot::bench {

/// Where a walk along frame pointers begins: in the function that measures.
struct Top {
  std::uint64_t fp;
  std::uint64_t pc;
};

/// What a method may need to know of a chain.
struct Chain {
  std::size_t depth_frames;
  std::uint64_t final_record_at;
};

/// Frames that no method should find are room for the error to show.
inline std::size_t buffer_size(const Chain& chain) { return chain.depth_frames + 8; }

/// The least that a walk can do: two loads a frame, and a store. It believes every record, and reads on until a zero.
class Chase {
 public:
  static constexpr bool may_miss_top = false;

  explicit Chase(const Chain& chain) : addresses_(buffer_size(chain)) {}

  [[gnu::always_inline]] std::size_t take(const Top& top) {
    const std::size_t capacity = addresses_.size();
    std::uint64_t* const addresses = addresses_.data();
    std::uint64_t fp = top.fp;
    std::uint64_t pc = top.pc;
    std::size_t count = 0;
    while (pc != 0 && count < capacity) {
      addresses[count++] = pc;
      // SAFETY: not known. That is what a bare chase is.
      const auto* record = reinterpret_cast<const volatile FrameRecord*>(fp);
      fp = record->fp;
      pc = record->lr;
    }
    return count;
  }
  [[nodiscard]] std::uint64_t pc(std::size_t index) const { return addresses_[index]; }
  [[nodiscard]] bool is_complete() const { return true; }

 private:
  std::vector<std::uint64_t> addresses_;
};

/// The library's walk() into a buffer.
template <Extra extra>
class Walk {
 public:
  static constexpr bool may_miss_top = false;

  explicit Walk(const Chain& chain) : surroundings_(extra, chain.final_record_at), frames_(buffer_size(chain)) {}

  [[gnu::always_inline]] std::size_t take(const Top& top) {
    new (&trace_) Trace(walk(Start::at_call({.fp = top.fp, .sp = top.fp, .pc = top.pc}), surroundings_.kernel(),
                             surroundings_.task(), frames_));
    return trace_.frames.size();
  }
  [[nodiscard]] std::uint64_t pc(std::size_t index) const { return trace_.frames[index].pc; }
  [[nodiscard]] bool is_complete() const { return trace_.verdict.is_reliable(); }

 private:
  Surroundings surroundings_;
  std::vector<Frame> frames_;
  Trace trace_;
};

/// The same of a blocked task: the walk asks before and after whether the task has run.
class WalkOfBlockedTask {
 public:
  static constexpr bool may_miss_top = false;

  explicit WalkOfBlockedTask(const Chain& chain)
      : surroundings_(Extra::none, chain.final_record_at), frames_(buffer_size(chain)) {}

  [[gnu::always_inline]] std::size_t take(const Top& top) {
    const Registers saved = {.fp = top.fp, .sp = top.fp, .pc = top.pc};
    new (&trace_)
        Trace(walk(Start::blocked_task(saved, activity_), surroundings_.kernel(), surroundings_.task(), frames_));
    return trace_.frames.size();
  }
  [[nodiscard]] std::uint64_t pc(std::size_t index) const { return trace_.frames[index].pc; }
  [[nodiscard]] bool is_complete() const { return trace_.verdict.is_reliable(); }

 private:
  Surroundings surroundings_;
  TaskActivity activity_;
  std::vector<Frame> frames_;
  Trace trace_;
};

/// The library's Cursor, frame by frame, of which only the address is kept.
class CursorLoop {
 public:
  static constexpr bool may_miss_top = false;

  explicit CursorLoop(const Chain& chain)
      : surroundings_(Extra::none, chain.final_record_at), addresses_(buffer_size(chain)) {}

  [[gnu::always_inline]] std::size_t take(const Top& top) {
    std::size_t count = 0;
    Cursor cursor(Start::at_call({.fp = top.fp, .sp = top.fp, .pc = top.pc}), surroundings_.kernel(),
                  surroundings_.task());
    for (Frame frame; count < addresses_.size() && cursor.next(frame);) addresses_[count++] = frame.pc;
    verdict_ = cursor.verdict();
    return count;
  }
  [[nodiscard]] std::uint64_t pc(std::size_t index) const { return addresses_[index]; }
  [[nodiscard]] bool is_complete() const { return verdict_.is_reliable(); }

 private:
  Surroundings surroundings_;
  std::vector<std::uint64_t> addresses_;
  Verdict verdict_;
};

/// What the peers have in common: pointers into a buffer, counted by an int, and no opinion on the trace.
class Peer {
 public:
  static constexpr bool may_miss_top = false;

  explicit Peer(const Chain& chain) : addresses_(buffer_size(chain)) {}

  [[nodiscard]] std::uint64_t pc(std::size_t index) const {
    return reinterpret_cast<std::uintptr_t>(addresses_[index]);
  }
  [[nodiscard]] bool is_complete() const { return true; }

 protected:
  [[nodiscard]] void** buffer() { return addresses_.data(); }
  [[nodiscard]] int capacity() const { return static_cast<int>(addresses_.size()); }

 private:
  std::vector<void*> addresses_;
};

/// Along frame pointers, with checks of their order and distance. Where it was compiled without frame pointers itself,
/// as in Debian 12, it takes the caller's record for its own. It reads as many records all the same.
class Abseil : public Peer {
 public:
  static constexpr bool may_miss_top = true;

  using Peer::Peer;
  [[gnu::always_inline]] std::size_t take(const Top&) {
    return static_cast<std::size_t>(absl::GetStackTrace(buffer(), capacity(), 0));
  }
};

/// By CFI, with a cache of what CFI said about each address.
class Libunwind : public Peer {
 public:
  using Peer::Peer;
  [[gnu::always_inline]] std::size_t take(const Top&) {
    return static_cast<std::size_t>(backtrace_(buffer(), capacity()));
  }

 private:
  LibunwindBacktrace backtrace_ = load_libunwind().backtrace;
};

/// By CFI, through the unwinder of GCC.
class Glibc : public Peer {
 public:
  using Peer::Peer;
  [[gnu::always_inline]] std::size_t take(const Top&) {
    return static_cast<std::size_t>(backtrace(buffer(), capacity()));
  }
};

}  // namespace surefoot::bench
