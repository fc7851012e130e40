// SPDX-License-Identifier: MIT
//
// A reader that answers with an error code, where 0 would mean success: the walk would take every read for a failure.
#include "surefoot/surefoot.hpp"

struct Reader {
#if defined(SUREFOOT_TEST_IS_RIGHT)
  bool read(std::uint64_t address, std::uint64_t& word) noexcept;
#else
  int read(std::uint64_t address, std::uint64_t& word) noexcept;
#endif
};

void step(const surefoot::Context& context) {
  surefoot::Cursor<Reader> cursor(surefoot::Start::no_stack(), context);
  surefoot::Frame frame;
  static_cast<void>(cursor.next(frame));
}
