// SPDX-License-Identifier: MIT
//
// A reader that may throw. A walk is noexcept all the way down, so it has to say that it does not.
#include "surefoot/surefoot.hpp"

struct Reader {
#if defined(SUREFOOT_TEST_IS_RIGHT)
  bool read(std::uint64_t address, std::uint64_t& word) noexcept;
#else
  bool read(std::uint64_t address, std::uint64_t& word);
#endif
};

surefoot::Trace walk_all(const surefoot::Context& context, std::span<surefoot::Frame> frames) {
  return surefoot::walk(surefoot::Start::no_stack(), context, frames, Reader());
}
