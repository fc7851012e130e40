// SPDX-License-Identifier: MIT
//
// The functions that a record can name, and where their code is.
#pragma once

#include <array>
#include <cstdint>

#include "surefoot/address.hpp"
#include "surefoot/symbols.hpp"
#include "torture/record.hpp"

namespace torture {

struct Worker;

/// Calls others until `left` is 0, and pauses there.
void call_straight(Worker& worker, std::uint32_t left) noexcept;
void call_straight_patched(Worker& worker, std::uint32_t left) noexcept;
void call_recursive(Worker& worker, std::uint32_t left) noexcept;
void call_recursive_patched(Worker& worker, std::uint32_t left) noexcept;
void call_by_pointer(Worker& worker, std::uint32_t left) noexcept;
void call_twice(Worker& worker, std::uint32_t left) noexcept;
void call_tail(Worker& worker, std::uint32_t left) noexcept;
void call_roomy(Worker& worker, std::uint32_t left) noexcept;
void call_to_module(Worker& worker, std::uint32_t left) noexcept;
void call_from_module(std::uint64_t argument) noexcept;

/// Functions around them: those in the chain of every worker that is blocked, and the walk.
enum class Around : std::uint8_t { block, pause, work, task_begin, task_entry, walk };
inline constexpr unsigned around_count = 6;

/// The code of each, in the order of Id.
class WorkCode {
 public:
  /// False if the symbol table does not know one of the functions.
  [[nodiscard]] bool initialize(const surefoot::Symbols& symbols) noexcept;

  [[nodiscard]] std::uint64_t start_of(Id id) const noexcept { return functions_[id].start(); }
  /// True if the address is in one of the functions.
  [[nodiscard]] bool is_work(std::uint64_t address) const noexcept { return all_.contains(address); }
  [[nodiscard]] bool is_in(std::uint64_t address, Id id) const noexcept { return functions_[id].contains(address); }
  [[nodiscard]] bool is_in(std::uint64_t address, Around around) const noexcept {
    return functions_[function_count + static_cast<unsigned>(around)].contains(address);
  }

 private:
  std::array<surefoot::AddressRange, function_count + around_count> functions_{};
  surefoot::AddressRange all_{};
};

}  // namespace torture
