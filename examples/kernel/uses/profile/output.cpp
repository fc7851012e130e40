// SPDX-License-Identifier: MIT
#include "uses/profile/output.hpp"

#include "console/console.hpp"

namespace profile {

using surefoot::profile::max_description_size;
using surefoot::profile::write_line;

void Output::write(std::span<const std::byte> records) noexcept {
  bytes_ += records.size();
  if (file_.is_open()) {
    is_good_ = file_.write(records) && is_good_;
    return;
  }
  // A record a line.
  kernel::console::print(std::span<const char>(write_line(records, line_)));
}

void Output::header(std::uint64_t ticks_per_second, std::uint64_t base) noexcept {
  write(surefoot::profile::write_header(ticks_per_second, base, room_));
}

void Output::region(const surefoot::profile::StreamRegion& region) noexcept {
  write(surefoot::profile::write_region(region, room_));
}

void Output::drain(surefoot::profile::Sampler& sampler) noexcept {
  if (file_.is_open()) {
    sampler.drain(room_, [this](std::span<const std::byte> records) noexcept { write(records); });
    return;
  }
  for (auto record = sampler.take(room_); !record.empty(); record = sampler.take(room_)) write(record);
}

void Output::counters(std::uint32_t cpu, const surefoot::profile::Counters& counters) noexcept {
  write(surefoot::profile::write_counters(cpu, counters, room_));
}

bool Output::close() noexcept { return (!file_.is_open() || file_.close()) && is_good_; }

}  // namespace profile
