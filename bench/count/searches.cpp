// SPDX-License-Identifier: MIT
#include "count/searches.hpp"

#include <cstddef>
#include <cstdint>

#include "count/code.hpp"
#include "count/counter.hpp"
#include "count/frame_sections.hpp"
#include "count/kernel_like.hpp"

namespace bench {
namespace {

using surefoot::SpecialKind;

struct Size {
  std::size_t count;
  const char* name;
};
constexpr Size range_counts[] = {{8, "8"}, {64, "64"}, {1000, "1000"}, {10'000, "10000"}};
constexpr Size function_counts[] = {{100, "100"}, {1000, "1000"}, {10'000, "10000"}, {100'000, "100000"}};

// The most that it takes to find out what an address in a range is, or between two.
void count_worst_kind(const Size& size) noexcept {
  struct Place {
    std::uint64_t offset;  // from a range's start
    SpecialKind kind;
  };
  constexpr Place places[] = {{0x10, SpecialKind::other}, {range_size, SpecialKind::none}};
  std::uint64_t worst = 0;
  // Not the first ranges, which are of other kinds, nor behind the last.
  for (std::size_t i = exception_entry_index + 1; i + 1 < size.count; ++i) {
    for (const Place& place : places) {
      CountedCall call = finding_kind(special_range_start(image_special_start, i) + place.offset);
      const Cost first = count(call);
      if (call.result != static_cast<std::uint64_t>(place.kind)) {
        return report_failure({"code_kind", size.name}, "wrong kind");
      }
      if (count(call) != first) return report_failure({"code_kind", size.name}, "not the same count twice");
      if (first.instructions > worst) worst = first.instructions;
    }
  }
  report_count({"code_kind", size.name}, worst);
}

void count_worst_rule(const Size& size) noexcept {
  Cost worst;
  // A hundred functions from one end of the table to the other: a search takes a turn more or less.
  for (std::size_t i = 0; i < size.count; i += size.count / 100) {
    surefoot::Rule found;
    CountedCall call = finding_rule(pc_in_function(image_start, i), found);
    const Cost first = count(call);
    if (found != rule_in_function) return report_failure({"frame_table_rule", size.name}, "wrong rule");
    if (count(call) != first) return report_failure({"frame_table_rule", size.name}, "not the same count twice");
    if (first.instructions > worst.instructions) worst.instructions = first.instructions;
    if (first.stack_bytes > worst.stack_bytes) worst.stack_bytes = first.stack_bytes;
  }
  report_count({"frame_table_rule", size.name}, worst.instructions);
  report_stack({"frame_table_rule", size.name}, worst.stack_bytes);
}

}  // namespace

void count_searches() noexcept {
  for (const Size& size : range_counts) {
    describe({.ranges = {.image = size.count}});
    count_worst_kind(size);
  }
  for (const Size& size : function_counts) {
    describe({.function_count = size.count});
    count_worst_rule(size);
  }
}

void count_describing() noexcept {
  struct Case {
    const char* name;
    KernelShape kernel;
  };
  // The modules' ranges and the image's are 1,000 together.
  constexpr Case cases[] = {{"64", {}}, {"1000", {.ranges = {.image = 64, .modules = 8, .each_module = 117}}}};
  for (const Case& each : cases) {
    describe(each.kernel);
    CountedCall call = describing_again();
    const Cost first = count(call);
    if (count(call) != first) return report_failure({"describing", each.name}, "not the same count twice");
    report_count({"describing", each.name}, first.instructions);
  }
}

}  // namespace bench
