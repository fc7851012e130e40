// SPDX-License-Identifier: MIT
#include "mutations.hpp"

#include <algorithm>

namespace corrupt {
namespace {

using Word = Words::Word;

template <typename T>
const T* pick(const std::vector<T>& list, Random& random) {
  return list.empty() ? nullptr : &list[below(random, list.size())];
}

bool change(Memory& memory, std::uint64_t at, std::uint64_t value) {
  if (Memory::word(at) == value) return false;
  memory.set(at, value);
  return true;
}

// Mostly one that matters.
const Word* pick_any(const Words& words, Random& random) {
  return below(random, 4) != 0 && !words.read.empty() ? pick(words.read, random) : pick(words.live, random);
}

// Of this kind, and mostly one that matters. Null if none was found.
const Word* pick_of(const std::vector<Word>& kind, const Words& words, Random& random) {
  if (kind.empty()) return nullptr;
  for (int i = 0; i < 8; ++i) {
    const Word& word = kind[below(random, kind.size())];
    const bool is_read = std::ranges::binary_search(words.read, word.at, {}, &Word::at);
    if (is_read || below(random, 16) == 0) return &word;
  }
  return &kind[below(random, kind.size())];
}

bool flip_bit(const Words& words, Random& random, Memory& memory) {
  const Word* const word = pick_any(words, random);
  return word != nullptr && change(memory, word->at, word->value ^ std::uint64_t{1} << below(random, 64));
}

bool put_return_address(const Words& words, Random& random, Memory& memory) {
  const Word* const word = pick_of(words.texts, words, random);
  const std::uint64_t* const address = pick(words.return_addresses, random);
  return word != nullptr && address != nullptr && change(memory, word->at, *address);
}

// As others on the stacks have it, with its authentication code.
bool put_text_of_stack(const Words& words, Random& random, Memory& memory) {
  const Word* const word = pick_of(words.texts, words, random);
  const bool is_stale = !words.stale.empty() && below(random, 2) == 0;
  const Word* const other = is_stale ? pick(words.stale, random) : pick(words.texts, random);
  return word != nullptr && other != nullptr && change(memory, word->at, other->value);
}

bool put_text(const Words& words, Random& random, Memory& memory) {
  const Word* const word = pick_of(words.texts, words, random);
  const surefoot::AddressRange* const code = pick(words.code, random);
  if (word == nullptr || code == nullptr) return false;
  return change(memory, word->at, code->start() + below(random, (code->end() - code->start()) / 4) * 4);
}

bool put_record(const Words& words, Random& random, Memory& memory) {
  const Word* const word = pick_of(words.pointers, words, random);
  const bool is_stale = !words.stale.empty() && below(random, 4) == 0;
  const Word* const record = is_stale ? pick(words.stale, random) : pick(words.records, random);
  return word != nullptr && record != nullptr && change(memory, word->at, record->at);
}

// Mostly near to where it led before.
bool put_stack_address(const Words& words, Random& random, Memory& memory) {
  const Word* const word = pick_of(words.pointers, words, random);
  if (word == nullptr) return false;
  const Word* const place = pick(words.live, random);
  const std::uint64_t near = word->value + 8 * (below(random, 65) - 32);
  return change(memory, word->at, below(random, 2) == 0 ? near : place->at);
}

bool put_word(const Words& words, Random& random, Memory& memory) {
  const Word* const word = pick_any(words, random);
  const Word* const other = pick_any(words, random);
  return word != nullptr && change(memory, word->at, other->value);
}

bool put_zero(const Words& words, Random& random, Memory& memory) {
  const Word* const word = pick_any(words, random);
  return word != nullptr && change(memory, word->at, 0);
}

bool alter_entry(const Words& words, Random& random, Memory& memory) {
  const std::uint64_t* const entry = pick(words.entries, random);
  if (entry == nullptr) return false;
  const std::uint64_t at = *entry + 8 * below(random, 4);
  return change(memory, at, Memory::word(at) ^ std::uint64_t{1} << below(random, 64));
}

bool put_entry_address(const Words& words, Random& random, Memory& memory) {
  const std::uint64_t* const entry = pick(words.entries, random);
  const std::uint64_t* const address = pick(words.return_addresses, random);
  return entry != nullptr && address != nullptr && change(memory, *entry, *address);
}

bool put_entry_key(const Words& words, Random& random, Memory& memory) {
  const std::uint64_t* const entry = pick(words.entries, random);
  const Word* const record = pick(words.records, random);
  return entry != nullptr && record != nullptr && change(memory, *entry + SUREFOOT_RETURN_ENTRY_OFFSET_KEY, record->at);
}

bool change_depth(const Words& words, Random& random, Memory& memory) {
  if (words.depth_at == 0) return false;
  const std::uint64_t both = Memory::word(words.depth_at);
  const auto depth = static_cast<std::uint32_t>(both);
  const bool is_near = below(random, 4) != 0;
  const auto changed = static_cast<std::uint32_t>(is_near ? depth + below(random, 9) - 4 : random());
  return change(memory, words.depth_at, (both >> 32 << 32) | changed);
}

bool swap_entries(const Words& words, Random& random, Memory& memory) {
  if (words.entries.size() < 2) return false;
  const std::uint64_t a = *pick(words.entries, random);
  const std::uint64_t b = *pick(words.entries, random);
  bool is_changed = false;
  for (std::uint64_t i = 0; i < SUREFOOT_RETURN_ENTRY_SIZE; i += 8) {
    const std::uint64_t of_a = Memory::word(a + i);
    is_changed |= change(memory, a + i, Memory::word(b + i));
    is_changed |= change(memory, b + i, of_a);
  }
  return is_changed;
}

bool swap_records(const Words& words, Random& random, Memory& memory) {
  if (words.records.size() < 2) return false;
  const std::uint64_t a = pick(words.records, random)->at;
  const std::uint64_t b = pick(words.records, random)->at;
  bool is_changed = false;
  for (const std::uint64_t i : {0U, 8U}) {
    const std::uint64_t of_a = Memory::word(a + i);
    is_changed |= change(memory, a + i, Memory::word(b + i));
    is_changed |= change(memory, b + i, of_a);
  }
  return is_changed;
}

bool put_stale_record(const Words& words, Random& random, Memory& memory) {
  const Word* const record = pick(words.records, random);
  const Word* const stale = pick(words.stale, random);
  if (record == nullptr || stale == nullptr) return false;
  const bool is_fp_changed = change(memory, record->at, Memory::word(stale->at));
  return change(memory, record->at + 8, stale->value) || is_fp_changed;
}

// All above a place moves by some words, as far as it is read.
bool shift_stack(const Words& words, Random& random, Memory& memory) {
  if (words.read.empty()) return false;
  const std::uint64_t from = pick(words.read, random)->at;
  const std::uint64_t top = words.read.back().at;
  const std::uint64_t by = 8 * (1 + below(random, 6));
  const bool is_up = below(random, 2) == 0;
  std::vector<std::uint64_t> before;
  for (std::uint64_t at = from; at <= top && before.size() < 512; at += 8) {
    if (!memory.contains(at, 8)) break;
    before.push_back(Memory::word(at));
  }
  bool is_changed = false;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::uint64_t to = from + 8 * i + (is_up ? by : 0 - by);
    if (memory.contains(to, 8)) is_changed |= change(memory, to, before[i]);
  }
  return is_changed;
}

bool copy_block(const Words& words, Random& random, Memory& memory) {
  const Word* const to = pick_any(words, random);
  const Word* const from = below(random, 2) == 0 ? pick(words.stale, random) : pick(words.records, random);
  if (to == nullptr || from == nullptr) return false;
  const std::size_t count = 2 + below(random, 30);
  bool is_changed = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!memory.contains(to->at + 8 * i, 8) || !memory.contains(from->at + 8 * i, 8)) break;
    is_changed |= change(memory, to->at + 8 * i, Memory::word(from->at + 8 * i));
  }
  return is_changed;
}

bool change_two(const Words& words, Random& random, Memory& memory) {
  constexpr decltype(Mutation::apply) ways[] = {flip_bit,   put_return_address, put_text_of_stack, put_text,
                                                put_record, put_stack_address,  put_word,          put_zero};
  const bool is_changed = ways[below(random, std::size(ways))](words, random, memory);
  return ways[below(random, std::size(ways))](words, random, memory) || is_changed;
}

}  // namespace

const std::vector<Mutation>& all_mutations() {
  static const std::vector<Mutation> all = {
      {"bit_flipped", true, flip_bit},
      {"text_by_return_address", true, put_return_address},
      {"text_by_text_of_stack", true, put_text_of_stack},
      {"text_by_any_text", true, put_text},
      {"pointer_by_record", true, put_record},
      {"pointer_by_stack_address", true, put_stack_address},
      {"word_by_word", true, put_word},
      {"word_by_zero", true, put_zero},
      {"entry_bit_flipped", true, alter_entry},
      {"entry_address", true, put_entry_address},
      {"entry_key", true, put_entry_key},
      {"depth", true, change_depth},
      {"entries_swapped", false, swap_entries},
      {"records_swapped", false, swap_records},
      {"stale_record", false, put_stale_record},
      {"stack_shifted", false, shift_stack},
      {"block_copied", false, copy_block},
      {"two_words", false, change_two},
  };
  return all;
}

}  // namespace corrupt
