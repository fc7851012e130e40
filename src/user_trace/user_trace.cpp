// SPDX-License-Identifier: MIT
//
// The walk of a user program's frame records. Nothing here is believed: a record is taken if it is where one may be.
#include "surefoot/user_trace.hpp"

#include "surefoot/config.hpp"
#include "surefoot/records.hpp"

namespace surefoot {
namespace {

// What ends the trace before the record at `at` is read, or chain_end if nothing does. `low` is the end of what was
// read already.
UserStop check(const UserThread& thread, std::uint64_t at, std::uint64_t low) noexcept {
  if (at % sizeof(std::uint64_t) != 0) return UserStop::misaligned_record;          // a garbage fp
  if (!thread.stack.contains(at, sizeof(FrameRecord))) return UserStop::off_stack;  // a read elsewhere
  if (at < low) return UserStop::not_above_previous;                                // a cycle
  return UserStop::chain_end;
}

bool read(const ForeignMemory& memory, std::uint64_t address, std::uint64_t& word) noexcept {
  return memory.read != nullptr && memory.read(memory.object, address, &word);
}

}  // namespace

UserTrace walk_user(const UserSpace& space, const UserThread& thread, std::span<std::uint64_t> pcs) noexcept {
  std::size_t count = 0;
  const auto end = [&](UserStop stop, std::uint64_t at) noexcept { return UserTrace{pcs.first(count), stop, at}; };

  std::uint64_t pc = thread.pc;
  std::uint64_t at = space.tags.strip(thread.fp);
  std::uint64_t low = space.tags.strip(thread.sp);
  while (true) {  // each turn stores a pc, or is the last
    if (!space.addresses.contains(pc)) return end(UserStop::not_user_code, pc);
    if (count == pcs.size()) return end(UserStop::truncated, at);
    pcs[count++] = pc;
    if (at == 0) return end(UserStop::chain_end, 0);
    if (const UserStop stop = check(thread, at, low); stop != UserStop::chain_end) return end(stop, at);
    std::uint64_t next = 0;
    if (!read(space.memory, at + SUREFOOT_FRAME_RECORD_OFFSET_LR, pc)) {
      return end(UserStop::unreadable, at + SUREFOOT_FRAME_RECORD_OFFSET_LR);
    }
    if (!read(space.memory, at, next)) return end(UserStop::unreadable, at);
    if (pc == 0) return end(UserStop::chain_end, at);
    pc = space.pac.strip(pc);
    low = at + sizeof(FrameRecord);
    at = space.tags.strip(next);
  }
}

}  // namespace surefoot
