// SPDX-License-Identifier: MIT
//
// Patches that are refused, by name, and names.
#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>

#include "livepatch/scene.hpp"

namespace surefoot::livepatch {
namespace {

using testing::code_of;
using testing::helper;
using testing::inner;
using testing::outer;
using testing::OwnPatch;
using testing::World;

#define EXPECT_REFUSED(result, refusal, where)                           \
  do {                                                                   \
    const auto got = (result);                                           \
    ASSERT_FALSE(got);                                                   \
    EXPECT_EQ(got.error().code, refusal) << to_string(got.error().code); \
    EXPECT_EQ(got.error().index, std::size_t{where});                    \
  } while (false)

TEST(LivepatchRefusal, OfAPatchThatReplacesNothing) {
  World world;
  OwnPatch none(1, {});
  EXPECT_REFUSED(world.patches.prepare(none.patch()), Refusal::no_replacements, 0);
}

TEST(LivepatchRefusal, OfRangesThatHoldNothingOrHalfAnInstruction) {
  const AddressRange good = code_of(inner, 2);
  struct Case {
    const char* what;
    AddressRange range;
    Refusal refusal;
  };
  const Case cases[] = {{"empty", {good.start(), good.start()}, Refusal::empty_code},
                        {"wraps round", {~std::uint64_t{3}, 8}, Refusal::empty_code},
                        {"misaligned", {good.start() + 2, good.end()}, Refusal::misaligned_code}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    World world;
    OwnPatch own(1, {outer, inner});
    Replacement& changed = own.replacements()[1];
    const Replacement before = changed;
    changed.old_code = c.range;
    EXPECT_REFUSED(world.patches.prepare(own.patch()), c.refusal, 1);
    changed = before;
    changed.new_code = c.range;
    EXPECT_REFUSED(world.patches.prepare(own.patch()), c.refusal, 1);
    changed = before;
    changed.old_parts = {&c.range, 1};
    EXPECT_REFUSED(world.patches.prepare(own.patch()), c.refusal, 1);
    changed = before;
    changed.new_parts = {&c.range, 1};
    EXPECT_REFUSED(world.patches.prepare(own.patch()), c.refusal, 1);
    changed = before;
    EXPECT_TRUE(world.patches.prepare(own.patch()));
  }
}

TEST(LivepatchRefusal, OfCodeThatIsInTwoPlaces) {
  World world;
  OwnPatch own(1, {outer, inner});
  Replacement& second = own.replacements()[1];
  const Replacement good = second;
  second.old_code = code_of(outer);
  EXPECT_REFUSED(world.patches.prepare(own.patch()), Refusal::replaced_twice, 1);
  second = good;
  for (const AddressRange& taken : {code_of(outer), code_of(outer, 1), good.old_code}) {
    second.new_code = taken;
    EXPECT_REFUSED(world.patches.prepare(own.patch()), Refusal::code_in_common, 1);
  }
  second = good;
  const AddressRange last_word{code_of(outer).end() - 4, code_of(outer).end()};
  second.old_parts = {&last_word, 1};
  EXPECT_REFUSED(world.patches.prepare(own.patch()), Refusal::replaced_twice, 1);
}

TEST(LivepatchRefusal, OfNewCodeThatAnotherPatchHas) {
  World world;
  OwnPatch first(1, {outer});
  OwnPatch second(2, {inner, outer});
  world.apply(first.patch());
  second.replacements()[1].new_code = code_of(outer, 1);
  EXPECT_REFUSED(world.patches.prepare(second.patch()), Refusal::code_in_common, 1);
}

TEST(LivepatchRefusal, OfAFilterThatIsTooSmall) {
  World world;
  OwnPatch own(1, {outer, inner});
  std::uint64_t one_word[1];
  Patch patch(own.replacements(), one_word, [](const Patch&) noexcept -> const TaskState* { return nullptr; });
  EXPECT_REFUSED(world.patches.prepare(patch), Refusal::filter_too_small, 0);
}

TEST(LivepatchRefusal, OfWhatTheStackIsNotReadyFor) {
  World world;
  OwnPatch first(1, {outer});
  OwnPatch second(2, {outer});
  OwnPatch third(3, {outer});
  OwnPatch fourth(4, {outer});
  Patches& patches = world.patches;
  EXPECT_REFUSED(patches.begin_removal(first.patch()), Refusal::not_applied, 0);
  EXPECT_REFUSED(patches.reverse(), Refusal::not_in_transition, 0);
  EXPECT_REFUSED(patches.finish(patches.begin_round()), Refusal::not_in_transition, 0);

  world.begin(first.patch());
  EXPECT_REFUSED(patches.prepare(first.patch()), Refusal::already_applied, 0);
  EXPECT_REFUSED(patches.begin(first.patch()), Refusal::already_applied, 0);
  EXPECT_REFUSED(patches.prepare(second.patch()), Refusal::in_transition, 0);
  EXPECT_REFUSED(patches.begin(second.patch()), Refusal::in_transition, 0);
  EXPECT_REFUSED(patches.begin_removal(first.patch()), Refusal::in_transition, 0);
  world.complete(testing::OwnTrace{}.reliable());

  world.apply(second.patch());
  EXPECT_REFUSED(patches.begin_removal(first.patch()), Refusal::not_on_top, 0);
  world.apply(third.patch());
  EXPECT_REFUSED(patches.prepare(fourth.patch()), Refusal::no_room, 0);
  EXPECT_REFUSED(patches.begin(fourth.patch()), Refusal::no_room, 0);
}

TEST(LivepatchNames, AreTheirSpellingAndDiffer) {
  std::set<std::string> names;
  for (unsigned i = 0; i != refusal_count; ++i) names.insert(to_string(static_cast<Refusal>(i)));
  EXPECT_EQ(names.size(), refusal_count);
  EXPECT_EQ(names.count("unknown"), 0U);
  EXPECT_STREQ(to_string(Refusal::not_traced), "not_traced");
  EXPECT_STREQ(to_string(static_cast<Refusal>(refusal_count)), "unknown");
  names.clear();
  for (unsigned i = 0; i != outcome_count; ++i) names.insert(to_string(static_cast<Outcome>(i)));
  EXPECT_EQ(names.size(), outcome_count);
  EXPECT_EQ(names.count("unknown"), 0U);
  EXPECT_STREQ(to_string(Outcome::stale), "stale");
  EXPECT_STREQ(to_string(static_cast<Outcome>(outcome_count)), "unknown");
}

}  // namespace
}  // namespace surefoot::livepatch
