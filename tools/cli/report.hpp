// SPDX-License-Identifier: MIT
//
// What both commands print by: errors, progress, standard output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/exit_code.hpp"

namespace surefoot::tools {

/// One line on standard error, whatever is in the reason.
void print_error(std::string_view subject, std::string_view reason);

/// Writes all of it to standard output, and says so if that fails.
[[nodiscard]] ExitCode print(std::string_view text);

/// "0x40201234"
[[nodiscard]] std::string hex(std::uint64_t address);

/// How far a long run is, on standard error, if that is a terminal. Nothing is shown of a short one.
class Progress {
 public:
  Progress(std::string_view what, std::size_t all, bool is_wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void reach(std::size_t done);

 private:
  std::string what_;
  std::size_t all_;
  bool is_shown_;
  bool has_line_ = false;
  std::int64_t next_at_;  // in milliseconds of a steady clock
};

}  // namespace surefoot::tools
