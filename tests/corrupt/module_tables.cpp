// SPDX-License-Identifier: MIT
//
// Of the demonstration: a module is told by its code, which is the same wherever it is loaded.

#include "corrupt/tables.hpp"
#include "modules/module_file.hpp"

namespace corrupt {

FrameTablePlace find_module_table(const surefoot::Region& region) noexcept {
  using namespace kernel::modules;
  for (const File file : {leaf_file(), early_file(), large_file()}) {
    Header header;
    __builtin_memcpy(&header, file.data(), sizeof header);
    const std::uint64_t text = region.text.start();
    if (header.text.size() != region.text.end() - text) continue;
    // SAFETY: the code of a loaded module, which may be read.
    const auto* const code = reinterpret_cast<const void*>(text);
    if (__builtin_memcmp(code, file.data() + header.text.start, header.text.size()) != 0) continue;
    const auto table = reinterpret_cast<std::uintptr_t>(file.data()) + header.frame_table.start;
    return {{table, table + header.frame_table.size()}, text - header.text.start + header.frame_table.start};
  }
  return {};
}

}  // namespace corrupt
