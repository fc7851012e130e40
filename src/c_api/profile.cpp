// SPDX-License-Identifier: MIT
//
// The profiler, from C. Refers to surefoot::profile.
#include "surefoot/profile.hpp"

#include <new>

#include "kernel.hpp"
#include "same_values.hpp"
#include "surefoot/c/profile.h"
#include "view.hpp"

using namespace surefoot;
using namespace surefoot::profile;
using detail::as_policy;
using detail::change_language;
using detail::is_made;
using detail::name_of;
using detail::pack;
using detail::view_as;

namespace {

SUREFOOT_SAME_LAYOUT(surefoot_sampler, Sampler);
static_assert(std::is_trivially_destructible_v<Sampler>);
SUREFOOT_SAME_LAYOUT(surefoot_profile_counters, Counters);
SUREFOOT_SAME_MEMBER(surefoot_profile_counters, recorded, Counters, recorded);
SUREFOOT_SAME_MEMBER(surefoot_profile_counters, reliable, Counters, reliable);
SUREFOOT_SAME_MEMBER(surefoot_profile_counters, outside, Counters, outside);
SUREFOOT_SAME_MEMBER(surefoot_profile_counters, full, Counters, full);
SUREFOOT_SAME_MEMBER(surefoot_profile_counters, nested, Counters, nested);
SUREFOOT_SAME_MEMBER(surefoot_profile_counters, stops, Counters, stops);
static_assert(surefoot_max_sample_frames == max_sample_frames && surefoot_max_region_name == max_region_name &&
              surefoot_max_profile_description_size == max_description_size);

[[maybe_unused]] constexpr void prove(Outcome value) noexcept {
  constexpr unsigned count = surefoot_sample_outcome_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_sample_, Outcome, recorded);
    SUREFOOT_SAME_VALUE(surefoot_sample_, Outcome, full);
    SUREFOOT_SAME_VALUE(surefoot_sample_, Outcome, nested);
  }
}
static_assert(surefoot_sample_outcome_count == outcome_count);

[[maybe_unused]] constexpr void prove(SetupFault value) noexcept {
  constexpr unsigned count = surefoot_sampler_fault_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_sampler_, SetupFault, ring_size);
    SUREFOOT_SAME_VALUE(surefoot_sampler_, SetupFault, ring_too_small);
    SUREFOOT_SAME_VALUE(surefoot_sampler_, SetupFault, frame_count);
  }
}
static_assert(surefoot_sampler_fault_count == setup_fault_count);

std::span<std::byte> bytes_at(void* room, std::size_t size) noexcept { return {static_cast<std::byte*>(room), size}; }

// Made anew, and not viewed: a range that wraps round holds nothing.
AddressRange unpack(surefoot_range range) noexcept { return {range.start, range.start + range.size}; }

// What was written is seen by C.
template <typename Element>
std::size_t size_of(std::span<const Element> written) noexcept {
  change_language();
  return written.size();
}

}  // namespace

bool surefoot_prepare_sampler(surefoot_sampler* sampler, const surefoot_sampler_setup* setup, surefoot_error* error) {
  const auto prepared =
      view_as<Sampler>(sampler)->prepare({.cpu = setup->cpu,
                                          .base = setup->base,
                                          .ring = bytes_at(setup->ring, setup->ring_size),
                                          .frames = {view_as<Frame>(setup->frames), setup->frame_count}});
  change_language();
  if (!prepared && error != nullptr) *error = {static_cast<std::uint32_t>(prepared.error().code), 0};
  return prepared.has_value();
}

std::uint8_t surefoot_sample(surefoot_sampler* sampler, std::uint64_t time, std::uint64_t task_id,
                             const surefoot_start* start, const surefoot_kernel* kernel, const surefoot_task* task) {
  return surefoot_sample_by_policy(sampler, time, task_id, start, kernel, task,
                                   static_cast<std::uint8_t>(view_as<const Kernel>(kernel)->policy()));
}

std::uint8_t surefoot_sample_by_policy(surefoot_sampler* sampler, std::uint64_t time, std::uint64_t task_id,
                                       const surefoot_start* start, const surefoot_kernel* kernel,
                                       const surefoot_task* task, std::uint8_t policy) {
  const auto sample = [&](const Kernel& made) {
    return view_as<Sampler>(sampler)->sample({.time = time, .task = task_id}, *view_as<const Start>(start), made,
                                             *view_as<const Task>(task), as_policy(policy));
  };
  const auto* const made = view_as<const Kernel>(kernel);
  Outcome outcome = Outcome::full;
  if (is_made(*made) && is_made(made->code())) {
    outcome = sample(*made);
  } else {
    // As a walk does by a kernel that was not made: frames are found, and are unreliable.
    const CodeMap code;
    outcome = sample(*Kernel::make({.code = &code}));
  }
  change_language();
  return static_cast<std::uint8_t>(outcome);
}

std::size_t surefoot_take_sample(surefoot_sampler* sampler, void* room, std::size_t size) {
  return size_of(view_as<Sampler>(sampler)->take(bytes_at(room, size)));
}

std::uint64_t surefoot_sampler_pending(const surefoot_sampler* sampler) {
  return view_as<const Sampler>(sampler)->pending();
}

surefoot_profile_counters surefoot_sampler_counters(const surefoot_sampler* sampler) {
  return pack<surefoot_profile_counters>(view_as<const Sampler>(sampler)->counters());
}

std::uint64_t surefoot_profile_checksum(surefoot_range range) { return checksum(unpack(range)); }

std::size_t surefoot_write_profile_header(std::uint64_t ticks_per_second, std::uint64_t base, void* room,
                                          std::size_t size) {
  return size_of(write_header(ticks_per_second, base, bytes_at(room, size)));
}

std::size_t surefoot_write_profile_region(const surefoot_profile_region* region, void* room, std::size_t size) {
  return size_of(write_region({.name = region->name,
                               .text = unpack(region->text),
                               .checked = unpack(region->checked),
                               .checksum = region->checksum},
                              bytes_at(room, size)));
}

std::size_t surefoot_write_profile_counters(std::uint32_t cpu, const surefoot_profile_counters* counters, void* room,
                                            std::size_t size) {
  return size_of(write_counters(cpu, *view_as<const Counters>(counters), bytes_at(room, size)));
}

std::size_t surefoot_write_profile_line(const void* record, std::size_t record_size, char* line,
                                        std::size_t line_size) {
  return size_of(write_line({static_cast<const std::byte*>(record), record_size}, {line, line_size}));
}

const char* surefoot_sample_outcome_name(std::uint32_t outcome) {
  return name_of<Outcome>(outcome, surefoot_sample_outcome_count);
}
const char* surefoot_sampler_fault_name(std::uint32_t code) {
  return name_of<SetupFault>(code, surefoot_sampler_fault_count);
}
