// SPDX-License-Identifier: MIT
//
// Sleeps for time, for signals and for files of events.
#define _GNU_SOURCE
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

static const struct timespec long_time = {.tv_sec = 1000000};

static void sleep_relative(void) { nanosleep(&long_time, NULL); }

static void sleep_absolute(void) { clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &long_time, NULL); }

static void sleep_of_process_time(void) { clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &long_time, NULL); }

static void wait_for_any_signal(void) { pause(); }

static sigset_t one_signal(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  return set;
}

static void wait_for_signal(void) {
  const sigset_t set = one_signal();
  sigwaitinfo(&set, NULL);
}

static void suspend(void) {
  const sigset_t set = one_signal();
  sigsuspend(&set);
}

static void poll_event(void) {
  struct pollfd one = {.fd = eventfd(0, 0), .events = POLLIN};
  poll(&one, 1, -1);
}

static void poll_with_time(void) {
  struct pollfd many[3] = {{eventfd(0, 0), POLLIN, 0}, {eventfd(0, 0), POLLIN, 0}, {eventfd(0, 0), POLLIN, 0}};
  ppoll(many, 3, &long_time, NULL);
}

static void select_event(void) {
  const int event = eventfd(0, 0);
  fd_set set;
  FD_ZERO(&set);
  FD_SET(event, &set);
  select(event + 1, &set, NULL, NULL, NULL);
}

static int watch(int file) {
  const int set = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN};
  epoll_ctl(set, EPOLL_CTL_ADD, file, &event);
  return set;
}

static void wait_for_epoll(void) {
  struct epoll_event event;
  epoll_wait(watch(eventfd(0, 0)), &event, 1, -1);
}

static void wait_for_nested_epoll(void) {
  struct epoll_event event;
  epoll_wait(watch(watch(eventfd(0, 0))), &event, 1, 1000000000);
}

static void read_number(int file) {
  uint64_t number;
  read(file, &number, sizeof number);
}

static void read_event(void) { read_number(eventfd(0, 0)); }

static void write_full_event(void) {
  const int file = eventfd(1, 0);
  const uint64_t most = UINT64_MAX - 1;
  write(file, &most, sizeof most);
}

static void read_signals(void) {
  const sigset_t set = one_signal();
  struct signalfd_siginfo info;
  read(signalfd(-1, &set, 0), &info, sizeof info);
}

static void read_timer(void) {
  const struct itimerspec setting = {.it_value = long_time};
  const int file = timerfd_create(CLOCK_MONOTONIC, 0);
  timerfd_settime(file, 0, &setting, NULL);
  read_number(file);
}

static void read_inotify(void) {
  const int file = inotify_init1(0);
  inotify_add_watch(file, "/modules", IN_MODIFY);
  char events[512];
  read(file, events, sizeof events);
}

static void wait_for_io_uring(void) {
  struct io_uring_params parameters = {0};
  const long ring = syscall(SYS_io_uring_setup, 4, &parameters);
  if (ring < 0) {
    cannot("io_uring_setup");
  }
  syscall(SYS_io_uring_enter, (int)ring, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
}

static void wait_for_aio(void) {
  aio_context_t context = 0;
  if (syscall(SYS_io_setup, 4, &context) != 0) {
    cannot("io_setup");
  }
  struct io_event event;
  syscall(SYS_io_getevents, context, 1, 1, &event, NULL);
}

static const struct sleep_kind kinds[] = {
    {"nanosleep", sleep_relative, 3},
    {"clock-nanosleep", sleep_absolute, 0},
    {"cpu-nanosleep", sleep_of_process_time, 0},
    {"pause", wait_for_any_signal, 0},
    {"sigwaitinfo", wait_for_signal, 0},
    {"sigsuspend", suspend, 0},
    {"poll", poll_event, 2},
    {"ppoll-time", poll_with_time, 0},
    {"select", select_event, 0},
    {"epoll", wait_for_epoll, 2},
    {"epoll-nested", wait_for_nested_epoll, 0},
    {"eventfd-read", read_event, 0},
    {"eventfd-write", write_full_event, 0},
    {"signalfd", read_signals, 0},
    {"timerfd", read_timer, 0},
    {"inotify", read_inotify, 0},
    {"io-uring", wait_for_io_uring, 0},
    {"aio", wait_for_aio, 0},
};

const struct family event_sleeps = FAMILY(kinds);
