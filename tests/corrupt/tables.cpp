// SPDX-License-Identifier: MIT
#include "corrupt/tables.hpp"

#include "memory/linker_symbols.hpp"

namespace corrupt {

FrameTablePlace find_frame_table(const surefoot::Region& region) noexcept {
  if (!region.frame_table.exists()) return {};
  if (region.text.start() != kernel::image::text().start()) return find_module_table(region);
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_frame_table_start);
  return {{start, reinterpret_cast<std::uintptr_t>(__surefoot_frame_table_end)}, start};
}

}  // namespace corrupt
