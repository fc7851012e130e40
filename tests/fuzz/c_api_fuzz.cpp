// SPDX-License-Identifier: MIT
//
// The C interface: descriptions with any contents are refused or accepted as in C++, and walks of any task of any
// kernel say what they say in C++. Objects of zeros, of which C is full, are walked too.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "require.hpp"
#include "support/any_world.hpp"
#include "support/context.hpp"
#include "surefoot/surefoot.h"

using namespace surefoot;
using namespace surefoot::testing;

namespace {

// The same bytes as another type: the library proves that the layouts are equal.
template <typename To, typename From>
std::vector<To> same_bytes(const std::vector<From>& values) {
  static_assert(sizeof(To) == sizeof(From));
  std::vector<To> copies(values.size());
  if (!values.empty()) std::memcpy(static_cast<void*>(copies.data()), values.data(), values.size() * sizeof(To));
  return copies;
}

template <typename Made>
void require_same(bool is_made, const surefoot_error& error, const Made& made, const char* what) {
  require(is_made == made.has_value(), what);
  if (made) return;
  require(error.code == static_cast<std::uint32_t>(made.error().code) && error.index == made.error().index, what);
}

surefoot_exception_layout layout_of(const ExceptionLayout& layout) {
  surefoot_exception_layout packed;
  static_assert(sizeof packed == sizeof layout);
  std::memcpy(&packed, &layout, sizeof packed);
  return packed;
}

// The task and the kernel of a world, made through C.
class CWorld {
 public:
  explicit CWorld(const AnyWorld& world)
      : regions_(same_bytes<surefoot_region>(world.regions)),
        intervals_(surefoot_intervals_needed(regions_.data(), regions_.size())),
        own_(same_bytes<surefoot_stack>(world.own_stacks)),
        cpu_(same_bytes<surefoot_stack>(world.cpu_stacks)) {
    const auto code = CodeMap::make(world.regions, cpp_intervals_ = std::vector<Interval>(intervals_.size()));
    require_same(
        surefoot_make_code_map(regions_.data(), regions_.size(), intervals_.data(), intervals_.size(), &code_, &error_),
        error_, code, "a code map");
    const surefoot_exception_layout layout = layout_of(world.description.exception);
    surefoot_witnesses witnesses{};
    const Witnesses::Chosen& chosen = world.description.witnesses.chosen();
    const surefoot_chosen_witnesses c_chosen{.call_site = chosen.call_site,
                                             .call_target = chosen.call_target,
                                             .frame_table_chain = chosen.frame_table_chain,
                                             .shadow_call_stack = chosen.shadow_call_stack};
    if (world.description.witnesses.exist()) surefoot_make_witnesses(&c_chosen, &witnesses);
    const surefoot_kernel_description description{.code = &code_,
                                                  .pac_mask = world.description.pac.bits(),
                                                  .tag_mask = world.description.tags.bits(),
                                                  .exception = &layout,
                                                  .witnesses = witnesses,
                                                  .policy = static_cast<std::uint8_t>(world.description.policy)};
    // A world without a map has one without code; in C a map of zeros is a missing one.
    is_made_ = surefoot_make_kernel(&description, &kernel, &error_);
    require(is_made_ == code.has_value(), "a kernel");
    require_same(surefoot_make_stack_set(own_.data(), own_.size(), &task.stacks, &error_), error_,
                 StackSet::make(world.own_stacks), "the task's stacks");
    require_same(surefoot_make_stack_set(cpu_.data(), cpu_.size(), &task.cpu_stacks, &error_), error_,
                 StackSet::make(world.cpu_stacks), "the CPU's stacks");
    task.final_record_at = world.final_record_at;
    // SAFETY: the layouts are equal.
    task.return_stacks = reinterpret_cast<const surefoot_return_stack* const*>(world.return_stacks.data());
    task.return_stack_count = world.return_stacks.size();
    const AddressRange& shadow = world.shadow_call_stack;
    task.shadow_call_stack = {shadow.start(), shadow.end() - shadow.start()};
  }
  CWorld(const CWorld&) = delete;
  CWorld& operator=(const CWorld&) = delete;

  surefoot_kernel kernel{};
  surefoot_task task{};

 private:
  std::vector<surefoot_region> regions_;
  std::vector<surefoot_interval> intervals_;
  std::vector<Interval> cpp_intervals_;
  std::vector<surefoot_stack> own_;
  std::vector<surefoot_stack> cpu_;
  surefoot_code_map code_{};
  surefoot_error error_{};
  bool is_made_ = false;
};

struct Reader {
  const AnyWorld& world;

  [[nodiscard]] bool read(std::uint64_t address, std::uint64_t& word) noexcept {
    require(world.may_read(address), "no read outside the stacks");
    word = world.word_at(address);
    return true;
  }
};

void check_same(const Trace& trace, std::span<const surefoot_frame> frames, const surefoot_verdict& verdict) {
  require(trace.frames.size() == frames.size(), "as many frames");
  static_assert(sizeof(Frame) == sizeof(surefoot_frame));
  require(frames.empty() || std::memcmp(trace.frames.data(), frames.data(), frames.size_bytes()) == 0, "the frames");
  require(static_cast<std::uint8_t>(trace.verdict.policy) == verdict.policy, "the policy");
  require(trace.verdict.is_reliable() == verdict.is_reliable, "reliability");
  require(static_cast<std::uint8_t>(trace.verdict.stop) == verdict.stop, "why the walk ended");
  require(trace.verdict.evidence.bits() == verdict.evidence, "the evidence");
  require(trace.verdict.first_doubtful == verdict.first_doubtful, "where doubt begins");
  require(trace.verdict.stop_at == verdict.stop_at, "where the walk ended");
  require(surefoot_classify(verdict.policy, verdict.evidence, verdict.stop) == verdict.is_reliable, "classify");
}

surefoot_start start_of(const AnyWorld& world) {
  surefoot_start packed;
  static_assert(sizeof packed == sizeof(Start));
  std::memcpy(static_cast<void*>(&packed), &world.start(), sizeof packed);
  return packed;
}

void check_walks(RandomSource& random, const AnyWorld& world) {
  CWorld c(world);
  Reader reader{world};
  const ForeignMemory memory = memory_of(reader);
  c.task.memory = reinterpret_cast<const surefoot_memory*>(&memory);
  const surefoot_start start = start_of(world);
  const std::size_t room = random.is_chosen(80) ? 200 : random.below(4);
  std::vector<Frame> frames(room);
  std::vector<surefoot_frame> c_frames(room);
  const auto policy = static_cast<std::uint8_t>(random.is_chosen(90) ? random.below(2) : random.word());
  const Task task = world.task(&memory);
  const Trace trace = walk(world.start(), world.kernel(), task, frames, policy == 1 ? Policy::exact : Policy::strict);
  const surefoot_trace c_trace =
      surefoot_walk_by_policy(&start, &c.kernel, &c.task, c_frames.data(), c_frames.size(), policy);
  check_same(trace, std::span(c_trace.frames, c_trace.frame_count), c_trace.verdict);

  surefoot_cursor cursor;
  surefoot_cursor_begin_by_policy(&cursor, &start, &c.kernel, &c.task, policy);
  const std::size_t count = surefoot_cursor_take(&cursor, c_frames.data(), c_frames.size());
  check_same(trace, std::span(c_frames).first(count), surefoot_cursor_verdict(&cursor));

  // What was never made: no code, and so no trace is reliable.
  const surefoot_kernel no_kernel{};
  const auto* const registers = reinterpret_cast<const surefoot_registers*>(&world.registers);
  const surefoot_start call = surefoot_start_call(registers);
  const surefoot_trace lost = surefoot_walk(&call, &no_kernel, &c.task, c_frames.data(), c_frames.size());
  require(!lost.verdict.is_reliable, "no trace through no code is reliable");
  surefoot_cursor ended{};
  require(surefoot_cursor_take(&ended, c_frames.data(), c_frames.size()) == 0, "a cursor of zeros has ended");
  require(!surefoot_cursor_verdict(&ended).is_reliable, "a cursor of zeros is not reliable");
}

// Any numbers where C has structs with public members.
void check_descriptions(RandomSource& random) {
  surefoot_error error{};
  const auto word = [&random] { return random.is_chosen(60) ? 8 * random.below(0x40) : random.word(); };
  std::vector<surefoot_stack> stacks(random.below(random.is_chosen(90) ? 5 : 40));
  for (surefoot_stack& stack : stacks) stack = {.range = {.start = word(), .size = word()}, .kind = 0};
  surefoot_stack_set set;
  const std::vector<Stack> cpp_stacks = same_bytes<Stack>(stacks);
  require_same(surefoot_make_stack_set(stacks.data(), stacks.size(), &set, &error), error, StackSet::make(cpp_stacks),
               "any stacks");

  std::vector<surefoot_region> regions(random.below(4));
  for (surefoot_region& region : regions) {
    const std::uint64_t bits = random.is_chosen(90) ? ~std::uint64_t{3} : ~std::uint64_t{0};
    region = {};
    region.text = {.start = word() & bits, .size = word() & bits};
    if (random.is_chosen(50)) region.special_ranges = surefoot_no_special_ranges();
  }
  const std::vector<Region> cpp_regions = same_bytes<Region>(regions);
  std::vector<surefoot_interval> storage(
      random.is_chosen(80) ? surefoot_intervals_needed(regions.data(), regions.size()) : random.below(4));
  std::vector<Interval> cpp_storage(storage.size());
  surefoot_code_map code;
  const auto made = CodeMap::make(cpp_regions, cpp_storage);
  require_same(surefoot_make_code_map(regions.data(), regions.size(), storage.data(), storage.size(), &code, &error),
               error, made, "any regions");

  std::vector<surefoot_range_entry> entries(1 + random.below(3));
  for (surefoot_range_entry& entry : entries) {
    const std::uint64_t bits = random.word();
    std::memcpy(&entry, &bits, sizeof bits);
    entry.kind = static_cast<std::uint8_t>(random.below(12));
    entry.rule = static_cast<std::uint8_t>(random.word());
  }
  surefoot_special_ranges ranges;
  require_same(surefoot_make_special_ranges_at(entries.data(), entries.size(), 1U << 31, &ranges, &error), error,
               SpecialRanges::make(same_bytes<SpecialRangeEntry>(entries), 1U << 31), "any entries");

  surefoot_exception_layout layout{};
  std::array<std::uint16_t*, 8> const fields = {&layout.size, &layout.pc, &layout.pstate, &layout.sp,
                                                &layout.fp,   &layout.lr, &layout.x9,     &layout.record};
  for (std::uint16_t* const field : fields) *field = static_cast<std::uint16_t>(word());
  layout.typing = static_cast<std::uint8_t>(random.is_chosen(90) ? random.below(2) : random.word());
  layout.exception_type = word();
  ExceptionLayout cpp_layout;
  std::memcpy(static_cast<void*>(&cpp_layout), &layout, sizeof layout);
  const CodeMap no_code;
  const surefoot_kernel_description description{.code = made ? &code : nullptr,
                                                .pac_mask = word(),
                                                .tag_mask = word(),
                                                .exception = random.is_chosen(80) ? &layout : nullptr,
                                                .witnesses = {},
                                                .policy = static_cast<std::uint8_t>(random.word())};
  surefoot_kernel kernel;
  require_same(surefoot_make_kernel(&description, &kernel, &error), error,
               Kernel::make({.code = made ? &no_code : nullptr,
                             .exception = description.exception != nullptr ? cpp_layout : ExceptionLayout()}),
               "any description");
}

void check_names(std::uint32_t number) {
  for (const auto name :
       {surefoot_stack_set_fault_name, surefoot_code_map_fault_name, surefoot_kernel_fault_name, surefoot_source_name,
        surefoot_special_ranges_fault_name, surefoot_evidence_name, surefoot_stop_name, surefoot_policy_name,
        surefoot_special_name, surefoot_stack_kind_name, surefoot_record_typing_name, surefoot_symbols_fault_name}) {
    require(name(number) != nullptr && std::strlen(name(number)) != 0, "every number has a name");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RandomSource random(std::as_bytes(std::span(data, size)));
  check_names(static_cast<std::uint32_t>(random.is_chosen(50) ? random.below(40) : random.word()));
  check_descriptions(random);
  const AnyWorld world(random);
  check_walks(random, world);
  return 0;
}
