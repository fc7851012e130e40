// SPDX-License-Identifier: MIT
//
// The images of images/*.S, opened.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "elf/image.hpp"

namespace surefoot::tools::testing {

[[nodiscard]] std::string path_of_image(const std::string& name);

/// Ends the test program if there is no such image.
[[nodiscard]] Image open_image(const std::string& name);

/// A file's bytes, for those who change some.
[[nodiscard]] std::vector<std::byte> bytes_of_file(const std::string& path);

/// ... such that nobody finds .eh_frame by its name.
[[nodiscard]] std::vector<std::byte> bytes_without_cfi(const std::string& path);

}  // namespace surefoot::tools::testing
