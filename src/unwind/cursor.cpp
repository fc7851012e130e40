// SPDX-License-Identifier: MIT
//
// The one compiled copy of the walk through the running kernel's own memory.
#include "surefoot/cursor.hpp"

namespace surefoot {

template class Cursor<LocalReader>;

}  // namespace surefoot
