// SPDX-License-Identifier: MIT
//
// The platform tests itself, without any stack walk: each check is one fact that the scenarios rely on.
#include "boot/run.hpp"

#include <cstdint>
#include <span>

#include "arch/cpu_features.hpp"
#include "console/console.hpp"
#include "devices/generic_timer.hpp"
#include "platform/check.hpp"
#include "semihosting/semihosting.hpp"
#include "smp/smp.hpp"

namespace kernel {
namespace {

using console::print;

constinit std::uint32_t passed_count = 0;
constinit std::uint32_t failed_count = 0;

void print_machine() noexcept {
  char buffer[128];
  const std::span<char> line(buffer);
  print("platform: entered at EL", cpu::was_entered_at_el2() ? 2 : 1, ", MIDR ",
        console::hex(KERNEL_READ_REGISTER("midr_el1")), ", counter ", generic_timer::frequency(), " Hz\n");
  print("platform: pointer authentication ", cpu::has_pointer_authentication(), ", on ",
        cpu::is_pointer_authentication_on(), "; branch target identification ", cpu::has_branch_target_identification(),
        "\n");
  print("platform: command line \"", std::span<const char>(line.first(semihosting::command_line(line))), "\"\n");
}

}  // namespace

void selftest::check(const char* name, bool passed) noexcept {
  print(passed ? "ok " : "FAILED ", name, "\n");
  ++(passed ? passed_count : failed_count);
}

int run() noexcept {
  print_machine();
  selftest::check_memory();
  selftest::check_exceptions();
  selftest::check_protection();
  selftest::check_interrupts();
  selftest::check_tasks();
  selftest::check_overflow();
  selftest::check_user();
  selftest::check_cpus();  // last: the others take one CPU for granted
  print("platform: ", smp::count(), " CPUs\n");
  print("platform: ", passed_count, " passed, ", failed_count, " failed\n");
  return failed_count == 0 ? 0 : 1;
}

}  // namespace kernel
