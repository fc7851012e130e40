// SPDX-License-Identifier: MIT
#include "capture.hpp"

#include <cstring>
#include <fstream>
#include <map>
#include <span>
#include <stdexcept>
#include <unordered_map>

namespace corrupt {
namespace {

// Takes values off the front. Throws where there are not enough bytes.
class Source {
 public:
  explicit Source(std::span<const std::byte> bytes) : rest_(bytes) {}
  [[nodiscard]] bool is_empty() const { return rest_.empty(); }
  std::span<const std::byte> take_bytes(std::size_t size) {
    if (size > rest_.size()) throw std::runtime_error("the file is truncated");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  template <typename T>
  T take() {
    T value;
    std::memcpy(&value, take_bytes(sizeof value).data(), sizeof value);
    return value;
  }
  template <typename T>
  std::vector<T> take_all(std::uint64_t count) {
    if (count > rest_.size() / sizeof(T)) throw std::runtime_error("the file is truncated");
    std::vector<T> values(count);
    std::memcpy(values.data(), take_bytes(count * sizeof(T)).data(), count * sizeof(T));
    return values;
  }

 private:
  std::span<const std::byte> rest_;
};

class Reader {
 public:
  std::vector<Capture> read(std::span<const std::byte> file) {
    std::vector<Capture> captures;
    for (Source source(file); !source.is_empty();) {
      const auto item = source.take<Item>();
      Source content(source.take_bytes(item.size));
      switch (item.kind) {
        case ItemKind::file: check(content.take<FileHead>()); break;
        case ItemKind::page: add_page(content, item.size - sizeof(std::uint64_t)); break;
        case ItemKind::capture: captures.push_back(read_capture(content)); break;
        default: throw std::runtime_error("an item of no known kind");
      }
    }
    return captures;
  }

 private:
  static void check(const FileHead& head) {
    if (head.magic != file_magic) throw std::runtime_error("no file of captures");
    if (head.sizes != layout_sizes) throw std::runtime_error("the kernel lays structures out otherwise");
  }

  void add_page(Source& content, std::size_t size) {
    const auto hash = content.take<std::uint64_t>();
    const auto bytes = content.take_bytes(size);
    pages_[hash] = Bytes(bytes.begin(), bytes.end());
  }

  Piece read_piece(Source& content) {
    Piece piece{.range = content.take<surefoot::AddressRange>(), .bytes = nullptr, .hash = hash_seed};
    const std::uint64_t size = piece.range.end() - piece.range.start();
    const auto hashes = content.take_all<std::uint64_t>((size + page_size - 1) / page_size);
    for (const std::uint64_t hash : hashes) piece.hash = hash_step(piece.hash, hash);
    std::shared_ptr<const Bytes>& bytes = pieces_[{piece.range.start(), piece.hash}];
    if (bytes == nullptr) {
      auto all = std::make_shared<Bytes>();
      for (const std::uint64_t hash : hashes) {
        const Bytes& page = pages_.at(hash);
        all->insert(all->end(), page.begin(), page.end());
      }
      if (all->size() != size) throw std::runtime_error("pages that do not fill their piece");
      bytes = all;
    }
    piece.bytes = bytes;
    return piece;
  }

  Capture read_capture(Source& content) {
    Capture capture;
    capture.head = content.take<CaptureHead>();
    const CaptureHead& head = capture.head;
    capture.name = std::string(head.name, strnlen(head.name, sizeof head.name));
    capture.stacks = content.take_all<surefoot::Stack>(head.own_stacks + head.cpu_stacks);
    capture.return_stacks = content.take_all<std::uint64_t>(head.return_stacks);
    for (std::uint64_t i = 0; i < head.regions; ++i) {
      CapturedRegion region;
      region.head = content.take<RegionHead>();
      region.ranges = content.take_all<surefoot::SpecialRange>(region.head.ranges);
      region.calls = content.take_all<surefoot::SpecialRange>(region.head.calls);
      region.patch_entries = content.take_all<std::uint64_t>(region.head.patch_entries);
      capture.regions.push_back(std::move(region));
    }
    for (std::uint64_t i = 0; i < head.pieces; ++i) capture.pieces.push_back(read_piece(content));
    capture.pcs = content.take_all<std::uint64_t>(head.frames);
    return capture;
  }

  std::unordered_map<std::uint64_t, Bytes> pages_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::shared_ptr<const Bytes>> pieces_;
};

}  // namespace

const Piece* Capture::find_piece(std::uint64_t address) const {
  for (const Piece& piece : pieces) {
    if (piece.range.contains(address)) return &piece;
  }
  return nullptr;
}

std::expected<std::vector<Capture>, std::string> read_captures(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::vector<char> file{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || file.empty()) return std::unexpected(path.string() + ": cannot be read, or is empty");
  try {
    return Reader().read(std::as_bytes(std::span(file)));
  } catch (const std::exception& error) {
    return std::unexpected(path.string() + ": " + error.what());
  }
}

}  // namespace corrupt
