// SPDX-License-Identifier: MIT
//
// What one CPU or task has said so far of its present trace, and which reasons were explained.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decode/log_line.hpp"
#include "decode/note.hpp"

namespace surefoot::tools {

class TraceTalk {
 public:
  /// `Call trace:`.
  void begin();
  /// The beginning of a panic: what was said of another one does not count.
  void begin_panic();
  /// The registers that follow are those of an exception.
  void take_exception() { has_exception_ = true; }
  /// A verdict stands before its frames or behind them. Behind them, what is left is explained at once.
  void take_verdict(const LoggedVerdict& verdict, std::vector<Note>& notes);
  /// Explains the evidence of a doubtful frame: each bit that counts, once in a trace.
  void take_frame(const LogLine& line, std::vector<Note>& notes);
  /// The last line of an unreliable trace: explains why it ended, and what no frame has shown.
  void take_stop(StopReason stop, std::vector<Note>& notes);
  /// A line that is no part of a trace: explains what the verdict says and no line has shown.
  void take_other(std::vector<Note>& notes);

  /// Whether the address of a Linux frame is exact: the frames behind exception entry are, and the pc itself.
  [[nodiscard]] Role role_of_linux_frame(const LoggedAddress& address);
  void take_pc(const LoggedAddress& pc);
  /// The last `pc :` of this speaker; its names are valid as long as this object and no other pc is taken.
  [[nodiscard]] std::optional<LoggedAddress> pc() const;

 private:
  // The names of the address stand beside it, as the line that they were in is gone.
  struct KeptAddress {
    std::optional<LoggedAddress> address;
    std::string name;
    std::string module;
  };
  void explain_evidence(Evidence evidence, std::vector<Note>& notes);
  void explain_stop(StopReason stop, std::vector<Note>& notes);
  void explain_rest(std::vector<Note>& notes);

  std::optional<LoggedVerdict> verdict_;
  bool has_frames_ = false;
  bool is_stop_explained_ = false;
  Evidence explained_;
  KeptAddress pc_;
  bool is_next_exact_ = false;
  bool has_exception_ = false;
};

}  // namespace surefoot::tools
