// SPDX-License-Identifier: MIT
//
// Functions of moments.S, and the addresses of the instructions in them that scenarios interrupt.
#pragma once

#include <cstdint>

extern "C" {
void demo_has_record() noexcept;
extern const std::uint64_t demo_before_record;
extern const std::uint64_t demo_before_fp;
extern const std::uint64_t demo_in_body;
extern const std::uint64_t demo_before_return;

void demo_has_signed_record() noexcept;
extern const std::uint64_t demo_signed;
extern const std::uint64_t demo_before_authentication;

void demo_has_large_frame() noexcept;
extern const std::uint64_t demo_before_low_record;
extern const std::uint64_t demo_giving_frame_back;

void demo_may_have_record(bool has_record) noexcept;
extern const std::uint64_t demo_outside_record;

void demo_uses_other_stack(std::uint64_t sp) noexcept;
extern const std::uint64_t demo_on_other_stack;

void demo_uses_lr(std::uint64_t lr) noexcept;
extern const std::uint64_t demo_lr_is_scratch;

void demo_uses_fp(std::uint64_t fp) noexcept;
extern const std::uint64_t demo_fp_is_scratch;
}
