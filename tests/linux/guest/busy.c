// SPDX-License-Identifier: MIT
//
// Work without end, for dumps of what a CPU does at any moment: system calls of many kinds, page faults, new processes,
// signals of timers, and packets that softirqs take. Each kind of work is a process of its own.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

enum { page = 4096, pages = 64, most_bytes = 16384 };

static char buffer[most_bytes];

static void call_shortly(void) {
  for (unsigned i = 0; i < 200; ++i) {
    syscall(SYS_getppid);
  }
}

static void open_and_close(void) {
  struct stat about;
  stat("/proc/self/status", &about);
  stat("/no/such/file", &about);
  const int file = open("/init", O_RDONLY | O_CLOEXEC);
  (void)!read(file, buffer, sizeof buffer);
  close(file);
}

static void read_proc(void) {
  static const char* const files[] = {"/proc/self/maps", "/proc/stat",       "/proc/meminfo", "/proc/1/status",
                                      "/proc/net/dev",   "/proc/interrupts", "/proc/vmstat",  "/proc/self/smaps"};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) {
    read_file(files[i], buffer, sizeof buffer);
  }
}

static void write_files(void) {
  char path[32];
  snprintf(path, sizeof path, "/tmp/busy-%d", getpid());
  const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  for (unsigned i = 0; i < 8; ++i) {
    (void)!write(file, buffer, sizeof buffer);
  }
  (void)!ftruncate(file, page);
  close(file);
  unlink(path);
}

static void fork_and_exit(void) {
  const pid_t pid = fork();
  if (pid == 0) {
    _exit(0);
  }
  waitpid(pid, NULL, 0);
}

static void touch_memory(void) {
  volatile char* memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return;
  }
  for (unsigned i = 0; i < pages; ++i) {
    memory[i * page] = 1;
  }
  mprotect((void*)memory, pages * page, PROT_READ);
  munmap((void*)memory, pages * page);
}

static void pass_back_and_forth(int there, int back) {
  if (there < 0 || back < 0) {
    cannot("ping_pong");
  }
  for (unsigned i = 0; i < 100; ++i) {
    (void)!write(there, buffer, 64);
    (void)!read(back, buffer, 64);
  }
}

// Answers whatever comes from `from`.
static void echo(int from, int to) {
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
      const long length = read(from, buffer, sizeof buffer);
      (void)!write(to, buffer, length > 0 ? (size_t)length : 1);
    }
  }
}

static void play_by_pipe(void) {
  static int there[2] = {-1, -1}, back[2] = {-1, -1};
  if (there[0] < 0 && pipe2(there, O_CLOEXEC) == 0 && pipe2(back, O_CLOEXEC) == 0) {
    echo(there[0], back[1]);
  }
  pass_back_and_forth(there[1], back[0]);
}

static void play_by_socket(void) {
  static int ends[2] = {-1, -1};
  if (ends[0] < 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0) {
    echo(ends[1], ends[1]);
  }
  pass_back_and_forth(ends[0], ends[0]);
}

// Without a receiver the packets are thrown away, in softirqs, too.
static void send_packets(void) {
  static int from = -1, to = -1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9)};
  if (from < 0) {
    from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    to = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bind(to, (struct sockaddr*)&address, sizeof address);
  }
  for (unsigned i = 0; i < 20; ++i) {
    sendto(from, buffer, 512, 0, (struct sockaddr*)&address, sizeof address);
  }
  while (recv(to, buffer, sizeof buffer, 0) > 0) {
  }
}

static void connect_and_close(void) {
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(server, (struct sockaddr*)&address, size) == 0 && listen(server, 1) == 0 &&
      getsockname(server, (struct sockaddr*)&address, &size) == 0 &&
      connect(client, (struct sockaddr*)&address, size) == 0) {
    const int accepted = accept4(server, NULL, NULL, SOCK_CLOEXEC);
    const struct linger at_once = {.l_onoff = 1};
    setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)!write(client, buffer, 4000);
    (void)!read(accepted, buffer, sizeof buffer);
    close(client);
    close(accepted);
  } else {
    close(client);
  }
  close(server);
}

static void do_nothing(int number) { (void)number; }

static void take_signals(void) {
  static bool is_set;
  if (!is_set) {
    is_set = true;
    signal(SIGALRM, do_nothing);
    const struct itimerval often = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &often, NULL);
  }
  kill(getpid(), SIGALRM);
}

static void wait_for_timer(void) {
  static int timer = -1;
  if (timer < 0) {
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const struct itimerspec often = {{0, 500000}, {0, 500000}};
    timerfd_settime(timer, 0, &often, NULL);
  }
  uint64_t count;
  (void)!read(timer, &count, sizeof count);
}

static void compute(void) {
  for (volatile unsigned i = 0; i < 100000; ++i) {
  }
}

struct work {
  const char* name;
  void (*once)(void);
};

static const struct work works[] = {
    {"busy-call", call_shortly},     {"busy-open", open_and_close},   {"busy-proc", read_proc},
    {"busy-write", write_files},     {"busy-fork", fork_and_exit},    {"busy-memory", touch_memory},
    {"busy-pipe", play_by_pipe},     {"busy-socket", play_by_socket}, {"busy-udp", send_packets},
    {"busy-tcp", connect_and_close}, {"busy-signal", take_signals},   {"busy-timer", wait_for_timer},
    {"busy-compute", compute},
};

void start_busy(void) {
  for (size_t i = 0; i < sizeof works / sizeof works[0]; ++i) {
    const pid_t pid = fork();
    if (pid < 0) {
      tell("fault busy_fork");
    } else if (pid == 0) {
      prctl(PR_SET_NAME, works[i].name);
      for (;;) {
        works[i].once();
      }
    }
  }
}
