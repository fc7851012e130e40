// SPDX-License-Identifier: MIT
//
// Loading libunwind.
#include "libunwind.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <string_view>

#include "surroundings.hpp"

namespace surefoot::bench {
namespace {

LoadedLibunwind load() {
  constexpr const char* name = "libunwind.so.8";
  void* const library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail("libunwind.so.8 is missing: install the package libunwind8 (scripts/setup does)");
  void* const backtrace = dlsym(library, "unw_backtrace");
  Dl_info found;
  if (backtrace == nullptr || dladdr(backtrace, &found) == 0) fail("libunwind has no unw_backtrace()");
  // The name of the file behind the link: libunwind.so.8.0.1.
  constexpr std::string_view prefix = "libunwind.so.";
  const std::string file = std::filesystem::canonical(found.dli_fname).filename().string();
  if (!file.starts_with(prefix)) fail("unw_backtrace() is not libunwind's");
  return {reinterpret_cast<LibunwindBacktrace>(backtrace), file.substr(prefix.size())};
}

}  // namespace

const LoadedLibunwind& load_libunwind() {
  static const LoadedLibunwind loaded = load();
  return loaded;
}

}  // namespace surefoot::bench
