// SPDX-License-Identifier: MIT
//
// The four functions that compilers call by themselves, freestanding or not. Simple rather than fast. The empty asm
// statements keep the compiler from recognising a loop for what it is and replacing it with a call to the very function
// that it is in.
#include <cstddef>

extern "C" {

void* memcpy(void* __restrict to, const void* __restrict from, std::size_t size) noexcept {
  auto* target = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  for (std::size_t i = 0; i != size; ++i) {
    target[i] = source[i];
    asm volatile("");
  }
  return to;
}

void* memmove(void* to, const void* from, std::size_t size) noexcept {
  auto* target = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  if (target <= source) {
    for (std::size_t i = 0; i != size; ++i) {
      target[i] = source[i];
      asm volatile("");
    }
  } else {
    for (std::size_t i = size; i != 0; --i) {
      target[i - 1] = source[i - 1];
      asm volatile("");
    }
  }
  return to;
}

void* memset(void* to, int value, std::size_t size) noexcept {
  auto* target = static_cast<unsigned char*>(to);
  for (std::size_t i = 0; i != size; ++i) {
    target[i] = static_cast<unsigned char>(value);
    asm volatile("");
  }
  return to;
}

int memcmp(const void* left, const void* right, std::size_t size) noexcept {
  const auto* a = static_cast<const unsigned char*>(left);
  const auto* b = static_cast<const unsigned char*>(right);
  for (std::size_t i = 0; i != size; ++i) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    asm volatile("");
  }
  return 0;
}

}  // extern "C"
