// SPDX-License-Identifier: MIT
//
// The file of a kernel and what is derived from it, which takes long: for any number of dumps of that kernel.
#pragma once

#include <memory>
#include <optional>

#include "elf/image.hpp"
#include "linux/code_tables.hpp"
#include "linux/types.hpp"

namespace surefoot::tools {

struct KernelFile {
  Image image;
  std::unique_ptr<const Types> types;
  std::optional<CodeTables> tables;
};

}  // namespace surefoot::tools
