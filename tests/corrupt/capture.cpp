// SPDX-License-Identifier: MIT
//
// Stands in the place of surefoot::walk() in a kernel: writes what the walk is about to see, walks, and writes what it
// found. Any kernel will do that links this, and is run where the file may be written.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/interrupt_mask.hpp"
#include "console/console.hpp"
#include "corrupt/format.hpp"
#include "corrupt/host_file.hpp"
#include "corrupt/tables.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/surefoot.hpp"
#include "walks/linked_tables.hpp"

extern "C" {
std::uint64_t corrupt_walk_caller[13];
}

#define CORRUPT_STRING_OF(symbol) #symbol
#define CORRUPT_REAL(symbol) CORRUPT_STRING_OF(__real_##symbol)
#define CORRUPT_REAL_OF(symbol) CORRUPT_REAL(symbol)

namespace corrupt {

using surefoot::Frame;
using surefoot::Kernel;
using surefoot::Policy;
using surefoot::Start;
using surefoot::Task;
using surefoot::Trace;

// What the hook stands in the place of.
Trace real_walk(const Start& start, const Kernel& kernel, const Task& task, std::span<Frame> frames,
                Policy policy) noexcept asm(CORRUPT_REAL_OF(CORRUPT_WALK));
// What the hook goes on in.
Trace corrupt_walk(const Start& start, const Kernel& kernel, const Task& task, std::span<Frame> frames,
                   Policy policy) noexcept asm("corrupt_walk");

namespace {

using surefoot::AddressRange;
using surefoot::Region;
using surefoot::ReturnStack;
using surefoot::SpecialRanges;

constexpr std::size_t most_pieces = 48;
constexpr std::size_t most_pages = std::size_t{1} << 13;

constinit HostFile file{};
constinit bool is_usable = true;
constinit std::uint64_t walks = 0;
constinit const char* task_name = nullptr;
constinit std::uint64_t of_task = 0;
// Not on the stack that is captured, of which little may be left.
constinit CaptureHead head{};
constinit RegionHead region_head{};
constinit std::array<AddressRange, most_pieces> pieces{};
constinit std::size_t piece_count = 0;
// Of the pages of all pieces: what a walk itself uses of the stacks changes.
constinit std::array<std::uint64_t, 1024> hashes{};
constinit std::size_t hash_count = 0;
// The hashes of the pages that are in the file, by their low bits. One that is driven out is written again.
constinit std::array<std::uint64_t, most_pages> written{};

void write(const void* bytes, std::size_t size) noexcept {
  if (!is_usable || file.write(bytes, size)) return;
  is_usable = false;
  kernel::console::print("corrupt: the file cannot be written\n");
}

template <typename T>
void write(const T& value) noexcept {
  write(&value, sizeof value);
}

const std::byte* bytes_at(std::uint64_t address) noexcept {
  // SAFETY: of the kernel's own stacks, code and tables, which are mapped.
  return reinterpret_cast<const std::byte*>(address);
}

std::size_t page_of(const AddressRange& piece, std::uint64_t at) noexcept {
  const std::uint64_t left = piece.end() - at;
  return left < page_size ? left : page_size;
}

std::uint64_t hash_of(std::uint64_t address, std::size_t size) noexcept {
  std::uint64_t hash = hash_seed;
  for (std::size_t i = 0; i < size; i += 8) {
    std::uint64_t word = 0;
    __builtin_memcpy(&word, bytes_at(address + i), size - i < 8 ? size - i : 8);
    hash = hash_step(hash, word);
  }
  return hash;
}

// Writes those of its pages that are not in the file.
void add_piece(const AddressRange& piece) noexcept {
  if (piece.is_empty()) return;
  if (piece_count == most_pieces) is_usable = false;
  if (!is_usable) return;
  pieces[piece_count++] = piece;
  for (std::uint64_t at = piece.start(); at < piece.end(); at += page_size) {
    const std::size_t size = page_of(piece, at);
    const std::uint64_t hash = hash_of(at, size);
    if (hash_count == hashes.size()) is_usable = false;
    if (!is_usable) return;
    hashes[hash_count++] = hash;
    std::uint64_t& place = written[hash % most_pages];
    if (place == hash) continue;
    place = hash;
    write(Item{ItemKind::page, sizeof hash + size});
    write(hash);
    write(bytes_at(at), size);
  }
}

AddressRange object_at(const void* object, std::size_t size) noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(object);
  return {start, start + size};
}

void make_region_head(const Region& region) noexcept {
  const FrameTablePlace table = find_frame_table(region);
  region_head = {.text = region.text,
                 .has_ranges = region.special_ranges.is_valid(),
                 .ranges = region.special_ranges.size(),
                 .has_calls = region.calls_without_record.is_valid(),
                 .calls = region.calls_without_record.size(),
                 .frame_table = table.bytes,
                 .frame_table_address = table.address,
                 .patch_entries = 0,
                 .patch_start = 0,
                 .patch_end = 0};
  const std::span<const std::uint64_t> entries = kernel::walks::patch_entries();
  if (entries.empty() || !region.patch_sites.contains(entries[0])) return;
  region_head.patch_entries = entries.size();
  if (region.patch_sites.contains(entries[0] - 4)) region_head.patch_start = 0 - std::uint64_t{4};
  region_head.patch_end = region.patch_sites.contains(entries[0] + 8) ? 12 : 8;
}

void write_ranges(const SpecialRanges& ranges) noexcept {
  for (std::size_t i = 0; i < ranges.size(); ++i) write(ranges[i]);
}

void write_region(const Region& region) noexcept {
  make_region_head(region);
  write(region_head);
  write_ranges(region.special_ranges);
  write_ranges(region.calls_without_record);
  if (region_head.patch_entries != 0) write(kernel::walks::patch_entries().data(), region_head.patch_entries * 8);
}

std::uint64_t size_of_region(const Region& region) noexcept {
  make_region_head(region);
  return sizeof region_head + (region_head.ranges + region_head.calls) * sizeof(surefoot::SpecialRange) +
         region_head.patch_entries * 8;
}

void make_head(const Start& start, const Kernel& kernel, const Task& task) noexcept {
  head = {};
  const char* const name = kernel::sched::current().name;
  for (std::size_t i = 0; name != nullptr && name[i] != '\0' && i + 1 < sizeof head.name; ++i) head.name[i] = name[i];
  head.kind = static_cast<std::uint64_t>(start.kind());
  head.registers = start.registers();
  head.frame_at = start.frame_at();
  if (start.activity() != nullptr) {
    head.switches = start.activity()->load();
    // They lie below the registers in this kernel's TaskContext.
    head.context_at = reinterpret_cast<std::uintptr_t>(&start.registers()) - 10 * sizeof(std::uint64_t);
  }
  __builtin_memcpy(head.caller, corrupt_walk_caller, sizeof head.caller);
  head.exception = kernel.exception();
  head.pac_bits = kernel.pac().bits();
  head.tag_bits = kernel.tags().bits();
  head.final_record_at = task.final_record_at;
  head.own_stacks = task.stacks.size();
  head.cpu_stacks = task.cpu_stacks.size();
  head.return_stacks = task.return_stacks.size();
  head.regions = kernel.code().regions().size();
}

void add_pieces(const Kernel& kernel, const Task& task) noexcept {
  piece_count = 0;
  hash_count = 0;
  for (const surefoot::Stack& stack : task.stacks) add_piece(stack.range);
  for (const surefoot::Stack& stack : task.cpu_stacks) add_piece(stack.range);
  for (const ReturnStack* const stack : task.return_stacks) {
    add_piece(object_at(stack, sizeof *stack));
    if (stack->capacity() != 0) {
      add_piece(object_at(&stack->slot(0), stack->capacity() * sizeof(surefoot::ReturnEntry)));
    }
  }
  for (const Region& region : kernel.code().regions()) {
    add_piece(region.text);
    add_piece(find_frame_table(region).bytes);
  }
  if (head.context_at != 0) add_piece({head.context_at, head.context_at + 13 * sizeof(std::uint64_t)});
}

void write_capture(const Kernel& kernel, const Task& task, const Trace& trace) noexcept {
  head.pieces = piece_count;
  head.frames = trace.frames.size();
  head.policy = static_cast<std::uint64_t>(trace.verdict.policy);
  head.verdict = trace.verdict;
  std::uint64_t size = sizeof head + (head.own_stacks + head.cpu_stacks) * sizeof(surefoot::Stack) +
                       head.return_stacks * 8 + head.frames * 8;
  for (const Region& region : kernel.code().regions()) size += size_of_region(region);
  size += piece_count * sizeof(AddressRange) + hash_count * 8;
  write(Item{ItemKind::capture, size});
  write(head);
  for (const surefoot::Stack& stack : task.stacks) write(stack);
  for (const surefoot::Stack& stack : task.cpu_stacks) write(stack);
  for (const ReturnStack* const stack : task.return_stacks) write(reinterpret_cast<std::uintptr_t>(stack));
  for (const Region& region : kernel.code().regions()) write_region(region);
  std::size_t next = 0;
  for (std::size_t i = 0; i != piece_count; ++i) {
    write(pieces[i]);
    const std::size_t pages = (pieces[i].end() - pieces[i].start() + page_size - 1) / page_size;
    write(&hashes[next], pages * 8);
    next += pages;
  }
  for (const Frame& frame : trace.frames) write(frame.pc);
}

// True if this walk is one of those that are captured: not too many of one task, which may walk again and again.
bool is_wanted() noexcept {
  if (walks++ % CORRUPT_CAPTURE_EVERY != 0 || !is_usable) return false;
  const char* const name = kernel::sched::current().name;
  of_task = name == task_name ? of_task + 1 : 0;
  task_name = name;
  if (of_task >= CORRUPT_MOST_OF_TASK) return false;
  if (file.is_open()) return true;
  is_usable = file.open(file_name);
  write(Item{ItemKind::file, sizeof(FileHead)});
  write(FileHead{file_magic, layout_sizes});
  return is_usable;
}

}  // namespace

Trace corrupt_walk(const Start& start, const Kernel& kernel, const Task& task, std::span<Frame> frames,
                   Policy policy) noexcept {
  if (!is_wanted()) return real_walk(start, kernel, task, frames, policy);
  // An interrupt handler that walks would write into the middle of the capture.
  const kernel::InterruptsMasked masked;
  make_head(start, kernel, task);
  head.frame_room = frames.size();
  add_pieces(kernel, task);
  const Trace trace = real_walk(start, kernel, task, frames, policy);
  write_capture(kernel, task, trace);
  return trace;
}

}  // namespace corrupt
