// SPDX-License-Identifier: MIT
//
// What is done to the memory of a capture. A class of mutations changes one word, or says in its name what it changes.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "capture.hpp"
#include "memory.hpp"

namespace corrupt {

/// The words of a capture, by kind.
class Words {
 public:
  /// `words_read` are those that control or a walk reads. Nothing below `lowest` on its stack counts.
  Words(const Capture& capture, std::uint64_t lowest, const std::vector<std::uint64_t>& words_read);

  struct Word {
    std::uint64_t at = 0;
    std::uint64_t value = 0;
  };
  std::vector<Word> live;      ///< on stacks
  std::vector<Word> read;      ///< of these, what control or a walk reads
  std::vector<Word> texts;     ///< live ones that hold an address of code
  std::vector<Word> pointers;  ///< live ones that hold an address on a stack
  std::vector<Word> records;   ///< first words of what looks like a frame record, live ones; the value is the second
  std::vector<Word> stale;     ///< the same, of those that nothing leads to, or that are below what is live
  std::vector<std::uint64_t> return_addresses;  ///< in the code: behind calls
  std::vector<surefoot::AddressRange> code;
  std::vector<std::uint64_t> entries;  ///< addresses of the slots of the return stack that are in use
  std::uint64_t depth_at = 0;          ///< the word that holds depth and capacity; 0 if there is no return stack

 private:
  void add_stacks(const Capture& capture, std::uint64_t lowest, const std::vector<std::uint64_t>& words_read);
  void add_code(const Capture& capture);
  void add_entries(const Capture& capture);
  [[nodiscard]] bool is_code(std::uint64_t value) const;
};

using Random = std::mt19937_64;

/// A number below `count`.
[[nodiscard]] inline std::size_t below(Random& random, std::size_t count) { return random() % count; }

struct Mutation {
  std::string_view name;
  bool is_one_word = false;
  /// False if the capture has no place for it, or if nothing would change.
  bool (*apply)(const Words& words, Random& random, Memory& memory) = nullptr;
};

[[nodiscard]] const std::vector<Mutation>& all_mutations();

}  // namespace corrupt
