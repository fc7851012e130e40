// SPDX-License-Identifier: MIT
//
// Any bytes as the file that the host tool is given. Whatever they are, it opens an image or says why not, and what the
// image says of itself holds together.
#include <cstddef>
#include <cstdint>
#include <span>

#include "cfi/cfi.hpp"
#include "elf/frame_entries.hpp"
#include "elf/image.hpp"
#include "require.hpp"

namespace surefoot::tools {
namespace {

using testing::require;

void check_functions(const Image& image) {
  std::uint64_t end = 0;
  for (const Function& function : image.functions()) {
    require(end <= function.start && function.start < function.end);
    require(function.start % 4 == 0 && function.end % 4 == 0);
    require(image.find_function(function.start) == &function && image.find_function(function.end - 1) == &function);
    require(!image.read(function.start, function.end - function.start).empty());
    for (std::uint64_t at = function.start; at < function.end; at += 4) {
      static_cast<void>(image.instruction_at(at));
    }
    end = function.end;
  }
}

void check_cfi(const Image& image) {
  const Cfi cfi(image);
  const State entry = State::at_entry();
  std::uint64_t end = 0;
  for (const CfiRow& row : cfi.rows()) {
    require(end <= row.start && row.start < row.end && row.start % 4 == 0);
    require(row.cfa_register <= sp_number);
    require(cfi.find(row.start) == &row && cfi.find(row.end - 1) == &row);
    static_cast<void>(compare(&entry, &row));
    end = row.end;
  }
}

void check(std::span<const std::byte> file) {
  const auto image = Image::from_memory(file);
  if (!image) return require(!image.error().empty() && image.error().find('\n') == std::string::npos);
  require(!image->functions().empty());
  for (const Section& section : image->sections()) {
    require(section.bytes.empty() || section.bytes.size() == section.size);
    static_cast<void>(image->find_section(section.name));
  }
  for (const Symbol& symbol : image->symbols()) require(image->find_symbol(symbol.name) != nullptr);
  check_functions(*image);
  check_cfi(*image);
}

}  // namespace
}  // namespace surefoot::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  surefoot::tools::check(std::as_bytes(std::span(data, size)));
  return 0;
}
