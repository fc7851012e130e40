// SPDX-License-Identifier: MIT
//
// A sampling profiler: a timer interrupt walks what it has interrupted, and puts the trace with its verdict into a ring
// of its CPU; a task, or another CPU, takes the records out and sends them away. Part of surefoot::profile.
//
//   constinit Sampler sampler;                                             // one for each CPU
//   sampler.prepare({.cpu = 0, .base = text_start, .ring = bytes, .frames = frames});
//   sampler.sample({.time = now, .task = id}, Start::exception(frame), kernel, task);  // in the interrupt handler
//   sampler.drain(room, [](std::span<const std::byte> records) noexcept { file.write(records); });
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/error.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/kernel.hpp"
#include "surefoot/profile_format.hpp"
#include "surefoot/start.hpp"
#include "surefoot/task.hpp"
#include "surefoot/verdict.hpp"
#include "surefoot/walk.hpp"

namespace surefoot::profile {

/// Takes the next piece of a stream, as in `[](std::span<const std::byte> records) noexcept { file.write(records); }`.
template <typename S>
concept ByteSink = requires(S& sink, std::span<const std::byte> bytes) {
  { sink(bytes) } noexcept;
};

/// Records on their way from one producer to one consumer, without a lock. The storage is the kernel's.
///
/// The producer writes a record behind the published ones and then publishes it by one store; the consumer copies a
/// record and then gives its room back by one store. So no record is seen before it is whole, nor overwritten before it
/// was read. Positions count bytes for ever, and do not wrap.
class Ring {
 public:
  /// A ring without room.
  constexpr Ring() = default;
  /// Requires that the size is a power of two. The storage must outlive the ring.
  constexpr explicit Ring(std::span<std::byte> storage) noexcept : bytes_(storage.data()), size_(storage.size()) {}
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  /// Gives the ring another storage, and forgets what is in it. Not while it is in use.
  constexpr void reset(std::span<std::byte> storage) noexcept {
    bytes_ = storage.data();
    size_ = storage.size();
    published_ = 0;
    taken_ = 0;
  }

  /// For the consumer: moves the oldest record to `room`, prefix and all; empty if there is none, or if it is larger
  /// than the room.
  [[nodiscard]] std::span<const std::byte> take(std::span<std::byte> room) noexcept;

  /// Bytes that are published and not taken. Right when it is read, in any context.
  [[nodiscard]] std::uint64_t pending() const noexcept {
    // In this order: what was taken was published before.
    const std::uint64_t taken = __atomic_load_n(&taken_, __ATOMIC_ACQUIRE);
    return __atomic_load_n(&published_, __ATOMIC_ACQUIRE) - taken;
  }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }

 private:
  friend class RingWriter;  // the producer's side (src/profile/record_writer.hpp)

  std::byte* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t published_ = 0;  // stored by the producer
  std::uint64_t taken_ = 0;      // stored by the consumer
};

/// What became of a sample.
enum class Outcome : std::uint8_t {
  recorded,
  full,    ///< the ring had no room for it: dropped, and counted
  nested,  ///< it interrupted another sample of this CPU, as from an NMI: not made, and counted
};
inline constexpr unsigned outcome_count = 3;

/// How many samples there were. The numbers are read one by one, while samples may be made.
struct Counters {
  std::uint64_t recorded = 0;  ///< in the ring
  std::uint64_t reliable = 0;  ///< of those
  std::uint64_t outside = 0;   ///< of those: from EL0 or from a guest
  std::uint64_t full = 0;      ///< dropped: no room
  std::uint64_t nested = 0;    ///< not made: one of this CPU was being made
  /// Of the recorded, by StopReason. `truncated` are those that were deeper than the sampler's frames.
  std::array<std::uint64_t, stop_reason_count> stops{};

  friend constexpr bool operator==(const Counters&, const Counters&) = default;
};

/// What is wrong with a sampler's setup.
enum class SetupFault : std::uint8_t {
  ring_size,       ///< not a power of two
  ring_too_small,  ///< smaller than max_sample_size() of the frames
  frame_count,     ///< no frames, or more than max_sample_frames
};
inline constexpr unsigned setup_fault_count = 3;
using SetupError = Error<SetupFault>;

/// What a sampler is made of. All of it stays in place as long as there are samples.
struct SamplerSetup {
  std::uint32_t cpu = 0;
  /// What code addresses are relative to: the start of the image's text. The same as in the header of the stream.
  std::uint64_t base = 0;
  std::span<std::byte> ring{};
  /// Where a trace lies while it is made: a deeper one is cut, as StopReason::truncated says.
  std::span<Frame> frames{};
};

/// When and in which task a sample is made, in the kernel's own terms.
struct Moment {
  std::uint64_t time = 0;
  std::uint64_t task = 0;
};

/// The producer and the ring of one CPU.
class Sampler {
 public:
  /// Every sample is dropped until the sampler is prepared.
  constexpr Sampler() = default;
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  /// Checks the setup and keeps it; all counters are 0. Not while a sample is made or taken. Any context.
  [[nodiscard]] std::expected<void, SetupError> prepare(const SamplerSetup& setup) noexcept;

  /// Walks from `start` and records what it finds. Called on the sampler's CPU only, with the task that is not moved
  /// meanwhile: in an interrupt handler, an NMI included. Needs 640 bytes of stack, no locks, no globals; reads what
  /// walk() reads.
  ///
  /// A sample in a sample is refused: the frames and the end of the ring are in use by the one that was interrupted.
  Outcome sample(const Moment& moment, const Start& start, const Kernel& kernel, const Task& task,
                 Policy policy) noexcept;
  /// The same, judged by the kernel's own policy.
  Outcome sample(const Moment& moment, const Start& start, const Kernel& kernel, const Task& task) noexcept {
    return sample(moment, start, kernel, task, kernel.policy());
  }

  /// Moves the oldest record to `room`, which should hold max_sample_size() of the frames; empty if there is none. One
  /// consumer at a time, in any context, on any CPU.
  [[nodiscard]] std::span<const std::byte> take(std::span<std::byte> room) noexcept { return ring_.take(room); }

  /// Takes what is there, and gives it to the sink in pieces of whole records, as large as the room allows. Returns
  /// the number of bytes. What is recorded meanwhile may be left for the next time: it ends.
  template <ByteSink S>
  std::uint64_t drain(std::span<std::byte> room, S&& sink) noexcept {
    const std::uint64_t there = ring_.pending();
    std::uint64_t done = 0;
    std::size_t filled = 0;
    while (done < there) {
      const std::size_t size = take(room.subspan(filled)).size();
      if (size == 0 && filled == 0) break;  // a record that is larger than the room
      if (size == 0) sink(std::span<const std::byte>(room.first(filled)));
      filled = size == 0 ? 0 : filled + size;
      done += size;
    }
    if (filled != 0) sink(std::span<const std::byte>(room.first(filled)));
    return done;
  }

  /// Any context, any CPU.
  [[nodiscard]] Counters counters() const noexcept;
  [[nodiscard]] std::uint32_t cpu() const noexcept { return cpu_; }
  /// Bytes in the ring.
  [[nodiscard]] std::uint64_t pending() const noexcept { return ring_.pending(); }

 private:
  Outcome record(const Moment& moment, const Trace& trace) noexcept;

  Ring ring_;
  Frame* frames_ = nullptr;
  std::uint64_t base_ = 0;
  std::uint32_t cpu_ = 0;
  std::uint16_t frame_count_ = 0;
  bool is_sampling_ = false;
  Counters counters_;
};

/// The checksum of bytes of this program: of code as it was loaded, before anything patches it. Reads them; any
/// context.
[[nodiscard]] std::uint64_t checksum(const AddressRange& range) noexcept;

/// A piece of code that samples may be in: the image, a module.
struct StreamRegion {
  const char* name = "";  ///< of max_region_name characters at most; longer ones are cut
  AddressRange text{};
  /// The part of it that the checksum is of; none for code that is not checked.
  AddressRange checked{};
  std::uint64_t checksum = 0;
};

/// The records that describe a stream, each made in `room`, which has max_description_size bytes; empty if it has
/// fewer and they were needed. A stream begins with the header, and then the regions, the image first. They may be
/// written again, as when a module comes. Any context; no memory is read but what is named.
[[nodiscard]] std::span<const std::byte> write_header(std::uint64_t ticks_per_second, std::uint64_t base,
                                                      std::span<std::byte> room) noexcept;
[[nodiscard]] std::span<const std::byte> write_region(const StreamRegion& region, std::span<std::byte> room) noexcept;
/// The last one of a CPU counts: by it the reader knows what is missing.
[[nodiscard]] std::span<const std::byte> write_counters(std::uint32_t cpu, const Counters& counters,
                                                        std::span<std::byte> room) noexcept;

/// A record as a line for the console (line_word), made in `room`, which has line_size() of it; else empty.
[[nodiscard]] std::span<const char> write_line(std::span<const std::byte> record, std::span<char> room) noexcept;

/// Names, equal to the spelling of the enumerators; never null. Any context.
[[nodiscard]] const char* to_string(Outcome outcome) noexcept;
[[nodiscard]] const char* to_string(SetupFault fault) noexcept;

}  // namespace surefoot::profile
