// SPDX-License-Identifier: MIT
#include "linux/cache_file.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "elf/byte_reader.hpp"
#include "elf/frame_entries.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::tools {
namespace {

constexpr std::uint64_t magic = 0x31'73'65'6c'62'61'74'00;  // "tables1", the first byte 0: no other file begins so
constexpr std::size_t checksum_at = 4 * sizeof(std::uint64_t);
constexpr std::size_t header_size = 5 * sizeof(std::uint64_t);
constexpr std::uint64_t range_size = 2 * sizeof(std::uint64_t);

// Tells damage and mistakes, not malice: FNV-1a over words, with the high half mixed in.
class Sum {
 public:
  void add(std::uint64_t word) {
    constexpr std::uint64_t prime = 0x100'0000'01b3;
    value_ = (value_ ^ word) * prime;
    value_ ^= value_ >> 32;
  }
  void add(std::span<const std::byte> bytes) {
    add(bytes.size());
    for (; bytes.size() >= sizeof(std::uint64_t); bytes = bytes.subspan(sizeof(std::uint64_t))) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data(), sizeof word);
      add(word);
    }
    std::uint64_t rest = 0;
    if (!bytes.empty()) std::memcpy(&rest, bytes.data(), bytes.size());
    add(rest);
  }
  void add(std::string_view text) { add(std::as_bytes(std::span(text))); }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf2'9ce4'8422'2325;
};

std::uint64_t sum_of(std::span<const std::byte> bytes) {
  Sum sum;
  sum.add(bytes);
  return sum.value();
}

class Writer {
 public:
  void add(std::uint64_t number) {
    static_assert(std::endian::native == std::endian::little);
    const auto bytes = std::as_bytes(std::span(&number, 1));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void add(std::span<const std::byte> bytes) {
    add(bytes.size());
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

std::uint64_t read_number(ByteReader& reader) { return reader.unsigned_number(sizeof(std::uint64_t)); }

// Empty, and the reader has failed, if there are not so many bytes.
std::span<const std::byte> read_bytes(ByteReader& reader) {
  const std::uint64_t size = read_number(reader);
  const std::span<const std::byte> rest = reader.rest();
  reader.skip(size);
  return reader.has_failed() ? std::span<const std::byte>() : rest.first(static_cast<std::size_t>(size));
}

PartTables read_part(ByteReader& reader) {
  PartTables part;
  const std::span<const std::byte> name = read_bytes(reader);
  part.section.resize(name.size());
  if (!name.empty()) std::memcpy(part.section.data(), name.data(), name.size());
  const std::uint64_t start = read_number(reader);
  const std::uint64_t end = read_number(reader);
  part.code = {start, end};
  part.frames_at = read_number(reader);
  const std::span<const std::byte> frames = read_bytes(reader);
  part.frames.assign(frames.begin(), frames.end());
  const std::uint64_t count = read_number(reader);
  if (count > reader.rest().size() / range_size) reader.fail();
  for (std::uint64_t i = 0; i < count && !reader.has_failed(); ++i) {
    const std::uint64_t range_start = read_number(reader);
    part.calls_without_record.emplace_back(range_start, read_number(reader));
  }
  return part;
}

}  // namespace

std::vector<std::byte> write_cache_file(const std::vector<PartTables>& parts, std::uint64_t fingerprint) {
  Writer writer;
  writer.add(magic);
  writer.add(cache_file_version);
  writer.add(fingerprint);
  writer.add(parts.size());
  writer.add(0);  // the checksum of what follows
  for (const PartTables& part : parts) {
    writer.add(std::as_bytes(std::span(part.section)));
    writer.add(part.code.start());
    writer.add(part.code.end());
    writer.add(part.frames_at);
    writer.add(part.frames);
    writer.add(part.calls_without_record.size());
    for (const AddressRange& range : part.calls_without_record) {
      writer.add(range.start());
      writer.add(range.end());
    }
  }
  std::vector<std::byte> bytes = writer.take();
  seal_cache_file(bytes);
  return bytes;
}

void seal_cache_file(std::span<std::byte> bytes) {
  if (bytes.size() < header_size) return;
  const std::uint64_t checksum = sum_of(bytes.subspan(header_size));
  std::memcpy(bytes.data() + checksum_at, &checksum, sizeof checksum);
}

std::optional<std::vector<PartTables>> read_cache_file(std::span<const std::byte> bytes, std::uint64_t fingerprint) {
  ByteReader reader(bytes);
  const bool is_ours =
      read_number(reader) == magic && read_number(reader) == cache_file_version && read_number(reader) == fingerprint;
  const std::uint64_t count = read_number(reader);
  const std::uint64_t checksum = read_number(reader);
  if (!is_ours || reader.has_failed() || sum_of(reader.rest()) != checksum) return std::nullopt;
  std::vector<PartTables> parts;
  while (parts.size() < count && !reader.has_failed()) {
    parts.push_back(read_part(reader));
    if (!reader.has_failed() && !is_sound(parts.back())) return std::nullopt;
  }
  if (reader.has_failed() || !reader.is_at_end()) return std::nullopt;
  return parts;
}

bool is_sound(const PartTables& part) {
  if (!FrameTable::make(part.frames, part.frames_at)) return false;
  std::uint64_t end = part.code.start();
  for (const AddressRange& range : part.calls_without_record) {
    const std::uint64_t size = range.end() - range.start();
    if (range.is_empty() || range.start() < end || !part.code.contains(range.start(), size)) return false;
    end = range.end();
  }
  return true;
}

std::uint64_t fingerprint_of(const Image& image, const std::string& program) {
  Sum sum;
  sum.add(program);
  sum.add(image.is_relocatable() ? 1U : 0U);
  for (const Section& section : image.sections()) {
    sum.add(section.name);
    sum.add(section.address);
    sum.add(section.size);
    sum.add(section.bytes);
  }
  for (const Function& function : image.functions()) {
    sum.add(function.name);
    sum.add(function.start);
    sum.add(function.end);
  }
  for (const FrameEntry& entry : image.frame_entries().entries) {
    sum.add(entry.start);
    sum.add(entry.end);
  }
  return sum.value();
}

}  // namespace surefoot::tools
