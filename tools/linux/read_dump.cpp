// SPDX-License-Identifier: MIT
#include "linux/read_dump.hpp"

#include <fmt/format.h>

#include <vector>

#include "linux/code_tables.hpp"
#include "linux/dumped_linux.hpp"

namespace surefoot::tools {

std::string cache_folder(const DumpRequest& request) {
  if (request.is_without_cache) return {};
  return request.cache_folder.empty() ? default_cache_folder() : request.cache_folder;
}

std::expected<DumpReport, std::string> read_linux_dump(const DumpRequest& request, const Work& work) {
  const auto dump = DumpedLinux::open(request, work);
  if (!dump) return std::unexpected(dump.error());
  std::vector<TaskInfo> tasks = (*dump)->tasks();
  if (request.pid) {
    std::erase_if(tasks, [&](const TaskInfo& task) { return task.pid != *request.pid; });
    if (tasks.empty()) return std::unexpected(fmt::format("no task has the pid {}", *request.pid));
  }
  DumpReport report;
  report.policy = request.policy;
  for (const TaskInfo& task : tasks) {
    report.tasks.push_back((*dump)->walk(task, request.policy));
    work.progress("tasks walked", report.tasks.size(), tasks.size());
  }
  report.facts = (*dump)->facts();
  return report;
}

}  // namespace surefoot::tools
