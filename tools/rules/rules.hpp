// SPDX-License-Identifier: MIT
//
// From an image to the rules of its functions: each function is analysed, compared with the CFI that the image has, and
// given rows. The frame table, the audit and the tests go this one way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cfi/cfi.hpp"
#include "elf/image.hpp"
#include "elf/special_table.hpp"
#include "flow/states.hpp"
#include "sframe/row.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::tools {

/// What is known about one function.
struct FunctionRules {
  Function function;
  /// As derived, also where CFI contradicts it.
  FunctionStates found;
  /// What a frame table may say. Nothing where CFI contradicts it, and nothing in a special range: that code is not
  /// entered by a call, so what was derived means nothing, and a walk looks the range up first.
  FunctionRows rows;
  /// One for each word; `neither` of those that are not ordinary. With CFI, and with the frame table that the image has
  /// from its compiler: if either differs, the instruction does.
  std::vector<Comparison> comparisons;
  /// True where CFI differs.
  std::vector<bool> is_refuted;
  /// True for each word that is an instruction outside special ranges, and not one that nothing runs. All figures are
  /// about those.
  std::vector<bool> is_ordinary;
  std::size_t instructions = 0;          ///< ordinary ones
  std::size_t special_instructions = 0;  ///< words in special ranges
  std::size_t filling = 0;               ///< words that nothing runs, without a rule
  [[nodiscard]] std::uint64_t address_of(std::size_t index) const { return function.start + index * 4; }
};

/// Sums over functions.
struct Totals {
  struct Share {
    std::size_t all = 0;
    std::size_t with_rule = 0;
    /// In percent; 100 of nothing.
    [[nodiscard]] double percent() const {
      return all == 0 ? 100.0 : 100.0 * static_cast<double>(with_rule) / static_cast<double>(all);
    }
  };
  std::size_t functions = 0;
  std::size_t functions_with_cfi = 0;
  std::uint64_t function_bytes = 0;  ///< of all functions; the code outside of them is in no other figure here
  std::size_t special_instructions = 0;
  std::size_t filling = 0;  ///< instructions that nothing runs, without a rule: in no other figure
  Share instructions;
  Share instructions_with_cfi;  ///< of functions that CFI covers wholly
  std::array<std::size_t, comparison_count> comparisons{};

  [[nodiscard]] std::size_t count(Comparison comparison) const {
    return comparisons[static_cast<std::size_t>(comparison)];
  }
  void add(const FunctionRules& derived);
};

/// Bytes of code that the file holds, functions and the rest.
[[nodiscard]] std::uint64_t code_bytes(const Image& image);

/// How much of them the functions cover, in percent; 100 of nothing.
[[nodiscard]] double percent_covered(const Totals& totals, std::uint64_t code_bytes);

/// What is found out about the image once, before its functions.
class RuleDerivation {
 public:
  /// What is declared is about this image.
  explicit RuleDerivation(const Image& image, const Work& work = {}, Declarations declarations = {});

  // Its parts refer to each other.
  RuleDerivation(const RuleDerivation&) = delete;
  RuleDerivation& operator=(const RuleDerivation&) = delete;

  /// Functions that share code, as indices into functions(); each is in one group.
  [[nodiscard]] const std::vector<Group>& groups() const { return states_.groups(); }
  /// Those of the image, and its veneers: see StateDerivation::functions().
  [[nodiscard]] const std::vector<Function>& functions() const { return states_.functions(); }
  /// The functions of one group, in its order. Threads may call it at once.
  [[nodiscard]] std::vector<FunctionRules> derive(const Group& group) const;

  [[nodiscard]] const Image& image() const { return image_; }
  [[nodiscard]] const Cfi& cfi() const { return cfi_; }
  [[nodiscard]] const SpecialTable& special() const { return special_; }
  /// False for a call of a function that never returns, unless an exception thrown there resumes in the caller.
  [[nodiscard]] bool comes_back(std::uint64_t call, const Flow& flow) const;
  /// True for a part of functions that a compiler's outliner has made a function of: by its name, or because it leaves
  /// sp or x29 other than it found it.
  [[nodiscard]] bool is_outlined(std::uint64_t function) const;
  [[nodiscard]] bool calls_outlined(const Flow& flow) const;
  [[nodiscard]] const std::vector<UnknownEncodings>& unknown_encodings() const { return states_.unknown_encodings(); }
  /// What of the image's tables of ways is not understood, a line each.
  [[nodiscard]] const std::vector<std::string>& way_errors() const { return ways_.faults(); }
  /// Why the image's section .sframe is not compared; empty if it is, or if there is none.
  [[nodiscard]] const std::string& table_error() const { return table_error_; }

 private:
  [[nodiscard]] FunctionRules judge(const Function& function, FunctionStates found) const;
  [[nodiscard]] Comparison compare_with_table(const State* state, std::uint64_t pc) const;

  Image image_;
  Cfi cfi_;
  SpecialTable special_;
  std::optional<FrameTable> table_;
  std::string table_error_;
  LandingPads landing_pads_;
  DeclaredWays ways_;
  NoreturnFunctions noreturn_;
  StateDerivation states_;
};

}  // namespace surefoot::tools
