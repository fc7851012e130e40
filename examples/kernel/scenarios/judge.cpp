// SPDX-License-Identifier: MIT
//
// The recording of one scenario, and the comparison. The two meet only here: a scenario cannot see what was recorded,
// and the walk cannot see what is expected.
#include "scenarios/judge.hpp"

#include <array>

#include "console/console.hpp"
#include "modules/loader.hpp"
#include "surefoot/cursor.hpp"
#include "walks/code_maps.hpp"

namespace demo {
namespace {

namespace console = kernel::console;

using surefoot::Frame;
using surefoot::Trace;

struct Recording {
  std::array<Frame, max_frames> room;
  Trace trace;
  kernel::modules::LoadedSymbols modules;  ///< when the walk began
  surefoot::UserTrace user;
  bool has_user = false;
  unsigned walks = 0;
  const char* failed_requirement = nullptr;
};

constinit Recording recording{};
// Of the last walk that was made with another description.
constinit kernel::walks::Description other_description{};
constinit std::array<surefoot::Interval, kernel::walks::most_intervals> other_intervals{};
constinit surefoot::Policy policy_of_run = surefoot::Policy::strict;

surefoot::Reliability expected_verdict(const Expected& expected) noexcept {
  switch (policy_of_run) {
    case surefoot::Policy::strict: return expected.strict;
    case surefoot::Policy::exact: return expected.exact;
  }
  return expected.strict;
}

constexpr auto console_sink = [](std::span<const char> text) noexcept { console::write(text); };

// The name of a function without the namespaces before it.
const char* last_part(const char* name) noexcept {
  const char* part = name;
  for (const char* at = name; *at != '\0'; ++at) {
    if (at[0] == ':' && at[1] == ':') part = at + 2;
  }
  return part;
}

// True if it is the function's name, or that of a copy that the compiler has specialised: `function [specialized.2]`.
bool is_name_of(const char* name, const char* function) noexcept {
  while (*name != '\0' && *name == *function) {
    ++name;
    ++function;
  }
  return *function == '\0' && (*name == '\0' || (name[0] == ' ' && name[1] == '['));
}

bool is_frame_of(const Frame& frame, const char* function, const surefoot::Symbols& symbols) noexcept {
  const surefoot::Symbol symbol = recording.modules.at(frame.address(), symbols).find(frame.address());
  std::array<char, 128> name;
  symbol.name.copy_to(name);
  return is_name_of(symbol.is_known() ? last_part(name.data()) : unknown_function, function);
}

// True if the frames are the expected ones, no more and no fewer, in order.
bool are_frames_as_expected(std::span<const ExpectedFrames> expected, const surefoot::Symbols& symbols) noexcept {
  const std::span<const Frame> frames = recording.trace.frames;
  std::size_t next = 0;
  for (const ExpectedFrames& group : expected) {
    std::size_t found = 0;
    while (next < frames.size() && (group.count == once_or_more || found < group.count) &&
           is_frame_of(frames[next], group.function, symbols)) {
      ++found;
      ++next;
    }
    if (found == 0 || (group.count != once_or_more && found != group.count)) return false;
  }
  return next == frames.size();
}

// With the names that modules have for their functions.
void print_recorded(const surefoot::PrintOptions& options) noexcept {
  surefoot::print_trace(recording.trace, options, console_sink, [&](const Frame& frame) noexcept {
    return recording.modules.at(frame.address(), options.symbols);
  });
}

void print_expected(const Expected& expected) noexcept {
  surefoot::Verdict verdict;
  verdict.reliability = expected_verdict(expected);
  verdict.stop = expected.stop;
  verdict.evidence = expected.evidence;
  std::size_t count = 0;
  for (const ExpectedFrames& group : expected.frames) count += group.count == once_or_more ? 1 : group.count;
  console::print("  expected  ");
  surefoot::print_verdict(verdict, count, policy(), {}, console_sink);
  console::print("\n");
  for (const ExpectedFrames& group : expected.frames) {
    console::print("  expected  ", group.function);
    if (group.count != 1) console::print(" x ", group.count);
    console::print("\n");
  }
}

}  // namespace

surefoot::Policy policy() noexcept { return policy_of_run; }

void set_policy(surefoot::Policy policy) noexcept { policy_of_run = policy; }

void begin_recording() noexcept {
  recording.trace = {};
  recording.has_user = false;
  recording.walks = 0;
  recording.failed_requirement = nullptr;
}

DEMO_FUNCTION void record(const surefoot::Start& start, const surefoot::Task& task, std::size_t capacity) noexcept {
  if (recording.walks++ != 0) return;
  const kernel::walks::WalkScope scope;
  recording.modules.look();
  const surefoot::Kernel& described = kernel::walks::description().described();
  recording.trace = walk(start, described, task, std::span(recording.room).first(capacity), policy());
}

DEMO_FUNCTION void record_by_frame(const surefoot::Start& start, const surefoot::Task& task,
                                   void (*between)(std::size_t count) noexcept) noexcept {
  if (recording.walks++ != 0) return;
  const kernel::walks::WalkScope scope;
  recording.modules.look();
  surefoot::Cursor cursor(start, kernel::walks::description().described(), task, policy());
  std::size_t count = 0;
  while (count != recording.room.size() && cursor.next(recording.room[count])) between(++count);
  recording.trace = {.frames = std::span(recording.room).first(count), .verdict = cursor.verdict()};
}

DEMO_FUNCTION void record_with(const surefoot::Region& image, const surefoot::Start& start,
                               const surefoot::Task& task) noexcept {
  if (recording.walks++ != 0) return;
  const bool is_made = other_description.make(image, other_intervals);
  require(is_made, "the kernel can be described otherwise");
  if (is_made) recording.trace = walk(start, other_description.described(), task, recording.room, policy());
}

void record_user(const surefoot::UserTrace& trace) noexcept {
  recording.user = trace;
  recording.has_user = true;
}

void require(bool condition, const char* what) noexcept {
  if (!condition && recording.failed_requirement == nullptr) recording.failed_requirement = what;
}

bool judge(const Scenario& scenario, const surefoot::PrintOptions& options) noexcept {
  const Expected& expected = scenario.expected;
  const surefoot::Verdict& verdict = recording.trace.verdict;
  const bool is_recorded_once = recording.walks == 1;
  const bool is_as_expected = is_recorded_once && recording.failed_requirement == nullptr &&
                              verdict.reliability == expected_verdict(expected) && verdict.stop == expected.stop &&
                              verdict.evidence == expected.evidence &&
                              are_frames_as_expected(expected.frames, options.symbols);

  console::print("scenario ", scenario.name, " ");
  surefoot::print_verdict(verdict, recording.trace.frames.size(), policy(), options, console_sink);
  console::print(" expected=", is_as_expected ? "yes" : "no", "\n");
  print_recorded(options);
  if (recording.has_user) surefoot::print_user_trace(recording.user, options, console_sink);
  if (is_as_expected) return true;

  if (!is_recorded_once) console::print("  walks recorded: ", recording.walks, ", and not 1\n");
  if (recording.failed_requirement != nullptr) console::print("  not so: ", recording.failed_requirement, "\n");
  print_expected(expected);
  return false;
}

}  // namespace demo
