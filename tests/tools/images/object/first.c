// SPDX-License-Identifier: MIT
//
// One half of a module: a switch with a jump table, calls of the other half, of another section and of what the module
// does not define, and calls that do not come back.
extern int defined_elsewhere(int);
extern int helper(int);
extern void panic(const char*) __attribute__((noreturn));
extern int maybe(int) __attribute__((weak));

__attribute__((noinline)) static int clobber(int x) {
  __asm__ volatile("" : "+r"(x) : : "x19", "x20", "x21", "x22", "memory");
  return x + 1;
}

int choose(int x, int y) {
  __asm__ volatile("" : : : "x19", "x20", "memory");
  switch (x) {
    case 0: return helper(y);
    case 1: return y + helper(2);
    case 2: return clobber(y) * 3;
    case 3: return helper(y) - 4;
    case 4: return y ^ helper(8);
    case 5: return defined_elsewhere(y) / 3;
    case 6: return helper(helper(y));
    case 7: return clobber(helper(y));
    default: break;
  }
  if (y == 7) panic("seven");
  return helper(y) + 1;
}

int with_canary(int x) {
  volatile char bytes[100];
  for (int i = 0; i < x; ++i) bytes[i] = (char)helper(i);
  return bytes[x / 2] + (maybe ? maybe(x) : 0);
}

__attribute__((section(".init.text"))) int init(void) {
  volatile char bytes[64];
  bytes[0] = (char)helper(3);
  return choose(bytes[0], 4) + with_canary(bytes[1]);
}

// Calls of what never returns are the last instructions of these: what follows them belongs to the next function.
__attribute__((noinline)) void stop(int x) { panic(x ? "a" : "b"); }
__attribute__((section(".init.text"))) void stop_early(void) { stop(1); }
