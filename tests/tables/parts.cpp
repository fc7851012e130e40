// SPDX-License-Identifier: MIT
//
// Functions that compilers take apart: a path that is seldom taken is put elsewhere, a function is made for the one
// value that an argument has, for what remains of one that was partly inlined, and for what several have in common.
// check-link looks at their names.
extern "C" int volatile port;  // of the linker script

namespace net {

extern "C" [[noreturn, gnu::cold, gnu::noinline]] void fail(int code) {
  for (;;) asm volatile("" : : "r"(code));
}

[[gnu::noinline]] int send(int value) {
  if (value < 0) {
    port = 1;
    port = value;
    port = 2;
    fail(value);
  }
  port = value;
  return port + 1;
}

static void retry(int value) {
  if (__builtin_expect(value == 0, 1)) return;
  for (int i = 0; i < value; ++i) {
    port = i;
    port = value + i;
    port = value * i;
    port = i * 3;
    port = 99;
    port = value;
    port = 7;
    port = i * 5;
    port = i * value;
  }
  port = value;
  port = 4;
  port = 77;
  port = value * 3;
}

[[gnu::noinline]] int first(int value) {
  retry(value);
  return port;
}

[[gnu::noinline]] int second(int value) {
  retry(value + 1);
  return port;
}

[[gnu::noinline]] int third(int value) {
  retry(value + 3);
  return port;
}

[[gnu::noinline]] static int scale(int const* values, int factor, int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    port = values[i];
    sum += values[i] * factor + port;
  }
  return sum;
}

#if __clang__
// What they have in common becomes a function of its own.
#define ALIKE(number)                                              \
  [[gnu::noinline, clang::minsize]] int alike##number(int value) { \
    port = value;                                                  \
    port = value + 17;                                             \
    port = value + 1717;                                           \
    port = value + 171717;                                         \
    return port + number;                                          \
  }
ALIKE(1)
ALIKE(2)
ALIKE(3)
ALIKE(4)
#endif

}  // namespace net

extern "C" void _start() {
  static int const values[] = {1, 2, 3, 4, 5};
  port = net::scale(values, port, 4) + net::scale(values + 1, port, 4);
  port = net::send(port) + net::first(port) + net::second(port) + net::third(port);
#if __clang__
  port = net::alike1(1) + net::alike2(2) + net::alike3(3) + net::alike4(4);
#endif
  for (;;) {
  }
}
