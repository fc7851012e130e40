// SPDX-License-Identifier: MIT
//
// The program of the guest: it starts one process for each kind of sleep, and tells the host what the kernel says of
// all of its tasks. This header holds what its parts share.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// A way to fall asleep in the kernel. `sleep` runs in a process of its own and does not return, unless it failed.
struct sleep_kind {
  const char* name;  // at most 15 characters: it is the name of the task
  void (*sleep)(void);
  unsigned copies;  // 0 stands for 1
};

struct family {
  const struct sleep_kind* kinds;
  size_t count;
};

extern const struct family event_sleeps, file_sleeps, futex_sleeps, ipc_sleeps, lock_sleeps, pipe_sleeps,
    process_sleeps, socket_sleeps, fault_sleeps, deep_fault_sleeps;

#define FAMILY(kinds) {kinds, sizeof(kinds) / sizeof(kinds)[0]}

/// Ends the process: its kind of sleep could not be set up. The host sees the line, and errno.
_Noreturn void cannot(const char* what);

/// Forks a process that runs `act` and then sleeps, and waits until it does. Its name tells that it is no kind of
/// sleep.
pid_t start_helper(void (*act)(void*), void* with);

/// Waits until another process has been asleep, or stopped, for a while. False after some seconds.
bool wait_until_asleep(pid_t pid);

/// Memory of one page that no page is given to: whoever touches it sleeps for ever. The kernel's own accesses do, too.
void* missing_page(void);

/// Sleeps for ever.
_Noreturn void sleep_for_ever(void);

/// Writes one line to the host, with a checksum. `format` is that of printf.
__attribute__((format(printf, 1, 2))) void tell(const char* format, ...);

/// Sets up what the kernel command line asks for: "none", "function_graph", "kretprobes" or "both".
void start_tracer(const char* name);

/// Starts processes that work without end.
void start_busy(void);

/// Tells what the kernel says of every task. Returns how many there are.
unsigned tell_tasks(void);

/// The state of a task out of /proc, or 0.
char state_of(pid_t pid);

/// Reads a file of at most `size` - 1 bytes. Returns its length, or -1.
long read_file(const char* path, char* into, size_t size);

/// Writes a text to a file. Returns 0, or the error.
int write_file(const char* path, const char* text);

/// True in the kernel that runs after a crash: the memory of the one before it is in a file.
bool is_after_crash(void);

/// Loads the kernel that is to run after a crash, and tells where.
void prepare_crash(void);

/// Crashes this kernel.
_Noreturn void crash(void);

/// Gives the memory of the kernel that crashed to the host, and ends the machine.
_Noreturn void save_crashed_kernel(void);
