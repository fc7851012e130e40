// SPDX-License-Identifier: MIT
//
// Bounds come from three witnesses, the better first: symbols with a size, FDEs, the next symbol. What none of them
// says to be entered at its start is left out: a function is analysed from its start on, as if it were called there.
#include "elf/functions.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

namespace surefoot::tools {
namespace {

struct Stretch {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  [[nodiscard]] bool overlaps(const Stretch& other) const { return start < other.end && other.start < end; }
  [[nodiscard]] bool contains(const Stretch& other) const { return start <= other.start && other.end <= end; }
};

// The symbol that gives the code at one address its name.
struct Start {
  std::uint64_t address = 0;
  std::uint64_t size = 0;  // a multiple of 4
  const Symbol* symbol = nullptr;
  bool is_object = false;
};

// In all of these: sorted by start, none overlapping.
using Stretches = std::vector<Stretch>;

// The last that starts at or below the address.
template <typename Range, typename Projection>
auto last_not_above(Range& range, std::uint64_t address, Projection start) {
  const auto above = std::ranges::upper_bound(range, address, {}, start);
  return above == range.begin() ? range.end() : above - 1;
}

const Stretch* find_in(const Stretches& stretches, std::uint64_t address) {
  const auto at = last_not_above(stretches, address, &Stretch::start);
  return at != stretches.end() && address < at->end ? &*at : nullptr;
}

// The start of the first that starts above the address, or the limit.
std::uint64_t next_start(const Stretches& stretches, std::uint64_t address, std::uint64_t limit) {
  const auto above = std::ranges::upper_bound(stretches, address, {}, &Stretch::start);
  return above == stretches.end() ? limit : std::min(limit, above->start);
}

// Where the stretches that overlap begin and end.
std::span<const Stretch> overlapping(const Stretches& stretches, const Stretch& with) {
  const auto first = std::ranges::upper_bound(stretches, with.start, {}, &Stretch::end);
  const auto last = std::ranges::lower_bound(stretches, with.end, {}, &Stretch::start);
  return first < last ? std::span(first, last) : std::span<const Stretch>();
}

// Sorts, and drops what overlaps an earlier one.
Stretches without_overlaps(Stretches stretches) {
  std::ranges::sort(stretches, {}, [](const Stretch& stretch) { return std::pair(stretch.start, stretch.end); });
  Stretches kept;
  for (const Stretch& stretch : stretches) {
    if (kept.empty() || stretch.start >= kept.back().end) kept.push_back(stretch);
  }
  return kept;
}

// The first list, and what of the second overlaps none of it.
Stretches merged(Stretches first, const Stretches& second) {
  const std::size_t count = first.size();
  for (const Stretch& stretch : second) {
    const Stretches& so_far = first;
    const auto above = std::ranges::upper_bound(so_far.begin(), so_far.begin() + static_cast<std::ptrdiff_t>(count),
                                                stretch.start, {}, &Stretch::end);
    const bool is_free = above == so_far.begin() + static_cast<std::ptrdiff_t>(count) || above->start >= stretch.end;
    if (is_free) first.push_back(stretch);
  }
  std::ranges::sort(first, {}, &Stretch::start);
  return first;
}

class Finder {
 public:
  Finder(std::span<const Section> sections, std::span<const RawSymbol> symbols, std::span<const FrameEntry> entries) {
    for (const Section& section : sections) {
      if (section.is_executable && !section.bytes.empty()) {
        code_.push_back({section.address, section.address + section.bytes.size()});
      }
    }
    find_described(entries);
    find_starts(symbols);
    find_sized();
  }

  std::vector<Function> find() {
    for (const Stretch& stretch : sized_) add_sized(stretch);
    for (const Stretch& stretch : described_) {
      if (find_in(sized_, stretch.start) != nullptr) continue;
      add({stretch.start, next_start(sized_, stretch.start, stretch.end)});
    }
    add_unsized();
    std::ranges::sort(functions_, {}, &Function::start);
    return std::move(functions_);
  }

 private:
  void find_described(std::span<const FrameEntry> entries) {
    for (const FrameEntry& entry : entries) {
      const Stretch stretch{entry.start, entry.end & ~std::uint64_t{3}};
      if (stretch.start < stretch.end) described_.push_back(stretch);
    }
  }

  void find_starts(std::span<const RawSymbol> symbols) {
    std::vector<Start> all;
    for (const RawSymbol& raw : symbols) {
      const Symbol& symbol = raw.symbol;
      const Stretch* code = find_in(code_, symbol.address);
      if (code == nullptr || symbol.address % 4 != 0 || raw.section == SHN_ABS || raw.type == STT_TLS) continue;
      const bool is_object = raw.type != STT_NOTYPE && !symbol.is_function;
      // A local label of no type and no size may be anything, the head of a loop included.
      if (!is_object && !symbol.is_function && !symbol.is_global && symbol.size < 4) continue;
      const std::uint64_t size = std::min(symbol.size, code->end - symbol.address) & ~std::uint64_t{3};
      all.push_back({.address = symbol.address, .size = size, .symbol = &symbol, .is_object = is_object});
    }
    std::ranges::sort(all, {}, [](const Start& start) {
      return std::tuple(start.address, start.is_object, start.size == 0, !start.symbol->is_function,
                        !start.symbol->is_global, std::string_view(start.symbol->name));
    });
    std::ranges::unique_copy(all, std::back_inserter(starts_), {}, &Start::address);
  }

  // Symbols of functions first: one without a type may well stand for a whole section.
  void find_sized() {
    Stretches by_type[2];
    for (const Start& start : starts_) {
      if (start.is_object || start.size == 0) continue;
      by_type[start.symbol->is_function ? 0 : 1].push_back({start.address, start.address + start.size});
    }
    sized_ = merged(without_overlaps(std::move(by_type[0])), without_overlaps(std::move(by_type[1])));
  }

  // Where several FDEs lie in one symbol's stretch, it is several functions. What is between them is not known to be
  // entered at its start.
  void add_sized(const Stretch& stretch) {
    const std::span<const Stretch> parts = overlapping(described_, stretch);
    if (parts.size() < 2) return add(stretch);
    if (stretch.start < parts.front().start) add({stretch.start, parts.front().start});
    for (const Stretch& part : parts) add({std::max(stretch.start, part.start), std::min(stretch.end, part.end)});
  }

  // Symbols outside all of the above end at whatever comes next.
  void add_unsized() {
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      const Start& start = starts_[i];
      if (start.is_object || find_in(sized_, start.address) != nullptr ||
          find_in(described_, start.address) != nullptr) {
        continue;
      }
      std::uint64_t end = find_in(code_, start.address)->end & ~std::uint64_t{3};
      if (start.size != 0) end = start.address + start.size;
      if (i + 1 < starts_.size()) end = std::min(end, starts_[i + 1].address);
      end = next_start(described_, start.address, next_start(sized_, start.address, end));
      if (start.address < end) add({start.address, end});
    }
  }

  void add(const Stretch& stretch) {
    const auto at = last_not_above(starts_, stretch.start, &Start::address);
    const bool is_named = at != starts_.end() && at->address == stretch.start;
    const auto description = find_in(described_, stretch.start);
    functions_.push_back({.name = is_named ? at->symbol->name : std::string(),
                          .start = stretch.start,
                          .end = stretch.end,
                          .has_size = is_named && at->size != 0 && !at->is_object,
                          .has_cfi = description != nullptr && description->contains(stretch)});
  }

  Stretches code_;
  Stretches described_;  // by FDEs
  Stretches sized_;      // by symbols
  std::vector<Start> starts_;
  std::vector<Function> functions_;
};

}  // namespace

std::vector<Function> find_functions(std::span<const Section> sections, std::span<const RawSymbol> symbols,
                                     std::span<const FrameEntry> entries) {
  return Finder(sections, symbols, entries).find();
}

}  // namespace surefoot::tools
