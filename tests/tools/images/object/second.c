// SPDX-License-Identifier: MIT
//
// The other half of a module.
extern int defined_elsewhere(int);
int choose(int, int);

int helper(int y) {
  volatile char bytes[80];
  bytes[y & 63] = 1;
  return defined_elsewhere(bytes[3]) + 1;
}

int (*const functions[])(int) = {helper, defined_elsewhere};

int through_a_table(int x) { return functions[x & 1](x) + choose(x, x); }
