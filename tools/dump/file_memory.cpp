// SPDX-License-Identifier: MIT
#include "dump/file_memory.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace surefoot::tools {

FileMemory::FileMemory(DumpFile file, std::vector<FilePart> parts) : file_(std::move(file)) {
  std::ranges::sort(parts, {}, [](const FilePart& part) { return std::tuple(part.address, part.offset, part.size); });
  std::uint64_t covered = 0;
  for (FilePart part : parts) {
    const std::uint64_t skipped = part.address < covered ? std::min(covered - part.address, part.size) : 0;
    part.address += skipped;
    part.offset += skipped;
    part.size -= skipped;
    if (part.size == 0) continue;
    size_ += part.size;
    covered = part.end();
    const bool touches = !ranges_.empty() && ranges_.back().end() == part.address;
    const std::uint64_t start = touches ? ranges_.back().start() : part.address;
    if (touches) ranges_.pop_back();
    ranges_.emplace_back(start, part.end());
    // QEMU cuts memory where mappings end: what goes on in the file goes on here.
    if (touches && parts_.back().offset + parts_.back().size == part.offset) {
      parts_.back().size += part.size;
    } else {
      parts_.push_back(part);
    }
  }
}

PageState FileMemory::read(std::uint64_t address, std::span<std::byte> into) {
  auto part = std::ranges::upper_bound(parts_, address, {}, &FilePart::address);
  if (part != parts_.begin()) --part;
  while (!into.empty()) {
    if (part == parts_.end() || address < part->address || address - part->address >= part->size) {
      return PageState::absent;
    }
    const std::uint64_t skipped = address - part->address;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), part->size - skipped));
    if (!file_.read(part->offset + skipped, into.first(count))) return PageState::damaged;
    address += count;
    into = into.subspan(count);
    ++part;
  }
  return PageState::present;
}

}  // namespace surefoot::tools
