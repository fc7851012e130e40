// SPDX-License-Identifier: MIT
//
// The file of a module stays where it is, in the kernel's read-only data, and its tables with it: they are read there
// as tables of code that runs elsewhere. Only the special ranges are made anew, by absolute address.
#include "modules/loader.hpp"

#include <expected>
#include <span>

#include "arch/spin_lock.hpp"
#include "console/console.hpp"
#include "memory/address_space.hpp"
#include "memory/linker_symbols.hpp"
#include "surefoot/config.hpp"
#include "walks/code_maps.hpp"
#include "walks/description.hpp"

extern "C" {
extern const std::byte __module_leaf_start[];
extern const std::byte __module_leaf_end[];
extern const std::byte __module_early_start[];
extern const std::byte __module_early_end[];
extern const std::byte __module_large_start[];
extern const std::byte __module_large_end[];
}

namespace kernel::modules {
namespace {

using surefoot::AddressRange;
using surefoot::SpecialRange;
using surefoot::SpecialRangeEntry;
using surefoot::SpecialRanges;

constexpr std::size_t most_special_ranges = 8;

File between(const std::byte* start, const std::byte* end) noexcept {
  return {start, reinterpret_cast<std::uintptr_t>(end) - reinterpret_cast<std::uintptr_t>(start)};
}

// What the table is, or, after a message, what stands for none.
template <typename T, typename E>
T take(const char* what, const std::expected<T, E>& result, bool& all_good) noexcept {
  if (!result) {
    console::print("module: ", what, ": ", to_string(result.error().code), " at ", result.error().index, "\n");
    all_good = false;
  }
  return result.value_or(T());
}

// A part of a file as what it is made of.
template <typename T>
std::span<const T> part_of(File file, const Header::Part& part) noexcept {
  SUREFOOT_CHECK(part.start <= part.end && part.end <= file.size() && part.start % alignof(T) == 0);
  // SAFETY: inside the file, which starts at a multiple of 8; the linker put entries of this type there.
  return {reinterpret_cast<const T*>(file.data() + part.start), part.size() / sizeof(T)};
}

}  // namespace

// Where one module may be. The special ranges are in use as long as a map may be that refers to them.
class Place {
 public:
  [[nodiscard]] const Module& module() const noexcept { return module_; }
  [[nodiscard]] const surefoot::Region& region() const noexcept { return module_.region_; }
  [[nodiscard]] bool is_loaded() const noexcept { return is_loaded_; }
  void set_loaded(bool is_loaded) noexcept { is_loaded_ = is_loaded; }

  // Copies the code to `start`, and makes the tables for it. False if the file is refused.
  [[nodiscard]] bool fill(File file, std::uint64_t start) noexcept {
    SUREFOOT_CHECK(file.size() >= sizeof(Header));
    const Header header = part_of<Header>(file, {0, sizeof(Header)})[0];
    if (header.magic != KERNEL_MODULE_MAGIC || header.text.end > KERNEL_MODULE_PLACE_SIZE) {
      console::print("module: not a file that fits\n");
      return false;
    }
    module_.header_ = header;
    module_.region_.text = {start + header.text.start, start + header.text.end};
    copy_code(part_of<std::uint32_t>(file, header.text));
    bool all_good = true;
    make_special_ranges(part_of<SpecialRangeEntry>(file, header.special_ranges), start, all_good);
    const auto calls = part_of<SpecialRangeEntry>(file, header.calls_without_record);
    module_.region_.calls_without_record =
        calls.empty() ? SpecialRanges::none()
                      : take("calls without a record",
                             SpecialRanges::make(calls, start + header.calls_without_record.start), all_good);
    module_.region_.frame_table =
        take("frame table",
             surefoot::FrameTable::make(part_of<std::byte>(file, header.frame_table), start + header.frame_table.start),
             all_good);
    module_.symbols_ = take(
        "symbols", surefoot::Symbols::make(part_of<std::uint32_t>(file, header.symbols), start + header.symbols.start),
        all_good);
    return all_good;
  }

 private:
  void copy_code(std::span<const std::uint32_t> code) noexcept {
    std::uint32_t* const to = memory::writable_text(module_.text().start());
    for (std::size_t i = 0; i != code.size(); ++i) to[i] = code[i];
    memory::publish_code(module_.text());
  }

  void make_special_ranges(std::span<const SpecialRangeEntry> entries, std::uint64_t start, bool& all_good) noexcept {
    SUREFOOT_CHECK(entries.size() <= special_ranges_.size());
    const SpecialRanges in_file =
        take("special ranges", SpecialRanges::make(entries, start + module_.header_.special_ranges.start), all_good);
    for (std::size_t i = 0; i != in_file.size(); ++i) special_ranges_[i] = in_file[i];
    module_.region_.special_ranges =
        take("special ranges", SpecialRanges::make(std::span(special_ranges_).first(in_file.size())), all_good);
  }

  Module module_;
  std::array<SpecialRange, most_special_ranges> special_ranges_{};
  bool is_loaded_ = false;
};

namespace {

constinit std::array<Place, place_count> places{};
constinit SpinLock loading;

AddressRange memory_of(std::size_t index) noexcept {
  const std::uint64_t start = image::modules().start() + index * KERNEL_MODULE_PLACE_SIZE;
  return {start, start + KERNEL_MODULE_PLACE_SIZE};
}

// The image, and behind it what is loaded, in ascending order as the places are.
bool publish_loaded() noexcept {
  std::array<surefoot::Region, 1 + place_count> regions{walks::description().image()};
  static_assert(std::size(regions) <= walks::most_regions);
  std::size_t count = 1;
  for (const Place& place : places) {
    if (place.is_loaded()) regions[count++] = place.region();
  }
  return walks::publish(std::span(regions).first(count));
}

}  // namespace

File leaf_file() noexcept { return between(__module_leaf_start, __module_leaf_end); }
File early_file() noexcept { return between(__module_early_start, __module_early_end); }
File large_file() noexcept { return between(__module_large_start, __module_large_end); }

bool initialize() noexcept { return publish_loaded(); }

const Module* load(File file) noexcept {
  const Locked locked(loading);
  for (std::size_t index = 0; index != place_count; ++index) {
    Place& place = places[index];
    if (place.is_loaded() || walks::may_be_used(memory_of(index))) continue;
    if (!place.fill(file, memory_of(index).start())) return nullptr;
    place.set_loaded(true);
    if (publish_loaded()) return &place.module();
    place.set_loaded(false);
    return nullptr;
  }
  return nullptr;
}

bool unload(const Module& module) noexcept {
  const Locked locked(loading);
  for (Place& place : places) {
    if (&place.module() != &module) continue;
    SUREFOOT_CHECK(place.is_loaded());
    place.set_loaded(false);
    if (publish_loaded()) return true;
    place.set_loaded(true);
  }
  return false;
}

void LoadedSymbols::look() noexcept {
  const Locked locked(loading);
  for (std::size_t i = 0; i != place_count; ++i) {
    const Module& module = places[i].module();
    tables_[i] = places[i].is_loaded() ? Table{module.text(), module.symbols()} : Table{};
  }
}

const surefoot::Symbols& LoadedSymbols::at(surefoot::CodeAddress address,
                                           const surefoot::Symbols& others) const noexcept {
  for (const Table& table : tables_) {
    if (table.text.contains(address.lookup(), surefoot::instruction_size)) return table.symbols;
  }
  return others;
}

}  // namespace kernel::modules
