// SPDX-License-Identifier: MIT
//
// Builds dumps in memory, right or wrong: files of each format, and the memory of a machine with translation tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dump/dump.hpp"
#include "dump/page_tables.hpp"
#include "dump/physical_memory.hpp"
#include "support/elf_builder.hpp"

namespace surefoot::testing {

/// A file without a name in any folder. Its path is good for as long as it lives.
class TestFile {
 public:
  explicit TestFile(std::span<const std::byte> bytes);
  TestFile(const TestFile&) = delete;
  TestFile& operator=(const TestFile&) = delete;
  ~TestFile();
  [[nodiscard]] std::string path() const;

 private:
  int descriptor_;
};

/// So many bytes, each made of its place and the seed, so that no two pages are alike.
[[nodiscard]] Bytes pattern(std::size_t size, unsigned seed);

/// The contents of a note NT_PRSTATUS: x0 is `first`, x1 the next number, up to sp, pc and pstate.
[[nodiscard]] Bytes prstatus(std::uint64_t first);
/// A note as in a file.
[[nodiscard]] Bytes note(std::string_view name, std::uint32_t type, const Bytes& contents);
/// A VMCOREINFO text with what a reader of page tables needs.
[[nodiscard]] std::string vmcoreinfo_text(std::string_view more = {});

/// A core file: the header, the program headers, the notes, the contents of the segments.
class CoreBuilder {
 public:
  struct Segment {
    std::uint64_t address = 0;
    Bytes bytes = {};
    std::uint64_t size_in_memory = 0;  ///< 0: that of the bytes
  };
  CoreBuilder& segment(Segment segment);
  CoreBuilder& notes(Bytes notes);
  /// The number of program headers stands in section 0.
  CoreBuilder& with_extended_count();
  [[nodiscard]] Bytes build() const;
  /// Where the nth program header is: the notes' is the first.
  [[nodiscard]] static std::size_t program_header_at(std::size_t index);

 private:
  std::vector<Segment> segments_;
  Bytes notes_;
  bool has_extended_count_ = false;
};

/// A kdump file of version 6 with pages that are not compressed.
class KdumpBuilder {
 public:
  explicit KdumpBuilder(std::size_t page_size = 4096) : page_size_(page_size) {}
  KdumpBuilder& page(std::uint64_t number, Bytes bytes, std::uint32_t flags = 0);
  KdumpBuilder& notes(Bytes notes);
  KdumpBuilder& vmcoreinfo(std::string text);
  KdumpBuilder& machine(std::string name);
  KdumpBuilder& status(std::uint32_t status);
  [[nodiscard]] Bytes build() const;

 private:
  struct Page {
    Bytes bytes;
    std::uint32_t flags = 0;
  };
  std::size_t page_size_;
  std::map<std::uint64_t, Page> pages_;
  Bytes notes_;
  std::string vmcoreinfo_;
  std::string machine_ = "aarch64";
  std::uint32_t status_ = 0;
};

/// makedumpfile's flattened form of a file, in pieces of so many bytes, the last first.
[[nodiscard]] Bytes flatten(std::span<const std::byte> file, std::size_t piece_size);

/// Memory of which only the pages that were written are there. Counts what it is asked for.
class SparseMemory final : public tools::PhysicalMemory {
 public:
  static constexpr std::uint64_t page_size = 4096;
  [[nodiscard]] tools::PageState read(std::uint64_t address, std::span<std::byte> into) override;
  [[nodiscard]] const std::vector<AddressRange>& ranges() const override;

  void write(std::uint64_t address, std::span<const std::byte> bytes);
  void write(std::uint64_t address, std::string_view text) { write(address, std::as_bytes(std::span(text))); }
  void write_word(std::uint64_t address, std::uint64_t word);
  void damage(std::uint64_t address) { damaged_[address / page_size] = true; }
  void forget(std::uint64_t address);
  [[nodiscard]] std::size_t reads() const { return reads_; }

 private:
  std::map<std::uint64_t, Bytes> pages_;
  std::map<std::uint64_t, bool> damaged_;
  mutable std::vector<AddressRange> ranges_;  // made when asked for
  mutable bool is_changed_ = false;
  std::size_t reads_ = 0;
};

/// Translation tables in such a memory. The number of levels is told to it, so that what it builds is no echo of the
/// reader's arithmetic.
class TableBuilder {
 public:
  /// Tables lie one behind the other from `tables.root`.
  TableBuilder(SparseMemory& memory, const tools::PageTables& tables, unsigned levels);
  /// A descriptor at the level (the last one is 3) that leads to `physical`, with tables above it. At level 3 it is a
  /// page's, above it a block's.
  void map(std::uint64_t address, std::uint64_t physical, int level = 3, std::uint64_t attributes = 0);
  /// Where the descriptor of the level is that map() writes for the address.
  [[nodiscard]] std::uint64_t descriptor_place(std::uint64_t address, int level);
  /// A descriptor's bits for an output address.
  [[nodiscard]] std::uint64_t encoded(std::uint64_t physical) const;

 private:
  SparseMemory* memory_;
  tools::PageTables tables_;
  unsigned levels_;
  std::uint64_t next_table_;
  std::map<std::uint64_t, std::uint64_t> table_of_;  // the place of a table descriptor: the table that it leads to
};

}  // namespace surefoot::testing
