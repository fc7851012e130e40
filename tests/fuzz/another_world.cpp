// SPDX-License-Identifier: MIT
//
// For inputs that are choices (RandomSource): every other one is a world of its own. The fuzzer by itself changes the
// worlds that it knows, choice by choice, and hardly ever asks for another.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  std::mt19937_64 random(seed);
  const std::uint64_t world = random();
  if (max_size < sizeof world || random() % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, &world, sizeof world);
  return sizeof world;
}
