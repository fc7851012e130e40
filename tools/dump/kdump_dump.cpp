// SPDX-License-Identifier: MIT
#include "dump/kdump_dump.hpp"

#include <fmt/core.h>
#include <libkdumpfile/kdumpfile.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

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

std::optional<kdump_num_t> number_of(kdump_ctx_t* context, const char* key) {
  kdump_num_t number = 0;
  if (kdump_get_number_attr(context, key, &number) == KDUMP_OK) return number;
  kdump_clear_err(context);
  return std::nullopt;
}

// The contents of a blob, copied.
std::vector<std::byte> blob_of(kdump_ctx_t* context, const std::string& key) {
  kdump_attr_t attribute{};
  attribute.type = KDUMP_BLOB;
  if (kdump_get_typed_attr(context, key.c_str(), &attribute) != KDUMP_OK) {
    kdump_clear_err(context);
    return {};
  }
  kdump_blob_t* const blob = attribute.val.blob;
  const auto* const bytes = static_cast<const std::byte*>(kdump_blob_pin(blob));
  std::vector<std::byte> copy;
  if (bytes != nullptr) copy.assign(bytes, bytes + kdump_blob_size(blob));
  kdump_blob_unpin(blob);
  return copy;
}

std::string find_text(kdump_ctx_t* context) {
  char* raw = nullptr;
  if (kdump_vmcoreinfo_raw(context, &raw) != KDUMP_OK) {
    kdump_clear_err(context);
    return {};
  }
  std::string text(raw);
  std::free(raw);
  return text;
}

std::vector<CpuState> find_cpus(kdump_ctx_t* context) {
  constexpr kdump_num_t max_cpus = 65536;
  const kdump_num_t count = std::min(number_of(context, KDUMP_ATTR_NUM_CPUS).value_or(0), max_cpus);
  std::vector<CpuState> cpus;
  for (kdump_num_t i = 0; i < count; ++i) {
    const std::vector<std::byte> note = blob_of(context, fmt::format("cpu.{}.PRSTATUS", i));
    if (const std::optional<CpuState> state = cpu_state_of(note)) cpus.push_back(*state);
  }
  return cpus;
}

std::expected<std::vector<AddressRange>, std::string> find_ranges(kdump_ctx_t* context) {
  const kdump_num_t page_size = number_of(context, KDUMP_ATTR_PAGE_SIZE).value_or(0);
  if (page_size < 4096 || page_size > 65536) {
    return std::unexpected(fmt::format("a kdump file with pages of {} bytes", page_size));
  }
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
  Context context(kdump_new());
  if (!context) return std::unexpected("no memory for libkdumpfile");
  // A mapped file could be cut by others while it is looked at.
  kdump_set_number_attr(context.get(), KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER);
  const kdump_status status = kdump_open_fd(context.get(), file.descriptor());
  if (status != KDUMP_OK) return std::unexpected("a kdump file, but: " + error_of(context.get(), status));
  const char* architecture = nullptr;
  if (kdump_get_string_attr(context.get(), KDUMP_ATTR_ARCH_NAME, &architecture) != KDUMP_OK) {
    return std::unexpected("a kdump file that does not tell its architecture");
  }
  if (std::string_view(architecture) != KDUMP_ARCH_AARCH64) {
    return std::unexpected(fmt::format("a kdump file of another architecture ({})", architecture));
  }
  std::expected<std::vector<AddressRange>, std::string> ranges = find_ranges(context.get());
  if (!ranges) return std::unexpected(ranges.error());
  if (ranges->empty()) return std::unexpected("a kdump file without memory");
  Dump dump;
  dump.format = "kdump-compressed";
  dump.vmcoreinfo = find_text(context.get());
  dump.cpus = find_cpus(context.get());
  kdump_ctx_t* const borrowed = context.get();
  dump.memory = std::make_unique<KdumpMemory>(std::move(file), std::move(context), std::move(*ranges));
  check_pages(*dump.memory, borrowed, dump);
  return dump;
}

}  // namespace surefoot::tools
