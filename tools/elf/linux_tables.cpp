// SPDX-License-Identifier: MIT
#include "elf/linux_tables.hpp"

#include <fmt/core.h>

#include <optional>
#include <span>
#include <string_view>

#include "elf/byte_reader.hpp"

namespace surefoot::tools {
namespace {

struct Table {
  std::uint64_t address = 0;
  std::span<const std::byte> bytes;
};

// A table is a section, or what is between two symbols.
struct TableName {
  std::string_view section;
  std::string_view start;
  std::string_view end;
};

constexpr TableName fixup_table{"__ex_table", "__start___ex_table", "__stop___ex_table"};
constexpr TableName key_table{"__jump_table", "__start___jump_table", "__stop___jump_table"};
constexpr TableName alternative_table{".altinstructions", "__alt_instructions", "__alt_instructions_end"};
constexpr TableName bug_table{"__bug_table", "__start___bug_table", "__stop___bug_table"};
constexpr TableName initcall_table{".initcall.init", "__initcall_start", "__initcall_end"};
constexpr std::string_view pointer_arrays[] = {".preinit_array", ".init_array", ".fini_array", ".ctors", ".dtors"};
constexpr std::string_view export_tables[] = {"__ksymtab", "__ksymtab_gpl"};

constexpr std::uint16_t is_warning = 1;  // of the flags in __bug_table

class Reader {
 public:
  explicit Reader(const Image& image) : image_(image) {}

  LinuxTables read() {
    // Two forms of each: the one that kernels have today, and the one that they had, or have when built to be small.
    read_table(fixup_table, {12, 8}, [this](ByteReader& entry, std::size_t) {
      const std::uint64_t from = relative(entry);
      return keep(tables_.fixups, {from, relative(entry)});
    });
    read_table(key_table, {16}, [this](ByteReader& entry, std::size_t) {
      const std::uint64_t from = relative(entry);
      return keep(tables_.static_keys, {from, relative(entry)});
    });
    read_table(bug_table, {12, 8}, [this](ByteReader& entry, std::size_t size) {
      const std::uint64_t at = relative(entry);
      entry.skip(size == 12 ? 6 : 0);  // the file and the line
      const std::uint64_t flags = entry.unsigned_number(2);
      if (!is_break(at)) return false;
      ((flags & is_warning) != 0 ? tables_.warnings : tables_.bugs).push_back(at);
      return true;
    });
    read_table(alternative_table, {12}, [this](ByteReader& entry, std::size_t) { return take_alternative(entry); });
    read_entered();
    return std::move(tables_);
  }

 private:
  [[nodiscard]] std::optional<Table> find(const TableName& name) const {
    if (const Section* section = image_.find_section(name.section)) return Table{section->address, section->bytes};
    const Symbol* start = image_.find_symbol(name.start);
    const Symbol* end = image_.find_symbol(name.end);
    if (start == nullptr || end == nullptr || start->address >= end->address) return {};
    return Table{start->address, image_.read(start->address, end->address - start->address)};
  }

  // Gives each entry to `take`, which says whether it understands it. If not, the next size is tried.
  template <typename Take>
  void read_table(const TableName& name, std::initializer_list<std::size_t> sizes, Take take) {
    const std::optional<Table> table = find(name);
    if (!table || table->bytes.empty()) return;
    for (const std::size_t size : sizes) {
      const LinuxTables before = tables_;
      if (table->bytes.size() % size == 0 && take_all(*table, size, take)) return;
      tables_ = before;
    }
    tables_.faults.push_back(fmt::format("{} at {:#x} is not understood", name.section, table->address));
  }

  template <typename Take>
  static bool take_all(const Table& table, std::size_t size, Take take) {
    for (std::size_t at = 0; at < table.bytes.size(); at += size) {
      ByteReader entry(table.bytes.subspan(at, size), table.address + at);
      if (!take(entry, size) || entry.has_failed()) return false;
    }
    return true;
  }

  // An address that is stored as its distance from its own place.
  static std::uint64_t relative(ByteReader& entry) {
    const std::uint64_t place = entry.place();
    return place + static_cast<std::uint64_t>(entry.signed_number(4));
  }

  [[nodiscard]] bool is_code(std::uint64_t address) const {
    return address % 4 == 0 && image_.instruction_at(address).has_value();
  }

  [[nodiscard]] bool is_break(std::uint64_t address) const {
    if (!is_code(address)) return false;
    const std::uint32_t word = *image_.instruction_at(address);
    return (word & 0xffe0001f) == 0xd4200000;
  }

  bool keep(std::vector<LinuxTables::Pair>& pairs, const LinuxTables::Pair& pair) const {
    if (!is_code(pair.from) || !is_code(pair.to)) return false;
    pairs.push_back(pair);
    return true;
  }

  // Without a replacement the kernel makes the code by a function of its own; what that does is not told.
  bool take_alternative(ByteReader& entry) {
    const std::uint64_t start = relative(entry);
    const std::uint64_t replacement = relative(entry);
    entry.skip(2);
    const auto bytes = static_cast<unsigned>(entry.unsigned_number(1));
    const auto replacement_bytes = static_cast<unsigned>(entry.unsigned_number(1));
    if (!is_code(start) || bytes % 4 != 0) return false;
    if (replacement_bytes == 0) return true;
    if (replacement_bytes != bytes) return false;
    for (unsigned offset = 0; offset < bytes; offset += 4) {
      if (!is_code(start + offset) || !is_code(replacement + offset)) return false;
    }
    tables_.alternatives.push_back({start, replacement, bytes});
    return true;
  }

  void read_entered() {
    for (const Section& section : image_.sections()) {
      for (const std::string_view name : pointer_arrays) {
        // With a priority behind the name as well.
        const bool is_array = section.name == name || section.name.starts_with(std::string(name) + ".");
        if (is_array) take_addresses({section.address, section.bytes}, 8, false);
      }
      for (const std::string_view name : export_tables) {
        if (section.name == name) take_addresses({section.address, section.bytes}, 12, true);
      }
    }
    if (const std::optional<Table> calls = find(initcall_table)) take_addresses(*calls, 4, true);
  }

  // The addresses at the start of each entry, whole or relative. Those of no code are something else: the ends of
  // lists, exported data.
  void take_addresses(const Table& table, std::size_t size, bool is_relative) {
    for (std::size_t at = 0; table.bytes.size() - at >= size; at += size) {
      ByteReader entry(table.bytes.subspan(at, size), table.address + at);
      const std::uint64_t address = is_relative ? relative(entry) : entry.unsigned_number(8);
      if (is_code(address)) tables_.entered.push_back(address);
    }
  }

  const Image& image_;
  LinuxTables tables_;
};

}  // namespace

LinuxTables read_linux_tables(const Image& image) { return Reader(image).read(); }

}  // namespace surefoot::tools
