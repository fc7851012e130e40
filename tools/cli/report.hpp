// SPDX-License-Identifier: MIT
//
// What both commands print by: errors, progress, standard output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/exit_code.hpp"
#include "work/in_order.hpp"

namespace CLI {
class App;
}

namespace surefoot::tools {

/// One line on standard error, whatever is in the reason.
void print_error(std::string_view subject, std::string_view reason);

/// Writes all of it to standard output, and says so if that fails.
[[nodiscard]] ExitCode print(std::string_view text);

/// Writes all of it to a file, and says so if that fails.
[[nodiscard]] ExitCode write_file(const std::string& path, std::string_view bytes);

/// "0x40201234"
[[nodiscard]] std::string hex(std::uint64_t address);

/// How far a long run is, on standard error, if that is a terminal. Nothing is shown of a short one.
class Progress {
 public:
  Progress(std::string_view who, bool is_wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void reach(std::string_view what, std::size_t done, std::size_t all);

 private:
  std::string who_;
  bool is_shown_;
  bool has_line_ = false;
  std::int64_t next_at_;  // in milliseconds of a steady clock
};

/// --color: always, never or auto, which is what `color` has to be before.
void add_color_option(CLI::App& command, std::string& color);

/// Whether standard output is to have colours: by that option, or on a terminal unless NO_COLOR is set.
[[nodiscard]] bool wants_colour(const std::string& color);

/// --jobs. By default as many as the machine has processors.
void add_jobs_option(CLI::App& command, unsigned& jobs);

/// By so many jobs, and shown. The progress must outlive it.
[[nodiscard]] Work make_work(unsigned jobs, Progress& progress);

}  // namespace surefoot::tools
