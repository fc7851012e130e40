// SPDX-License-Identifier: MIT
//
// The fixture of tests whose code is in three regions: an image, a module, and generated code.
#pragma once

#include <utility>
#include <vector>

#include "support/described.hpp"
#include "support/frame_table_section.hpp"

namespace surefoot::testing {

inline constexpr std::uint64_t image = 0x4000'0000;
inline constexpr std::uint64_t module = 0x5000'0000;
inline constexpr std::uint64_t generated = 0x6000'0000;
inline constexpr std::uint64_t region_size = 0x1000;

[[nodiscard]] constexpr std::uint64_t in(std::uint64_t region, std::uint64_t offset) { return region + offset; }

/// A section and the table in it. Not copied: the table refers to the section.
class Rows {
 public:
  explicit Rows(const std::vector<SectionFunction>& functions)
      : section_(make_section(functions)), table_(FrameTable::make(section_, SectionForm{}.address).value()) {}
  // One function at `start`, with one row.
  Rows(std::uint64_t start, SectionRow row)
      : Rows(std::vector<SectionFunction>{{.start = start, .size = 0x100, .rows = {std::move(row)}}}) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  [[nodiscard]] const FrameTable& table() const { return table_; }

 private:
  SectionBytes section_;
  FrameTable table_;
};

class RegionScene : public DescribedTest {
 protected:
  RegionScene() {
    description.policy = Policy::exact;
    regions.clear();
    for (const std::uint64_t start : {image, module, generated}) {
      regions.push_back({.text = AddressRange(start, start + region_size), .special_ranges = SpecialRanges::none()});
    }
  }
  [[nodiscard]] Region& region_of(std::uint64_t start) { return regions.at((start - image) >> 28); }

  void finish() {
    own_stacks = {{.range = AddressRange(stack.base(), stack.end())}};
    final_record_at = address("final");
  }
  [[nodiscard]] Walked walk_from(std::uint64_t pc) {
    return walk(Start::at_call({.fp = address("a"), .sp = stack.base(), .pc = pc}));
  }
  // Starts at what an exception interrupted, with this link register.
  [[nodiscard]] Walked walk_at(std::uint64_t pc, const Ref& fp, const Ref& sp, std::uint64_t lr) {
    frame_ = {};
    frame_.pc = pc;
    frame_.fp = address(fp);
    frame_.sp = address(sp);
    frame_.lr = lr;
    frame_.pstate = 0x3c5;
    frame_.record.type = MetadataType::exception;
    return walk(Start::exception(frame_));
  }
  [[nodiscard]] static Frame boundary(std::uint64_t pc, Evidence also = {}) {
    Frame frame = from_start(pc, EvidenceBit::crossed_exception | also);
    frame.kind = CodeAddress::Kind::exact;
    return frame;
  }
  [[nodiscard]] static Frame from(Source source, std::uint64_t pc, Evidence evidence = {},
                                  SpecialKind kind = SpecialKind::none) {
    Frame frame = from_record(pc, evidence, kind);
    frame.source = source;
    return frame;
  }

  StackImage& stack = memory.add_stack(0x7000'0000, StackKind::task);

 private:
  ExceptionFrame frame_{};
};

}  // namespace surefoot::testing
