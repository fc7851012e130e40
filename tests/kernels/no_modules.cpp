// SPDX-License-Identifier: MIT
//
// In the place of the demonstration's loader, and of what else it tells walks: an image that loads no modules.
#include <array>

#include "memory/linker_symbols.hpp"
#include "modules/loader.hpp"
#include "walks/code_maps.hpp"
#include "walks/description.hpp"

namespace kernel::modules {

#ifdef KERNEL_HAS_FAR_PARTS
// Text that is far from the rest is a region of its own, with the image's frame table. It has no special code.
bool initialize() noexcept {
  const surefoot::Region& near = walks::description().image();
  const std::array<surefoot::Region, 2> regions{near,
                                                {.text = image::far_text(),
                                                 .special_ranges = surefoot::SpecialRanges::none(),
                                                 .calls_without_record = near.calls_without_record,
                                                 .frame_table = near.frame_table}};
  return walks::publish(regions);
}
#else
bool initialize() noexcept { return walks::publish({&walks::description().image(), 1}); }
#endif

void LoadedSymbols::look() noexcept {}

const surefoot::Symbols& LoadedSymbols::at(surefoot::CodeAddress, const surefoot::Symbols& others) const noexcept {
  return others;
}

}  // namespace kernel::modules
