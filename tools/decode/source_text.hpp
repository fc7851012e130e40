// SPDX-License-Identifier: MIT
//
// Lines of source files, for those that are found where the debug information says.
#pragma once

#include <list>
#include <string>
#include <vector>

namespace surefoot::tools {

struct SourceLine {
  unsigned number = 0;
  std::string text;  ///< printable, tabs as blanks
  bool is_meant = false;
};

class SourceText {
 public:
  /// The line and up to `around` on either side; empty if there is no such file, or it has no such line. Only regular
  /// files of up to 16 MiB are read; the last few are kept.
  [[nodiscard]] std::vector<SourceLine> find(const std::string& path, unsigned line, unsigned around);

 private:
  struct File {
    std::string path;
    std::vector<std::string> lines;
  };
  const File& open(const std::string& path);

  std::list<File> files_;  // the last used first
};

/// The path as seen from the present folder, if it leads into that; else as it is.
[[nodiscard]] std::string short_path(const std::string& path);

}  // namespace surefoot::tools
