// SPDX-License-Identifier: MIT
//
// Profiles tasks that work in different ways, on all CPUs.
//
//   [--samples N] [--hertz N] [--frames N] [--strict] [--file PATH]
#include "boot/run.hpp"

#include <array>
#include <cstdint>
#include <span>

#include "boot/command_line.hpp"
#include "console/console.hpp"
#include "devices/generic_timer.hpp"
#include "memory/linker_symbols.hpp"
#include "modules/loader.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"
#include "uses/profile/output.hpp"
#include "uses/profile/samplers.hpp"
#include "uses/profile/work.hpp"
#include "walks/description.hpp"
#include "walks/linked_tables.hpp"

namespace profile {
namespace {

namespace console = kernel::console;
namespace timer = kernel::generic_timer;
using kernel::is_word;
using surefoot::profile::checksum;

struct Options {
  std::uint64_t samples = 4'000;
  std::uint64_t hertz = 1'000;
  std::uint64_t frames = most_frames;
  bool is_strict = false;
  std::array<char, 1024> path{};
  std::size_t path_size = 0;  // with its zero; 0 for none
};

bool read_number(std::span<const char> word, std::uint64_t& number) noexcept {
  number = 0;
  for (const char digit : word) {
    if (digit < '0' || digit > '9') return false;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return !word.empty() && word.size() < 10 && number != 0;
}

bool read_path(std::span<const char> word, Options& options) noexcept {
  if (word.empty() || word.size() >= options.path.size()) return false;
  for (std::size_t i = 0; i != word.size(); ++i) options.path[i] = word[i];
  options.path_size = word.size() + 1;
  return true;
}

bool read(kernel::CommandLine& line, Options& options) noexcept {
  if (!line.is_complete()) return false;
  for (std::span<const char> word = line.next(); !word.empty(); word = line.next()) {
    bool is_known = false;
    if (is_word(word, "--samples")) is_known = read_number(line.next(), options.samples);
    if (is_word(word, "--hertz")) is_known = read_number(line.next(), options.hertz);
    if (is_word(word, "--frames")) is_known = read_number(line.next(), options.frames);
    if (is_word(word, "--file")) is_known = read_path(line.next(), options);
    if (is_word(word, "--strict")) is_known = options.is_strict = true;
    if (!is_known) return false;
  }
  return options.hertz <= 100'000 && options.frames <= most_frames;
}

constinit Output output{};

void describe_stream(std::uint64_t image_checksum, const kernel::modules::Module& module) noexcept {
  const surefoot::AddressRange text = kernel::image::text();
  output.header(timer::frequency(), text.start());
  output.region({.name = "kernel", .text = text, .checked = text, .checksum = image_checksum});
  output.region(
      {.name = "early", .text = module.text(), .checked = module.text(), .checksum = checksum(module.text())});
}

int profile(const Options& options, std::uint64_t image_checksum) noexcept {
  const kernel::modules::Module* const module = kernel::modules::load(kernel::modules::early_file());
  if (module == nullptr) return 1;
  kernel::smp::synchronize_instructions();
  if (options.path_size != 0 && !output.open(std::span(options.path).first(options.path_size))) {
    console::print("profile: the file cannot be written\n");
    return 1;
  }
  describe_stream(image_checksum, *module);
  const Sampling sampling{.ticks = static_cast<std::uint32_t>(timer::frequency() / options.hertz),
                          .policy = options.is_strict ? surefoot::Policy::strict : surefoot::Policy::exact,
                          .frames = static_cast<std::uint32_t>(options.frames)};
  if (!start_work(*module) || !start_sampling(sampling)) return 1;
  while (samples_so_far() < options.samples) {
    kernel::sched::block();
    drain(output);
  }
  stop_sampling();
  drain(output);
  end_work();
  report(output);
  const bool is_written = output.close();
  console::print("profile: ", samples_so_far(), " samples on ", kernel::smp::count(), " CPUs, ", output.bytes(),
                 " bytes: ", is_written ? "written" : "NOT WRITTEN", "\n");
  return is_written ? 0 : 1;
}

}  // namespace
}  // namespace profile

int kernel::run() noexcept {
  CommandLine line;
  ::profile::Options options;
  if (!::profile::read(line, options)) {
    console::print("profile: not a command line that can be used\n");
    return 2;
  }
  // Of the text as it was linked: tracing is about to change it.
  const std::uint64_t image_checksum = surefoot::profile::checksum(image::text());
  if (!walks::initialize_tracing() || !walks::initialize() || !modules::initialize()) return 1;
  smp::start_others();
  return ::profile::profile(options, image_checksum);
}
