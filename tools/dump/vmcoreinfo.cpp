// SPDX-License-Identifier: MIT
#include "dump/vmcoreinfo.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

namespace surefoot::tools {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  const bool is_negative = base == 10 && text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  if (text.starts_with("0x")) {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return is_negative ? 0 - value : value;
}

// The kernel keeps a second copy as a note: 12 bytes of header, then "VMCOREINFO" filled up to 12 bytes.
constexpr std::size_t note_header_size = 24;
constexpr std::string_view first_key = "OSRELEASE=";
constexpr std::size_t page_size = 4096;  // the smallest; larger ones start at multiples of it
constexpr std::size_t max_text = 65536;  // a page of the largest size

std::string_view as_text(std::span<const std::byte> bytes) {
  // SAFETY: bytes are characters.
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Empty if what is there is not it: other pages hold copies of parts of it.
std::string read_text(PhysicalMemory& memory, std::uint64_t address) {
  std::string text;
  std::array<std::byte, page_size> page{};
  while (text.size() < max_text) {
    const auto count = static_cast<std::size_t>(page_size - address % page_size);
    const std::span<std::byte> part = std::span(page).first(count);
    if (memory.read(address, part) != PageState::present) break;
    const std::string_view more = as_text(part);
    const std::size_t end = more.find('\0');
    text += more.substr(0, end);
    if (end != std::string_view::npos) break;
    address += count;
  }
  // What is not text ends it: a page that is full of it has no 0 behind it.
  const auto is_no_text = [](char c) { return c != '\n' && c != '\t' && (c < ' ' || c > '~'); };
  text.erase(std::ranges::find_if(text, is_no_text), text.end());
  const bool is_whole = text.contains("\nPAGESIZE=") && text.contains("\nSYMBOL(swapper_pg_dir)=");
  return is_whole ? text : std::string();
}

class Search {
 public:
  explicit Search(PhysicalMemory& memory) : memory_(memory) {}

  void look_at(const AddressRange& range) {
    std::uint64_t address = (range.start() + page_size - 1) / page_size * page_size;
    while (address < range.end() && pages_left_ != 0) {
      const std::uint64_t left = (range.end() - address) / page_size;
      const auto pages = static_cast<std::size_t>(std::min<std::uint64_t>({left, pages_at_once, pages_left_}));
      if (pages == 0) return;
      const std::span<std::byte> bytes = std::span(buffer_).first(pages * page_size);
      if (memory_.read(address, bytes) == PageState::present) {
        for (std::size_t i = 0; i < pages; ++i) look_at_page(address + i * page_size, bytes.subspan(i * page_size));
      } else {
        look_at_single_pages(address, pages);
      }
      pages_left_ -= pages;
      address += pages * page_size;
    }
  }

  [[nodiscard]] std::optional<std::string> result() const {
    return best_.empty() ? std::nullopt : std::optional(best_);
  }

 private:
  void look_at_single_pages(std::uint64_t address, std::size_t pages) {
    const std::span<std::byte> bytes = std::span(buffer_).first(page_size);
    for (std::size_t i = 0; i < pages; ++i, address += page_size) {
      if (memory_.read(address, bytes) == PageState::present) look_at_page(address, bytes);
    }
  }

  void look_at_page(std::uint64_t address, std::span<const std::byte> page) {
    for (const std::size_t offset : {std::size_t{0}, note_header_size}) {
      if (!as_text(page.subspan(offset, first_key.size())).starts_with(first_key) || texts_left_ == 0) continue;
      --texts_left_;
      std::string text = read_text(memory_, address + offset);
      if (text.size() > best_.size()) best_ = std::move(text);
    }
  }

  static constexpr std::size_t pages_at_once = 64;
  PhysicalMemory& memory_;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(pages_at_once * page_size);
  std::uint64_t pages_left_ = std::uint64_t{1} << 28;  // 1 TiB
  std::size_t texts_left_ = 10'000;                    // a real memory has a few
  std::string best_;
};

}  // namespace

Vmcoreinfo Vmcoreinfo::parse(std::string_view text) {
  Vmcoreinfo info;
  text = text.substr(0, text.find('\0'));
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos && equals != 0) {
      info.values_.try_emplace(std::string(line.substr(0, equals)), line.substr(equals + 1));
    }
  }
  return info;
}

std::optional<std::string> Vmcoreinfo::text(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> Vmcoreinfo::number(std::string_view name) const {
  const std::optional<std::string> value = text("NUMBER(" + std::string(name) + ")");
  return value ? parse_number(*value, 10) : std::nullopt;
}

std::optional<std::uint64_t> Vmcoreinfo::symbol(std::string_view name) const {
  return hexadecimal("SYMBOL(" + std::string(name) + ")");
}

std::optional<std::uint64_t> Vmcoreinfo::hexadecimal(std::string_view key) const {
  const std::optional<std::string> value = text(key);
  return value ? parse_number(*value, 16) : std::nullopt;
}

std::optional<std::string> find_vmcoreinfo(PhysicalMemory& memory) {
  Search search(memory);
  for (const AddressRange& range : memory.ranges()) search.look_at(range);
  return search.result();
}

}  // namespace surefoot::tools
