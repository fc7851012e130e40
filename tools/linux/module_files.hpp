// SPDX-License-Identifier: MIT
//
// The files of modules: found by name, decompressed if need be, and compared with what is loaded.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "elf/image.hpp"
#include "linux/modules.hpp"

namespace surefoot::tools {

/// The files NAME.ko and NAME.ko.xz below a folder, by the name that the kernel gives a module: - is _ there. Of both,
/// the one that is not compressed.
[[nodiscard]] std::map<std::string, std::filesystem::path> find_module_files(const std::string& folder);

/// An object that may have been decompressed, and then has its bytes here.
class ModuleFile {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<ModuleFile>, std::string> open(const std::filesystem::path& path);
  [[nodiscard]] const Image& image() const { return image_; }

 private:
  ModuleFile(std::vector<std::byte> bytes, Image image) : bytes_(std::move(bytes)), image_(std::move(image)) {}
  std::vector<std::byte> bytes_;
  Image image_;
};

/// True if the code in memory is that of the file, but for what relocation and patching have changed: seven of ten
/// instructions whose opcode is not one of those that relocation changes are the same.
[[nodiscard]] bool is_its_code(VirtualMemory& memory, const LoadedModule& module, const Image& image);

}  // namespace surefoot::tools
