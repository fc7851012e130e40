// SPDX-License-Identifier: MIT
//
// Options by which a user says how code of the image is entered and left where neither its instructions nor its tables
// do.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "elf/image.hpp"
#include "flow/declared_ways.hpp"

namespace CLI {
class App;
}

namespace surefoot::tools {

struct DeclarationOptions {
  std::vector<std::string> entered_at = {};
  std::string patched = {};
  std::string brk_returns = {};
};

/// `options` is filled in when the program's command line is parsed.
void add_declaration_options(CLI::App& command, DeclarationOptions& options);

/// One line if something is wrong: no such symbol, no instruction there, a line of a file that says nothing.
[[nodiscard]] std::expected<Declarations, std::string> read_declarations(const Image& image,
                                                                         const DeclarationOptions& options);

}  // namespace surefoot::tools
