// SPDX-License-Identifier: MIT
//
// Code tables as the bytes of a file. Whatever such bytes are, only sound tables come out of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "linux/code_tables.hpp"

namespace surefoot::tools {

/// To be raised with every change of the format.
inline constexpr std::uint32_t cache_file_version = 1;

/// `fingerprint` is that of the image that the tables are of, and of the program that derives them.
[[nodiscard]] std::vector<std::byte> write_cache_file(const std::vector<PartTables>& parts, std::uint64_t fingerprint);

/// Puts the checksum right of what write_cache_file() has begun, or a test has changed. Nothing if the bytes have no
/// header.
void seal_cache_file(std::span<std::byte> bytes);

/// Empty if they are damaged, of another version, image or program, or not what the library takes.
[[nodiscard]] std::optional<std::vector<PartTables>> read_cache_file(std::span<const std::byte> bytes,
                                                                     std::uint64_t fingerprint);

/// True if the library takes the frames, and the ranges are sorted, apart and inside of the code.
[[nodiscard]] bool is_sound(const PartTables& part);

/// Of all that is loaded of an image, and of its functions, which tables are derived from; and of the program, by its
/// build id: the next one may derive other tables from the same code.
[[nodiscard]] std::uint64_t fingerprint_of(const Image& image, const std::string& program);

}  // namespace surefoot::tools
