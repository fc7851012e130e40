// SPDX-License-Identifier: MIT
//
// The libraries that the AArch64 cross compiler's packages install: stripped, large, by two assemblers and many
// authors. Missing ones fail the tests.
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "cfi/cfi.hpp"
#include "elf/frame_entries.hpp"
#include "elf/image.hpp"
#include "support/parameter_name.hpp"

namespace surefoot::tools {
namespace {

using Kind = CfiPlace::Kind;

class RealLibrary : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string path = std::string(SUREFOOT_AARCH64_SYSROOT_LIB "/") + GetParam();
    auto opened = Image::open(path);
    ASSERT_TRUE(opened) << path << ": " << opened.error();
    image_ = std::move(*opened);
  }
  [[nodiscard]] const Image& image() const { return *image_; }

 private:
  std::optional<Image> image_;
};

INSTANTIATE_TEST_SUITE_P(, RealLibrary,
                         ::testing::Values("libc.so.6", "ld-linux-aarch64.so.1", "libm.so.6", "libstdc++.so.6",
                                           "libgomp.so.1"),
                         surefoot::testing::parameter_name);

TEST_P(RealLibrary, HasEachDescribedInstructionInAFunction) {
  EXPECT_EQ(image().frame_entries().faulty, 0U);
  EXPECT_GT(image().frame_entries().entries.size(), 200U);
  for (const FrameEntry& entry : image().frame_entries().entries) {
    for (std::uint64_t at = entry.start; at < entry.end; at += 4) {
      const Function* function = image().find_function(at);
      ASSERT_NE(function, nullptr) << std::hex << at;
      ASSERT_TRUE(image().instruction_at(at)) << std::hex << at;
      at = std::min(function->end, entry.end) - 4;
    }
  }
}

TEST_P(RealLibrary, HasFunctionsInOrderAndInCode) {
  std::uint64_t end = 0;
  for (const Function& function : image().functions()) {
    EXPECT_LE(end, function.start);
    EXPECT_LT(function.start, function.end);
    EXPECT_TRUE(function.has_cfi) << function.name;
    EXPECT_TRUE(image().instruction_at(function.end - 4)) << function.name;
    end = function.end;
  }
}

TEST_P(RealLibrary, HasARowForEachDescribedInstruction) {
  const Cfi cfi(image());
  EXPECT_EQ(cfi.faulty_entries(), 0U);
  std::size_t bytes = 0;
  for (const CfiRow& row : cfi.rows()) bytes += row.end - row.start;
  std::size_t described = 0;
  for (const FrameEntry& entry : image().frame_entries().entries) described += entry.end - entry.start;
  EXPECT_EQ(bytes, described);
}

// elfutils' executor, as a second opinion.
class Elfutils {
 public:
  explicit Elfutils(::Elf* elf) : cfi_(dwarf_getcfi_elf(elf)) {}
  [[nodiscard]] bool is_good() const { return cfi_ != nullptr; }

  // The parts of a row; its bounds are the question's.
  std::optional<CfiRow> row_at(std::uint64_t pc) {
    Dwarf_Frame* raw = nullptr;
    if (dwarf_cfi_addrframe(cfi_.get(), pc, &raw) != 0) return std::nullopt;
    const std::unique_ptr<Dwarf_Frame, decltype(&std::free)> frame(raw, &std::free);
    CfiRow row;
    Dwarf_Addr start = 0;
    Dwarf_Addr end = 0;
    const int ra_register = dwarf_frame_info(frame.get(), &start, &end, &row.is_signal_frame);
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (dwarf_frame_cfa(frame.get(), &ops, &count) != 0 || count != 1 || ops[0].atom != DW_OP_bregx)
      return std::nullopt;
    row.has_cfa = true;
    row.cfa_register = static_cast<unsigned>(ops[0].number);
    row.cfa_offset = static_cast<std::int64_t>(ops[0].number2);
    row.ra = place(frame.get(), ra_register);
    row.fp = place(frame.get(), static_cast<int>(fp_number));
    const bool is_itself = row.ra.kind == Kind::same_value || row.ra.kind == Kind::undefined;
    if (is_itself && ra_register != static_cast<int>(lr_number))
      row.ra = {.kind = Kind::in_register, .number = ra_register};
    return row;
  }

 private:
  static CfiPlace place(Dwarf_Frame* frame, int number) {
    Dwarf_Op memory[3];
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (dwarf_frame_register(frame, number, memory, &ops, &count) != 0) return {.kind = Kind::unsupported};
    if (count == 0) return {.kind = ops == nullptr ? Kind::same_value : Kind::undefined};
    if (count == 1 && ops[0].atom == DW_OP_regx) {
      return {.kind = Kind::in_register, .number = static_cast<std::int64_t>(ops[0].number)};
    }
    if (ops[0].atom != DW_OP_call_frame_cfa || count > 2) return {.kind = Kind::unsupported};
    return {.kind = Kind::at_cfa, .number = count == 2 ? static_cast<std::int64_t>(ops[1].number) : 0};
  }

  struct Closer {
    void operator()(Dwarf_CFI* cfi) const { dwarf_cfi_end(cfi); }
  };
  std::unique_ptr<Dwarf_CFI, Closer> cfi_;
};

TEST_P(RealLibrary, HasTheRowsThatElfutilsFinds) {
  const Cfi cfi(image());
  Elfutils elfutils(image().elf());
  ASSERT_TRUE(elfutils.is_good()) << dwarf_errmsg(-1);
  std::size_t different = 0;
  for (const CfiRow& row : cfi.rows()) {
    // Where it does not know the instruction (0x2d) it is no witness; these libraries sign no return addresses.
    ASSERT_FALSE(row.is_signed);
    const std::optional<CfiRow> other = elfutils.row_at(row.start);
    const bool is_same = other && other->has_cfa == row.has_cfa && other->cfa_register == row.cfa_register &&
                         other->cfa_offset == row.cfa_offset && other->ra == row.ra && other->fp == row.fp &&
                         other->is_signal_frame == row.is_signal_frame;
    if (is_same) continue;
    ++different;
    ADD_FAILURE() << "at 0x" << std::hex << row.start;
    if (different > 10) return;
  }
}

}  // namespace
}  // namespace surefoot::tools
