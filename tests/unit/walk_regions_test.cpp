// SPDX-License-Identifier: MIT
//
// Walks through code of several regions, each with its own tables (hazard C16).
#include <array>

#include "support/region_scene.hpp"

namespace surefoot::testing {
namespace {

constexpr Evidence special = EvidenceBit::in_special_range;
constexpr Evidence unchecked = EvidenceBit::special_ranges_refused;
constexpr Evidence unknown = EvidenceBit::unknown_interrupted_code;

using WalkRegions = RegionScene;

TEST_F(WalkRegions, C16_TrustsFramesInSeveralRegionsInAnyOrder) {
  stack.record("a", "b", in(module, 0x24)).record("b", "c", in(module, 0x44)).record("c", "d", in(image, 0x24));
  stack.record("d", "e", in(generated, 0xffc))
      .record("e", "f", in(module, region_size))
      .record("f", "final", image + 4);
  stack.final_record();
  finish();
  expect(reliable({from_start(in(image, 0x80)), from_record(in(module, 0x24)), from_record(in(module, 0x44)),
                   from_record(in(image, 0x24)), from_record(in(generated, 0xffc)),
                   from_record(in(module, region_size)), from_record(image + 4)},
                  address("final")),
         walk_from(in(image, 0x80)));
}

// Removed, or never made known: C4.
TEST_F(WalkRegions, C16_C4_DoubtsFramesInARegionThatIsNotInTheMap) {
  stack.record("a", "b", in(module, 0x24)).record("b", "final", in(generated, 0x24)).final_record();
  finish();
  EXPECT_TRUE(walk_from(in(image, 0x80)).verdict.is_reliable());
  regions.erase(regions.begin() + 1);
  expect(unreliable({from_start(in(image, 0x80)), from_record(in(module, 0x24), EvidenceBit::not_text),
                     from_record(in(generated, 0x24))},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk_from(in(image, 0x80)));
}

TEST_F(WalkRegions, C16_C13_DoubtsFramesInARegionWithoutSpecialRangesOnly) {
  stack.record("a", "b", in(module, 0x24)).record("b", "final", in(generated, 0x24)).final_record();
  finish();
  region_of(module).special_ranges = {};
  expect(unreliable(
             {from_start(in(image, 0x80)), from_record(in(module, 0x24), unchecked), from_record(in(generated, 0x24))},
             {.stop_at = address("final"), .first_doubtful = 1}),
         walk_from(in(image, 0x80)));
}

TEST_F(WalkRegions, C16_UsesTheSpecialRangesOfTheRegion) {
  const std::vector<SpecialRange> ranges{
      {.range = AddressRange(in(image, 0x40), in(image, 0x60)), .kind = SpecialKind::other},
      {.range = AddressRange(in(module, 0x40), in(module, 0x60)), .kind = SpecialKind::veneer}};
  region_of(module).special_ranges = SpecialRanges::make(ranges).value();
  stack.record("a", "b", in(image, 0x50)).record("b", "final", in(module, 0x50)).final_record();
  finish();
  expect(
      unreliable({from_start(in(image, 0x80)), from_record(in(image, 0x50)),
                  from_record(in(module, 0x50), special | EvidenceBit::special_code_without_rule, SpecialKind::veneer)},
                 {.stop_at = address("final"), .first_doubtful = 2}),
      walk_from(in(image, 0x80)));
}

// The module's table says that its leaf's caller is in the link register, and the image's that P has a record.
TEST_F(WalkRegions, C16_E12_UsesTheFrameTableOfTheRegionThatAPcIsIn) {
  const Rows leaf(in(module, 0x100), {.words = {0}});
  const Rows p(in(image, 0x100), {.base = Base::fp, .words = {16, -8, -16}});
  stack.record("p", "final", in(generated, 0x24)).final_record();
  finish();
  const auto walk_leaf = [&] { return walk_at(in(module, 0x120), "p", "p", in(image, 0x124)); };
  const Frame by_lr = from(Source::link_register, in(image, 0x124));
  region_of(module).frame_table = leaf.table();
  region_of(image).frame_table = p.table();
  expect(reliable({boundary(in(module, 0x120)), by_lr, from_record(in(generated, 0x24))}, address("final")),
         walk_leaf());

  // Without a table of its own, nothing contradicts the record of P.
  region_of(image).frame_table = {};
  expect(reliable({boundary(in(module, 0x120)), by_lr, from_record(in(generated, 0x24))}, address("final")),
         walk_leaf());

  // The tables of others are not asked.
  region_of(image).frame_table = leaf.table();
  region_of(module).frame_table = p.table();
  expect(unreliable({boundary(in(module, 0x120), unknown), from_record(in(generated, 0x24))},
                    {.stop_at = address("final")}),
         walk_leaf());
  region_of(module).frame_table = {};
  expect(unreliable({boundary(in(module, 0x120), unknown), from_record(in(generated, 0x24))},
                    {.stop_at = address("final")}),
         walk_leaf());
}

TEST_F(WalkRegions, C16_UsesThePatchSitesOfTheRegionThatAPcIsIn) {
  const std::array<std::uint64_t, 2> sites{in(image, 0x200), in(module, 0x200)};
  stack.record("p", "final", in(image, 0x44)).final_record();
  finish();
  const PatchSites known = PatchSites::make(sites, 0, 8).value();
  region_of(module).patch_sites = known;
  expect(reliable(
             {boundary(in(module, 0x204)), from(Source::link_register, in(image, 0x24)), from_record(in(image, 0x44))},
             address("final")),
         walk_at(in(module, 0x204), "p", "p", in(image, 0x24)));
  expect(unreliable({boundary(in(image, 0x204), unknown), from_record(in(image, 0x44))}, {.stop_at = address("final")}),
         walk_at(in(image, 0x204), "p", "p", in(image, 0x24)));
}

}  // namespace
}  // namespace surefoot::testing
