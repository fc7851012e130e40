// SPDX-License-Identifier: MIT
//
// The order of a panic on several CPUs (hazard S4): who stops whom, who prints what, and that no one waits for ever.
#include <string>

#include "world.hpp"

namespace surefoot::testing {
namespace {

using panic::Outcome;
using panic::Standing;

class PanicHandle : public PanicWorld {
 protected:
  PanicHandle() {
    port = {.object = this,
            .write = [](void* object, const char* piece, std::size_t size) noexcept { append(object, piece, size); },
            .take_console =
                [](void* object) noexcept {
                  auto* const self = static_cast<PanicHandle*>(object);
                  self->text += "<take>";
                  return self->is_console_free;
                },
            .release_console = [](void* object) noexcept { static_cast<PanicHandle*>(object)->text += "<release>\n"; },
            .cpu_count = 4,
            .stop_others = [](void* object) noexcept { static_cast<PanicHandle*>(object)->text += "<stop others>"; },
            .wait_for = wait_for};
  }

  static Standing wait_for(void* object, std::uint32_t cpu, panic::Report& known) noexcept {
    auto* const self = static_cast<PanicHandle*>(object);
    known.task_name = "of another";
    known.exception_frame_at = frame_at;
    known.task = &self->task;
    return self->standings[cpu];
  }

  // The lines that matter: the calls of the kernel, and where reports begin.
  std::string handle_and_list(panic::OwnCpu& cpu, Outcome expected) {
    text.clear();
    EXPECT_EQ(panic::handle(report, port, all, cpu), expected);
    std::string found;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at) + 1, text.size());
      const std::string line = text.substr(at, end - at);
      if (line.find('<') != std::string::npos || line.find("---[") != std::string::npos) found += line;
      at = end;
    }
    return found;
  }

  bool is_console_free = true;
  Standing standings[4] = {Standing::stopped, Standing::silent, Standing::absent, Standing::reported};
  panic::AllCpus all;
  panic::OwnCpu own_cpu;
  panic::Port port;
};

TEST_F(PanicHandle, StopsTheOthersAndReportsThem) {
  EXPECT_EQ(handle_and_list(own_cpu, Outcome::end_machine), R"(<stop others><take>
---[ surefoot: panic: bad news ]---
---[ surefoot: end of panic, cpu 2 ]---
<release>
<take>---[ surefoot: cpu 0 stopped ]---
---[ surefoot: end of cpu 0 ]---
<release>
<take>---[ surefoot: cpu 1 does not answer ]---
---[ surefoot: end of cpu 1 ]---
<release>
)");
  EXPECT_NE(text.find("CPU: 1  Task: of another\n---[ surefoot: end of cpu 1"), std::string::npos)
      << "of a CPU that may still run, no register is shown and no stack walked";
  EXPECT_EQ(text.find("\n---[ surefoot: cpu 0 stopped"), std::string::npos) << "the take stands before it";
}

TEST_F(PanicHandle, GoesOnWithoutTheConsoleAndAsksForItOnce) {
  is_console_free = false;
  EXPECT_EQ(handle_and_list(own_cpu, Outcome::end_machine), R"(<stop others><take>
---[ surefoot: panic: bad news ]---
---[ surefoot: end of panic, cpu 2 ]---
---[ surefoot: cpu 0 stopped ]---
---[ surefoot: end of cpu 0 ]---
---[ surefoot: cpu 1 does not answer ]---
---[ surefoot: end of cpu 1 ]---
)");
}

TEST_F(PanicHandle, LetsTheFirstOneReportTheOthers) {
  all.first = 1 + 3;
  EXPECT_EQ(handle_and_list(own_cpu, Outcome::stay), R"(<take>
---[ surefoot: panic: bad news ]---
---[ surefoot: end of panic, cpu 2 ]---
<release>
)");
  EXPECT_EQ(all.first, 4U);
}

TEST_F(PanicHandle, PrintsLessInAPanicAndNothingAfterThat) {
  (void)handle_and_list(own_cpu, Outcome::end_machine);
  EXPECT_EQ(handle_and_list(own_cpu, Outcome::end_machine), R"(<take>
---[ surefoot: panic in a panic ]---
---[ surefoot: end of panic, cpu 2 ]---
<release>
<take>---[ surefoot: cpu 0 stopped ]---
---[ surefoot: end of cpu 0 ]---
<release>
<take>---[ surefoot: cpu 1 does not answer ]---
---[ surefoot: end of cpu 1 ]---
<release>
)");
  EXPECT_EQ(text.find("Call trace"), std::string::npos);
  EXPECT_EQ(handle_and_list(own_cpu, Outcome::give_up), "");
  EXPECT_EQ(handle_and_list(own_cpu, Outcome::give_up), "") << "and again";
}

TEST_F(PanicHandle, NeedsOfAKernelWithOneCpuNothingButAWayToWrite) {
  port = {.object = this, .write = append};
  EXPECT_EQ(handle_and_list(own_cpu, Outcome::end_machine),
            "---[ surefoot: panic: bad news ]---\n---[ surefoot: end of panic, cpu 2 ]---\n");
  EXPECT_EQ(text.front(), '\n') << "the line that the failure interrupted has its end there";
  EXPECT_EQ(all.first, 0U) << "exclusive accesses may not work yet";
}

}  // namespace
}  // namespace surefoot::testing
