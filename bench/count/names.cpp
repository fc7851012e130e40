// SPDX-License-Identifier: MIT
#include "count/names.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "count/counter.hpp"
#include "memory/linker_symbols.hpp"
#include "surefoot/symbols.hpp"

namespace bench {
namespace {

using surefoot::Symbol;
using surefoot::SymbolName;
using surefoot::Symbols;

constinit Symbols symbols{};
constinit Symbol found{};
constinit std::array<char, SymbolName::max_size + 1> room{};

std::uint64_t make() noexcept {
  const auto made = Symbols::linked();
  symbols = made.value_or(Symbols());
  return symbols.size();
}

std::uint64_t find(std::uint64_t pc) noexcept {
  found = symbols.find({pc, surefoot::CodeAddress::Kind::exact});
  return found.size;
}

std::uint64_t copy() noexcept { return found.name.copy_to(room); }

struct Total {
  std::uint64_t calls = 0;
  std::uint64_t instructions = 0;
  std::uint64_t most = 0;
  std::uint64_t stack_bytes = 0;

  void add(const Cost& cost) noexcept {
    ++calls;
    instructions += cost.instructions;
    if (cost.instructions > most) most = cost.instructions;
    if (cost.stack_bytes > stack_bytes) stack_bytes = cost.stack_bytes;
  }
};

}  // namespace

// This image's own table, each function of the text.
void count_names() noexcept {
  CountedCall making{.function = reinterpret_cast<std::uintptr_t>(make)};
  const Cost made = count(making);
  if (symbols.size() == 0) return report_failure({"symbols"}, "no table");
  const surefoot::AddressRange text = kernel::image::text();
  Total finds;
  Total copies;
  std::uint64_t characters = 0;
  for (std::uint64_t pc = text.start(); pc < text.end();) {
    CountedCall finding{.function = reinterpret_cast<std::uintptr_t>(find), .arguments = {pc}};
    const Cost first = count(finding);
    if (count(finding) != first) return report_failure({"symbol_find"}, "not the same count twice");
    if (!found.is_known()) {
      pc += surefoot::instruction_size;
      continue;
    }
    finds.add(first);
    CountedCall copying{.function = reinterpret_cast<std::uintptr_t>(copy)};
    copies.add(count(copying));
    characters += copying.result;
    pc += found.size - found.offset;
  }
  // A few lie outside: code that runs before the image is where it was linked to be.
  if (finds.calls > symbols.size() || finds.calls < symbols.size() - symbols.size() / 10) {
    return report_failure({"symbol_find"}, "not every function of the text was found");
  }
  report_count({"symbols/functions"}, symbols.size());
  report_count({"symbols/characters_average"}, characters / finds.calls);
  report_count({"symbols/make"}, made.instructions);
  report_count({"symbols/find_average"}, finds.instructions / finds.calls);
  report_count({"symbols/find_most"}, finds.most);
  report_count({"symbols/name_average"}, copies.instructions / copies.calls);
  report_count({"symbols/name_most"}, copies.most);
  report_stack({"symbols/find"}, finds.stack_bytes);
  report_stack({"symbols/name"}, copies.stack_bytes);
}

}  // namespace bench
