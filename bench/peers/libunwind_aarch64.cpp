// SPDX-License-Identifier: MIT
//
// Loading the functions of libunwind that step.
#include "libunwind_aarch64.hpp"

#include <dlfcn.h>

#include "host/libunwind.hpp"
#include "host/surroundings.hpp"

#define TO_STRING(name) #name
#define NAME_OF(name) TO_STRING(name)

namespace surefoot::bench {
namespace {

template <typename Function>
void find(Function*& function, const char* name) {
  Dl_info found;
  const auto address = reinterpret_cast<void*>(load_libunwind().backtrace);
  if (dladdr(address, &found) == 0) fail("libunwind is not known to the loader");
  void* const library = dlopen(found.dli_fname, RTLD_NOW | RTLD_NOLOAD);
  if (library == nullptr) fail("libunwind is not loaded any more");
  function = reinterpret_cast<Function*>(dlsym(library, name));
  if (function == nullptr) fail("libunwind has no functions to step");
}

LibunwindSteppers load() {
  LibunwindSteppers steppers{};
  find(steppers.init_local, NAME_OF(unw_init_local));
  find(steppers.step, NAME_OF(unw_step));
  find(steppers.get_register, NAME_OF(unw_get_reg));
  return steppers;
}

}  // namespace

const LibunwindSteppers& load_libunwind_steppers() {
  static const LibunwindSteppers loaded = load();
  return loaded;
}

}  // namespace surefoot::bench
