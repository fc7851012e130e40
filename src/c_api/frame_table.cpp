// SPDX-License-Identifier: MIT
//
// Frame tables, from C.
#include "surefoot/frame_table.hpp"

#include "same_values.hpp"
#include "surefoot/c/frame_table.h"
#include "view.hpp"

using namespace surefoot;
using detail::store;

SUREFOOT_SAME_BYTES(surefoot_frame_table, FrameTable);

bool surefoot_make_frame_table(const void* section, std::size_t size, surefoot_frame_table* out,
                               surefoot_error* error) {
  return surefoot_make_frame_table_at(section, size, reinterpret_cast<std::uintptr_t>(section), out, error);
}

bool surefoot_make_frame_table_at(const void* section, std::size_t size, std::uint64_t section_at,
                                  surefoot_frame_table* out, surefoot_error* error) {
  return store(FrameTable::make({static_cast<const std::byte*>(section), size}, section_at), out, error);
}
