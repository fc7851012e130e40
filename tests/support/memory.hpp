// SPDX-License-Identifier: MIT
//
// Pictures of stacks. A picture is written from low addresses to high ones, with labels; records refer to labels, and
// a test takes the values that it expects from labels too.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "surefoot/surefoot.hpp"

namespace surefoot::testing {

/// A number, or the address of a label that may be set later.
class Ref {
 public:
  template <std::integral T>
  constexpr Ref(T value) : offset_(static_cast<std::uint64_t>(value)) {}
  Ref(const char* label) : label_(label) {}
  Ref(std::string label, std::int64_t offset) : label_(std::move(label)), offset_(static_cast<std::uint64_t>(offset)) {}

  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

 private:
  std::string label_;
  std::uint64_t offset_ = 0;
};

/// The registers that a fake exception saves. All others are branded.
struct Interrupted {
  Ref pc = 0;
  Ref fp = 0;
  Ref sp = 0;
  Ref lr = 0xdead'1111'0000'0000;
  Ref type = SUREFOOT_METADATA_EXCEPTION;
};

/// What a fake ftrace trampoline saves.
struct TracedCall {
  Ref function_return = 0;  ///< where the trampoline returns to, inside the traced function
  Ref parent_fp = 0;
  Ref parent_return = 0;
  std::optional<std::uint64_t> saved_pc = {};  ///< as function_return unless it is given
  std::optional<Ref> saved_fp = {};            ///< as parent_fp
  std::optional<Ref> saved_lr = {};            ///< as parent_return
};

using Labels = std::map<std::string, std::uint64_t>;

/// One stack. Each call adds words above those that are there.
class StackImage {
 public:
  StackImage(Labels& labels, std::uint64_t base, StackKind kind) : labels_(&labels), base_(base), kind_(kind) {}

  StackImage& mark(const std::string& label);
  StackImage& word(Ref value);
  /// Words that no walk should follow: distinct, odd, and in no stack or text.
  StackImage& junk(std::size_t words);
  /// A frame record with the label `label`, of a function that returns to `lr` and whose caller's record is `fp`.
  StackImage& record(const std::string& label, Ref fp, Ref lr);
  StackImage& metadata(const std::string& label, Ref type);
  StackImage& final_record(const std::string& label = "final") { return metadata(label, SUREFOOT_METADATA_FINAL); }
  /// A whole ExceptionFrame; `label` is its metadata record, `label`.frame the frame.
  StackImage& exception_frame(const std::string& label, const Interrupted& registers);
  /// A whole ftrace frame; `label` is the traced function's record, `label`.caller its caller's.
  StackImage& ftrace_frame(const std::string& label, const TracedCall& call);

  [[nodiscard]] std::uint64_t base() const { return base_; }
  [[nodiscard]] std::uint64_t end() const { return base_ + 8 * words_.size(); }
  [[nodiscard]] StackKind kind() const { return kind_; }
  [[nodiscard]] const std::vector<Ref>& words() const { return words_; }
  void set(std::size_t index, Ref value) { words_[index] = std::move(value); }

 private:
  Labels* labels_;
  std::uint64_t base_;
  StackKind kind_;
  std::vector<Ref> words_;
};

/// All stacks of a test, and their labels.
class Memory {
 public:
  StackImage& add_stack(std::uint64_t base, StackKind kind) { return stacks_.emplace_back(labels_, base, kind); }

  /// The address of a label, or the number. An unknown label is an error in the test and ends it.
  [[nodiscard]] std::uint64_t resolve(const Ref& ref) const;
  [[nodiscard]] bool has_label(const std::string& label) const { return labels_.contains(label); }
  /// True if every word is one: no label is missing.
  [[nodiscard]] bool is_whole() const;
  /// The word at an address; nothing if it is in no stack or near no instruction, or not aligned.
  [[nodiscard]] std::optional<std::uint64_t> word_at(std::uint64_t address) const;
  /// Code, of instructions that are 0 unless they are set.
  void set_instruction(std::uint64_t address, std::uint32_t instruction) { instructions_[address] = instruction; }
  /// The stacks that hold anything.
  [[nodiscard]] std::vector<Stack> stacks() const;
  [[nodiscard]] std::deque<StackImage>& images() { return stacks_; }
  [[nodiscard]] std::size_t word_count() const;

 private:
  Labels labels_;
  std::deque<StackImage> stacks_;
  std::map<std::uint64_t, std::uint32_t> instructions_;
};

/// A value that no two registers share, so that one which ends up in the place of another is seen.
[[nodiscard]] constexpr std::uint64_t brand(std::uint64_t number) { return 0xb4a0'd000'0000'0001 + (number << 32); }

}  // namespace surefoot::testing
