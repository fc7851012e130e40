// SPDX-License-Identifier: MIT
#include "support/dump_builder.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace surefoot::testing {
namespace {

void append_bytes(Bytes& bytes, std::span<const std::byte> more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void append_big_endian(Bytes& bytes, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(number >> shift));
}

}  // namespace

TestFile::TestFile(std::span<const std::byte> bytes) : descriptor_(::memfd_create("dump", MFD_CLOEXEC)) {
  if (descriptor_ < 0) std::abort();
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count <= 0) std::abort();
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

TestFile::~TestFile() { ::close(descriptor_); }

std::string TestFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

Bytes pattern(std::size_t size, unsigned seed) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + i / 256 + seed * 31);
  return bytes;
}

Bytes prstatus(std::uint64_t first) {
  Bytes bytes(112);
  for (std::uint64_t i = 0; i < 34; ++i) append(bytes, first + i, 8);
  append(bytes, 1, 8);
  return bytes;
}

Bytes note(std::string_view name, std::uint32_t type, const Bytes& contents) {
  Bytes bytes;
  append(bytes, name.size() + 1, 4);
  append(bytes, contents.size(), 4);
  append(bytes, type, 4);
  append(bytes, name);
  bytes.resize((bytes.size() + 4) / 4 * 4);
  append_bytes(bytes, contents);
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

std::string vmcoreinfo_text(std::string_view more) {
  return "OSRELEASE=6.12.0-test\nPAGESIZE=4096\nSYMBOL(swapper_pg_dir)=ffff800081866000\n"
         "NUMBER(kimage_voffset)=0xffff80003fe00000\nNUMBER(TCR_EL1_T1SZ)=0x10\n" +
         std::string(more);
}

CoreBuilder& CoreBuilder::segment(Segment segment) {
  segments_.push_back(std::move(segment));
  return *this;
}

CoreBuilder& CoreBuilder::notes(Bytes notes) {
  notes_ = std::move(notes);
  return *this;
}

CoreBuilder& CoreBuilder::with_extended_count() {
  has_extended_count_ = true;
  return *this;
}

std::size_t CoreBuilder::program_header_at(std::size_t index) {
  return sizeof(Elf64_Ehdr) + index * sizeof(Elf64_Phdr);
}

Bytes CoreBuilder::build() const {
  const std::size_t count = segments_.size() + 1;
  const std::size_t sections_at = program_header_at(count);
  Elf64_Ehdr header{};
  std::ranges::copy(std::string_view(ELFMAG), header.e_ident);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_CORE;
  header.e_machine = EM_AARCH64;
  header.e_version = EV_CURRENT;
  header.e_phoff = sizeof(Elf64_Ehdr);
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = has_extended_count_ ? PN_XNUM : static_cast<Elf64_Half>(count);
  header.e_shoff = has_extended_count_ ? sections_at : 0;
  Bytes file;
  append_bytes(file, std::as_bytes(std::span(&header, 1)));
  Bytes contents;
  const std::size_t contents_at = sections_at + sizeof(Elf64_Shdr);
  const auto add = [&](std::uint32_t type, std::uint64_t address, const Bytes& bytes, std::uint64_t size_in_memory) {
    Elf64_Phdr segment{};
    segment.p_type = type;
    segment.p_offset = contents_at + contents.size();
    segment.p_paddr = address;
    segment.p_filesz = bytes.size();
    segment.p_memsz = size_in_memory;
    append_bytes(file, std::as_bytes(std::span(&segment, 1)));
    append_bytes(contents, bytes);
  };
  add(PT_NOTE, 0, notes_, 0);
  for (const Segment& segment : segments_) {
    add(PT_LOAD, segment.address, segment.bytes, std::max<std::uint64_t>(segment.size_in_memory, segment.bytes.size()));
  }
  Elf64_Shdr section{};
  section.sh_info = static_cast<Elf64_Word>(count);
  append_bytes(file, std::as_bytes(std::span(&section, 1)));
  append_bytes(file, contents);
  return file;
}

KdumpBuilder& KdumpBuilder::page(std::uint64_t number, Bytes bytes, std::uint32_t flags) {
  pages_[number] = {std::move(bytes), flags};
  return *this;
}

KdumpBuilder& KdumpBuilder::notes(Bytes notes) {
  notes_ = std::move(notes);
  return *this;
}

KdumpBuilder& KdumpBuilder::vmcoreinfo(std::string text) {
  vmcoreinfo_ = std::move(text);
  return *this;
}

KdumpBuilder& KdumpBuilder::machine(std::string name) {
  machine_ = std::move(name);
  return *this;
}

KdumpBuilder& KdumpBuilder::status(std::uint32_t status) {
  status_ = status;
  return *this;
}

Bytes KdumpBuilder::build() const {
  const std::uint64_t page_count = pages_.empty() ? 0 : pages_.rbegin()->first + 1;
  // Block 0: the header.
  Bytes file;
  append(file, "KDUMP   ");
  append(file, 6, 4);
  file.resize(12 + 4 * 65);
  append(file, machine_);
  file.resize(424);
  append(file, status_, 4);
  append(file, page_size_, 4);
  append(file, 1, 4);  // blocks of the second header
  append(file, 2, 4);  // blocks of both bitmaps
  append(file, page_count, 4);
  file.resize(460);
  append(file, 1, 4);  // CPUs
  file.resize(page_size_);
  // Block 1: the second header, then notes and text.
  const std::size_t notes_at = page_size_ + 104;
  const std::size_t text_at = notes_at + notes_.size();
  file.resize(page_size_ + 32);
  append(file, vmcoreinfo_.empty() ? 0 : text_at, 8);
  append(file, vmcoreinfo_.size(), 8);
  append(file, notes_.empty() ? 0 : notes_at, 8);
  append(file, notes_.size(), 8);
  file.resize(page_size_ + 96);
  append(file, page_count, 8);
  append_bytes(file, notes_);
  append(file, vmcoreinfo_);
  if (file.size() > 2 * page_size_) std::abort();
  // Blocks 2 and 3: what is memory, and what is in the file.
  file.resize(4 * page_size_);
  for (const auto& [number, page] : pages_) {
    for (const std::size_t map : {2U, 3U}) {
      file[map * page_size_ + number / 8] |= std::byte{1} << (number % 8);
    }
  }
  // A descriptor for each page, then the pages.
  std::uint64_t page_at = file.size() + 24 * pages_.size();
  for (const auto& [number, page] : pages_) {
    append(file, page_at, 8);
    append(file, page.bytes.size(), 4);
    append(file, page.flags, 4);
    append(file, 0, 8);
    page_at += page.bytes.size();
  }
  for (const auto& [number, page] : pages_) append_bytes(file, page.bytes);
  return file;
}

Bytes flatten(std::span<const std::byte> file, std::size_t piece_size) {
  Bytes stream;
  append(stream, "makedumpfile");
  stream.resize(16);
  append_big_endian(stream, 1);
  append_big_endian(stream, 1);
  stream.resize(4096);
  const std::size_t count = (file.size() + piece_size - 1) / piece_size;
  for (std::size_t i = count; i-- > 0;) {
    const std::span<const std::byte> piece =
        file.subspan(i * piece_size).first(std::min(piece_size, file.size() - i * piece_size));
    append_big_endian(stream, i * piece_size);
    append_big_endian(stream, piece.size());
    append_bytes(stream, piece);
  }
  append_big_endian(stream, ~std::uint64_t{0});
  append_big_endian(stream, ~std::uint64_t{0});
  return stream;
}

tools::PageState SparseMemory::read(std::uint64_t address, std::span<std::byte> into) {
  ++reads_;
  while (!into.empty()) {
    const auto page = pages_.find(address / page_size);
    if (damaged_.contains(address / page_size)) return tools::PageState::damaged;
    if (page == pages_.end()) return tools::PageState::absent;
    const auto offset = static_cast<std::size_t>(address % page_size);
    const std::size_t count = std::min(into.size(), page->second.size() - offset);
    std::ranges::copy(std::span(page->second).subspan(offset, count), into.begin());
    address += count;
    into = into.subspan(count);
  }
  return tools::PageState::present;
}

void SparseMemory::write(std::uint64_t address, std::span<const std::byte> bytes) {
  const std::size_t pages = pages_.size();
  for (const std::byte byte : bytes) {
    Bytes& page = pages_[address / page_size];
    page.resize(page_size);
    page[address % page_size] = byte;
    ++address;
  }
  if (pages_.size() != pages) is_changed_ = true;
}

void SparseMemory::write_word(std::uint64_t address, std::uint64_t word) {
  Bytes bytes;
  append(bytes, word, 8);
  write(address, bytes);
}

void SparseMemory::forget(std::uint64_t address) {
  pages_.erase(address / page_size);
  is_changed_ = true;
}

const std::vector<AddressRange>& SparseMemory::ranges() const {
  if (!std::exchange(is_changed_, false)) return ranges_;
  ranges_.clear();
  for (const auto& [number, page] : pages_) ranges_.emplace_back(number * page_size, (number + 1) * page_size);
  return ranges_;
}

TableBuilder::TableBuilder(SparseMemory& memory, const tools::PageTables& tables, unsigned levels)
    : memory_(&memory),
      tables_(tables),
      levels_(levels),
      next_table_(tables.root + (std::uint64_t{1} << tables.page_bits)) {}

std::uint64_t TableBuilder::encoded(std::uint64_t physical) const {
  const std::uint64_t upper_bits = physical >> 48;
  const std::uint64_t lower = physical & 0xffff'ffff'ffff;
  if (tables_.page_bits == 16) return lower | upper_bits << 12;
  if (!tables_.has_52_bit_descriptors) return lower;
  return lower | (upper_bits & 3) << 48 | upper_bits >> 2 << 8;
}

std::uint64_t TableBuilder::descriptor_place(std::uint64_t address, int level) {
  const std::uint64_t used = address & ((std::uint64_t{1} << tables_.address_bits) - 1);
  const unsigned bits = tables_.page_bits - 3;
  std::uint64_t table = tables_.root;
  for (int at = 4 - static_cast<int>(levels_);; ++at) {
    const unsigned shift = tables_.page_bits + static_cast<unsigned>(3 - at) * bits;
    const std::uint64_t place = table + (used >> shift) % (std::uint64_t{1} << bits) * 8;
    if (at == level) return place;
    const auto [known, is_new] = table_of_.try_emplace(place, next_table_);
    if (is_new) {
      next_table_ += std::uint64_t{1} << tables_.page_bits;
      memory_->write_word(place, encoded(known->second) | 3);
    }
    table = known->second;
  }
}

void TableBuilder::map(std::uint64_t address, std::uint64_t physical, int level, std::uint64_t attributes) {
  const std::uint64_t type = level == 3 ? 3 : 1;
  memory_->write_word(descriptor_place(address, level), encoded(physical) | attributes | type);
}

}  // namespace surefoot::testing
