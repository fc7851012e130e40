// SPDX-License-Identifier: MIT
#include "decode/loaded_image.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "elf/byte_reader.hpp"
#include "elf/name.hpp"
#include "elf/tables.hpp"

namespace surefoot::tools {
namespace {

// The note of a linker: sizes of name and description, type 3, "GNU", the id.
std::string read_build_id(const Image& image) {
  const Section* const section = image.find_section(".note.gnu.build-id");
  if (section == nullptr) return {};
  constexpr std::uint64_t name_size = 4;
  constexpr std::uint64_t max_size = 64;
  const auto header = read_at<Elf64_Nhdr>(section->bytes, 0);
  const std::uint64_t start = sizeof(Elf64_Nhdr) + name_size;
  if (!header || header->n_namesz != name_size || header->n_descsz > max_size) return {};
  if (section->bytes.size() < start + header->n_descsz) return {};
  std::string digits;
  for (const std::byte byte : section->bytes.subspan(start, header->n_descsz)) {
    digits += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  }
  return digits;
}

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

std::expected<LoadedImage, std::string> LoadedImage::open(const std::string& path, std::string name,
                                                          std::optional<std::uint64_t> loaded_at) {
  std::expected<Image, Image::Error> image = Image::open(path);
  if (!image) return std::unexpected(image.error());
  DebugInfo debug_info(path, *image);
  LoadedImage loaded(*image, std::move(debug_info));
  loaded.name_ = std::move(name);
  loaded.build_id_ = read_build_id(*image);
  const Section* const text = find_text(*image);
  if (loaded_at && text != nullptr) loaded.slide_ = *loaded_at - text->address;
  return loaded;
}

const std::vector<const Function*>& LoadedImage::find_functions(std::string_view name) {
  static const std::vector<const Function*> none;
  if (by_name_.empty()) index_names();
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? none : found->second;
}

void LoadedImage::index_names() {
  const auto add = [this](std::string name, const Function& function) {
    std::vector<const Function*>& functions = by_name_[std::move(name)];
    if (functions.empty() || functions.back() != &function) functions.push_back(&function);
  };
  for (const Function& function : image_.functions()) add(function.name, function);
  // A function may have more names than the one that was taken for the best.
  for (const Symbol& symbol : image_.symbols()) {
    const Function* const function = image_.find_function(symbol.address);
    if (function == nullptr || function->start != symbol.address) continue;
    add(symbol.name, *function);
    const std::string name = demangle(symbol.name);
    if (name == symbol.name) continue;
    add(without_parameters(name), *function);
    add(name, *function);
  }
}

bool LoadedImage::has_size(const Function& function, std::uint64_t size) const {
  const std::uint64_t own = function.end - function.start;
  if (size == own) return true;
  if (size < own) return false;
  // Linux counts up to the next symbol of any kind: code between two functions, padding, belongs to the first.
  const auto next = std::ranges::upper_bound(image_.symbols(), function.end - 1, {}, &Symbol::address);
  return next == image_.symbols().end() || size <= next->address - function.start;
}

}  // namespace surefoot::tools
