// SPDX-License-Identifier: MIT
//
// Frame tables for the C interface. In an object file of its own: a kernel that has none does not link the reader.
#include "surefoot/frame_table.hpp"

#include "same_values.hpp"
#include "surefoot/surefoot.h"

using namespace surefoot;

bool surefoot_make_frame_table(const void* section, std::size_t size, surefoot_frame_table* out,
                               surefoot_frame_table_error* error) {
  const auto address = reinterpret_cast<std::uintptr_t>(section);
  const auto made = FrameTable::make({static_cast<const std::byte*>(section), size}, address);
  *out = {};
  // SAFETY: trivially copyable, and of one size (same_values.hpp).
  if (made) __builtin_memcpy(out, &*made, sizeof *out);
  if (!made && error != nullptr) *error = static_cast<surefoot_frame_table_error>(made.error());
  return made.has_value();
}

const char* surefoot_frame_table_error_name(surefoot_frame_table_error error) {
  return to_string(static_cast<FrameTableFault>(error));
}
