// SPDX-License-Identifier: MIT
#include "test_image.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace surefoot::tools::testing {

std::string path_of_image(const std::string& name) { return std::string(SUREFOOT_TEST_IMAGES) + "/" + name + ".elf"; }

Image open_image(const std::string& name) {
  auto image = Image::open(path_of_image(name));
  if (!image) {
    std::cerr << name << ": " << image.error() << "\n";
    std::abort();
  }
  return *image;
}

std::vector<std::byte> bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::vector<std::byte> bytes(text.size());
  std::ranges::transform(text, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

std::vector<std::byte> bytes_without_cfi(const std::string& path) {
  constexpr char name[] = "\0.eh_frame";  // with the zeros around it
  std::vector<std::byte> bytes = bytes_of_file(path);
  const auto is_same = [](std::byte byte, char c) { return byte == static_cast<std::byte>(c); };
  const auto at = std::ranges::search(bytes, name, is_same).begin();
  if (at != bytes.end()) *(at + 2) = std::byte{'E'};
  return bytes;
}

}  // namespace surefoot::tools::testing
