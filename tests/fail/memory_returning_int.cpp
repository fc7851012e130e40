// SPDX-License-Identifier: MIT
//
// Memory that answers with an error code, where 0 would mean success: the walk would take every read for a failure.
#include "surefoot/surefoot.hpp"

#if defined(SUREFOOT_TEST_IS_RIGHT)
bool read(void* object, std::uint64_t address, std::uint64_t* word) noexcept;
#else
int read(void* object, std::uint64_t address, std::uint64_t* word) noexcept;
#endif

void set_read(surefoot::ForeignMemory& memory) { memory.read = read; }
