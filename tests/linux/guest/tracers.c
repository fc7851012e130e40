// SPDX-License-Identifier: MIT
//
// Sets up the tracers that replace return addresses on the stacks, before the sleepers start.
#include <stdio.h>
#include <string.h>

#include "guest.h"

#define TRACING "/sys/kernel/tracing/"

// On the way to sleep in this kernel or in another. One that the kernel refuses is told to the host.
static const char* const probed[] = {
    "do_nanosleep",    "hrtimer_nanosleep", "do_sys_poll",
    "do_select",       "ep_poll",           "do_epoll_wait",
    "pipe_read",       "pipe_write",        "anon_pipe_read",
    "anon_pipe_write", "futex_wait",        "futex_wait_queue",
    "futex_do_wait",   "__futex_wait",      "vfs_read",
    "vfs_write",       "handle_userfault",  "unix_stream_data_wait",
    "wait_woken",      "inet_csk_accept",   "n_tty_read",
    "ksys_read",       "do_wait",           "eventfd_read",
    "tcp_recvmsg",     "handle_mm_fault",   "__arm64_sys_semtimedop",
    "do_msgrcv",       "do_splice",         "signalfd_read_iter",
};

// How many tasks may be inside of a probed function: the kernel does not follow more than it was told.
enum { most_inside = 400 };

static int add_probe(const char* function) {
  char line[96];
  snprintf(line, sizeof line, "r%d:k_%s %s\n", most_inside, function, function);
  int error = write_file(TRACING "kprobe_events", line);
  if (error == 0) {
    snprintf(line, sizeof line, TRACING "events/kprobes/k_%s/enable", function);
    error = write_file(line, "1");
  }
  return error;
}

static void add_probes(void) {
  unsigned standing = 0;
  for (size_t i = 0; i < sizeof probed / sizeof probed[0]; ++i) {
    const int error = add_probe(probed[i]);
    standing += error == 0;
    tell("probe %s %d", probed[i], error);
  }
  tell("probes %u", standing);
}

void start_tracer(const char* name) {
  const bool has_both = strcmp(name, "both") == 0;
  const bool has_graph = has_both || strcmp(name, "function_graph") == 0;
  int error = 0;
  write_file(TRACING "buffer_size_kb", "64");
  if (has_graph) {
    write_file(TRACING "max_graph_depth", "0");
    error = write_file(TRACING "current_tracer", "function_graph");
  }
  if (has_both || strcmp(name, "kretprobes") == 0) {
    add_probes();
  }
  char now[64] = "";
  read_file(TRACING "current_tracer", now, sizeof now);
  now[strcspn(now, "\n")] = '\0';
  tell("tracer %s %d", now, error);
}
