// SPDX-License-Identifier: MIT
//
// A reader that cannot be copied. A walk keeps a copy.
#include "surefoot/surefoot.hpp"

struct Reader {
  Reader() = default;
#if !defined(SUREFOOT_TEST_IS_RIGHT)
  Reader(const Reader&) = delete;
#endif
  bool read(std::uint64_t address, std::uint64_t& word) noexcept;
};

void step(const surefoot::Context& context) {
  surefoot::Cursor<Reader> cursor(surefoot::Start::no_stack(), context);
  surefoot::Frame frame;
  static_cast<void>(cursor.next(frame));
}
