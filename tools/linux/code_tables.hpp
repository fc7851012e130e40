// SPDX-License-Identifier: MIT
//
// The tables that a kernel's code is walked by, derived from its image. That takes seconds, so they are kept in files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "elf/build_id.hpp"
#include "elf/image.hpp"
#include "surefoot/address.hpp"
#include "work/in_order.hpp"

namespace surefoot::tools {

/// The tables of code that is loaded in one piece. All addresses are those of the image.
struct PartTables {
  std::string section;            ///< of a relocatable object; "" stands for a whole linked image
  AddressRange code;              ///< from the first instruction to the last
  std::vector<std::byte> frames;  ///< for FrameTable::make(frames, frames_at), which takes it
  std::uint64_t frames_at = 0;
  std::vector<AddressRange> calls_without_record;  ///< by rising start, apart, all in `code`
};

struct CodeTables {
  std::vector<PartTables> parts;
  bool is_from_cache = false;
  std::vector<std::string> warnings = {};  ///< a line each, if the cache could not be written
};

/// Derived as `surefoot frames` does, or read from the cache. An empty folder: no cache; nor is there one if the image
/// or this program has no build id. A file of the cache is used only if it is sound, of the same code, and derived by
/// this very program; else it is replaced.
[[nodiscard]] std::expected<CodeTables, std::string> code_tables_of(const Image& image, const std::string& cache_folder,
                                                                    const Work& work);

/// "surefoot" in the user's folder for caches; empty if the user has none.
[[nodiscard]] std::string default_cache_folder();

}  // namespace surefoot::tools
