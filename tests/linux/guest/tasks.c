// SPDX-License-Identifier: MIT
//
// What the kernel says of its tasks, for the host. A task is a few lines: "task", one "frame" for each function of its
// stack, and "end" with the counts once more, by which the host sees whether it ran meanwhile.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

static char text[16384];

struct counts {
  char state;
  unsigned long voluntary, forced;
};

static struct counts counts_of(const char* folder) {
  struct counts counts = {0};
  char path[64];
  snprintf(path, sizeof path, "%s/status", folder);
  if (read_file(path, text, sizeof text) < 0) {
    return counts;
  }
  const char* state = strstr(text, "\nState:\t");
  const char* voluntary = strstr(text, "\nvoluntary_ctxt_switches:");
  const char* forced = strstr(text, "\nnonvoluntary_ctxt_switches:");
  if (state != NULL && voluntary != NULL && forced != NULL) {
    counts.state = state[8];
    counts.voluntary = strtoul(strchr(voluntary, ':') + 1, NULL, 10);
    counts.forced = strtoul(strchr(forced, ':') + 1, NULL, 10);
  }
  return counts;
}

char state_of(pid_t pid) {
  char folder[32];
  snprintf(folder, sizeof folder, "/proc/%d", pid);
  return counts_of(folder).state;
}

static void read_line(const char* folder, const char* name, char* into, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (read_file(path, into, size) < 0) {
    into[0] = '\0';
  }
  into[strcspn(into, "\n")] = '\0';
}

static void tell_task(const char* pid, const char* tid) {
  char folder[40], comm[64], wchan[128], path[64];
  snprintf(folder, sizeof folder, "/proc/%.8s/task/%.8s", pid, tid);
  const struct counts before = counts_of(folder);
  if (before.state == 0) {
    return;
  }
  read_line(folder, "comm", comm, sizeof comm);
  read_line(folder, "wchan", wchan, sizeof wchan);
  snprintf(path, sizeof path, "%s/stack", folder);
  const long length = read_file(path, text, sizeof text);
  static char stack[sizeof text];
  memcpy(stack, text, sizeof text);
  const struct counts after = counts_of(folder);
  tell("task %s %s %c %lu %lu %s %s", pid, tid, before.state, before.voluntary, before.forced,
       wchan[0] != '\0' ? wchan : "-", comm);
  unsigned frames = 0;
  for (char* line = length < 0 ? NULL : strtok(stack, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    const char* function = strstr(line, "] ");
    tell("frame %u %s", frames++, function != NULL ? function + 2 : line);
  }
  tell("end %s %c %lu %lu %u %s", tid, after.state != 0 ? after.state : '-', after.voluntary, after.forced, frames,
       length < 0 ? "unreadable" : "read");
}

unsigned tell_tasks(void) {
  unsigned tasks = 0;
  DIR* processes = opendir("/proc");
  for (struct dirent* process; processes != NULL && (process = readdir(processes)) != NULL;) {
    if (process->d_name[0] < '1' || process->d_name[0] > '9') {
      continue;
    }
    char folder[64];
    snprintf(folder, sizeof folder, "/proc/%.8s/task", process->d_name);
    DIR* threads = opendir(folder);
    for (struct dirent* thread; threads != NULL && (thread = readdir(threads)) != NULL;) {
      if (thread->d_name[0] != '.') {
        tell_task(process->d_name, thread->d_name);
        ++tasks;
      }
    }
    if (threads != NULL) {
      closedir(threads);
    }
  }
  if (processes != NULL) {
    closedir(processes);
  }
  return tasks;
}
