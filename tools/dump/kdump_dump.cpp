// SPDX-License-Identifier: MIT
#include "dump/kdump_dump.hpp"

#include <fmt/core.h>
#include <libkdumpfile/kdumpfile.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "dump/kdump_header.hpp"
#include "dump/notes.hpp"

namespace surefoot::tools {
namespace {

struct Closer {
  void operator()(kdump_ctx_t* context) const { kdump_free(context); }
};
using Context = std::unique_ptr<kdump_ctx_t, Closer>;

// libkdumpfile's messages may have several lines.
std::string error_of(kdump_ctx_t* context, kdump_status status) {
  const char* const told = kdump_get_err(context);
  std::string text = told != nullptr ? told : kdump_strerror(status);
  std::ranges::replace_if(text, [](char c) { return c >= 0 && c < ' '; }, ' ');
  return text;
}

class KdumpMemory final : public PhysicalMemory {
 public:
  KdumpMemory(DumpFile file, Context context, std::vector<AddressRange> ranges)
      : file_(std::move(file)), context_(std::move(context)), ranges_(std::move(ranges)) {}

  [[nodiscard]] PageState read(std::uint64_t address, std::span<std::byte> into) override {
    if (address >= physical_end || into.size() > physical_end - address) return PageState::absent;
    std::size_t count = into.size();
    // The addresses of the machine: those of the kernel are the same, and need tables that it may not find.
    switch (kdump_read(context_.get(), KDUMP_MACHPHYSADDR, address, into.data(), &count)) {
      case KDUMP_OK: return PageState::present;
      case KDUMP_ERR_NODATA: return PageState::absent;
      case KDUMP_ERR_SYSTEM:
      case KDUMP_ERR_NOTIMPL:
      case KDUMP_ERR_CORRUPT:
      case KDUMP_ERR_INVALID:
      case KDUMP_ERR_NOKEY:
      case KDUMP_ERR_EOF:
      case KDUMP_ERR_BUSY:
      case KDUMP_ERR_ADDRXLAT: break;
    }
    kdump_clear_err(context_.get());
    return PageState::damaged;
  }
  [[nodiscard]] const std::vector<AddressRange>& ranges() const override { return ranges_; }

 private:
  DumpFile file_;  // open for as long as the context
  Context context_;
  std::vector<AddressRange> ranges_;
};

// What the headers tell of, as far as it is in the file.
std::vector<std::byte> read_part(const DumpFile& file, std::uint64_t at, std::uint64_t size) {
  constexpr std::uint64_t max_size = std::uint64_t{64} << 20;
  const std::uint64_t there = at < file.size() ? file.size() - at : 0;
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::min({size, there, max_size})));
  return file.read(at, bytes) ? bytes : std::vector<std::byte>();
}

void read_notes_and_text(const DumpFile& file, const KdumpHeader& header, Dump& dump) {
  read_notes(read_part(file, header.notes_at, header.notes_size), dump);
  if (!dump.vmcoreinfo.empty()) return;
  const std::vector<std::byte> text = read_part(file, header.vmcoreinfo_at, header.vmcoreinfo_size);
  read_vmcoreinfo(text, dump);
}

std::expected<std::vector<AddressRange>, std::string> find_ranges(kdump_ctx_t* context, std::uint64_t page_size) {
  kdump_attr_t attribute{};
  attribute.type = KDUMP_BITMAP;
  const kdump_status status = kdump_get_typed_attr(context, KDUMP_ATTR_FILE_PAGEMAP, &attribute);
  if (status != KDUMP_OK) return std::unexpected("a kdump file without a page map: " + error_of(context, status));
  // A hostile map has a range for every second page: those beyond the bound are made one.
  constexpr std::size_t max_ranges = std::size_t{1} << 20;
  const kdump_addr_t end_of_pages = physical_end / page_size;
  std::vector<AddressRange> ranges;
  kdump_addr_t page = 0;
  while (page < end_of_pages && kdump_bmp_find_set(attribute.val.bitmap, &page) == KDUMP_OK && page < end_of_pages) {
    const kdump_addr_t first = page;
    if (kdump_bmp_find_clear(attribute.val.bitmap, &page) != KDUMP_OK || page <= first) break;
    page = std::min(page, end_of_pages);
    std::uint64_t start = first * page_size;
    if (ranges.size() == max_ranges) {
      start = ranges.back().start();
      ranges.pop_back();
    }
    ranges.emplace_back(start, page * page_size);
  }
  return ranges;
}

// Reads the first page and the last: where the library lacks a way to decompress, or the file was cut, it shows there.
void check_pages(PhysicalMemory& memory, kdump_ctx_t* context, Dump& dump) {
  constexpr std::uint64_t size = 4096;
  std::vector<std::byte> page(size);
  const std::uint64_t last = memory.ranges().back().end() - size;
  for (const std::uint64_t address : {memory.ranges().front().start(), last}) {
    std::size_t count = size;
    const kdump_status status = kdump_read(context, KDUMP_MACHPHYSADDR, address, page.data(), &count);
    if (status == KDUMP_OK) continue;
    dump.warnings.push_back(fmt::format("the page at {:#x} cannot be read: {}", address, error_of(context, status)));
    kdump_clear_err(context);
  }
}

}  // namespace

std::expected<Dump, std::string> read_kdump_dump(DumpFile file) {
  const std::expected<KdumpHeader, std::string> header = read_kdump_header(file);
  if (!header) return std::unexpected(header.error());
  Context context(kdump_new());
  if (!context) return std::unexpected("no memory for libkdumpfile");
  // A mapped file could be cut by others while it is looked at.
  kdump_set_number_attr(context.get(), KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER);
  const kdump_status status = kdump_open_fd(context.get(), file.descriptor());
  if (status != KDUMP_OK) return std::unexpected("a kdump file, but: " + error_of(context.get(), status));
  // It takes the size of the kernel's pages, which VMCOREINFO tells, for that of the file's.
  const kdump_status sized = kdump_set_number_attr(context.get(), KDUMP_ATTR_PAGE_SIZE, header->page_size);
  if (sized != KDUMP_OK) return std::unexpected("a kdump file, but: " + error_of(context.get(), sized));
  std::expected<std::vector<AddressRange>, std::string> ranges = find_ranges(context.get(), header->page_size);
  if (!ranges) return std::unexpected(ranges.error());
  if (ranges->empty()) return std::unexpected("a kdump file without memory");
  Dump dump;
  dump.format = "kdump-compressed";
  if (header->is_incomplete) dump.warnings.emplace_back("the file is not complete: there was no room for all pages");
  read_notes_and_text(file, *header, dump);
  kdump_ctx_t* const borrowed = context.get();
  dump.memory = std::make_unique<KdumpMemory>(std::move(file), std::move(context), std::move(*ranges));
  check_pages(*dump.memory, borrowed, dump);
  return dump;
}

}  // namespace surefoot::tools
