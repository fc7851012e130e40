// SPDX-License-Identifier: MIT
//
// A small kernel in the memory of the test, described as it is: vectors, code with its tables, and two tasks. A case
// spoils one thing of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "support/frame_table_section.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::testing {

/// The instructions that the kernel is made of.
namespace a64 {
inline constexpr std::uint32_t nop = 0xd503'201f;
inline constexpr std::uint32_t ret = 0xd65f'03c0;
inline constexpr std::uint32_t bl_next = 0x9400'0001;
inline constexpr std::uint32_t blr_x8 = 0xd63f'0100;
inline constexpr std::uint32_t bti_c = 0xd503'245f;
inline constexpr std::uint32_t mov_x9_x30 = 0xaa1e'03e9;
inline constexpr std::uint32_t paciasp = 0xd503'233f;
inline constexpr std::uint32_t autiasp = 0xd503'23bf;
inline constexpr std::uint32_t mov_x29_sp = 0x9100'03fd;
inline constexpr std::uint32_t push_pair_32 = 0xa9be'7bfd;  // stp x29, x30, [sp, #-32]!
inline constexpr std::uint32_t pop_pair_32 = 0xa8c2'7bfd;
inline constexpr std::uint32_t sub_sp_48 = 0xd100'c3ff;
inline constexpr std::uint32_t add_sp_48 = 0x9100'c3ff;
inline constexpr std::uint32_t store_pair_at_32 = 0xa902'7bfd;
inline constexpr std::uint32_t load_pair_at_32 = 0xa942'7bfd;
inline constexpr std::uint32_t add_x29_sp_32 = 0x9100'83fd;
inline constexpr std::uint32_t mov_sp_x29 = 0x9100'03bf;
}  // namespace a64

/// Where things are in the text, in bytes from its start.
namespace place {
inline constexpr std::uint64_t vectors = 0;
inline constexpr std::uint64_t path = 0x800;
inline constexpr std::uint64_t handler_call = 0x820;
inline constexpr std::uint64_t path_end = 0x840;
inline constexpr std::uint64_t before_frame = 0x8f0;
inline constexpr std::uint64_t ftrace_call = 0x900;
inline constexpr std::uint64_t return_to_handler = 0x940;
inline constexpr std::uint64_t pushing = 0xa00;      ///< a function that signs and pushes its record
inline constexpr std::uint64_t subtracting = 0xa40;  ///< one that makes room first
inline constexpr std::uint64_t early_call = 0xb00;   ///< a call without a record
inline constexpr std::uint64_t patchable = 0xc00;
inline constexpr std::uint64_t text_end = 0x1000;
inline constexpr std::uint64_t module_text = 0x1000;  ///< of a second region, where a case has one
inline constexpr std::uint64_t module_end = 0x1800;
// Of the memory that is no text.
inline constexpr std::uint64_t stacks = 0x4000;
inline constexpr std::uint64_t stack_size = 0x400;
inline constexpr std::uint64_t far_away = 0x10000;  ///< outside of the memory
}  // namespace place

/// The kernel. Not copied: its parts refer to each other.
class PortScene {
 public:
  PortScene();
  PortScene(const PortScene&) = delete;
  PortScene& operator=(const PortScene&) = delete;

  /// Makes the tables of what is described, does what `at_last` says, and checks with a buffer of `room` findings.
  [[nodiscard]] PortResult check(std::size_t room = 64);
  std::vector<PortFinding> findings;  ///< of check()

  [[nodiscard]] std::uint64_t text(std::uint64_t offset) const;
  [[nodiscard]] std::uint32_t& code(std::uint64_t offset) const;
  void put(std::uint64_t offset, std::initializer_list<std::uint32_t> instructions) const;
  /// The special range that begins there.
  [[nodiscard]] SpecialRange& special_at(std::uint64_t offset);
  /// The words of a task's final record.
  [[nodiscard]] std::uint64_t& final_word(std::size_t task, std::size_t word);
  /// Where the code map will be.
  [[nodiscard]] const CodeMap* map() const { return &map_; }
  /// A second region: no special code, and no frame table.
  void add_module(std::uint64_t start = place::module_text, std::uint64_t end = place::module_end);
  /// All functions of the frame table, moved.
  void move_frame_table(std::int64_t by);

  // What is described.
  std::vector<SpecialRange> special;
  std::vector<SpecialRange> calls;
  std::vector<SectionFunction> functions;
  std::vector<std::uint64_t> patch_entries;
  std::vector<Region> regions;  ///< of the image the tables are made by check()
  std::array<std::vector<Stack>, 2> own_stacks;
  std::vector<Stack> cpu_stacks;  ///< of the first task
  std::array<std::uint64_t, 2> final_records{};
  std::array<std::vector<const ReturnStack*>, 2> return_stacks;
  KernelDescription description;
  PortFacts facts;
  std::vector<Task> tasks;
  bool is_map_refused = false;  ///< the kernel has none, and names its regions
  /// What is spoilt when all has been made.
  std::function<void(PortScene&)> at_last;

 private:
  struct alignas(0x10000) Memory {
    std::array<std::uint32_t, place::stacks / 4> code;
    std::array<std::uint64_t, 3 * place::stack_size / 8> stacks;
  };
  [[nodiscard]] std::uint64_t base() const;

  std::unique_ptr<Memory> memory_;
  std::array<ReturnEntry, 4> entries_{};
  ReturnStack return_stack_{entries_};
  SectionBytes section_;
  std::vector<Interval> intervals_;
  CodeMap map_;
};

/// One thing that is wrong, and what is to be found.
struct PortCase {
  const char* name;
  std::vector<PortFinding> (*spoil)(PortScene& scene);
};

[[nodiscard]] std::vector<PortCase> region_cases();
[[nodiscard]] std::vector<PortCase> vector_cases();
[[nodiscard]] std::vector<PortCase> code_cases();
[[nodiscard]] std::vector<PortCase> task_cases();

/// What is expected of a case.
[[nodiscard]] inline PortFinding found(PortProblem problem, std::size_t index = 0, std::uint64_t address = 0,
                                       unsigned fault = 0) {
  return {.address = address,
          .index = static_cast<std::uint32_t>(index),
          .problem = problem,
          .fault = static_cast<std::uint8_t>(fault)};
}
[[nodiscard]] std::string text(const std::vector<PortFinding>& findings);

}  // namespace surefoot::testing
