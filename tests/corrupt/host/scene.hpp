// SPDX-License-Identifier: MIT
//
// A capture that can be walked: its kernel with each set of witnesses, its task, its start.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "memory.hpp"
#include "surefoot/surefoot.hpp"

namespace corrupt {

/// Sets of witnesses, each with a column of its own.
struct WitnessSet {
  std::string_view name;  ///< the frame table's chain, the call site, the call's target
  bool needs_code = false;
  bool is_promised = false;  ///< with it nothing may be missed of one changed word (Row)
  surefoot::Witnesses witnesses;
};
[[nodiscard]] const std::vector<WitnessSet>& witness_sets();

/// What a walk did that none may.
struct Misdeeds {
  std::uint64_t wild_reads = 0;
  std::uint64_t hangs = 0;

  Misdeeds& operator+=(const Misdeeds& other) {
    wild_reads += other.wild_reads;
    hangs += other.hangs;
    return *this;
  }
};

class Scene {
 public:
  /// Both must outlive it, and the memory be in place.
  Scene(const Capture& capture, const Memory& memory);
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  /// By foreign memory, each read of which is checked. The trace is valid until the next walk.
  [[nodiscard]] surefoot::Trace walk(std::size_t witness_set, surefoot::Policy policy);
  /// In this program's own memory, as a kernel walks: without witnesses.
  [[nodiscard]] surefoot::Trace walk_here(surefoot::Policy policy);

  [[nodiscard]] const Misdeeds& misdeeds() const { return misdeeds_; }
  /// The words that walks have read since the last call.
  [[nodiscard]] std::vector<std::uint64_t> take_words_read();
  void keep_words_read(bool is_wanted) { keeps_words_read_ = is_wanted; }

 private:
  static bool read(void* scene, std::uint64_t address, std::uint64_t* word) noexcept;
  [[nodiscard]] bool may_read(std::uint64_t address) const;
  void describe_regions();
  [[nodiscard]] surefoot::Start start() const;

  const Capture& capture_;
  const Memory& memory_;
  std::vector<surefoot::Region> regions_;
  std::vector<surefoot::Interval> intervals_;
  surefoot::CodeMap code_;
  std::vector<surefoot::Kernel> kernels_;  ///< one for each set of witnesses
  std::vector<const surefoot::ReturnStack*> return_stacks_;
  surefoot::TaskActivity activity_;
  surefoot::ForeignMemory foreign_;
  surefoot::Task task_;
  std::vector<surefoot::Frame> frames_;
  Misdeeds misdeeds_;
  std::uint64_t reads_ = 0;
  bool may_read_code_ = false;
  bool keeps_words_read_ = false;
  std::vector<std::uint64_t> words_read_;
};

}  // namespace corrupt
