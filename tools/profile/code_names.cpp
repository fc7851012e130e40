// SPDX-License-Identifier: MIT
#include "profile/code_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "elf/name.hpp"
#include "surefoot/profile_format.hpp"

namespace surefoot::tools {
namespace {

// Where the code of an image begins.
std::uint64_t first_code(const Image& image) {
  for (const Section& section : image.sections()) {
    if (section.is_executable) return section.address;
  }
  return 0;
}

std::uint64_t checksum(std::span<const std::byte> bytes) {
  std::uint64_t sum = profile::checksum_start;
  for (const std::byte byte : bytes) sum = profile::add_to_checksum(sum, std::to_integer<std::uint8_t>(byte));
  return sum;
}

std::optional<std::uint64_t> parse_address(std::string_view text) {
  const bool is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (is_hexadecimal) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, is_hexadecimal ? 16 : 10);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::expected<ModuleFile, std::string> parse_module(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return std::unexpected("a module is NAME=FILE or NAME=FILE@ADDRESS");
  }
  ModuleFile module{.name = text.substr(0, equals), .file = text.substr(equals + 1), .address = std::nullopt};
  // A file's name may have an @: only an address behind the last one is taken off.
  const std::size_t at = module.file.rfind('@');
  if (at == std::string::npos || at == 0) return module;
  module.address = parse_address(std::string_view(module.file).substr(at + 1));
  if (module.address) module.file.resize(at);
  return module;
}

std::expected<CodeNames, std::string> CodeNames::make(const Profile& profile, const Image& image) {
  CodeNames names(profile);
  if (profile.regions.empty()) {
    names.bindings_.push_back({.size = ~std::uint64_t{0}, .image = &image, .owner = Owner::image, .prefix = {}});
    return names;
  }
  const ProfiledRegion& region = profile.regions.front();
  // An image that was moved as a whole is told by the checksum: it is the same code elsewhere.
  Binding binding{.start = region.start, .size = region.size, .image = &image, .owner = Owner::image, .prefix = {}};
  if (image.read(region.start, 1).empty()) binding.bias = region.start - first_code(image);
  const std::expected<void, std::string> bound = names.bind(region, binding);
  if (!bound) return std::unexpected(bound.error());
  return names;
}

std::expected<void, std::string> CodeNames::bind(const ProfiledRegion& region, Binding binding) {
  const std::string what = fmt::format("{} at {:#x}", region.name.empty() ? "a region" : region.name, region.start);
  if (region.checked_size != 0) {
    const auto code = binding.image->read(region.checked_start - binding.bias, region.checked_size);
    if (code.empty()) return std::unexpected("not the file that was profiled: it has no code for " + what);
    // What a loader relocates differs from place to place.
    if (!binding.image->is_relocatable() && checksum(code) != region.checksum) {
      return std::unexpected("not the file that was profiled: the checksum of its code is not that of " + what);
    }
  }
  binding_of_[&region] = bindings_.size();
  bindings_.push_back(std::move(binding));
  return {};
}

std::expected<void, std::string> CodeNames::add_module(const ModuleFile& module, const Image& image) {
  bool is_bound = false;
  const std::uint64_t code = first_code(image);
  for (const ProfiledRegion& region : profile_->regions) {
    if (region.name != module.name || (module.address && *module.address != region.start)) continue;
    const std::expected<void, std::string> bound = bind(region, {.start = region.start,
                                                                 .size = region.size,
                                                                 .bias = region.start - code,
                                                                 .image = &image,
                                                                 .owner = Owner::module,
                                                                 .prefix = module.name + '!'});
    if (!bound) return bound;
    is_bound = true;
  }
  if (is_bound) return {};
  if (!module.address) return std::unexpected("the profile names no module " + module.name + ": give its address");
  std::uint64_t end = code;
  for (const Section& section : image.sections()) {
    if (section.is_executable) end = std::max(end, section.address + section.size);
  }
  bindings_.push_back({.start = *module.address,
                       .size = end - code,
                       .bias = *module.address - code,
                       .image = &image,
                       .owner = Owner::module,
                       .prefix = module.name + '!'});
  return {};
}

CodeName CodeNames::look_up(std::uint64_t address, const Binding* binding) const {
  if (binding == nullptr) return {.name = fmt::format("{:#x}", address), .owner = Owner::nobody};
  const Function* const function = binding->image->find_function(address - binding->bias);
  if (function == nullptr || function->name.empty()) {
    return {.name = fmt::format("{}{:#x}", binding->prefix, address), .owner = binding->owner};
  }
  return {.name = binding->prefix + printable_name(without_parameters(demangle(function->name))),
          .owner = binding->owner};
}

const CodeName& CodeNames::find(std::uint64_t address, std::size_t sample) {
  const ProfiledRegion* const region = profile_->find_region(address, sample);
  const std::pair<const void*, std::uint64_t> key(region, address);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const Binding* binding = nullptr;
  if (const auto bound = binding_of_.find(region); region != nullptr && bound != binding_of_.end()) {
    binding = &bindings_[bound->second];
  } else if (region == nullptr) {
    for (const Binding& candidate : bindings_) {
      if (address - candidate.start < candidate.size) binding = &candidate;  // a module after the image
    }
  }
  return known_.emplace(key, look_up(address, binding)).first->second;
}

std::string without_parameters(const std::string& name) {
  // From the end, so that (anonymous namespace) and a function type in an argument of a template stay.
  const std::size_t close = name.rfind(')');
  if (close == std::string::npos) return name;
  // Behind the parameters, only words such as const, or [clone .cold].
  const std::string_view behind = std::string_view(name).substr(close + 1);
  if (!behind.empty() && behind.front() != ' ' && behind.front() != '[' && behind.front() != '&') return name;
  std::size_t depth = 0;
  for (std::size_t at = close + 1; at-- != 0;) {
    if (name[at] == ')') ++depth;
    if (name[at] == '(' && --depth == 0) {
      const std::string_view before = std::string_view(name).substr(0, at);
      if (before.empty() || before.ends_with("operator") || before.ends_with("::")) return name;
      return std::string(before);
    }
  }
  return name;
}

}  // namespace surefoot::tools
