// SPDX-License-Identifier: MIT
//
// Core files of a whole machine: kexec's /proc/vmcore, makedumpfile's ELF form, and QEMU's dump-guest-memory.
#pragma once

#include <expected>
#include <string>

#include "dump/dump.hpp"
#include "dump/dump_file.hpp"

namespace surefoot::tools {

/// A file that starts with ELF's signature. A file that ends too early is read as far as it goes, with a warning.
[[nodiscard]] std::expected<Dump, std::string> read_elf_dump(DumpFile file);

}  // namespace surefoot::tools
