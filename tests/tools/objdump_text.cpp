// SPDX-License-Identifier: MIT
#include "objdump_text.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <string>

namespace surefoot::tools::testing {
namespace {

Row read_row(const std::smatch& parts) {
  Row row;
  row.base = parts[2] == "sp" ? Row::Base::sp : Row::Base::fp;
  row.cfa = std::stoi(parts[3]);
  row.is_signed = parts[6].matched;
  if (parts[5] != "u") {
    row.where = Row::Where::lr_on_stack;
    row.ra = std::stoi(parts[5].str().substr(1));
  }
  if (parts[4] != "u") {
    row.where = Row::Where::stack;
    row.fp = std::stoi(parts[4].str().substr(1));
  }
  return row;
}

}  // namespace

std::vector<FunctionRows> read_objdump_text(const std::filesystem::path& file) {
  static const std::regex function_line(
      R"( *func idx \[\d+\]: pc = 0x([0-9a-f]+), size = (\d+) bytes(, pauth = B key)?)");
  static const std::regex row_line(R"( *([0-9a-f]{16}) +(sp|fp)([+-]\d+) +(u|c[+-]\d+) +(u|c[+-]\d+)(\[s\])? *)");
  std::ifstream input(file);
  std::vector<FunctionRows> functions;
  std::smatch parts;
  for (std::string line; std::getline(input, line);) {
    if (std::regex_match(line, parts, function_line)) {
      const std::uint64_t start = std::stoull(parts[1], nullptr, 16);
      const std::uint64_t size = std::stoull(parts[2]);
      functions.push_back(
          {.start = start, .end = start + size, .rows = {size / 4, std::nullopt}, .has_key_b = parts[3].matched});
    } else if (std::regex_match(line, parts, row_line)) {
      FunctionRows& function = functions.at(functions.size() - 1);
      const std::size_t first = (std::stoull(parts[1], nullptr, 16) - function.start) / 4;
      std::fill(function.rows.begin() + static_cast<std::ptrdiff_t>(first), function.rows.end(), read_row(parts));
    }
  }
  if (functions.empty()) {
    throw std::runtime_error(file.string() + ": no functions");
  }
  return functions;
}

}  // namespace surefoot::tools::testing
