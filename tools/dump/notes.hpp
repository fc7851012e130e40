// SPDX-License-Identifier: MIT
//
// The notes of a core file: the registers of each CPU and the kernel's VMCOREINFO.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "dump/dump.hpp"

namespace surefoot::tools {

/// The registers in the contents of a note NT_PRSTATUS of AArch64 Linux; nothing if it is too short.
[[nodiscard]] std::optional<CpuState> cpu_state_of(std::span<const std::byte> prstatus);

/// Takes the text of VMCOREINFO, up to the first 0, into the dump. What is longer than any kernel's is not used.
void read_vmcoreinfo(std::span<const std::byte> contents, Dump& dump);

/// Adds what the notes of one segment say to the dump, and a warning if a note is not whole.
void read_notes(std::span<const std::byte> notes, Dump& dump);

}  // namespace surefoot::tools
