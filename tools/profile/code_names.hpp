// SPDX-License-Identifier: MIT
//
// The names of sampled code: which file each region of a profile was loaded from, whether it is that file, and what
// function an address is in.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "elf/image.hpp"
#include "profile/stream.hpp"

namespace surefoot::tools {

/// A module as the user names it: NAME=FILE or NAME=FILE@ADDRESS.
struct ModuleFile {
  std::string name;
  std::string file;
  std::optional<std::uint64_t> address;  ///< of its code; where it is left out, the stream has to say
};

/// What --module says, or what is wrong with it.
[[nodiscard]] std::expected<ModuleFile, std::string> parse_module(const std::string& text);

/// Whose code a frame is.
enum class Owner : std::uint8_t { image, module, nobody };

struct CodeName {
  std::string name;  ///< of the function, in C++ without its parameters; an address where there is no name
  Owner owner = Owner::nobody;
};

class CodeNames {
 public:
  /// Binds the image to the first region of the profile, and checks that it is the code that ran; if there is no
  /// region, it is taken as it was linked. The images and the profile must outlive it.
  [[nodiscard]] static std::expected<CodeNames, std::string> make(const Profile& profile, const Image& image);

  /// Binds a module to the regions of its name, or to its address. An error if neither is there, or if it is not the
  /// code that ran.
  [[nodiscard]] std::expected<void, std::string> add_module(const ModuleFile& module, const Image& image);

  /// The function of an address in a sample, by its place in Profile::samples.
  [[nodiscard]] const CodeName& find(std::uint64_t address, std::size_t sample);

 private:
  // Code at [start, start + size) of the profile is at `start - bias` in the image.
  struct Binding {
    std::uint64_t start = 0;
    std::uint64_t size = 0;
    std::uint64_t bias = 0;
    const Image* image = nullptr;
    Owner owner = Owner::nobody;
    std::string prefix;
  };
  explicit CodeNames(const Profile& profile) : profile_(&profile) {}
  [[nodiscard]] std::expected<void, std::string> bind(const ProfiledRegion& region, Binding binding);
  [[nodiscard]] CodeName look_up(std::uint64_t address, const Binding* binding) const;

  const Profile* profile_;
  std::vector<Binding> bindings_;
  std::map<const ProfiledRegion*, std::size_t> binding_of_;          // index in bindings_
  std::map<std::pair<const void*, std::uint64_t>, CodeName> known_;  // by region, or null, and address
};

/// A name in C++ without the parameters and what is behind them.
[[nodiscard]] std::string without_parameters(const std::string& name);

}  // namespace surefoot::tools
