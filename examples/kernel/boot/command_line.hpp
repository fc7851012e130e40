// SPDX-License-Identifier: MIT
//
// The words that the machine was started with.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "semihosting/semihosting.hpp"

namespace kernel {

/// Gives the words one after the other.
class CommandLine {
 public:
  /// At the first word after the name of the program.
  CommandLine() noexcept : length_(semihosting::command_line(text_)) { restart(); }

  /// False if there is more than fits: then no word is given. Not even the program's name is in an empty line.
  [[nodiscard]] bool is_complete() const noexcept { return length_ != 0; }

  /// Back to the first word after the name of the program.
  void restart() noexcept {
    at_ = 0;
    static_cast<void>(next());
  }

  /// The next word; empty after the last.
  [[nodiscard]] std::span<const char> next() noexcept {
    while (at_ < length_ && text_[at_] == ' ') ++at_;
    const std::size_t start = at_;
    while (at_ < length_ && text_[at_] != ' ') ++at_;
    return std::span<const char>(text_).subspan(start, at_ - start);
  }

 private:
  std::array<char, 2048> text_{};
  std::size_t length_;
  std::size_t at_ = 0;
};

/// True if the word is this text, which is ended by a zero.
[[nodiscard]] constexpr bool is_word(std::span<const char> word, const char* text) noexcept {
  for (const char character : word) {
    if (*text == '\0' || *text != character) return false;
    ++text;
  }
  return *text == '\0';
}

}  // namespace kernel
