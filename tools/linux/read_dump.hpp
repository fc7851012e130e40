// SPDX-License-Identifier: MIT
//
// From the files to the traces: opens a dump of Linux on AArch64 and walks its tasks.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "linux/trace.hpp"
#include "surefoot/verdict.hpp"
#include "work/in_order.hpp"

namespace surefoot::tools {

/// What is to be read, and how it is to be judged.
struct DumpRequest {
  std::string dump;
  std::string vmlinux;                    ///< empty: symbols come from the dump, and there is no frame table
  std::string modules;                    ///< a folder with the files of modules; empty for none
  std::optional<std::uint64_t> raw_base;  ///< the dump is RAM as it is, from this physical address on
  std::optional<std::int64_t> pid;        ///< walk the tasks with this pid only
  Policy policy = Policy::strict;
  std::string cache_folder;  ///< of frame tables; empty for the usual one
  bool is_without_cache = false;
};

/// The folder of cached tables that a request means; empty for none.
[[nodiscard]] std::string cache_folder(const DumpRequest& request);

/// The traces of all tasks that could be found. An error, in one line, if nothing can be walked; what is missing
/// otherwise is in the report's warnings.
[[nodiscard]] std::expected<DumpReport, std::string> read_linux_dump(const DumpRequest& request, const Work& work);

}  // namespace surefoot::tools
