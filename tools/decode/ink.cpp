// SPDX-License-Identifier: MIT
#include "decode/ink.hpp"

#include <fmt/format.h>

namespace surefoot::tools {
namespace {

const char* start_of(Ink ink) {
  switch (ink) {
    case Ink::plain: return "";
    case Ink::bold: return "\x1b[1m";
    case Ink::faint: return "\x1b[2m";
    case Ink::red: return "\x1b[31m";
    case Ink::green: return "\x1b[32m";
    case Ink::yellow: return "\x1b[33m";
    case Ink::cyan: return "\x1b[36m";
  }
  return "";
}

}  // namespace

std::string painted(Ink ink, std::string_view text) {
  if (ink == Ink::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", start_of(ink), text);
}

}  // namespace surefoot::tools
