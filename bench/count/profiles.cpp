// SPDX-License-Identifier: MIT
#include "count/profiles.hpp"

#include <cstddef>

#include "count/chain.hpp"
#include "count/code.hpp"
#include "count/counted_walk.hpp"
#include "count/kernel_like.hpp"

namespace bench {
namespace {

using surefoot::EvidenceBit;
using surefoot::Policy;

constexpr std::size_t usual_depth = 16;

// a: plain frames, from here. The same frame by frame.
void count_plain() noexcept {
  struct Depth {
    std::size_t frames;
    const char* name;
  };
  constexpr Depth depths[] = {{8, "a8"}, {16, "a16"}, {24, "a24"}};
  describe({});
  for (const Depth& depth : depths) {
    const Shape shape{.frames = make_plain_frames(depth.frames, image_start)};
    make_task(lay_chain(shape));
    count_walk({"profile", depth.name}, shape, {});
    count_cursor({"cursor", depth.name}, shape, {});
  }
}

// b: a sample of the timer's. On the IRQ stack three frames of the handler, the outermost of which is exception entry,
// and the exception frame; twelve frames of the task. Exact, by a frame table.
void count_timer_sample() noexcept {
  constexpr std::size_t handler_depth = 3;
  constexpr std::size_t task_depth = 12;
  constexpr std::size_t function_count = 10'000;
  // The functions are all over the frame table.
  constexpr std::size_t stride = 617;
  const std::span<FrameShape> frames = make_plain_frames(handler_depth + task_depth, image_start);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    frames[i].pc = pc_in_function(image_start, (i + 1) * stride % function_count);
  }
  frames[handler_depth - 1].pc = pc_in_exception_entry;
  const Shape shape{.frames = frames, .interrupted = handler_depth, .is_handler_on_irq_stack = true};
  describe({.function_count = function_count});
  make_task(lay_chain(shape));
  count_walk({"profile", "b"}, shape,
             {.policy = Policy::exact,
              .evidence = EvidenceBit::crossed_exception | EvidenceBit::in_special_range | EvidenceBit::changed_stack});
  count_sample({"sample", "b"}, {"sample_bytes", "b"}, Policy::exact);
}

// c: four return addresses, none beside another, are rewritten.
void count_graph_traced() noexcept {
  const std::span<FrameShape> frames = make_plain_frames(usual_depth, image_start);
  for (std::size_t i = 2; i < usual_depth; i += 4) frames[i].hook = return_hook;
  const Shape shape{.frames = frames};
  describe({});
  make_task(lay_chain(shape));
  count_walk({"profile", "c"}, shape, {.evidence = EvidenceBit::return_address_hooked});
}

// d, d2: every third frame is in a module; all in one, or each in another. The image and each module have special
// ranges behind their plain code, 64 in all.
void count_modules(const char* name, std::size_t module_count) noexcept {
  constexpr std::size_t range_count = 64;
  constexpr std::size_t each_module = 6;
  const std::span<FrameShape> frames = make_plain_frames(usual_depth, image_start);
  for (std::size_t i = 2, visit = 0; i < usual_depth; i += 3, ++visit) {
    frames[i].pc = pc_in_function(module_start(visit % module_count), i);
  }
  const Shape shape{.frames = frames};
  describe(
      {.ranges = {
           .image = range_count - module_count * each_module, .modules = module_count, .each_module = each_module}});
  make_task(lay_chain(shape));
  count_walk({"profile", name}, shape, {});
}

// e: a blocked task.
void count_blocked() noexcept {
  const Shape shape{.frames = make_plain_frames(12, image_start)};
  describe({});
  make_task(lay_chain(shape), TaskShape::blocked);
  count_walk({"profile", "e"}, shape, {});
}

}  // namespace

void count_profiles() noexcept {
  count_plain();
  count_timer_sample();
  count_graph_traced();
  count_modules("d", 1);
  count_modules("d2", 5);
  count_blocked();
}

}  // namespace bench
