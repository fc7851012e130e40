// SPDX-License-Identifier: MIT
#include "scene.hpp"

#include <stdexcept>
#include <utility>

namespace corrupt {
namespace {

using surefoot::AddressRange;
using surefoot::SpecialRanges;
using surefoot::StackSet;

// Far more than any walk of stacks of this size can need.
constexpr std::uint64_t most_reads = 1'000'000;

SpecialRanges ranges_of(bool is_valid, const std::vector<surefoot::SpecialRange>& ranges) {
  if (!is_valid) return {};
  if (ranges.empty()) return SpecialRanges::none();
  const auto made = SpecialRanges::make(std::span<const surefoot::SpecialRange>(ranges));
  if (!made) throw std::runtime_error("a table of special ranges is refused");
  return *made;
}

surefoot::FrameTable table_of(const Capture& capture, const RegionHead& head) {
  if (head.frame_table.is_empty()) return {};
  const Piece* const piece = capture.find_piece(head.frame_table.start());
  if (piece == nullptr) throw std::runtime_error("a frame table is not in the file");
  const auto made = surefoot::FrameTable::make(*piece->bytes, head.frame_table_address);
  if (!made) throw std::runtime_error("a frame table is refused");
  return *made;
}

}  // namespace

const std::vector<WitnessSet>& witness_sets() {
  static const std::vector<WitnessSet> sets = {
      {.name = "none", .witnesses = {}},
      {.name = "site", .needs_code = true, .witnesses = surefoot::Witnesses({.call_site = true})},
      {.name = "chain", .witnesses = surefoot::Witnesses({.frame_table_chain = true})},
      {.name = "chain+site",
       .needs_code = true,
       .is_promised = true,
       .witnesses = surefoot::Witnesses({.call_site = true, .frame_table_chain = true})},
      {.name = "chain+site+target",
       .needs_code = true,
       .is_promised = true,
       .witnesses = surefoot::Witnesses({.call_site = true, .call_target = true, .frame_table_chain = true})},
  };
  return sets;
}

Scene::Scene(const Capture& capture, const Memory& memory) : capture_(capture), memory_(memory) {
  const CaptureHead& head = capture.head;
  describe_regions();
  for (const WitnessSet& set : witness_sets()) {
    const auto kernel = surefoot::Kernel::make({.code = &code_,
                                                .pac = surefoot::PointerAuthMask(head.pac_bits),
                                                .tags = surefoot::AddressTagMask(head.tag_bits),
                                                .exception = head.exception,
                                                .witnesses = set.witnesses});
    if (!kernel) throw std::runtime_error("the kernel is refused");
    kernels_.push_back(*kernel);
  }
  const std::span stacks(capture.stacks);
  const auto own = StackSet::make(stacks.first(head.own_stacks));
  const auto of_cpu = StackSet::make(stacks.subspan(head.own_stacks));
  if (!own || !of_cpu) throw std::runtime_error("the stacks are refused");
  for (const std::uint64_t at : capture.return_stacks) {
    // SAFETY: the memory has it at its own address, laid out as here.
    return_stacks_.push_back(reinterpret_cast<const surefoot::ReturnStack*>(at));
  }
  if (head.switches % 2 != 0) activity_.enter_cpu();
  foreign_ = {.read = read, .object = this};
  task_ = {.stacks = *own,
           .cpu_stacks = *of_cpu,
           .final_record_at = head.final_record_at,
           .return_stacks = return_stacks_,
           .memory = nullptr};
  frames_.resize(head.frame_room);
}

void Scene::describe_regions() {
  for (const CapturedRegion& captured : capture_.regions) {
    const RegionHead& head = captured.head;
    surefoot::Region region{.text = head.text,
                            .special_ranges = ranges_of(head.has_ranges != 0, captured.ranges),
                            .calls_without_record = ranges_of(head.has_calls != 0, captured.calls),
                            .frame_table = table_of(capture_, head),
                            .patch_sites = {}};
    if (!captured.patch_entries.empty()) {
      const auto sites = surefoot::PatchSites::make(captured.patch_entries, head.patch_start, head.patch_end);
      if (!sites) throw std::runtime_error("the patch sites are refused");
      region.patch_sites = *sites;
    }
    regions_.push_back(region);
  }
  intervals_.resize(surefoot::CodeMap::intervals_needed(regions_));
  const auto code = surefoot::CodeMap::make(regions_, intervals_);
  if (!code) throw std::runtime_error("the code map is refused");
  code_ = *code;
}

surefoot::Start Scene::start() const {
  using surefoot::Start;
  const CaptureHead& head = capture_.head;
  switch (static_cast<Start::Kind>(head.kind)) {
    case Start::Kind::call: return Start::at_call(head.registers);
    case Start::Kind::blocked_task: return Start::blocked_task(head.registers, activity_);
    case Start::Kind::exception: return Start::exception_at(head.frame_at);
    case Start::Kind::no_stack: break;
  }
  return Start::no_stack();
}

bool Scene::may_read(std::uint64_t address) const {
  for (const surefoot::Stack& stack : capture_.stacks) {
    if (stack.range.contains(address, 8)) return true;
  }
  if (!may_read_code_) return false;
  for (const surefoot::Region& region : regions_) {
    // By words, of which one may be half code.
    if (region.text.overlaps({address, address + 8})) return true;
  }
  return false;
}

bool Scene::read(void* object, std::uint64_t address, std::uint64_t* word) noexcept {
  auto& scene = *static_cast<Scene*>(object);
  if (++scene.reads_ > most_reads) {
    if (scene.reads_ == most_reads + 1) ++scene.misdeeds_.hangs;
    return false;
  }
  if (address % 8 != 0 || !scene.may_read(address)) {
    ++scene.misdeeds_.wild_reads;
    return false;
  }
  if (scene.keeps_words_read_) scene.words_read_.push_back(address);
  *word = Memory::word(address);
  return true;
}

surefoot::Trace Scene::walk(std::size_t witness_set, surefoot::Policy policy) {
  reads_ = 0;
  may_read_code_ = witness_sets()[witness_set].needs_code;
  task_.memory = &foreign_;
  return surefoot::walk(start(), kernels_[witness_set], task_, frames_, policy);
}

surefoot::Trace Scene::walk_here(surefoot::Policy policy) {
  task_.memory = nullptr;
  return surefoot::walk(start(), kernels_[0], task_, frames_, policy);
}

std::vector<std::uint64_t> Scene::take_words_read() { return std::exchange(words_read_, {}); }

}  // namespace corrupt
