// SPDX-License-Identifier: MIT
//
// Colours of text, by the sequences of [ecma-48 §8.3.117], of the eight that every terminal has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace surefoot::tools {

enum class Ink : std::uint8_t { plain, bold, faint, red, green, yellow, cyan };

/// The text in a colour and back again; as it is if it is empty or the colour is plain.
[[nodiscard]] std::string painted(Ink ink, std::string_view text);

}  // namespace surefoot::tools
