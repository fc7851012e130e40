// SPDX-License-Identifier: MIT
#include "decode/loaded_image.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "elf/build_id.hpp"
#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

const Section* find_text(const Image& image) {
  if (const Section* const text = image.find_section(".text")) return text;
  const auto code = std::ranges::find_if(image.sections(), &Section::is_executable);
  return code == image.sections().end() ? nullptr : &*code;
}

// Where the parenthesis begins that ends there; npos without one.
std::size_t find_opening(std::string_view text, std::size_t closing) {
  std::size_t depth = 0;
  for (std::size_t i = closing + 1; i-- > 0;) {
    if (text[i] == ')') ++depth;
    if (text[i] == '(' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::string without_parameters(std::string_view name) {
  const std::size_t closing = name.find_last_of(')');
  if (closing == std::string_view::npos) return std::string(name);
  // Behind the parameters there are at most qualifiers; "(anonymous namespace)::f" has none.
  const std::string_view behind = name.substr(closing + 1);
  if (!behind.empty() && behind.front() != ' ' && behind.front() != '&' && behind.front() != '[') {
    return std::string(name);
  }
  const std::size_t opening = find_opening(name, closing);
  if (opening == std::string_view::npos || opening == 0) return std::string(name);
  std::string_view bare = name.substr(0, opening);
  if (bare.ends_with("operator")) return std::string(name);
  // A type that stands before the name: the last blank that is in no brackets.
  if (bare.ends_with('>') && bare.find("operator") == std::string_view::npos) {
    std::size_t depth = 0;
    for (std::size_t i = bare.size(); i-- > 0;) {
      if (bare[i] == '>' || bare[i] == ')') ++depth;
      if ((bare[i] == '<' || bare[i] == '(') && depth > 0) --depth;
      if (bare[i] == ' ' && depth == 0) return std::string(bare.substr(i + 1));
    }
  }
  return std::string(bare);
}

LoadedImage::LoadedImage(Image image, DebugInfo debug_info, std::string name)
    : image_(std::move(image)),
      debug_info_(std::move(debug_info)),
      name_(std::move(name)),
      build_id_(build_id_of(image_).value_or("")) {}

LoadedImage::LoadedImage(Image image, std::string name)
    : LoadedImage(image, DebugInfo(std::filesystem::path(), image), std::move(name)) {}

std::expected<LoadedImage, std::string> LoadedImage::open(const std::string& path, std::string name,
                                                          std::optional<std::uint64_t> loaded_at) {
  std::expected<Image, Image::Error> image = Image::open(path);
  if (!image) return std::unexpected(image.error());
  LoadedImage loaded(*image, DebugInfo(path, *image), std::move(name));
  const Section* const text = find_text(*image);
  if (loaded_at && text != nullptr) loaded.slide_ = *loaded_at - text->address;
  return loaded;
}

const std::vector<NamedCode>& LoadedImage::find_code(std::string_view name) {
  static const std::vector<NamedCode> none;
  if (by_name_.empty()) index_names();
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? none : found->second;
}

void LoadedImage::index_names() {
  const auto add = [this](std::string name, const NamedCode& code) {
    std::vector<NamedCode>& all = by_name_[std::move(name)];
    if (std::ranges::find(all, code) == all.end()) all.push_back(code);
  };
  for (const Function& function : image_.functions()) {
    if (!function.name.empty()) add(function.name, {.start = function.start, .size = function.end - function.start});
  }
  for (const Symbol& symbol : image_.symbols()) {
    const Section* const section = image_.section_at(symbol.address);
    if (section == nullptr || !section->is_executable) continue;
    // A function without a size was added above, with the bounds that were found for it.
    const Function* const function = image_.find_function(symbol.address);
    const bool is_function = function != nullptr && function->start == symbol.address;
    const std::uint64_t found =
        is_function ? function->end - symbol.address : next_symbol(symbol.address) - symbol.address;
    const NamedCode code{.start = symbol.address, .size = symbol.size != 0 ? symbol.size : found};
    add(symbol.name, code);
    const std::string name = demangle(symbol.name);
    if (name == symbol.name) continue;
    add(name, code);
    if (std::string bare = without_parameters(name); bare != name) add(std::move(bare), code);
  }
}

// The first symbol above an address; without one, the end of its section.
std::uint64_t LoadedImage::next_symbol(std::uint64_t after) const {
  const auto next = std::ranges::upper_bound(image_.symbols(), after, {}, &Symbol::address);
  const Section* const section = image_.section_at(after);
  const std::uint64_t end = section == nullptr ? UINT64_MAX : section->address + section->size;
  return next == image_.symbols().end() ? end : std::min(end, next->address);
}

std::string LoadedImage::name_at(std::uint64_t address, bool with_offset) const {
  constexpr std::ptrdiff_t max_steps = 64;
  const Function* const function = image_.find_function(address);
  std::string_view name = function == nullptr ? std::string_view() : std::string_view(function->name);
  std::uint64_t start = function == nullptr ? address : function->start;
  auto symbol = std::ranges::upper_bound(image_.symbols(), address, {}, &Symbol::address);
  for (std::ptrdiff_t i = 0; i < max_steps && symbol != image_.symbols().begin(); ++i) {
    --symbol;
    if (symbol->address <= start) break;
    if (!symbol->is_function || address - symbol->address >= symbol->size) continue;
    name = symbol->name;
    start = symbol->address;
    break;
  }
  if (name.empty()) return {};
  const std::string text = demangle(std::string(name));
  return with_offset ? fmt::format("{}+{:#x}", text, address - start) : text;
}

bool LoadedImage::has_code(std::uint64_t start, std::uint64_t size) const {
  const auto is_so_large = [&](std::uint64_t own) {
    if (size == own) return true;
    // Padding between two functions belongs to the first.
    return size > own && size <= next_symbol(start + std::max<std::uint64_t>(own, 1) - 1) - start;
  };
  const Function* const function = image_.find_function(start);
  if (function != nullptr && function->start == start && is_so_large(function->end - start)) return true;
  const auto symbols = std::ranges::equal_range(image_.symbols(), start, {}, &Symbol::address);
  return std::ranges::any_of(symbols, [&](const Symbol& symbol) { return is_so_large(symbol.size); });
}

}  // namespace surefoot::tools
