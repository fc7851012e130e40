// SPDX-License-Identifier: MIT
//
// A crash, as kdump makes it: kexec(8) loads a second kernel into memory that was set aside, a panic starts it, and it
// finds the memory of the first one in /proc/vmcore. From there it goes to the host by semihosting, which QEMU allows
// user programs: no driver is needed.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

static const char vmcore[] = "/proc/vmcore";
static const char image[] = "/crash/image";
static const char initramfs[] = "/crash/initramfs";

bool is_after_crash(void) { return access(vmcore, F_OK) == 0; }

// Semihosting for AArch32 and AArch64, the operations.
enum { sys_open = 1, sys_close = 2, sys_write = 5 };
enum { mode_wb = 5 };

static long ask_host(long operation, const void* block) {
  register long x0 __asm__("x0") = operation;
  register const void* x1 __asm__("x1") = block;
  __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
  return x0;
}

void save_crashed_kernel(void) {
  static const char name[] = "dump.vmcore";  // in the folder that QEMU runs in
  static char bytes[1 << 20];
  const uintptr_t opening[] = {(uintptr_t)name, mode_wb, sizeof name - 1};
  const long handle = ask_host(sys_open, opening);
  const int file = open(vmcore, O_RDONLY | O_CLOEXEC);
  ssize_t got = -1;
  long left = handle < 0 ? -1 : 0;
  while (left == 0 && (got = read(file, bytes, sizeof bytes)) > 0) {
    const uintptr_t writing[] = {(uintptr_t)handle, (uintptr_t)bytes, (uintptr_t)got};
    left = ask_host(sys_write, writing);
  }
  if (left != 0 || got != 0) {
    tell("fault vmcore_not_saved %d", errno);
  }
  const uintptr_t closing[] = {(uintptr_t)handle};
  ask_host(sys_close, closing);
  reboot(RB_POWER_OFF);
  sleep_for_ever();
}

static void tell_memory(void) {
  static char map[65536];
  const char* found = read_file("/proc/iomem", map, sizeof map) < 0 ? NULL : strstr(map, " : Crash kernel");
  while (found != NULL && found != map && found[-1] != '\n') {
    --found;
  }
  unsigned long first = 0, last = 0;
  if (found == NULL || sscanf(found, " %lx-%lx", &first, &last) != 2) {
    tell("fault no_crash_memory 0");
    return;
  }
  tell("crash_memory %#lx %#lx", first, last + 1);
}

void prepare_crash(void) {
  tell_memory();
  const pid_t pid = fork();
  if (pid == 0) {
    static const char kernel_line[] = "--append=console=ttyAMA0 quiet loglevel=1 panic=-1 nr_cpus=1 reset_devices";
    static char initrd[64];
    snprintf(initrd, sizeof initrd, "--initrd=%s", initramfs);
    setenv("LD_LIBRARY_PATH", "/crash", 1);
    execl("/crash/kexec", "kexec", "-p", image, initrd, kernel_line, (char*)NULL);
    _exit(127);
  }
  int status = -1;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
    tell("fault kexec %#x", status);
  }
}

void crash(void) {
  tell("fault sysrq %d", write_file("/proc/sysrq-trigger", "c"));  // it returns only if nothing crashed
  sleep_for_ever();
}
