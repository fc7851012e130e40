// SPDX-License-Identifier: MIT
//
// Loading and unloading of modules: a module's code is copied to a place of its own, and its tables are described to
// walks by a region of a new code map. Nothing here waits, so that interrupt handlers may load as well.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "modules/files/callback.hpp"
#include "modules/module_file.hpp"
#include "modules/places.h"
#include "surefoot/surefoot.hpp"
#include "surefoot/symbols.hpp"

namespace kernel::modules {

inline constexpr std::size_t place_count = KERNEL_MODULE_PLACE_COUNT;

/// A module that is loaded. What the kernel calls in it follows AAPCS64.
class Module {
 public:
  using Function = void (*)(Callback callback, std::uint64_t argument) noexcept;

  [[nodiscard]] const surefoot::AddressRange& text() const noexcept { return region_.text; }
  [[nodiscard]] const surefoot::Symbols& symbols() const noexcept { return symbols_; }

  /// Each calls back, `outer` through an inner function of the module and `special` from special code.
  [[nodiscard]] Function outer() const noexcept { return reinterpret_cast<Function>(at(header_.outer)); }
  [[nodiscard]] Function special() const noexcept { return reinterpret_cast<Function>(at(header_.special)); }
  /// Does nothing, so that it can be called back.
  [[nodiscard]] Callback interrupted() const noexcept { return reinterpret_cast<Callback>(at(header_.interrupted)); }
  /// The address of the instruction in it that is to be interrupted.
  [[nodiscard]] std::uint64_t moment() const noexcept { return at(header_.moment); }

 private:
  friend class Place;

  [[nodiscard]] std::uint64_t at(std::uint32_t offset) const noexcept {
    return text().start() + (offset - header_.text.start);
  }

  Header header_{};
  surefoot::Region region_;
  surefoot::Symbols symbols_;
};

/// Makes the first map that unloading leads back to: the image alone. Once, after walks::initialize().
[[nodiscard]] bool initialize() noexcept;

/// Loads a module into the first place that is free, which it is not while a walk may still use what was there before.
/// Null if there is none, if no map can be made now, or, after a message, if the file is refused. Other CPUs execute
/// the code after smp::synchronize_instructions().
[[nodiscard]] const Module* load(File file) noexcept;

/// Takes a module out of the code map. Its code stays until the place is used again; nothing may return to it unless it
/// is loaded there again. False if no map can be made now: it stays loaded.
[[nodiscard]] bool unload(const Module& module) noexcept;

/// The functions of all modules that are loaded at one time, for the printing of a walk that was made then.
class LoadedSymbols {
 public:
  /// Those of the modules that are loaded now.
  void look() noexcept;
  /// The table of the module that had code at `address`; `others` if none did.
  [[nodiscard]] const surefoot::Symbols& at(surefoot::CodeAddress address,
                                            const surefoot::Symbols& others) const noexcept;

 private:
  struct Table {
    surefoot::AddressRange text;
    surefoot::Symbols symbols;
  };
  std::array<Table, place_count> tables_{};
};

}  // namespace kernel::modules
