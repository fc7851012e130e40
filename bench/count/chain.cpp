// SPDX-License-Identifier: MIT
#include "count/chain.hpp"

#include <new>

#include "count/code.hpp"
#include "count/counter.hpp"
#include "surefoot/records.hpp"

namespace bench {
namespace {

using surefoot::AddressRange;
using surefoot::ExceptionFrame;
using surefoot::FrameRecord;
using surefoot::MetadataRecord;

constexpr std::size_t frame_size = 32;  // of one function: its record, and two words more
constexpr std::size_t irq_stack_size = 4096;
constexpr std::uint64_t pstate_el1h = 5;  // of the interrupted code [arm-arm C5.2.20, "SPSR_EL1"]
// A pointer authentication code: the walk has to remove it.
constexpr std::uint64_t signature = std::uint64_t{0x2a} << address_bits;

constinit FrameShape frame_shapes[max_depth] = {};
constinit Rewritten rewritten[max_depth] = {};
constinit std::uint64_t shadow_call_stack[max_depth] = {};
alignas(16) constinit std::byte
    task_memory[max_depth * frame_size + sizeof(ExceptionFrame) + sizeof(MetadataRecord)] = {};
alignas(16) constinit std::byte irq_memory[irq_stack_size] = {};

// Where the frame of function `index` begins. An exception frame is in the place of the one below the interrupted.
std::byte* frame_of(const Shape& shape, std::size_t index) noexcept {
  if (shape.is_handler_on_irq_stack) {
    return index < shape.interrupted ? irq_memory + index * frame_size
                                     : task_memory + (index - shape.interrupted) * frame_size;
  }
  const bool is_above_exception = shape.interrupted != 0 && index >= shape.interrupted;
  return task_memory + index * frame_size + (is_above_exception ? sizeof(ExceptionFrame) : 0);
}

// Where its record is.
std::byte* record_of(const Shape& shape, std::size_t index) noexcept {
  const bool is_exception = shape.interrupted != 0 && index + 1 == shape.interrupted;
  return frame_of(shape, index) + (is_exception ? SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD : 0);
}

}  // namespace

std::span<FrameShape> make_plain_frames(std::size_t depth, std::uint64_t code_start,
                                        std::size_t function_count) noexcept {
  for (std::size_t i = 0; i < depth; ++i) frame_shapes[i] = {.pc = pc_in_function(code_start, i % function_count)};
  return std::span(frame_shapes).first(depth);
}

Chain lay_chain(const Shape& shape) noexcept {
  const std::size_t depth = shape.frames.size();
  std::size_t rewritten_count = 0;
  std::size_t pushed_count = 0;
  std::byte* const final_record = record_of(shape, depth - 1);
  new (final_record) MetadataRecord{.zeros = {}, .type = surefoot::MetadataType::final_record};
  // From the outermost in, as the functions were called: the return stack has the oldest entry first.
  for (std::size_t i = depth - 1; i > 0; --i) {
    const FrameShape& caller = shape.frames[i];
    const std::uint64_t fp = address_of(*record_of(shape, i));
    if (i == shape.interrupted) {
      ExceptionFrame frame{};
      frame.fp = fp;
      frame.sp = fp;
      frame.pc = caller.pc;
      frame.pstate = pstate_el1h;
      frame.record.type = surefoot::MetadataType::exception;
      new (frame_of(shape, i - 1)) ExceptionFrame(frame);
      continue;
    }
    const std::uint64_t return_address = caller.pc | signature;
    const bool is_hooked = caller.hook != 0;
    shadow_call_stack[pushed_count++] = return_address;
    new (record_of(shape, i - 1)) FrameRecord{.fp = fp, .lr = is_hooked ? caller.hook : return_address};
    if (is_hooked) rewritten[rewritten_count++] = {.return_address = return_address, .key = fp, .hook = caller.hook};
  }
  const auto range_of = [](std::span<const std::byte> memory) {
    return AddressRange(address_of(memory.front()), address_of(memory.front()) + memory.size());
  };
  return {.fp = address_of(*record_of(shape, 0)),
          .pc = shape.frames[0].pc,
          .final_record_at = address_of(*final_record),
          .rewritten = std::span(rewritten).first(rewritten_count),
          .task_stack = range_of(task_memory),
          .irq_stack = range_of(irq_memory),
          .shadow_call_stack =
              AddressRange(address_of(shadow_call_stack[0]), address_of(shadow_call_stack[0]) + 8 * pushed_count)};
}

}  // namespace bench
