// SPDX-License-Identifier: MIT
#include "count/chain.hpp"

#include <array>
#include <new>

#include "count/counter.hpp"

namespace bench {
namespace {

using surefoot::AddressRange;
using surefoot::ExceptionFrame;
using surefoot::FrameRecord;
using surefoot::MetadataRecord;
using surefoot::Stack;
using surefoot::StackKind;

constexpr std::size_t frame_size = 32;  // of one function: its record, and two words more
constexpr unsigned address_bits = 48;
// Bits of a pointer authentication code: the walk has to remove them.
constexpr std::uint64_t signature = std::uint64_t{0x2a} << address_bits;

alignas(16) constinit std::byte memory[max_depth * frame_size + sizeof(ExceptionFrame) + sizeof(MetadataRecord)] = {};
constinit surefoot::ReturnEntry return_entries[max_depth] = {};
constinit std::array<AddressRange, 1> text = {AddressRange(text_start, text_end)};
// A task's stack, and two of a CPU at places where nothing is.
constinit std::array<Stack, 3> stacks{};

std::uint64_t at(std::size_t offset) noexcept { return address_of(memory[offset]); }

// Where the frame of function `index` begins. An exception frame is in the place of the one below the interrupted.
std::size_t frame_offset(const Shape& shape, std::size_t index) noexcept {
  const bool is_above_exception = shape.exception_before != 0 && index >= shape.exception_before;
  return index * frame_size + (is_above_exception ? sizeof(ExceptionFrame) : 0);
}

// Where its record is.
std::size_t record_offset(const Shape& shape, std::size_t index) noexcept {
  const bool is_exception = shape.exception_before != 0 && index + 1 == shape.exception_before;
  return frame_offset(shape, index) + (is_exception ? SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD : 0);
}

template <class T>
void put(std::size_t offset, const T& value) noexcept {
  new (&memory[offset]) T(value);
}

}  // namespace

Chain make_chain(const Shape& shape) noexcept {
  stacks = {Stack{AddressRange(at(0), at(0) + sizeof memory), StackKind::task},
            Stack{AddressRange(0x1000'0000, 0x1000'4000), StackKind::irq},
            Stack{AddressRange(0x2000'0000, 0x2000'4000), StackKind::overflow}};
  static constinit surefoot::ReturnStack return_stack(return_entries);
  while (return_stack.depth() != 0) return_stack.pop();

  const std::size_t final_at = record_offset(shape, shape.depth - 1);
  put(final_at, MetadataRecord{.zeros = {}, .type = surefoot::MetadataType::final_record});
  // From the outermost in, as the functions were called: the return stack has the oldest entry first.
  for (std::size_t i = shape.depth - 1; i > 0; --i) {
    const std::uint64_t fp = at(record_offset(shape, i));
    const std::size_t record_at = record_offset(shape, i - 1);
    if (i == shape.exception_before) {
      ExceptionFrame frame{};
      frame.fp = fp;
      frame.sp = fp;
      frame.pc = shape.pc(i);
      frame.record.type = surefoot::MetadataType::exception;
      put(frame_offset(shape, i - 1), frame);
      continue;
    }
    const bool is_hooked = i >= shape.depth - shape.hooked;
    const std::uint64_t return_address = shape.pc(i) | signature;
    put(record_at, FrameRecord{.fp = fp, .lr = is_hooked ? shape.hook : return_address});
    if (is_hooked) {
      (void)return_stack.push({.return_address = return_address, .function = 0, .key = fp, .hook = shape.hook});
    }
  }

  surefoot::Context context;
  context.stacks = stacks;
  context.text = text;
  context.special_ranges = surefoot::SpecialRanges::none();
  context.return_stack = &return_stack;
  context.final_record_at = at(final_at);
  context.pac = surefoot::PointerAuthMask::for_address_bits(address_bits);
  return {.start = surefoot::Start::at_call({.fp = at(0), .sp = at(0), .pc = shape.pc(0)}),
          .context = context,
          .first_record_at = at(0)};
}

}  // namespace bench
