// SPDX-License-Identifier: MIT
//
// What is patched: outer calls inner, and the two agree on how an argument is encoded. Each version of the pair has an
// encoding of its own, so that a chain of two versions is noticed by inner, whichever it is.
#pragma once

#include <cstdint>

/// One function, with one entry, whatever a compiler could make of it.
#if defined(__clang__)
#define LIVEPATCH_FUNCTION [[gnu::noinline]]
#define LIVEPATCH_PATCHABLE [[gnu::noinline]]
#elif defined(DEMO_PATCH_SITES_BY_ATTRIBUTE)
#define LIVEPATCH_FUNCTION [[gnu::noipa]]
#define LIVEPATCH_PATCHABLE [[gnu::noipa, gnu::patchable_function_entry(2)]]
#else
#define LIVEPATCH_FUNCTION [[gnu::noipa]]
#define LIVEPATCH_PATCHABLE [[gnu::noipa]]
#endif

namespace livepatch {

struct Worker;

/// The image's own pair, and two that replace it.
inline constexpr unsigned version_count = 3;

/// The functions that the image knows. They have patch sites.
void outer(Worker& worker) noexcept;
void inner(Worker& worker, std::uint64_t argument) noexcept;
/// Called by each version of outer, and never patched: waits if that is what the worker is for. It has patch sites too.
void helper(Worker& worker) noexcept;
/// The same with nothing of them on the stack.
void elsewhere(Worker& worker) noexcept;

void outer_1(Worker& worker) noexcept;
void inner_1(Worker& worker, std::uint64_t argument) noexcept;
void outer_2(Worker& worker) noexcept;
void inner_2(Worker& worker, std::uint64_t argument) noexcept;

/// Takes the interrupt that is pending in the leaf, which has no frame record (leaf.S). Requires that interrupts are
/// masked; they are masked again when it returns.
extern "C" void livepatch_leaf() noexcept;
extern "C" const char livepatch_leaf_end[];

/// How often inner was called in each version, and how often with an argument of another one.
struct Calls {
  std::uint64_t right[version_count];
  std::uint64_t mixed;
};
[[nodiscard]] Calls calls() noexcept;

namespace detail {

void count_call(unsigned version, bool is_right) noexcept;
[[nodiscard]] std::uint64_t argument_of(const Worker& worker) noexcept;
[[nodiscard]] constexpr std::uint64_t encode(std::uint64_t value, unsigned version) noexcept {
  return (value << 8 | version) * (2 * std::uint64_t{version} + 3);
}

/// The body of every version of inner; that of outer is in outer_body.hpp. Only the encoding differs.
[[gnu::always_inline]] inline void inner_body(Worker& worker, std::uint64_t argument, unsigned version) noexcept {
  count_call(version, argument == encode(argument_of(worker), version));
}

}  // namespace detail
}  // namespace livepatch
