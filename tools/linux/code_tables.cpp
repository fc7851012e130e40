// SPDX-License-Identifier: MIT
#include "linux/code_tables.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "elf/sparse_file.hpp"
#include "linux/cache_file.hpp"
#include "tables/frames.hpp"
#include "tables/object_tables.hpp"

namespace surefoot::tools {
namespace {

AddressRange range_of(const Section& section) { return {section.address, section.address + section.size}; }

// The parts of the image's code, without their tables.
std::vector<PartTables> parts_of(const Image& image) {
  std::vector<PartTables> parts;
  for (const Section& section : image.sections()) {
    if (!section.is_executable) continue;
    const AddressRange code = range_of(section);
    if (image.is_relocatable()) {
      parts.push_back({.section = section.name, .code = code, .frames = {}, .calls_without_record = {}});
    } else if (parts.empty()) {
      parts.push_back({.section = "", .code = code, .frames = {}, .calls_without_record = {}});
    } else {
      parts.front().code = {parts.front().code.start(), code.end()};  // sections are by rising address
    }
  }
  return parts;
}

std::expected<std::vector<PartTables>, std::string> derive(const Image& image, const Work& work) {
  std::expected<Frames, std::string> frames = derive_frames(image, {}, work);
  if (!frames) return std::unexpected(frames.error());
  std::vector<PartTables> parts = parts_of(image);
  if (!image.is_relocatable()) {
    PartTables& whole = parts.front();  // an image without code is not opened
    whole.frames = std::move(frames->section.bytes);
    whole.frames_at = frames->address;
    whole.calls_without_record = std::move(frames->calls.ranges);
  } else {
    std::size_t next = 0;
    for (const Section& section : image.sections()) {
      if (!section.is_executable) continue;
      std::expected<SectionTables, std::string> made = make_section_tables(section, *frames);
      if (!made) return std::unexpected(made.error());
      PartTables& part = parts[next++];
      part.frames = std::move(made->frames.bytes);
      part.frames_at = frames->address;
      part.calls_without_record = std::move(made->calls);
    }
  }
  if (!std::ranges::all_of(parts, is_sound)) return std::unexpected("the tables of its code are not sound");
  return parts;
}

// True if the tables are about the image's own code.
bool is_about(const std::vector<PartTables>& parts, const Image& image) {
  return std::ranges::equal(parts, parts_of(image), [](const PartTables& one, const PartTables& other) {
    return one.section == other.section && one.code.start() == other.code.start() && one.code.end() == other.code.end();
  });
}

// Puts the bytes into the file in one step: whoever reads it at the same time has the old ones or the new ones. Empty,
// or why it cannot be done.
std::string replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return error.message();
  std::string temporary = path.string() + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return std::strerror(errno);
  int failure = 0;
  while (!bytes.empty() && failure == 0) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) failure = errno;
    if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  if (::close(file) != 0 && failure == 0) failure = errno;
  if (failure == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) failure = errno;
  if (failure == 0) return {};
  ::unlink(temporary.c_str());
  return std::strerror(failure);
}

}  // namespace

std::expected<CodeTables, std::string> code_tables_of(const Image& image, const std::string& cache_folder,
                                                      const Work& work) {
  const std::optional<std::string> build_id = build_id_of(image);
  const std::optional<std::string> program = build_id_of_this_program();
  if (cache_folder.empty() || !build_id || !program) {
    auto parts = derive(image, work);
    if (!parts) return std::unexpected(parts.error());
    return CodeTables{.parts = std::move(*parts)};
  }
  const std::filesystem::path path = std::filesystem::path(cache_folder) / "code-tables" / *build_id;
  // Files that differ may have one build id: a stripped one, or one that was made to look like another.
  const std::uint64_t fingerprint = fingerprint_of(image, *program);
  if (const auto file = SparseFile::read(path)) {
    auto parts = read_cache_file(file->bytes(), fingerprint);
    if (parts && is_about(*parts, image)) return CodeTables{.parts = std::move(*parts), .is_from_cache = true};
  }
  auto parts = derive(image, work);
  if (!parts) return std::unexpected(parts.error());
  CodeTables tables{.parts = std::move(*parts)};
  const std::string problem = replace_file(path, write_cache_file(tables.parts, fingerprint));
  if (!problem.empty()) {
    tables.warnings.push_back(fmt::format("the tables cannot be kept in {}: {}", path.string(), problem));
  }
  return tables;
}

std::string default_cache_folder() {
  // A relative path there is to be ignored, says the specification.
  if (const char* const caches = std::getenv("XDG_CACHE_HOME"); caches != nullptr && *caches == '/') {
    return std::string(caches) + "/surefoot";
  }
  if (const char* const home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::string(home) + "/.cache/surefoot";
  }
  return {};
}

}  // namespace surefoot::tools
