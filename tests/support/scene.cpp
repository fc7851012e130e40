// SPDX-License-Identifier: MIT
//
// The fixture of the walk tests, and the standard assertions.
#include "support/scene.hpp"

#include <algorithm>

#include "support/in_place.hpp"

namespace surefoot::testing {
namespace {

// The same in the program's own memory, where that can be.
void check_in_place(const Start& start, const Context& context, const Memory& memory, const Walked& walked,
                    std::size_t buffer_size) {
  const Stack shadow[] = {{.range = context.shadow_call_stack}};
  if (!memory.is_whole() || !put_in_place(context.stacks, memory) || !put_in_place(shadow, memory)) return;
  std::vector<Frame> buffer(buffer_size);
  const Trace trace = walk(start, context, buffer);
  const Walked own{.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict};
  EXPECT_EQ(text(walked), text(own)) << "a walk in place sees something else";
}

}  // namespace

Walked checked_walk(const Start& start, const Context& context, const Memory& memory, ReadLog& log,
                    std::size_t buffer_size) {
  log.addresses.clear();
  log.wild.clear();
  std::vector<Frame> buffer(buffer_size);
  const bool is_text_read = context.witnesses.call_site || context.witnesses.call_target;
  std::vector<AddressRange> also{context.shadow_call_stack};
  if (is_text_read) also.insert(also.end(), context.text.begin(), context.text.end());
  const Trace trace = walk(start, context, buffer, RecordingReader(memory, context.stacks, log, also));
  const Walked walked{.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict};
  EXPECT_TRUE(log.wild.empty()) << "read outside the declared stacks, first at 0x" << std::hex << log.wild.front();
  // A record is two words; a special range may add some more reads to each.
  EXPECT_LE(log.addresses.size(), 2 * memory.word_count() + (is_text_read ? walked.frames.size() : 0));

  if (log.on_read) return walked;  // the memory is not the same the second time
  if (!is_text_read && log.refused.empty()) check_in_place(start, context, memory, walked, buffer_size);
  ReadLog second{.addresses = {}, .wild = {}, .refused = log.refused, .on_read = {}};
  RecordingReader second_reader(memory, context.stacks, second, also);
  const ForeignMemory second_memory = memory_of(second_reader);
  const World world(context, &second_memory);
  Cursor cursor(start, world.kernel(), world.task());
  Walked by_hand;
  Frame frame;
  while (by_hand.frames.size() < buffer_size && cursor.next(frame)) by_hand.frames.push_back(frame);
  by_hand.verdict = cursor.verdict();
  EXPECT_EQ(text(walked), text(by_hand)) << "a cursor that is moved by hand sees something else";

  // A few at a time: each piece ends between plain frames, or does not.
  Cursor pieces(start, world.kernel(), world.task());
  Walked by_pieces{.frames = std::vector<Frame>(buffer_size), .verdict = {}};
  std::size_t count = 0;
  for (std::size_t taken = 1; taken != 0 && count < buffer_size; count += taken) {
    const std::size_t room = std::min<std::size_t>(buffer_size - count, 1 + count % 3);
    taken = pieces.take(std::span(by_pieces.frames).subspan(count, room));
  }
  by_pieces.frames.resize(count);
  by_pieces.verdict = pieces.verdict();
  EXPECT_EQ(text(walked), text(by_pieces)) << "a cursor that takes a few frames at a time sees something else";

  // Each frame but the first was paid for with a record of 16 bytes.
  std::size_t steps = memory.word_count() / 2 + 1;
  while (steps > 0 && cursor.next(frame)) --steps;
  EXPECT_NE(steps, 0U) << "the walk does not end";
  EXPECT_TRUE(second.wild.empty()) << "read outside the declared stacks, first at 0x" << std::hex
                                   << second.wild.front();
  return walked;
}

Scene::Scene()
    : task(memory.add_stack(0x7000'0000, StackKind::task)),
      irq(memory.add_stack(0x6000'0000, StackKind::irq)),
      overflow(memory.add_stack(0x7800'0000, StackKind::overflow)) {
  context.special_ranges = usual_table().make().value();
  context.return_stack = &return_stack;
}

void Scene::push(std::uint64_t return_address, const Ref& key, std::uint64_t hook) {
  ASSERT_TRUE(return_stack.push(
      {.return_address = return_address, .function = code::function(200), .key = address(key), .hook = hook}));
}

Registers Scene::registers(std::uint64_t pc, const Ref& fp) const {
  return {.fp = address(fp), .sp = task.base(), .pc = pc};
}

Walked Scene::walk_from(std::uint64_t pc, const Ref& fp, std::size_t buffer_size) {
  return walk(Start::at_call(registers(pc, fp)), buffer_size);
}

Walked Scene::walk(const Start& start, std::size_t buffer_size) {
  const std::vector<Stack> stacks = memory.stacks();
  Context filled = context;
  filled.text = text_ranges;
  if (filled.stacks.empty()) filled.stacks = stacks;
  if (filled.final_record_at == 0 && memory.has_label("final")) filled.final_record_at = address("final");
  return checked_walk(start, filled, memory, log, buffer_size);
}

ExceptionFrame branded_exception_frame() {
  ExceptionFrame frame{};
  for (std::uint64_t number = 0; number < 29; ++number) frame.x[number] = brand(number);
  frame.fp = brand(29);
  frame.lr = brand(30);
  frame.sp = brand(31);
  frame.pc = brand(32);
  frame.pstate = 0x3c5;  // EL1h, all exceptions masked
  frame.esr = brand(34);
  frame.far = brand(35);
  frame.record.type = MetadataType::exception;
  return frame;
}

}  // namespace surefoot::testing
