// SPDX-License-Identifier: MIT
#include "uses/profile/samplers.hpp"

#include <array>

#include "arch/cpu.hpp"
#include "arch/interrupts.hpp"
#include "console/console.hpp"
#include "devices/generic_timer.hpp"
#include "memory/linker_symbols.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"
#include "walks/code_maps.hpp"
#include "walks/description.hpp"

namespace profile {
namespace {

namespace timer = kernel::generic_timer;
using kernel::console::print;
using surefoot::profile::Counters;
using surefoot::profile::Sampler;

constexpr std::size_t ring_size = 16'384;
// So many samples of a CPU, and it is time to drain: far less than a ring holds.
constexpr std::uint64_t samples_a_turn = 64;

// Of each CPU. The sampler is on cache lines of its own.
struct alignas(64) Place {
  Sampler sampler;
  std::array<surefoot::Frame, most_frames> frames;
  std::array<std::byte, ring_size> ring;
};
constinit std::array<Place, kernel::cpu::most> places{};
constinit Sampling chosen{};
constinit kernel::Task* drainer = nullptr;
constinit bool is_sampling = false;

void sample(kernel::ExceptionFrame& frame) noexcept {
  const kernel::walks::WalkScope scope;
  Sampler& sampler = places[kernel::cpu::index()].sampler;
  sampler.sample({.time = timer::now(), .task = kernel::sched::current().index},
                 surefoot::Start::exception_at(reinterpret_cast<std::uintptr_t>(&frame)),
                 kernel::walks::description().described(), kernel::walks::at(frame), chosen.policy);
  if (sampler.counters().recorded % samples_a_turn == 0) kernel::sched::wake(*drainer);
}

// Nothing interrupts it: interrupts are masked in a handler.
void on_timer(kernel::ExceptionFrame& frame) noexcept {
  timer::arm(__atomic_load_n(&chosen.ticks, __ATOMIC_RELAXED));
  if (__atomic_load_n(&is_sampling, __ATOMIC_ACQUIRE)) sample(frame);
  kernel::sched::request_preemption();
}

void print_counters(const Counters& counters) noexcept {
  print("recorded=", counters.recorded, " reliable=", counters.reliable, " el0=", counters.outside,
        " full=", counters.full, " nested=", counters.nested);
  for (std::size_t i = 0; i != counters.stops.size(); ++i) {
    if (counters.stops[i] == 0) continue;
    print(" stop_", to_string(static_cast<surefoot::StopReason>(i)), "=", counters.stops[i]);
  }
  print("\n");
}

void add(Counters& sum, const Counters& counters) noexcept {
  sum.recorded += counters.recorded;
  sum.reliable += counters.reliable;
  sum.outside += counters.outside;
  sum.full += counters.full;
  sum.nested += counters.nested;
  for (std::size_t i = 0; i != sum.stops.size(); ++i) sum.stops[i] += counters.stops[i];
}

std::span<Place> running_places() noexcept { return std::span(places).first(kernel::smp::count()); }

}  // namespace

bool start_sampling(const Sampling& sampling) noexcept {
  chosen = sampling;
  drainer = &kernel::sched::current();
  std::uint32_t cpu = 0;
  for (Place& place : running_places()) {
    const auto prepared = place.sampler.prepare({.cpu = cpu++,
                                                 .base = kernel::image::text().start(),
                                                 .ring = place.ring,
                                                 .frames = std::span(place.frames).first(sampling.frames)});
    if (prepared) continue;
    print("profile: ", to_string(prepared.error().code), "\n");
    return false;
  }
  __atomic_store_n(&is_sampling, true, __ATOMIC_RELEASE);
  kernel::smp::call_on_all([](std::uint64_t) {
    kernel::interrupts::set_handler(timer::interrupt_id, on_timer);
    timer::arm(chosen.ticks);
  });
  return true;
}

void stop_sampling() noexcept {
  __atomic_store_n(&is_sampling, false, __ATOMIC_RELEASE);
  kernel::smp::call_on_others([](std::uint64_t) {});  // no handler samples any more
}

void drain(Output& output) noexcept {
  for (Place& place : running_places()) output.drain(place.sampler);
}

std::uint64_t samples_so_far() noexcept {
  std::uint64_t samples = 0;
  for (const Place& place : running_places()) {
    const Counters counters = place.sampler.counters();
    samples += counters.recorded + counters.full + counters.nested;
  }
  return samples;
}

void report(Output& output) noexcept {
  Counters sum;
  for (const Place& place : running_places()) {
    const Counters counters = place.sampler.counters();
    output.counters(place.sampler.cpu(), counters);
    print("profile: cpu=", place.sampler.cpu(), " ");
    print_counters(counters);
    add(sum, counters);
  }
  print("profile: all ");
  print_counters(sum);
}

}  // namespace profile
