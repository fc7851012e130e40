// SPDX-License-Identifier: MIT
#include "linux/kernel_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sframe/writer.hpp"

namespace surefoot::tools {
namespace {

// A table of no entries is refused, so that an empty one is not taken for one that was forgotten.
std::expected<SpecialRanges, std::string> make_ranges(const std::vector<SpecialRange>& ranges, const char* which) {
  if (ranges.empty()) return SpecialRanges::none();
  const auto made = SpecialRanges::make(std::span<const SpecialRange>(ranges));
  if (made) return *made;
  return std::unexpected(
      fmt::format("{} are refused: {} at index {}", which, to_string(made.error().code), made.error().index));
}

AddressRange moved(AddressRange range, std::uint64_t slide) { return {range.start() + slide, range.end() + slide}; }

}  // namespace

// What no compiler has made has no row in the kernel's tables. That these calls have no caller is a row of its own, in
// regions of one instruction.
std::expected<void, std::string> KernelCode::set_outermost_apart(std::vector<CodePart>& parts,
                                                                 const SpecialCode& special) {
  if (special.outermost_calls.empty()) return {};
  outermost_.frames_at = special.outermost_calls.front();
  SframeWriter writer(outermost_.frames_at);
  for (const std::uint64_t call : special.outermost_calls) {
    writer.add({.start = call, .end = call + instruction_size, .rows = {Row{.where = Row::Where::nowhere}}});
  }
  auto section = writer.finish();
  if (!section) return std::unexpected(section.error());
  outermost_.frames = std::move(section->bytes);
  std::vector<CodePart> cut;
  for (const CodePart& part : parts) {
    std::uint64_t start = part.text.start();
    const auto add = [&](std::uint64_t end, const PartTables* tables, std::uint64_t slide) {
      if (start < end) cut.push_back({.text = AddressRange(start, end), .tables = tables, .slide = slide});
      start = end;
    };
    for (const std::uint64_t call : special.outermost_calls) {
      if (part.tables == nullptr || !part.text.contains(call, instruction_size)) continue;
      add(call, part.tables, part.slide);
      add(call + instruction_size, &outermost_, 0);
    }
    add(part.text.end(), part.tables, part.slide);
  }
  parts = std::move(cut);
  return {};
}

std::expected<std::unique_ptr<KernelCode>, std::string> KernelCode::make(std::vector<CodePart> parts,
                                                                         const SpecialCode& special,
                                                                         const ExceptionLayout& exception,
                                                                         std::uint64_t pac_mask) {
  std::ranges::sort(parts, {}, [](const CodePart& part) { return part.text.start(); });
  std::unique_ptr<KernelCode> code(new KernelCode);
  code->special_ = special.ranges;
  if (const auto done = code->set_outermost_apart(parts, special); !done) return std::unexpected(done.error());
  std::vector<AddressRange> calls;
  for (const CodePart& part : parts) {
    if (part.tables == nullptr) continue;
    for (const AddressRange& call : part.tables->calls_without_record) calls.push_back(moved(call, part.slide));
  }
  code->calls_ = remaining_calls(calls, special);
  const auto special_ranges = make_ranges(code->special_, "the kernel's special ranges");
  if (!special_ranges) return std::unexpected(special_ranges.error());
  const auto call_ranges = make_ranges(code->calls_, "the calls without a record");
  if (!call_ranges) return std::unexpected(call_ranges.error());
  for (const CodePart& part : parts) {
    Region region{.text = part.text};
    if (part.tables != nullptr) {
      region.special_ranges = *special_ranges;
      region.calls_without_record = *call_ranges;
      const auto table = FrameTable::make(part.tables->frames, part.tables->frames_at + part.slide);
      if (!table && !part.tables->frames.empty()) {
        return std::unexpected(fmt::format("a frame table is refused: {}", to_string(table.error().code)));
      }
      if (table) region.frame_table = *table;
    }
    code->regions_.push_back(region);
  }
  code->intervals_.resize(CodeMap::intervals_needed(code->regions_));
  const auto map = CodeMap::make(code->regions_, code->intervals_);
  if (!map) {
    return std::unexpected(fmt::format("the kernel's code is refused: {} at {:#x}", to_string(map.error().code),
                                       parts[std::min(map.error().index, parts.size() - 1)].text.start()));
  }
  code->map_ = *map;
  const auto kernel =
      Kernel::make({.code = &code->map_,
                    .pac = PointerAuthMask(pac_mask),
                    .exception = exception,
                    .witnesses = Witnesses({.call_site = true, .call_target = true, .frame_table_chain = true})});
  if (!kernel) return std::unexpected(fmt::format("pt_regs is refused: {}", to_string(kernel.error().code)));
  code->kernel_ = *kernel;
  return code;
}

}  // namespace surefoot::tools
