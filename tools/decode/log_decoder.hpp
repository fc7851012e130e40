// SPDX-License-Identifier: MIT
//
// Goes through a log line by line, and says what each line that is understood means. Memory does not grow with the log.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "decode/code_words.hpp"
#include "decode/images.hpp"
#include "decode/line_reader.hpp"
#include "decode/note.hpp"
#include "decode/trace_talk.hpp"

namespace surefoot::tools {

/// How much of a log was understood.
struct DecodeTotals {
  std::size_t lines = 0;
  std::size_t decoded = 0;     ///< lines of which an address was found in an image
  std::size_t doubtful = 0;    ///< frames that are marked as doubtful
  std::size_t unreliable = 0;  ///< verdicts
  std::size_t reliable = 0;
};

class LogDecoder {
 public:
  using Take = std::function<void(const DecodedLine&)>;

  /// `source_lines`: how many lines of source before and behind each place.
  LogDecoder(Images images, unsigned source_lines, Take take);

  /// The next line of the log. Each is handed on in its turn, whatever it holds.
  void put(const RawLine& line);
  /// What is left to be said at the end.
  void finish();
  [[nodiscard]] const DecodeTotals& totals() const { return totals_; }

 private:
  TraceTalk& talk_of(std::string_view speaker);
  void decode(const LogLine& line, DecodedLine& decoded, TraceTalk& talk);
  void add_places(const LogLine& line, DecodedLine& decoded, TraceTalk& talk);
  void add_place(const LoggedAddress& address, bool is_of_trace, std::vector<Note>& notes);
  void remark_once(const std::string& module, std::string text, std::vector<Note>& notes);
  void add_functions(const Resolved& resolved, const LoggedAddress& address, unsigned around, std::vector<Note>& notes);
  void add_code(const LogLine& line, const TraceTalk& talk, std::vector<Note>& notes);
  void compare_build_id(const LogLine& line, std::vector<Note>& notes);
  void warn_of_build(std::string reason, std::vector<Note>& notes);

  Images images_;
  unsigned source_lines_;
  Take take_;
  DecodeTotals totals_;
  SourceText sources_;
  CodeWords code_words_;
  std::unordered_map<std::string, TraceTalk> talks_;
  std::vector<std::string> missing_modules_;  // those that were remarked on
  bool has_warned_of_build_ = false;
};

}  // namespace surefoot::tools
