// SPDX-License-Identifier: MIT
//
// Modules that are loaded for the length of a scope, and calls that go through several of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "modules/loader.hpp"
#include "scenarios/scenario.hpp"

namespace demo {

/// A module that is loaded while this lives. It is a panic if it cannot be: no scenario goes on without it.
class ModuleScope {
 public:
  explicit ModuleScope(kernel::modules::File file) noexcept : file_(file) { load(); }
  ~ModuleScope() { unload(); }
  ModuleScope(const ModuleScope&) = delete;
  ModuleScope& operator=(const ModuleScope&) = delete;

  [[nodiscard]] const kernel::modules::Module& operator*() const noexcept { return *module_; }
  [[nodiscard]] const kernel::modules::Module* operator->() const noexcept { return module_; }

  /// Unloads it, and not at the end of the scope. load() loads it again: the code at the same place, so that tasks
  /// return to it. Both work in interrupt handlers.
  void unload() noexcept;
  void load() noexcept;

 private:
  kernel::modules::File file_;
  const kernel::modules::Module* module_ = nullptr;
  std::uint64_t text_at_ = 0;
  bool is_loaded_ = false;
};

/// Calls through modules: kernel, module, kernel, module, and so on.
struct ModuleChain {
  /// At least one; null behind the last.
  std::array<const kernel::modules::Module*, kernel::modules::place_count> modules{};
  /// What the last one calls back. May be in a module.
  kernel::modules::Callback end = nullptr;
};

/// Makes the calls. Its frame, and those of the two functions of the module, stand in a trace for each module. A task
/// may be in the chain while others use another one: it looks at it only on the way in.
void enter_modules(const ModuleChain& chain) noexcept;

}  // namespace demo
