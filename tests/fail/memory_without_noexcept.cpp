// SPDX-License-Identifier: MIT
//
// Memory whose reads may throw. A walk is noexcept all the way down, so they have to say that they do not.
#include "surefoot/surefoot.hpp"

#if defined(SUREFOOT_TEST_IS_RIGHT)
bool read(void* object, std::uint64_t address, std::uint64_t* word) noexcept;
#else
bool read(void* object, std::uint64_t address, std::uint64_t* word);
#endif

void set_read(surefoot::ForeignMemory& memory) { memory.read = read; }
