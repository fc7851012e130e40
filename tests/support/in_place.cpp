// SPDX-License-Identifier: MIT
#include "support/in_place.hpp"

#include <sys/mman.h>

#include <set>

namespace surefoot::testing {
namespace {

constexpr std::uint64_t page_size = 0x1'0000;  // the largest that AArch64 has
constexpr std::uint64_t lowest = 0x1000'0000;
constexpr std::uint64_t highest = 0x8000'0000;  // tests put their stacks below, programs themselves above
constexpr std::uint64_t most = 0x10'0000;

bool map_page(std::uint64_t page) {
  static std::set<std::uint64_t> mapped;  // for good
  if (mapped.contains(page)) return true;
  void* const wanted = reinterpret_cast<void*>(page);
  void* const got =
      mmap(wanted, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == MAP_FAILED) return false;
  if (got != wanted) {  // where the flag is not known
    munmap(got, page_size);
    return false;
  }
  mapped.insert(page);
  return true;
}

}  // namespace

bool map_in_place(AddressRange range) {
  if (range.start() < lowest || range.end() > highest || range.end() - range.start() > most) return false;
  for (std::uint64_t page = range.start() / page_size * page_size; page < range.end(); page += page_size) {
    if (!map_page(page)) return false;
  }
  return true;
}

}  // namespace surefoot::testing
