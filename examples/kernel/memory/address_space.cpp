// SPDX-License-Identifier: MIT
#include "memory/address_space.hpp"

#include <cstdint>

#include "devices/physical_map.hpp"
#include "memory/cache.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/page_tables.hpp"
#include "memory/stacks.hpp"
#include "memory/translation.hpp"
#include "surefoot/config.hpp"

namespace kernel::memory {
namespace {

using surefoot::AddressRange;

void map_code(const AddressRange& code) noexcept {
  map(code, 0, Access::code);
  map({code.start() + writable_view_offset, code.end() + writable_view_offset}, writable_view_offset,
      Access::read_write);
}

void map_image() noexcept {
  map_code(image::text());
  map_code(image::modules());
  map(image::user_text(), 0, Access::user_code);
  map(image::rodata(), 0, Access::read_only);
  map(image::data(), 0, Access::read_write);
  map(image::user_stack(), 0, Access::user_read_write);
  map(image::tables(), 0, Access::read_only);
#ifdef KERNEL_HAS_FAR_PARTS
  map(image::far_text(), image::far_text_distance(), Access::code);
  map(image::far_data(), image::far_data_distance(), Access::read_write);
#endif
}

// The stacks only: the lower half of each slot stays unmapped, and an access there faults.
void map_stacks() noexcept {
  for (unsigned task = 0; task != task_count; ++task) map(task_stack(task), 0, Access::read_write);
  for (unsigned cpu = 0; cpu != cpu::most; ++cpu) {
    map(irq_stack(cpu), 0, Access::read_write);
    map(overflow_stack(cpu), 0, Access::read_write);
  }
}

void map_devices() noexcept {
  for (const AddressRange& device : physical_map::devices) map(device, 0, Access::device);
}

}  // namespace

/// Called by start.S on the first CPU, with the MMU off. What it calls must run without unaligned accesses: without the
/// MMU all memory is of the type Device [arm-arm, "The effects of disabling a stage of address translation"].
extern "C" void kernel_enable_mmu() noexcept {
  map_image();
  map_stacks();
  map_devices();

  // All that was written so far went past the cache. Lines that a loader left behind must not come back over it.
  discard_from_cache({image::data().start(), image::stacks().end()});
  enable_translation(top_table());
}

/// The same on every other CPU: the tables are made, and in memory.
extern "C" void kernel_share_address_space() noexcept { enable_translation(top_table()); }

/// Called by start.S of a kernel in the upper half, once it runs there.
extern "C" void kernel_leave_lower_half() noexcept { leave_lower_half(users_top_table()); }

std::uint32_t* writable_text(std::uint64_t address) noexcept {
  SUREFOOT_CHECK(address % surefoot::instruction_size == 0);
  SUREFOOT_CHECK(image::text().contains(address, surefoot::instruction_size) ||
                 image::modules().contains(address, surefoot::instruction_size));
  // SAFETY: map_code maps every page of both a second time, at this distance.
  return reinterpret_cast<std::uint32_t*>(address + writable_view_offset);
}

void publish_code(const AddressRange& range) noexcept {
  clean_to_unification({range.start() + writable_view_offset, range.end() + writable_view_offset});
  discard_instructions(range);
}

void patch_text(std::uint64_t address, std::uint32_t instruction) noexcept {
  __atomic_store_n(writable_text(address), instruction, __ATOMIC_RELAXED);
  publish_code({address, address + surefoot::instruction_size});
}

}  // namespace kernel::memory
