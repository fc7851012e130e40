// SPDX-License-Identifier: MIT
//
// makedumpfile's flattened form: a dump as a stream of pieces that say where they belong, so that it can be piped. QEMU
// writes kdump files in no other. libkdumpfile does not read it.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "dump/dump_file.hpp"

namespace surefoot::tools {

/// The dump put together again, in a file without a name in the folder for temporary files. Adds a warning if the
/// stream ends too early. An error, one line, if it is no such stream or if there is no room.
[[nodiscard]] std::expected<DumpFile, std::string> unflatten(const DumpFile& stream,
                                                             std::vector<std::string>& warnings);

}  // namespace surefoot::tools
