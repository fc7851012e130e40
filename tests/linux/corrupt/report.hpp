// SPDX-License-Identifier: MIT
//
// What is printed of a campaign.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "campaign.hpp"

namespace corrupt_dump {

class Report {
 public:
  /// Prints so many findings of each kind in full.
  Report(DumpedLinux& dump, std::size_t most_examples) : dump_(dump), most_examples_(most_examples) {}

  void hear(const Finding& finding);
  void print_totals(const std::string& name, const Campaign& campaign) const;

 private:
  [[nodiscard]] std::string place(std::uint64_t pc) const;
  [[nodiscard]] std::string saved_register(const TaskTrace& before, std::uint64_t address) const;
  void print_trace(const TaskTrace& trace, const TaskTrace& other) const;

  DumpedLinux& dump_;
  std::size_t most_examples_;
  std::map<std::string, std::size_t> seen_;  // by kind, and by the functions where the traces part
};

}  // namespace corrupt_dump
