// SPDX-License-Identifier: MIT
//
// The headers of a kdump-compressed file: what they tell beside the pages. Apart from the reading of pages, which
// libkdumpfile does: it takes no notes from a file that does not name its machine, and QEMU's name none for AArch64.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "dump/dump_file.hpp"

namespace surefoot::tools {

struct KdumpHeader {
  std::uint64_t page_size = 0;  ///< of the file: QEMU's have 64 KiB, whatever the kernel's is
  bool is_incomplete = false;   ///< there was no room for all pages
  std::uint64_t vmcoreinfo_at = 0;
  std::uint64_t vmcoreinfo_size = 0;
  std::uint64_t notes_at = 0;
  std::uint64_t notes_size = 0;
};

/// An error, one line, if the file ends before its pages, is of another machine, or has no pages of a size that there
/// is. What it accepts is whole up to the descriptors of the pages.
[[nodiscard]] std::expected<KdumpHeader, std::string> read_kdump_header(const DumpFile& file);

}  // namespace surefoot::tools
