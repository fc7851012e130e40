// SPDX-License-Identifier: MIT
//
// The parts of an audit, each of which looks at one side of the image. For audit.cpp and tests.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "audit/finding.hpp"
#include "elf/image.hpp"
#include "elf/special_table.hpp"
#include "rules/rules.hpp"

namespace surefoot::tools {

using Findings = std::vector<Finding>;

/// Records at the calls of one function, and its last instruction. `known` is the image's own table of calls without a
/// record. True if the function calls others that return to it, and is asked for a record then.
bool check_calls(const RuleDerivation& derivation, const SpecialTable& known, const FunctionRules& derived,
                 Findings& findings);

/// Return addresses that one function makes otherwise than by a call.
void check_return_addresses(const Image& image, const SpecialTable& special, const Function& function,
                            Findings& findings);

/// Instructions of one function that have no rule.
void check_rules(const Image& image, const FunctionRules& derived, Findings& findings);

/// Symbols without size, and code that no symbol covers.
void check_symbols(const Image& image, Findings& findings);

/// The special-range table itself.
void check_special_table(const Image& image, const SpecialTable& special, Findings& findings);

/// Code that has to be in the table: vectors, trampolines, exception return.
void check_special_code(const Image& image, const SpecialTable& special, Findings& findings);

/// The function at the address, into a finding.
void place(const Image& image, Finding& finding);

/// "name+0x14", or the address alone.
[[nodiscard]] std::string name_of(const Image& image, std::uint64_t address);

}  // namespace surefoot::tools
