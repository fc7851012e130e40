// SPDX-License-Identifier: MIT
//
// Wrong vectors.
#include "scene.hpp"
#include "support/layouts.hpp"

namespace surefoot::testing {
namespace {

using enum PortProblem;
using Findings = std::vector<PortFinding>;

constexpr std::uint64_t entry_size = 0x80;

// Of the entries [from, to).
Findings of_entries(const PortScene& scene, unsigned from, unsigned to, PortProblem problem) {
  Findings all;
  for (unsigned i = from; i < to; ++i) all.push_back(found(problem, i, scene.text(i * entry_size)));
  return all;
}

Findings operator+(Findings first, const Findings& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

std::vector<PortCase> vector_cases() {
  return {
      {"NoVectors",
       [](PortScene& scene) -> Findings {
         scene.facts.vectors = 0;
         return {found(no_vectors)};
       }},
      {"MisalignedVectors",
       [](PortScene& scene) -> Findings {
         scene.facts.vectors += 0x400;
         return {found(misaligned_vectors, 0, scene.facts.vectors)};
       }},
      {"VectorsNotText",
       [](PortScene& scene) -> Findings {
         scene.facts.vectors = scene.text(place::stacks);
         return {found(vectors_not_text, 0, scene.facts.vectors)};
       }},
      {"VectorsPartlyOutsideText",
       [](PortScene& scene) -> Findings {
         scene.add_module(place::module_text, place::module_text + 0x400);
         scene.facts.vectors = scene.text(place::module_text);
         return {found(no_frame_table, 1, scene.facts.vectors), found(vectors_not_text, 0, scene.facts.vectors)};
       }},
      // Those of another table: all entries are ordinary code, and lead to nothing.
      {"OtherVectors",
       [](PortScene& scene) -> Findings {
         scene.facts.vectors = scene.text(place::module_text);
         scene.add_module();
         Findings all{found(no_frame_table, 1, scene.facts.vectors)};
         for (unsigned i = 0; i < 16; ++i) {
           all.push_back(
               found(i < 8 ? vector_not_special : lower_vector_not_special, i, scene.facts.vectors + i * entry_size));
         }
         return all;
       }},
      {"X7_NoRangeOfVectors",
       [](PortScene& scene) -> Findings {
         scene.special.erase(scene.special.begin());
         return of_entries(scene, 0, 8, vector_not_special) + of_entries(scene, 8, 16, lower_vector_not_special);
       }},
      {"RangeOfOtherKind",
       [](PortScene& scene) -> Findings {
         scene.special_at(place::vectors).kind = SpecialKind::other;
         return of_entries(scene, 0, 8, vector_not_special) + of_entries(scene, 8, 16, lower_vector_not_special);
       }},
      {"RangeOfThisLevelOnly",
       [](PortScene& scene) -> Findings {
         scene.special_at(place::vectors).range = {scene.text(0), scene.text(0x400)};
         return of_entries(scene, 8, 16, lower_vector_not_special);
       }},
      {"RangeThatEndsInFrontOfTheLastEntryOfThisLevel",
       [](PortScene& scene) -> Findings {
         scene.special_at(place::vectors).range = {scene.text(0), scene.text(0x380)};
         return of_entries(scene, 7, 8, vector_not_special) + of_entries(scene, 8, 16, lower_vector_not_special);
       }},
      // From EL0, its own x30 would be believed.
      {"EntryFromLowerLevelWithARow",
       [](PortScene& scene) -> Findings {
         scene.special_at(place::vectors).range = {scene.text(0), scene.text(0x780)};
         scene.functions.insert(scene.functions.begin(),
                                {.start = scene.text(0x780), .size = 4, .rows = {{0, Base::sp, {0}}}});
         return of_entries(scene, 15, 16, vector_not_special);
       }},
      {"X13_VectorHasRule",
       [](PortScene& scene) -> Findings {
         scene.special_at(place::vectors).rule = {.pc = From::frame_record};
         return of_entries(scene, 0, 16, vector_has_rule);
       }},
      {"VectorPathNotSpecial",
       [](PortScene& scene) -> Findings {
         // b from the third instruction of entry 5 to behind the path.
         scene.code(5 * entry_size + 8) = 0x1400'0000 | (place::path_end - (5 * entry_size + 8)) / 4;
         return {found(vector_path_not_special, 5, scene.text(place::path_end))};
       }},
      {"VectorPathOutsideText",
       [](PortScene& scene) -> Findings {
         scene.code(0) = 0x17ff'ffff;
         return {found(vector_path_not_special, 0, scene.text(0) - 4)};
       }},
      {"LowerVectorPathNotSpecial",
       [](PortScene& scene) -> Findings {
         scene.code(9 * entry_size + 8) = 0x1400'0000 | (place::path_end - (9 * entry_size + 8)) / 4;
         return {found(lower_vector_path_not_special, 9, scene.text(place::path_end))};
       }},
      {"X14_NoExceptionFrameRule",
       [](PortScene& scene) -> Findings {
         scene.description.exception = linux_6_1_layout;
         return {found(no_exception_frame_rule)};
       }},
  };
}

}  // namespace surefoot::testing
