// SPDX-License-Identifier: MIT
//
// Walks of any task of any kernel, through any memory (tests/support/any_world.hpp). A read that was not allowed, and a
// walk past the stated bound (walk.hpp), abort where they happen; then each promise about traces is checked.
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "require.hpp"
#include "support/any_world.hpp"
#include "support/context.hpp"

using namespace surefoot;
using namespace surefoot::testing;

namespace {

// Refuses to read some words, and aborts at a read outside what the walk was given, or past the bound.
class StrictReader {
 public:
  StrictReader(const AnyWorld& world, const std::set<std::uint64_t>& unreadable, std::uint64_t most)
      : world_(&world), unreadable_(&unreadable), most_(most) {}

  [[nodiscard]] bool read(std::uint64_t address, std::uint64_t& word) noexcept {
    require(++count_ <= most_, "no more reads than max_reads()");
    require(world_->may_read(address), "no read outside the stacks");
    if (unreadable_->contains(address)) return false;
    word = world_->word_at(address);
    return true;
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  const AnyWorld* world_;
  const std::set<std::uint64_t>* unreadable_;
  std::uint64_t most_;
  std::uint64_t count_ = 0;
};

bool are_same(const Trace& a, const Trace& b) {
  const auto is_same = [](const Frame& one, const Frame& other) {
    return one.pc == other.pc && one.evidence == other.evidence && one.kind == other.kind &&
           one.source == other.source && one.special == other.special;
  };
  return std::ranges::equal(a.frames, b.frames, is_same) && a.verdict.policy == b.verdict.policy &&
         a.verdict.reliability == b.verdict.reliability && a.verdict.stop == b.verdict.stop &&
         a.verdict.evidence == b.verdict.evidence && a.verdict.first_doubtful == b.verdict.first_doubtful &&
         a.verdict.stop_at == b.verdict.stop_at;
}

// All walks of one world. Each has a buffer of its own, of the size of the bound and one frame more.
class Walks {
 public:
  Walks(RandomSource& random, const AnyWorld& world) : random_(random), world_(world), most_(most_frames()) {
    while (random_.is_chosen(5)) unreadable_.insert(world_.own_stacks.empty() ? 0 : some_stack_word());
  }

  void check() {
    const Policy policy = world_.description.policy;
    std::vector<Frame> buffer(most_ + 1);
    const Trace trace = foreign(buffer, policy);
    check_verdict(trace, policy);
    check_buffers(trace, policy);
    check_cursor(trace, policy);
    check_other_policy(trace, policy);
    // The code that the witness reads is not there.
    if (unreadable_.empty() && !world_.description.witnesses.call_site) {
      std::vector<Frame> local_buffer(most_ + 1);
      const Trace local = walk(world_.start(), world_.kernel(), world_.task(nullptr), local_buffer, policy);
      require(are_same(trace, local), "the two readers agree");
    }
  }

 private:
  [[nodiscard]] std::size_t most_frames() const {
    return static_cast<std::size_t>(max_frames(world_.kernel(), world_.task(nullptr)));
  }
  [[nodiscard]] std::uint64_t some_stack_word() {
    const AddressRange range = world_.own_stacks[random_.below(world_.own_stacks.size())].range;
    return (range.start() + random_.below(range.end() - range.start())) / 8 * 8;
  }
  [[nodiscard]] StrictReader reader() const {
    return StrictReader(world_, unreadable_, max_reads(world_.kernel(), world_.task(nullptr)));
  }
  [[nodiscard]] Trace foreign(std::span<Frame> buffer, Policy policy) const {
    StrictReader strict = reader();
    const ForeignMemory memory = memory_of(strict);
    const Task task = world_.task(&memory);
    return walk(world_.start(), world_.kernel(), task, buffer, policy);
  }

  void check_verdict(const Trace& trace, Policy policy) const {
    const Verdict& verdict = trace.verdict;
    require(trace.frames.size() <= most_, "no more frames than max_frames()");
    require(verdict.stop != StopReason::truncated, "a buffer of max_frames() is never too small");
    require(verdict.policy == policy, "the policy");
    require(verdict.reliability == classify(policy, verdict.evidence, verdict.stop), "the verdict is the policy's");
    require(verdict.first_doubtful <= trace.frames.size(), "the first doubtful frame is one of the trace");
    Evidence all;
    for (std::size_t i = 0; i < trace.frames.size(); ++i) {
      const Frame& frame = trace.frames[i];
      all |= frame.evidence;
      if (i < verdict.first_doubtful) require(!is_doubtful(policy, frame.evidence), "no doubt before the first one");
      require(frame.pc % 4 == 0 || frame.evidence.has(EvidenceBit::not_text), "a pc that is no instruction is told");
    }
    require((all | verdict.evidence) == verdict.evidence, "the verdict has the evidence of every frame");
    if (!verdict.is_reliable()) return;
    require(is_complete(verdict.stop) && verdict.first_doubtful == trace.frames.size(), "reliable is without doubt");
    if (verdict.stop != StopReason::final_record) return;
    require(verdict.stop_at == world_.final_record_at && world_.final_record_at != 0, "reliable ends at its place");
  }

  // A shorter trace is the beginning of the longer one, and says so.
  void check_buffers(const Trace& trace, Policy policy) const {
    const std::size_t size = random_.below(trace.frames.size() + 2);
    std::vector<Frame> buffer(size);
    const Trace cut = foreign(buffer, policy);
    const Trace expected{.frames = trace.frames.first(std::min(size, trace.frames.size())), .verdict = cut.verdict};
    require(are_same(cut, expected), "a small buffer gives the first frames");
    if (size >= trace.frames.size()) {
      // With the very number of frames, the end of the chain may be in a frame that has no room.
      require(cut.verdict.stop == StopReason::truncated || are_same(cut, trace), "a buffer that suffices");
    } else if (cut.verdict.stop != StopReason::task_moved) {
      require(cut.verdict.stop == StopReason::truncated && !cut.verdict.is_reliable(), "a cut trace is truncated");
    }
  }

  void check_cursor(const Trace& trace, Policy policy) const {
    StrictReader strict = reader();
    const ForeignMemory memory = memory_of(strict);
    const Task task = world_.task(&memory);
    std::vector<Frame> frames;
    Cursor cursor(world_.start(), world_.kernel(), task, policy);
    const std::size_t chunk = 1 + random_.below(3);
    std::uint64_t before = strict.count();
    require(before <= 8, "eight reads to begin");
    for (std::size_t taken = chunk; taken == chunk;) {
      Frame some[3];
      taken = cursor.take(std::span(some).first(chunk));
      frames.insert(frames.end(), some, some + taken);
      require(frames.size() <= most_, "no more frames than max_frames(), with a cursor");
      require(strict.count() <= before + 10 * chunk + 8, "ten reads for each frame");
      before = strict.count();
    }
    require(are_same(trace, {.frames = frames, .verdict = cursor.verdict()}), "walk() and the cursor agree");
  }

  void check_other_policy(const Trace& trace, Policy policy) const {
    const Policy other = policy == Policy::strict ? Policy::exact : Policy::strict;
    std::vector<Frame> buffer(most_ + 1);
    const Trace judged = foreign(buffer, other);
    Verdict same = judged.verdict;
    same.policy = trace.verdict.policy;
    same.reliability = trace.verdict.reliability;
    same.first_doubtful = trace.verdict.first_doubtful;
    require(are_same(trace, {.frames = judged.frames, .verdict = same}), "policies differ in what they say alone");
    const Verdict& strict = policy == Policy::strict ? trace.verdict : judged.verdict;
    const Verdict& exact = policy == Policy::strict ? judged.verdict : trace.verdict;
    require(!strict.is_reliable() || exact.is_reliable(), "strict is the stricter one");
  }

  RandomSource& random_;
  const AnyWorld& world_;
  const std::size_t most_;
  std::set<std::uint64_t> unreadable_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RandomSource random(std::as_bytes(std::span(data, size)));
  const AnyWorld world(random);
  Walks(random, world).check();
  return 0;
}
