// SPDX-License-Identifier: MIT
#include "decode/source_text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

constexpr std::size_t max_files = 32;
constexpr std::uintmax_t max_bytes = std::uintmax_t{16} << 20;
constexpr std::size_t max_line_bytes = 400;  // longer lines are cut: nobody wrote them by hand

std::string readable(std::string_view line) {
  constexpr std::size_t tab_width = 8;
  std::string text;
  for (const char character : line.substr(0, max_line_bytes)) {
    if (character == '\t') {
      text.append(tab_width - text.size() % tab_width, ' ');
    } else if (character != '\r') {
      text += character;
    }
  }
  return printable_name(text);
}

}  // namespace

const SourceText::File& SourceText::open(const std::string& path) {
  if (const auto found = std::ranges::find(files_, path, &File::path); found != files_.end()) {
    files_.splice(files_.begin(), files_, found);
    return files_.front();
  }
  if (files_.size() == max_files) files_.pop_back();
  File& file = files_.emplace_front();
  file.path = path;
  // The path is what an image says: it could name a device, which has no end.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return file;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > max_bytes) return file;
  std::ifstream stream(path, std::ios::binary);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(std::move(line));
  return file;
}

std::vector<SourceLine> SourceText::find(const std::string& path, unsigned line, unsigned around) {
  std::vector<SourceLine> lines;
  if (around == 0 || line == 0 || path.empty()) return lines;
  const File& file = open(path);
  if (line > file.lines.size()) return lines;
  const unsigned first = line > around ? line - around : 1;
  const std::size_t last = std::min<std::size_t>(std::size_t{line} + around, file.lines.size());
  for (unsigned number = first; number <= last; ++number) {
    lines.push_back({.number = number, .text = readable(file.lines[number - 1]), .is_meant = number == line});
  }
  return lines;
}

std::string short_path(const std::string& path) {
  static const std::string folder = [] {
    std::error_code error;
    const std::filesystem::path present = std::filesystem::current_path(error);
    return error ? std::string() : present.string() + "/";
  }();
  return !folder.empty() && path.starts_with(folder) ? path.substr(folder.size()) : path;
}

}  // namespace surefoot::tools
