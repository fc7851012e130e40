// SPDX-License-Identifier: MIT
//
// Opening a dump of a machine's memory, of any of the formats that are known: an ELF core, a kdump-compressed file, or
// the bytes of RAM as they are.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dump/physical_memory.hpp"

namespace surefoot::tools {

/// The registers of a CPU at the moment of the dump.
struct CpuState {
  std::array<std::uint64_t, 31> x{};
  std::uint64_t sp = 0;
  std::uint64_t pc = 0;
  std::uint64_t pstate = 0;
};

struct Dump {
  std::string format;  ///< for people
  std::unique_ptr<PhysicalMemory> memory;
  std::string vmcoreinfo;             ///< empty if the file does not give it: see find_vmcoreinfo()
  std::vector<CpuState> cpus;         ///< of the CPUs that were running, in their order; empty if not in the file
  std::vector<std::string> warnings;  ///< what is wrong with a file that can be read all the same, one line each
};

/// An error, one line, for what is no dump of an AArch64 machine. `raw_base` stands for a raw image: the physical
/// address of its first byte.
[[nodiscard]] std::expected<Dump, std::string> open_dump(const std::string& path,
                                                         std::optional<std::uint64_t> raw_base);

}  // namespace surefoot::tools
