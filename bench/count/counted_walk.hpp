// SPDX-License-Identifier: MIT
//
// A walk of the task that was made last (kernel_like.hpp): what it gives is compared with the chain before it is
// counted.
#pragma once

#include <initializer_list>

#include "count/chain.hpp"
#include "surefoot/surefoot.hpp"

namespace bench {

/// What the walk of a chain should say beside its frames.
struct Expected {
  surefoot::Policy policy = surefoot::Policy::strict;
  bool is_reliable = true;
  surefoot::Evidence evidence = {};
};

/// Reports `count NAME` and `stack NAME` of walk(), and the same frame by frame.
void count_walk(std::initializer_list<const char*> name, const Shape& shape, const Expected& expected) noexcept;
void count_cursor(std::initializer_list<const char*> name, const Shape& shape, const Expected& expected) noexcept;

/// Reports `count` and `stack` of Sampler::sample(), and as `count` of `bytes` how large its record is.
void count_sample(std::initializer_list<const char*> name, std::initializer_list<const char*> bytes,
                  surefoot::Policy policy) noexcept;

}  // namespace bench
