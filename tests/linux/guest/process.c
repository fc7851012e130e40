// SPDX-License-Identifier: MIT
//
// Sleeps for other processes, and states that are no sleep: stopped, traced, dead.
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

static void do_nothing(void* with) { (void)with; }

static void wait_for_child(void) {
  const pid_t child = start_helper(do_nothing, NULL);
  wait4(child, NULL, 0, NULL);
}

static void wait_for_any_child(void) {
  start_helper(do_nothing, NULL);
  siginfo_t info;
  waitid(P_ALL, 0, &info, WEXITED);
}

// The child shares the parent's memory: it does nothing but sleep.
static void wait_for_vfork(void) {
  if (vfork() == 0) {
    syscall(SYS_prctl, PR_SET_NAME, "helper");
    for (;;) {
      syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
    }
  }
}

static void stop(void) { raise(SIGSTOP); }

// Stopped by init, which traces it: init does not wait for it.
static void stop_for_tracer(void) {
  ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  raise(SIGUSR1);
}

static void trace_me_and_stop(void* with) {
  (void)with;
  ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  raise(SIGUSR1);
  getppid();
}

// Its child is stopped at the entry of a system call, and it waits for a further stop.
static void trace_system_calls(void) {
  const pid_t child = start_helper(trace_me_and_stop, NULL);
  int status;
  waitpid(child, &status, 0);
  ptrace(PTRACE_SYSCALL, child, NULL, NULL);
  waitpid(child, &status, 0);
  waitpid(child, &status, 0);
}

static void stop_at_system_call(void) {
  if (fork() == 0) {  // this one traces the sleeper, and does not go on
    prctl(PR_SET_NAME, "helper");
    const pid_t traced = getppid();
    if (ptrace(PTRACE_SEIZE, traced, NULL, NULL) == 0) {
      ptrace(PTRACE_INTERRUPT, traced, NULL, NULL);
      int status;
      waitpid(traced, &status, 0);
      ptrace(PTRACE_SYSCALL, traced, NULL, NULL);
      waitpid(traced, &status, 0);
    }
    sleep_for_ever();
  }
  for (;;) {
    getppid();
  }
}

static void die(void) { _exit(0); }

static int listen_for_calls(void) {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  const long file = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  if (file < 0) {
    cannot("seccomp");
  }
  return (int)file;
}

static void wait_for_supervisor(void) {
  listen_for_calls();
  getppid();
}

static void wait_for_supervised(void) {
  const int file = listen_for_calls();
  struct seccomp_notif notice = {0};
  start_helper(do_nothing, NULL);
  ioctl(file, SECCOMP_IOCTL_NOTIF_RECV, &notice);
}

static void execute_with_missing_argument(void) {
  char* const arguments[] = {"init", missing_page(), NULL};
  execve("/init", arguments, arguments + 2);
}

static const struct sleep_kind kinds[] = {
    {"wait4", wait_for_child, 2},
    {"waitid", wait_for_any_child, 0},
    {"vfork", wait_for_vfork, 2},
    {"sigstop", stop, 0},
    {"ptrace-stop", stop_for_tracer, 0},
    {"ptrace-wait", trace_system_calls, 0},
    {"ptrace-syscall", stop_at_system_call, 0},
    {"zombie", die, 2},
    {"seccomp-notify", wait_for_supervisor, 0},
    {"seccomp-receive", wait_for_supervised, 0},
    {"uf-execve", execute_with_missing_argument, 0},
};

const struct family process_sleeps = FAMILY(kinds);
