// SPDX-License-Identifier: MIT
//
// kdump-compressed files, as makedumpfile and QEMU write them, read by libkdumpfile.
#pragma once

#include <expected>
#include <string>

#include "dump/dump.hpp"
#include "dump/dump_file.hpp"

namespace surefoot::tools {

/// A file that starts with one of the signatures of the format.
[[nodiscard]] std::expected<Dump, std::string> read_kdump_dump(DumpFile file);

}  // namespace surefoot::tools
