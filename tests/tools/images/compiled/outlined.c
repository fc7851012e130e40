// SPDX-License-Identifier: MIT
//
// Functions so much alike that clang's outliner (-Oz) makes functions of their common parts: of their middles, which
// are called, and of their ends, which give the frame back before they return.
extern volatile unsigned long sink;
volatile unsigned long sink;

__attribute__((noinline)) static unsigned long first(unsigned long a) {
  sink += a;
  return sink;
}
__attribute__((noinline)) static void second(void* p) { sink += *(volatile char*)p; }

#define FUNCTION(n)                                               \
  __attribute__((noinline)) unsigned long f##n(unsigned long a) { \
    char buffer[1024];                                            \
    const unsigned long r = first(a);                             \
    if (r == n) sink = n;                                         \
    second(buffer);                                               \
    buffer[n % 64] = (char)r;                                     \
    second(buffer + n % 64);                                      \
    return r + n;                                                 \
  }
FUNCTION(1)
FUNCTION(22)
FUNCTION(333)
FUNCTION(4444)
FUNCTION(555)
FUNCTION(66)
FUNCTION(77)
FUNCTION(88)
FUNCTION(99)

void call_all(void) {
  f1(1), f22(1), f333(1), f4444(1), f555(1), f66(1), f77(1), f88(1), f99(2);
  sink = 0;
}
