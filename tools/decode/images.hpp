// SPDX-License-Identifier: MIT
//
// The kernel's image and its modules together: which of their instructions a log means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decode/loaded_image.hpp"
#include "decode/log_line.hpp"

namespace surefoot::tools {

/// An instruction of one of the images.
struct Resolved {
  LoadedImage* image = nullptr;
  std::uint64_t address = 0;     ///< in the file, as the log has it: behind the call for a return address
  std::uint64_t lookup = 0;      ///< in the file: the instruction itself, for a return address the call
  Role role = Role::exact;       ///< never unsaid
  std::uint64_t other_size = 0;  ///< of the function in the image, if the log gives it another one: another build
  std::size_t candidates = 1;    ///< how many functions of this name and size there are
};

enum class Unresolved : std::uint8_t {
  no_such_function,  ///< the image has none of this name
  no_such_module,    ///< the log names a module that was not given
  outside,           ///< the address is in no code of any image
};

struct Resolution {
  std::optional<Resolved> found;
  Unresolved reason = Unresolved::outside;  ///< if nothing was found
  bool is_moved = false;                    ///< the image was found to be elsewhere than it was thought to be
  bool is_other_name = false;  ///< found by its address, and the image has no such name there: another build
};

class Images {
 public:
  explicit Images(LoadedImage kernel) { images_.push_back(std::move(kernel)); }
  void add(LoadedImage module) { images_.push_back(std::move(module)); }

  /// Finds the instruction by name and offset, by its address, or by both: from an address and a name is learned where
  /// the image was loaded.
  [[nodiscard]] Resolution resolve(const LoggedAddress& address);
  [[nodiscard]] std::vector<LoadedImage>& all() { return images_; }

 private:
  [[nodiscard]] LoadedImage* image_of(const LoggedAddress& address);
  [[nodiscard]] Resolution by_name(const LoggedAddress& address);
  [[nodiscard]] std::optional<Resolved> by_address(std::uint64_t address, Role role);

  std::vector<LoadedImage> images_;
};

}  // namespace surefoot::tools
