// SPDX-License-Identifier: MIT
#include "cli/declarations.hpp"

#include <fmt/format.h>

#include <charconv>
#include <CLI/CLI.hpp>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

namespace surefoot::tools {
namespace {

// In decimal, or in hexadecimal behind 0x.
std::optional<std::uint64_t> to_number(std::string_view text) {
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

// SYMBOL, SYMBOL+DISTANCE or an address.
std::expected<std::uint64_t, std::string> to_place(const Image& image, const std::string& text) {
  std::optional<std::uint64_t> address = to_number(text);
  if (!address) {
    const std::size_t plus = text.rfind('+');
    const std::optional<std::uint64_t> distance =
        plus == std::string::npos ? 0 : to_number(std::string_view(text).substr(plus + 1));
    const Symbol* symbol = distance ? image.find_symbol(text.substr(0, plus)) : nullptr;
    if (symbol == nullptr) return std::unexpected(fmt::format("{}: no such symbol", text));
    address = symbol->address + *distance;
  }
  if (!image.instruction_at(*address)) return std::unexpected(fmt::format("{}: no instruction is there", text));
  return *address;
}

// The words of each line of a file, but of what follows a #. `take` returns why it cannot do with them, or nothing.
template <typename Take>
std::optional<std::string> for_each_line(const std::string& path, Take take) {
  std::ifstream file(path);
  std::string line;
  for (unsigned number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::vector<std::string> found;
    for (std::string word; words >> word;) found.push_back(word);
    if (found.empty()) continue;
    if (const std::optional<std::string> error = take(found)) return fmt::format("{}:{}: {}", path, number, *error);
  }
  if (!file.eof()) return fmt::format("{}: cannot be read", path);
  return {};
}

class DeclarationReader {
 public:
  DeclarationReader(const Image& image, const DeclarationOptions& options) : image_(image), options_(options) {}

  std::expected<Declarations, std::string> read() {
    for (const std::string& text : options_.entered_at) {
      if (const std::optional<std::string> error = take_entered(text)) return std::unexpected(*error);
    }
    if (!options_.patched.empty()) {
      const auto take = [this](const std::vector<std::string>& words) { return take_patched(words); };
      if (const auto error = for_each_line(options_.patched, take)) return std::unexpected(*error);
    }
    if (!options_.brk_returns.empty()) {
      if (const std::optional<std::string> error = take_breaks(options_.brk_returns)) return std::unexpected(*error);
    }
    return std::move(declarations_);
  }

 private:
  std::optional<std::string> take_entered(const std::string& text) {
    const std::expected<std::uint64_t, std::string> place = to_place(image_, text);
    if (place) {
      declarations_.entered.push_back(*place);
      return {};
    }
    if (!std::ifstream(text)) return place.error() + ", and no such file";
    return for_each_line(text, [this](const std::vector<std::string>& words) -> std::optional<std::string> {
      if (words.size() != 1) return "one place is wanted";
      const auto listed = to_place(image_, words[0]);
      if (!listed) return listed.error();
      declarations_.entered.push_back(*listed);
      return {};
    });
  }

  std::optional<std::string> take_patched(const std::vector<std::string>& words) {
    if (words.size() > 2) return "a place is wanted, and perhaps another one to branch to";
    const auto from = to_place(image_, words[0]);
    if (!from) return from.error();
    if (words.size() == 1) {
      declarations_.patched.push_back({*from, *from + 4});
      return {};
    }
    const auto to = to_place(image_, words[1]);
    if (!to) return to.error();
    declarations_.patched.push_back({*from, *to});
    return {};
  }

  std::optional<std::string> take_breaks(const std::string& text) {
    declarations_.resumed_breaks.clear();
    if (text == "none") return {};
    std::istringstream list(text);
    for (std::string part; std::getline(list, part, ',');) {
      const std::size_t dash = part.find('-');
      const auto first = to_number(std::string_view(part).substr(0, dash));
      const auto last = dash == std::string::npos ? first : to_number(std::string_view(part).substr(dash + 1));
      if (!first || !last || *first > *last || *last > 0xffff) return fmt::format("{}: no numbers of BRK", part);
      declarations_.resumed_breaks.push_back({static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)});
    }
    return {};
  }

  const Image& image_;
  const DeclarationOptions& options_;
  Declarations declarations_;
};

}  // namespace

void add_declaration_options(CLI::App& command, DeclarationOptions& options) {
  command
      .add_option("--entered-at", options.entered_at,
                  "a place that is entered as a function is, by a call that the image does not show: SYMBOL, "
                  "SYMBOL+0x10 or 0xADDRESS; or a file with one on each line. Any number of times")
      ->option_text("PLACE|FILE");
  command
      .add_option("--patched", options.patched,
                  "instructions that are exchanged at run time, one on each line: PLACE may become a NOP, PLACE PLACE "
                  "a branch to the second. Those in the tables of Linux are known")
      ->option_text("FILE");
  command
      .add_option("--brk-returns", options.brk_returns,
                  "numbers of BRK that are gone on from, such as 0x800,0x900-0x93f, or none. Default: "
                  "0x400,0x401,0xf000. Those that the table of Linux has as warnings are known")
      ->option_text("NUMBERS");
}

std::expected<Declarations, std::string> read_declarations(const Image& image, const DeclarationOptions& options) {
  return DeclarationReader(image, options).read();
}

}  // namespace surefoot::tools
