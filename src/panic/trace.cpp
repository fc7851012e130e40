// SPDX-License-Identifier: MIT
//
// The trace of a report and its verdict in words. No buffer holds the trace: a panic may have little stack left, and a
// stack that overflowed has many frames. So it is walked twice, for the verdict and for the frames, by a cursor.
// Nothing that is walked changes in between: the task does not run, or is the one that panics, below what is walked.
#include <array>
#include <cstddef>
#include <span>

#include "scene.hpp"
#include "surefoot/cursor.hpp"
#include "surefoot/explain.hpp"

namespace surefoot::panic {
namespace {

/// As many frames as find_repeat() looks back for and ahead for.
constexpr std::size_t longest_period = 8;

// Prints frames a few at a time, and those that repeat others in one line.
class FramePrinter {
 public:
  FramePrinter(const Scene& scene, const Verdict& verdict, std::size_t frame_count) noexcept
      : scene_(scene), verdict_(verdict) {
    surefoot::detail::NumberText room;
    index_width_ = surefoot::detail::to_decimal(frame_count == 0 ? 0 : frame_count - 1, room).size();
  }

  void print_all(Cursor& cursor) noexcept {
    // Each turn but the last takes at least one frame, and the cursor ends.
    for (bool is_last = false; !is_last;) {
      const std::size_t room = frames_.size() - count_;
      const std::size_t taken = cursor.take(std::span(frames_).subspan(count_));
      count_ += taken;
      is_last = taken < room;
      print_some(is_last);
      keep_the_last();
    }
    end_repeat();
  }

 private:
  // Prints what is not printed, as far as it can be seen whether it repeats: all of it at the end.
  void print_some(bool is_last) noexcept {
    while (next_ < count_ && (is_last || next_ + longest_period <= count_)) {
      const std::size_t index = first_index_ + next_;
      const Trace seen{.frames = std::span<const Frame>(frames_).first(count_), .verdict = relative_verdict()};
      const Repeat repeat = find_repeat(seen, next_);
      if (repeat.frame_count == 0) {
        end_repeat();
        print_one(frames_[next_], index);
        ++next_;
        continue;
      }
      const bool goes_on = repeat_.period == repeat.period && repeat_at_ + repeat_.frame_count == index;
      if (goes_on) {
        repeat_.frame_count += repeat.frame_count;
      } else {
        end_repeat();
        repeat_ = repeat;
        repeat_at_ = index;
      }
      next_ += repeat.frame_count;
    }
  }

  // Frames that are printed stay as long as others may repeat them.
  void keep_the_last() noexcept {
    const std::size_t gone = next_ > longest_period ? next_ - longest_period : 0;
    for (std::size_t i = gone; i < count_; ++i) frames_[i - gone] = frames_[i];
    count_ -= gone;
    next_ -= gone;
    first_index_ += gone;
  }

  void print_one(const Frame& frame, std::size_t index) noexcept {
    print_frame(frame, {.index = index, .index_width = index_width_, .is_doubtful = index >= verdict_.first_doubtful},
                {.symbols = scene_.symbols_at(frame.address().lookup())}, scene_.output());
  }

  void end_repeat() noexcept {
    if (repeat_.frame_count != 0) print_repeat(repeat_, repeat_at_, {}, scene_.output());
    repeat_ = {};
  }

  [[nodiscard]] Verdict relative_verdict() const noexcept {
    Verdict verdict = verdict_;
    verdict.first_doubtful = verdict.first_doubtful > first_index_ ? verdict.first_doubtful - first_index_ : 0;
    return verdict;
  }

  const Scene& scene_;
  const Verdict& verdict_;
  std::size_t index_width_ = 1;
  std::array<Frame, 3 * longest_period> frames_;
  std::size_t first_index_ = 0;  // of the first frame in the buffer
  std::size_t next_ = 0;         // in the buffer: the first frame that is not printed
  std::size_t count_ = 0;
  Repeat repeat_{};  // that is not printed, as more of it may come
  std::size_t repeat_at_ = 0;
};

// Walks to the end, and counts.
[[gnu::noinline]] Verdict judge(const Scene& scene, const Start& start, std::size_t& frame_count) noexcept {
  Cursor cursor(start, scene.kernel(), scene.task(), scene.report().policy);
  std::array<Frame, longest_period> frames;
  frame_count = 0;
  for (std::size_t taken = frames.size(); taken == frames.size();) {
    taken = cursor.take(frames);
    frame_count += taken;
  }
  return cursor.verdict();
}

[[gnu::noinline]] void write_frames(const Scene& scene, const Start& start, const Verdict& verdict,
                                    std::size_t frame_count) noexcept {
  Cursor cursor(start, scene.kernel(), scene.task(), scene.report().policy);
  FramePrinter(scene, verdict, frame_count).print_all(cursor);
}

// What of the verdict makes the trace doubtful, each in a clause.
void write_reasons(const Verdict& verdict, Writer& writer) noexcept {
  const char* separator = ": ";
  const auto write = [&](const char* clause) {
    writer.text(separator);
    writer.text(clause);
    separator = "; ";
  };
  if (!is_complete(verdict.stop)) write(to_sentence(verdict.stop));
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
    if (verdict.evidence.has(bit) && is_doubtful(verdict.policy, bit)) write(to_sentence(bit));
  }
}

void write_verdict(const Verdict& verdict, std::size_t frame_count, Writer& writer) noexcept {
  writer.text("Verdict: ");
  if (verdict.is_reliable()) {
    writer.text("reliable: every function that will be returned to is in the trace, in order\n");
    return;
  }
  if (frame_count == 0) {
    writer.text("nothing was found");
  } else if (verdict.first_doubtful >= frame_count) {
    writer.text("not complete: functions may be missing after #");
    writer.decimal(frame_count - 1);
  } else {
    writer.text("not to be trusted from #");
    writer.decimal(verdict.first_doubtful);
    writer.text(" on");
  }
  write_reasons(verdict, writer);
  writer.text("\n");
}

void write_stop(const Verdict& verdict, Writer& writer) noexcept {
  if (verdict.is_reliable()) return;
  writer.text("  stop  ");
  writer.hex(verdict.stop_at, 16);
  writer.text("  ");
  writer.text(to_string(verdict.stop));
  writer.text("\n");
}

}  // namespace

void write_trace(const Scene& scene) noexcept {
  const bool is_exception = scene.frame_at() != 0;
  const Start* const given = scene.report().start;
  // A frame that cannot be read is not walked from, whoever names it.
  if (!is_exception && (given == nullptr || given->kind() == Start::Kind::exception)) return;
  const Start start = given != nullptr ? *given : Start::exception_at(scene.frame_at());

  Writer writer(scene.output(), false);
  std::size_t frame_count = 0;
  const Verdict verdict = judge(scene, start, frame_count);
  writer.text("Call trace: ");
  print_verdict(verdict, frame_count, verdict.policy, {}, scene.output());
  writer.text("\n");
  write_frames(scene, start, verdict, frame_count);
  write_stop(verdict, writer);
  write_verdict(verdict, frame_count, writer);
}

}  // namespace surefoot::panic
