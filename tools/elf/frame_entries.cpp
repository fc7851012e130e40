// SPDX-License-Identifier: MIT
//
// elfutils splits the sections into entries and their fields; the addresses are decoded here.
#include "elf/frame_entries.hpp"

#include <dwarf.h>
#include <elf.h>
#include <elfutils/libdw.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "elf/byte_reader.hpp"
#include "elf/image.hpp"
#include "elf/tables.hpp"

namespace surefoot::tools {
namespace {

constexpr unsigned char elf_identification[EI_NIDENT] = {ELFMAG0,    ELFMAG1,     ELFMAG2,   ELFMAG3,
                                                         ELFCLASS64, ELFDATA2LSB, EV_CURRENT};

std::span<const std::byte> between(const std::uint8_t* begin, const std::uint8_t* end) {
  // SAFETY: elfutils points both into the section, the first not behind the second.
  return {reinterpret_cast<const std::byte*>(begin), reinterpret_cast<const std::byte*>(end)};
}

// A number as DW_EH_PE_* spells it, without what it is relative to.
std::uint64_t read_encoded_number(ByteReader& reader, unsigned format) {
  switch (format) {
    case DW_EH_PE_absptr:
    case DW_EH_PE_udata8: return reader.unsigned_number(8);
    case DW_EH_PE_uleb128: return reader.uleb128();
    case DW_EH_PE_udata2: return reader.unsigned_number(2);
    case DW_EH_PE_udata4: return reader.unsigned_number(4);
    case DW_EH_PE_sleb128: return static_cast<std::uint64_t>(reader.sleb128());
    case DW_EH_PE_sdata2: return static_cast<std::uint64_t>(reader.signed_number(2));
    case DW_EH_PE_sdata4: return static_cast<std::uint64_t>(reader.signed_number(4));
    case DW_EH_PE_signed:
    case DW_EH_PE_sdata8: return static_cast<std::uint64_t>(reader.signed_number(8));
    default: reader.fail(); return 0;
  }
}

}  // namespace

std::uint64_t read_encoded_address(ByteReader& reader, std::uint8_t encoding) {
  constexpr unsigned format_mask = 0x0f;
  const std::uint64_t place = reader.place();
  const std::uint64_t number = read_encoded_number(reader, encoding & format_mask);
  // Of code only two bases are in use. An indirect address would be in memory that only a dynamic linker fills.
  switch (encoding & ~format_mask) {
    case DW_EH_PE_absptr: return number;
    case DW_EH_PE_pcrel: return number + place;
    default: reader.fail(); return 0;
  }
}

namespace {

class SectionReader {
 public:
  SectionReader(std::span<const std::byte> bytes, std::uint64_t address, bool is_eh_frame, FrameEntries& out)
      : bytes_(bytes), address_(address), is_eh_frame_(is_eh_frame), out_(out) {
    // SAFETY: libdw only reads from the buffer.
    data_.d_buf = const_cast<std::byte*>(bytes.data());
    data_.d_type = ELF_T_BYTE;
    data_.d_size = bytes.size();
    data_.d_version = EV_CURRENT;
  }

  void read_all() {
    Dwarf_Off offset = 0;
    while (offset < bytes_.size()) {
      Dwarf_Off next = offset;
      Dwarf_CFI_Entry entry = {};
      const int result = dwarf_next_cfi(elf_identification, &data_, is_eh_frame_, offset, &next, &entry);
      if (result > 0) return;
      if (result < 0 || (!dwarf_cfi_cie_p(&entry) && !read_description(entry.fde))) ++out_.faulty;
      // The length of a broken entry may be broken too: never back.
      if (next == static_cast<Dwarf_Off>(-1) || next <= offset) return;
      offset = next;
    }
  }

 private:
  // False if it is faulty.
  bool read_description(const Dwarf_FDE& description) {
    const std::optional<std::size_t> common_index = find_common(description.CIE_pointer);
    if (!common_index) return false;
    const CommonFrameEntry& common = out_.common[*common_index];

    const std::span<const std::byte> fields = between(description.start, description.end);
    ByteReader reader(fields, address_ + offset_of(fields));
    FrameEntry entry;
    entry.common = *common_index;
    entry.is_eh_frame = is_eh_frame_;
    entry.start = read_encoded_address(reader, common.pointer_encoding);
    constexpr std::uint8_t format_mask = 0x0f;
    const std::uint64_t size = read_encoded_address(reader, common.pointer_encoding & format_mask);
    if (common.has_augmentation_data) {
      const std::uint64_t augmentation_size = reader.uleb128();
      ByteReader augmentation = reader;
      reader.skip(augmentation_size);
      if (common.lsda_encoding != DW_EH_PE_omit && augmentation_size != 0) {
        const std::uint64_t place = augmentation.place();
        ByteReader number(augmentation.rest(), place);
        // A number of 0 is no address, whatever it is relative to.
        const bool is_none = read_encoded_address(number, common.lsda_encoding & format_mask) == 0;
        const std::uint64_t area = read_encoded_address(augmentation, common.lsda_encoding);
        if (!is_none && !augmentation.has_failed()) entry.lsda = area;
      }
    }
    if (reader.has_failed() || size > ~entry.start) return false;
    entry.end = entry.start + size;
    entry.instructions = reader.rest();
    entry.instructions_address = reader.place();
    if (size != 0) out_.entries.push_back(entry);  // else of code that the linker has dropped
    return true;
  }

  std::optional<std::size_t> find_common(Dwarf_Off offset) {
    const auto [at, is_new] = common_at_.try_emplace(offset);
    if (is_new) at->second = read_common(offset);
    return at->second;
  }

  std::optional<std::size_t> read_common(Dwarf_Off offset) {
    if (offset >= bytes_.size()) return std::nullopt;
    Dwarf_Off next = 0;
    Dwarf_CFI_Entry entry = {};
    if (dwarf_next_cfi(elf_identification, &data_, is_eh_frame_, offset, &next, &entry) != 0) return std::nullopt;
    if (!dwarf_cfi_cie_p(&entry)) return std::nullopt;
    const Dwarf_CIE& cie = entry.cie;
    CommonFrameEntry common{
        .code_factor = cie.code_alignment_factor,
        .data_factor = cie.data_alignment_factor,
        .return_address_register = cie.return_address_register,
        .instructions = between(cie.initial_instructions, cie.initial_instructions_end),
    };
    if (!read_augmentation(cie, common)) return std::nullopt;
    out_.common.push_back(common);
    return out_.common.size() - 1;
  }

  // The letters say what the data hold, in their order [lsb §10.6.1.1.1].
  bool read_augmentation(const Dwarf_CIE& cie, CommonFrameEntry& common) {
    const std::string_view letters = cie.augmentation;
    if (letters.empty()) return true;
    if (letters.front() != 'z') return false;
    common.has_augmentation_data = true;
    ByteReader reader(between(cie.augmentation_data, cie.augmentation_data + cie.augmentation_data_size));
    for (const char letter : letters.substr(1)) {
      switch (letter) {
        case 'R': common.pointer_encoding = static_cast<std::uint8_t>(reader.unsigned_number(1)); break;
        case 'L': common.lsda_encoding = static_cast<std::uint8_t>(reader.unsigned_number(1)); break;
        case 'P': {
          constexpr unsigned format_mask = 0x0f;
          const auto encoding = static_cast<unsigned>(reader.unsigned_number(1));
          static_cast<void>(read_encoded_number(reader, encoding & format_mask));
          break;
        }
        case 'S': common.is_signal_frame = true; break;
        case 'B':         // return addresses are signed with the B key [aadwarf64 §4.3]
        case 'G': break;  // stack tagging
        default: return false;
      }
    }
    return !reader.has_failed();
  }

  std::size_t offset_of(std::span<const std::byte> part) const {
    return static_cast<std::size_t>(part.data() - bytes_.data());
  }

  std::span<const std::byte> bytes_;
  std::uint64_t address_;
  bool is_eh_frame_;
  FrameEntries& out_;
  Elf_Data data_ = {};
  std::map<Dwarf_Off, std::optional<std::size_t>> common_at_;
};

}  // namespace

void read_frame_entries(std::span<const std::byte> bytes, std::uint64_t address, bool is_eh_frame,
                        FrameEntries& entries) {
  SectionReader(bytes, address, is_eh_frame, entries).read_all();
}

namespace {

bool is_same(const FrameEntry& left, const FrameEntry& right) {
  return left.start == right.start && left.end == right.end && left.common == right.common &&
         std::ranges::equal(left.instructions, right.instructions);
}

// By rising start. Runs of entries that overlap, if only through others, are taken or left as one.
std::vector<FrameEntry> keep_sole(std::vector<FrameEntry> entries, std::size_t& faulty) {
  std::ranges::sort(entries, {}, [](const FrameEntry& entry) { return std::pair(entry.start, entry.end); });
  std::vector<FrameEntry> kept;
  for (auto first = entries.begin(); first != entries.end();) {
    std::uint64_t end = first->end;
    auto next = first + 1;
    for (; next != entries.end() && next->start < end; ++next) end = std::max(end, next->end);
    const bool is_sole =
        std::all_of(first + 1, next, [&first](const FrameEntry& entry) { return is_same(*first, entry); });
    if (is_sole) {
      kept.push_back(*first);
    } else {
      faulty += static_cast<std::size_t>(next - first);
    }
    first = next;
  }
  return kept;
}

// In .debug_frame linkers leave a start of 0 for functions that they have dropped. In an image that has code at 0, one
// entry may mean that: a symbol tells which, or there is only the one.
void drop_dropped(std::vector<FrameEntry>& entries, std::span<const RawSymbol> symbols) {
  const auto is_at_zero = [](const FrameEntry& entry) { return entry.start == 0 && !entry.is_eh_frame; };
  const auto count = std::ranges::count_if(entries, is_at_zero);
  const auto has_bounds = [](const RawSymbol& raw, const FrameEntry& entry) {
    return raw.symbol.is_function && raw.symbol.address == entry.start && raw.symbol.size == entry.end;
  };
  std::erase_if(entries, [&](const FrameEntry& entry) {
    if (!is_at_zero(entry)) return false;
    if (symbols.empty()) return count != 1;
    return std::ranges::none_of(symbols, [&](const RawSymbol& raw) { return has_bounds(raw, entry); });
  });
}

bool is_code_at_zero(std::span<const Section> sections) {
  return !sections.empty() && sections.front().address == 0 && sections.front().is_executable;
}

}  // namespace

void keep_sound_entries(FrameEntries& entries, std::span<const Section> sections, std::span<const RawSymbol> symbols) {
  if (is_code_at_zero(sections)) {
    drop_dropped(entries.entries, symbols);
  } else {
    std::erase_if(entries.entries, [](const FrameEntry& entry) { return entry.start == 0 && !entry.is_eh_frame; });
  }
  std::vector<FrameEntry> eh_frame;
  std::vector<FrameEntry> debug_frame;
  for (const FrameEntry& entry : entries.entries) {
    const auto above = std::ranges::upper_bound(sections, entry.start, {}, &Section::address);
    const bool is_code = above != sections.begin() && (above - 1)->is_executable &&
                         entry.end - (above - 1)->address <= (above - 1)->bytes.size();
    if (is_code && entry.start % 4 == 0) {
      (entry.is_eh_frame ? eh_frame : debug_frame).push_back(entry);
    } else {
      ++entries.faulty;
    }
  }
  eh_frame = keep_sole(std::move(eh_frame), entries.faulty);
  debug_frame = keep_sole(std::move(debug_frame), entries.faulty);
  entries.entries = eh_frame;
  for (const FrameEntry& entry : debug_frame) {
    const auto above = std::ranges::upper_bound(eh_frame, entry.start, {}, &FrameEntry::end);
    if (above == eh_frame.end() || above->start >= entry.end) entries.entries.push_back(entry);
  }
  std::ranges::sort(entries.entries, {}, &FrameEntry::start);
}

}  // namespace surefoot::tools
