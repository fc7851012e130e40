// SPDX-License-Identifier: MIT
#include "decode/code_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decode/cursor.hpp"
#include "elf/name.hpp"
#include "surefoot/address.hpp"

namespace surefoot::tools {
namespace {

// The address that a branch names, out of its text: "bl #0x40201300", "cbz x0, #0x40201300".
std::optional<std::uint64_t> target_in(std::string_view text) {
  if (!text.starts_with("b") && !text.starts_with("cb") && !text.starts_with("tb")) return std::nullopt;
  const std::size_t at = text.find("#0x");
  return at == std::string_view::npos ? std::nullopt : Cursor(text.substr(at + 1)).take_hex();
}

}  // namespace

std::string CodeWords::text_of(std::uint32_t word, std::uint64_t address, const LoadedImage* image) const {
  std::string text = decoder_.to_text(word, address);
  if (image == nullptr) return text;
  const std::optional<std::uint64_t> target = target_in(text);
  const Function* const function = target ? image->image().find_function(*target - image->slide()) : nullptr;
  if (function == nullptr || function->name.empty()) return text;
  const std::uint64_t offset = *target - image->slide() - function->start;
  const std::string name = printable_name(demangle(function->name));
  return text + (offset == 0 ? fmt::format("  <{}>", name) : fmt::format("  <{}+{:#x}>", name, offset));
}

CodeComparison CodeWords::compare(std::span<const CodeWord> words, const std::optional<Resolved>& pc) const {
  CodeComparison comparison;
  const auto marked = std::ranges::find_if(words, &CodeWord::is_at_pc);
  const bool is_placed = pc && marked != words.end();
  const auto before = static_cast<std::uint64_t>(marked - words.begin());
  for (std::uint64_t i = 0; i < words.size(); ++i) {
    const CodeWord& word = words[i];
    InstructionNote note{.address = {}, .word = word.value, .text = {}, .is_at_pc = word.is_at_pc, .image_text = {}};
    const std::uint64_t in_file = is_placed ? pc->address + (i - before) * instruction_size : 0;
    const LoadedImage* const image = is_placed ? pc->image : nullptr;
    if (is_placed) note.address = in_file + image->slide();
    const std::uint64_t at = note.address.value_or(i * instruction_size);
    if (word.value) note.text = text_of(*word.value, at, image);
    const std::optional<std::uint32_t> expected = is_placed ? image->image().instruction_at(in_file) : std::nullopt;
    if (expected && word.value) {
      ++comparison.compared;
      if (*expected != *word.value) {
        ++comparison.different;
        note.image_text = fmt::format("{:08x}  {}", *expected, text_of(*expected, at, image));
      }
    }
    comparison.instructions.push_back(std::move(note));
  }
  return comparison;
}

}  // namespace surefoot::tools
