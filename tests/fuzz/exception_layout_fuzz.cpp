// SPDX-License-Identifier: MIT
//
// Any layout of an exception frame: it is refused for something that is wrong with it, and for nothing else; and a walk
// from a frame of an accepted one finds each register where the layout says.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "require.hpp"
#include "support/random_source.hpp"
#include "surefoot/surefoot.hpp"

using namespace surefoot;
using surefoot::testing::RandomSource;
using surefoot::testing::require;

namespace {

std::uint16_t random_offset(RandomSource& random) {
  if (random.is_chosen(15)) return ExceptionLayout::absent;
  if (random.is_chosen(3)) return static_cast<std::uint16_t>(random.word());
  return static_cast<std::uint16_t>(8 * random.below(16) + (random.is_chosen(3) ? random.below(8) : 0));
}

ExceptionLayout random_layout(RandomSource& random) {
  ExceptionLayout layout{.size = random_offset(random),
                         .pc = random_offset(random),
                         .pstate = random_offset(random),
                         .sp = random_offset(random),
                         .fp = random_offset(random),
                         .lr = random_offset(random),
                         .x9 = random_offset(random),
                         .record = random_offset(random),
                         .typing = random.is_chosen(50) ? RecordTyping::typed : RecordTyping::untyped,
                         .final_type = random.below(3),
                         .exception_type = random.below(3)};
  if (random.is_chosen(80)) layout.size = static_cast<std::uint16_t>(128 + 8 * random.below(4));
  return layout;
}

// All that is wrong with a layout, by marking the bytes that each register takes.
std::set<KernelFault> faults_of(const ExceptionLayout& layout) {
  using enum KernelFault;
  std::set<KernelFault> faults;
  if (layout.size == 0 || layout.size % 8 != 0) faults.insert(bad_frame_size);
  const bool is_typed = layout.typing == RecordTyping::typed;
  std::set<unsigned> taken;
  const auto put = [&](std::uint16_t offset, unsigned words, bool is_required, bool is_alone) {
    if (offset == ExceptionLayout::absent) {
      if (is_required) faults.insert(missing_register);
      return;
    }
    if (offset % 8 != 0) faults.insert(misaligned_register);
    if (offset + 8 * words > layout.size) faults.insert(register_outside);
    for (unsigned i = 0; is_alone && i < 8 * words; ++i) {
      if (!taken.insert(offset + i).second) faults.insert(overlapping_registers);
    }
  };
  // An untyped record may be the slots of two registers.
  put(layout.record, is_typed ? 3 : 2, true, is_typed);
  put(layout.pc, 1, true, true);
  put(layout.fp, 1, true, true);
  for (const std::uint16_t offset : {layout.pstate, layout.sp, layout.lr, layout.x9}) put(offset, 1, false, true);
  if (is_typed && layout.final_type == layout.exception_type) faults.insert(ambiguous_types);
  return faults;
}

constexpr std::uint64_t frame_at = 0x7000'0000;
constexpr std::uint64_t code_at = 0x4000'0000;
constexpr std::uint64_t saved_sp = frame_at + 0x1'0000;  // above any frame: its size has 16 bits
constexpr std::uint64_t stack_end = saved_sp + 0x1000;
constexpr std::uint64_t saved_fp = stack_end - 60;  // where no record can be: the trace ends there

// The frame, and nothing but it and zeros.
struct Frames {
  std::vector<std::uint64_t> words;
  static bool read(void* object, std::uint64_t address, std::uint64_t* word) noexcept {
    const Frames& frames = *static_cast<const Frames*>(object);
    require(address % 8 == 0 && address >= frame_at && address < stack_end, "no read outside the stack");
    const std::size_t index = (address - frame_at) / 8;
    *word = index < frames.words.size() ? frames.words[index] : 0;
    return true;
  }
};

void check_registers(const Kernel& kernel, std::uint16_t leaf_register) {
  const ExceptionLayout& layout = kernel.exception();
  Frames frames{.words = std::vector<std::uint64_t>(layout.size / 8U, 0xdead'0000'0000'0001)};
  const auto put = [&](std::uint16_t offset, std::uint64_t value) {
    if (offset != ExceptionLayout::absent) frames.words.at(offset / 8U) = value;
  };
  if (layout.typing == RecordTyping::typed) put(static_cast<std::uint16_t>(layout.record + 16), layout.exception_type);
  put(layout.pc, code_at);
  put(layout.pstate, 0x3c5);
  put(layout.sp, saved_sp);
  put(layout.fp, saved_fp);
  put(layout.lr, code_at + 0x20);
  put(layout.x9, code_at + 0x40);
  const ForeignMemory memory{.read = Frames::read, .object = &frames};
  const Stack stack[] = {{.range = AddressRange(frame_at, stack_end)}};
  const Task task{.stacks = StackSet::make(stack).value(), .memory = &memory};
  Frame found[4];
  const Trace trace = walk(Start::exception_at(frame_at), kernel, task, found, Policy::exact);
  require(trace.frames.size() >= 1 && trace.frames[0].pc == code_at, "the pc");
  require(!trace.verdict.evidence.has(EvidenceBit::interrupted_el0), "the pstate");
  require(trace.verdict.stop_at == saved_fp, "the fp");
  // By the special range of the pc: its caller is in a register.
  if (leaf_register == ExceptionLayout::absent) return require(trace.frames.size() == 1, "no caller");
  const std::uint64_t caller = leaf_register == layout.lr ? code_at + 0x20 : code_at + 0x40;
  require(trace.frames.size() == 2 && trace.frames[1].pc == caller, "the register with the caller");
}

void check_accepted(const ExceptionLayout& layout) {
  for (const From from : {From::link_register, From::x9}) {
    const SpecialRange leaf[] = {
        {.range = AddressRange(code_at, code_at + 4), .kind = SpecialKind::veneer, .rule = {.pc = from}}};
    const Region region[] = {
        {.text = AddressRange(code_at, code_at + 0x1000), .special_ranges = SpecialRanges::make(leaf).value()}};
    Interval storage[8];
    const CodeMap code = CodeMap::make(region, storage).value();
    const Kernel kernel = Kernel::make({.code = &code, .exception = layout}).value();
    check_registers(kernel, from == From::x9 ? layout.x9 : layout.lr);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RandomSource random(std::as_bytes(std::span(data, size)));
  const ExceptionLayout layout = random_layout(random);
  const CodeMap code;
  const auto made = Kernel::make({.code = &code, .exception = layout});
  const std::set<KernelFault> faults = faults_of(layout);
  require(made.has_value() == faults.empty(), "a layout is refused if something is wrong with it");
  if (made) {
    check_accepted(layout);
  } else {
    require(faults.contains(made.error().code), "the reason is one of what is wrong");
  }
  return 0;
}
