// SPDX-License-Identifier: MIT
#include "code/vocabulary.hpp"

#include <utility>

namespace surefoot::tools {

void Vocabulary::add(std::uint32_t word) {
  if (is_decoded_by_encoding(word)) return;
  const std::size_t place = place_of(word);
  if (places_[place] != empty) return;
  places_[place] = static_cast<std::uint32_t>(instructions_.size());
  instructions_.push_back(decoder_.decode(word, 0));
  if (instructions_.size() > places_.size() / 2) grow();
}

Instruction Vocabulary::decode(std::uint32_t word, std::uint64_t pc) const {
  if (is_decoded_by_encoding(word)) return decoder_.decode(word, pc);
  Instruction instruction = instructions_[places_[place_of(word)]];
  instruction.flow = flow_of(word, pc);
  return instruction;
}

// Where the word is, or where it is to be put.
std::size_t Vocabulary::place_of(std::uint32_t word) const {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15;  // 2^64 by the golden ratio: all bits go into the high half
  const std::size_t last = places_.size() - 1;
  std::size_t place = static_cast<std::size_t>(word * factor >> 32) & last;
  while (places_[place] != empty && instructions_[places_[place]].word != word) place = (place + 1) & last;
  return place;
}

void Vocabulary::grow() {
  places_.assign(places_.size() * 2, empty);
  for (std::size_t i = 0; i < instructions_.size(); ++i) {
    places_[place_of(instructions_[i].word)] = static_cast<std::uint32_t>(i);
  }
}

}  // namespace surefoot::tools
