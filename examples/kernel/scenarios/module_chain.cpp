// SPDX-License-Identifier: MIT
//
// Not compiled for tracing: interrupt handlers load and unload by it.
#include "scenarios/module_chain.hpp"

#include "arch/panic.hpp"

namespace demo {
namespace {

constinit const ModuleChain* entered = nullptr;

}  // namespace

void ModuleScope::load() noexcept {
  module_ = kernel::modules::load(file_);
  if (module_ == nullptr) kernel::panic("a module cannot be loaded");
  require(text_at_ == 0 || module_->text().start() == text_at_, "a module is loaded again where it was");
  text_at_ = module_->text().start();
  is_loaded_ = true;
}

void ModuleScope::unload() noexcept {
  if (!is_loaded_) return;
  is_loaded_ = !kernel::modules::unload(*module_);
  require(!is_loaded_, "a module can be unloaded");
}

DEMO_FUNCTION void goes_through(std::uint64_t index) noexcept {
  const kernel::modules::Module& module = *entered->modules[index];
  const bool is_last = entered->modules[index + 1] == nullptr;
  module.outer()(is_last ? entered->end : goes_through, index + 1);
  stay_on_stack();
}

DEMO_FUNCTION void enter_modules(const ModuleChain& chain) noexcept {
  entered = &chain;
  goes_through(0);
  stay_on_stack();
}

}  // namespace demo
