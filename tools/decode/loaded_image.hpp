// SPDX-License-Identifier: MIT
//
// An image or a module as the log's kernel had it: its functions by name, and where it was loaded.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "decode/debug_info.hpp"
#include "decode/log_line.hpp"
#include "elf/image.hpp"

namespace surefoot::tools {

/// Code that a symbol names: a function, or a part of one.
struct NamedCode {
  std::uint64_t start = 0;
  std::uint64_t size = 0;  ///< up to the next symbol if the symbol has none
  friend bool operator==(const NamedCode&, const NamedCode&) = default;
};

class LoadedImage {
 public:
  /// `name` is the module's, empty for the kernel's image. `loaded_at`: where its .text was loaded, if that is known
  /// and not where it was linked. An error is one line.
  [[nodiscard]] static std::expected<LoadedImage, std::string> open(const std::string& path, std::string name,
                                                                    std::optional<std::uint64_t> loaded_at);

  /// Of an image that is open, without debug information.
  LoadedImage(Image image, std::string name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Image& image() const { return image_; }
  /// Hexadecimal digits; empty if the image has no build id.
  [[nodiscard]] const std::string& build_id() const { return build_id_; }

  /// What to add to an address of the file to have that of the log.
  [[nodiscard]] std::uint64_t slide() const { return slide_; }
  void set_slide(std::uint64_t slide) { slide_ = slide; }

  /// The code of a name: as the symbol has it, in C++, or in C++ without parameters. By rising start.
  [[nodiscard]] const std::vector<NamedCode>& find_code(std::string_view name);

  /// The innermost symbol of a function that an address is inside of, and how far; empty if there is none. Functions of
  /// assembly may have others inside.
  [[nodiscard]] std::string name_at(std::uint64_t address, bool with_offset) const;

  /// True if a log may say that there is code of this size: a symbol's own size, or, as Linux counts, what there is up
  /// to the next symbol.
  [[nodiscard]] bool has_code(std::uint64_t start, std::uint64_t size) const;

  [[nodiscard]] DebugInfo& debug_info() { return debug_info_; }

 private:
  LoadedImage(Image image, DebugInfo debug_info, std::string name);
  void index_names();
  [[nodiscard]] std::uint64_t next_symbol(std::uint64_t after) const;

  Image image_;
  DebugInfo debug_info_;
  std::string name_;
  std::string build_id_;
  std::uint64_t slide_ = 0;
  std::unordered_map<std::string, std::vector<NamedCode>> by_name_;  // made when it is first asked
};

/// A name in C++ without its parameters, and without the type that a template function returns.
[[nodiscard]] std::string without_parameters(std::string_view name);

}  // namespace surefoot::tools
