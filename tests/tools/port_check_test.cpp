// SPDX-License-Identifier: MIT
//
// The check of a port on real libraries: the tables that are derived from their code are found to fit it, and the same
// tables are found not to fit it anywhere else.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "elf/image.hpp"
#include "rules/rules.hpp"
#include "sframe/writer.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::tools {
namespace {

// The text of a library, in the memory of the test, and its frame table.
class CheckedLibrary {
 public:
  explicit CheckedLibrary(const std::string& path) {
    const auto image = Image::open(path);
    if (!image) throw std::runtime_error(path + ": " + image.error());
    const Section& text = *image->find_section(".text");
    words_.resize(text.bytes.size() / sizeof(std::uint32_t));
    std::memcpy(words_.data(), text.bytes.data(), words_.size() * sizeof(std::uint32_t));
    address_ = text.address;
    const RuleDerivation derivation(*image);
    std::vector<FunctionRows> rows;
    for (const Group& group : derivation.groups()) {
      for (FunctionRules& derived : derivation.derive(group)) rows.push_back(std::move(derived.rows));
    }
    std::ranges::sort(rows, {}, &FunctionRows::start);
    section_ = write_sframe(rows, 0).value().bytes;
  }

  [[nodiscard]] std::size_t instructions() const { return words_.size(); }
  /// What is found with the table moved by `distance`.
  [[nodiscard]] std::vector<PortProblem> check(std::uint64_t distance) const {
    const std::uint64_t start = reinterpret_cast<std::uintptr_t>(words_.data());
    const Region regions[] = {{.text = {start, start + words_.size() * sizeof(std::uint32_t)},
                               .special_ranges = SpecialRanges::none(),
                               .frame_table = FrameTable::make(section_, start - address_ + distance).value()}};
    std::vector<Interval> storage(CodeMap::intervals_needed(regions));
    const CodeMap code = CodeMap::make(regions, storage).value();
    // Signing is off; of vectors and tasks there are none.
    PortFinding findings[8];
    const PortResult result = check_port({.code = &code}, {.system_control = 0x800}, findings);
    std::vector<PortProblem> problems;
    for (std::size_t i = 0; i < result.found; ++i) problems.push_back(findings[i].problem);
    return problems;
  }

 private:
  std::vector<std::uint32_t> words_;
  std::uint64_t address_ = 0;
  std::vector<std::byte> section_;
};

TEST(PortCheck, TellsTheTableOfALibraryFromOneThatIsMoved) {
  using enum PortProblem;
  for (const char* library : {"libm.so.6", "libgomp.so.1", "libgcc_s.so.1"}) {
    SCOPED_TRACE(library);
    const CheckedLibrary checked(std::string(SUREFOOT_AARCH64_SYSROOT_LIB "/") + library);
    EXPECT_GT(checked.instructions(), 10'000U);
    EXPECT_EQ(checked.check(0), (std::vector{no_vectors, no_task}));
    for (const std::int64_t distance : {-4096, -64, -8, -4, 4, 8, 12, 16, 64, 4096}) {
      EXPECT_EQ(checked.check(static_cast<std::uint64_t>(distance)),
                (std::vector{no_vectors, frame_table_of_other_code, no_task}))
          << distance;
    }
  }
}

}  // namespace
}  // namespace surefoot::tools
