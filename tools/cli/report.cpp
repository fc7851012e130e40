// SPDX-License-Identifier: MIT
#include "cli/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

constexpr std::int64_t milliseconds_before_first_line = 500;
constexpr std::int64_t milliseconds_between_lines = 100;

std::int64_t now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void print_error(std::string_view subject, std::string_view reason) {
  fmt::print(stderr, "surefoot: {}: {}\n", printable_name(subject), printable_name(reason));
}

ExitCode print(std::string_view text) {
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (is_written) return ExitCode::ok;
  print_error("standard output", "cannot be written");
  return ExitCode::failed;
}

ExitCode write_file(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.close();
  if (file) return ExitCode::ok;
  print_error(path, "cannot be written");
  return ExitCode::failed;
}

std::string hex(std::uint64_t address) { return fmt::format("{:#x}", address); }

Progress::Progress(std::string_view who, bool is_wanted)
    : who_(who),
      is_shown_(is_wanted && isatty(STDERR_FILENO) == 1),
      next_at_(is_shown_ ? now() + milliseconds_before_first_line : 0) {}

Progress::~Progress() {
  if (has_line_) fmt::print(stderr, "\r\033[K");
}

void Progress::reach(std::string_view what, std::size_t done, std::size_t all) {
  if (!is_shown_ || now() < next_at_) return;
  fmt::print(stderr, "\r{}: {} of {} {}\033[K", who_, done, all, what);
  std::fflush(stderr);
  has_line_ = true;
  next_at_ = now() + milliseconds_between_lines;
}

void add_color_option(CLI::App& command, std::string& color) {
  command.add_option("--color", color, "always, never or auto (the default): on a terminal, unless NO_COLOR is set")
      ->option_text("WHEN")
      ->check(CLI::IsMember({"always", "never", "auto"}));
}

// NO_COLOR counts if it is set to anything (no-color.org).
bool wants_colour(const std::string& color) {
  if (color != "auto") return color == "always";
  const char* const no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

void add_jobs_option(CLI::App& command, unsigned& jobs) {
  constexpr unsigned max_jobs = 256;
  jobs = std::clamp(std::thread::hardware_concurrency(), 1U, max_jobs);
  command.add_option("-j,--jobs", jobs, "how many threads work. Default: as many as the machine has processors")
      ->option_text("NUMBER")
      ->check(CLI::Range(1U, max_jobs));
}

Work make_work(unsigned jobs, Progress& progress) {
  return {.jobs = jobs, .progress = [&progress](std::string_view what, std::size_t done, std::size_t all) {
            progress.reach(what, done, all);
          }};
}

}  // namespace surefoot::tools
