// SPDX-License-Identifier: MIT
#include "memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <ranges>
#include <stdexcept>

namespace corrupt {
namespace {

constexpr std::uint64_t host_page = 4096;

}  // namespace

Memory::Memory(const Capture& capture) {
  for (const Piece& piece : capture.pieces) {
    for (std::uint64_t page = piece.range.start() & ~(host_page - 1); page < piece.range.end(); page += host_page) {
      map_page(page);
    }
    // SAFETY: mapped just now.
    std::memcpy(reinterpret_cast<void*>(piece.range.start()), piece.bytes->data(), piece.bytes->size());
    ranges_.push_back(piece.range);
  }
}

void Memory::map_page(std::uint64_t page) {
  if (std::ranges::find(pages_, page) != pages_.end()) return;
  // SAFETY: fails rather than take the place of anything else.
  void* const mapped = mmap(reinterpret_cast<void*>(page), host_page, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (mapped == MAP_FAILED) throw std::runtime_error("the kernel's memory cannot be mapped where it was");
  pages_.push_back(page);
}

void Memory::restore() {
  for (const Change& change : changes_ | std::views::reverse) {
    // SAFETY: set() has written there.
    std::memcpy(reinterpret_cast<void*>(change.address), &change.before, sizeof change.before);
  }
  changes_.clear();
}

Memory::~Memory() {
  // SAFETY: mapped by map_page().
  for (const std::uint64_t page : pages_) munmap(reinterpret_cast<void*>(page), host_page);
}

}  // namespace corrupt
