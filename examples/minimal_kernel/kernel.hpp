// SPDX-License-Identifier: MIT
//
// What the two halves of this kernel know of each other.
#pragma once

#include <surefoot/entry_frame.h>

#include <span>
#include <surefoot/surefoot.hpp>

void print(std::span<const char> text) noexcept;
void print(const char* text) noexcept;

// walks.cpp
void describe_kernel(const surefoot::Stack& boot_stack) noexcept;
void show_walk(const char* title, const surefoot::Start& start, const surefoot::Stack& stack) noexcept;
