// SPDX-License-Identifier: MIT
//
// Sleeps for terminals, for watched files and for devices of modules.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "guest.h"

static int terminal(int* other) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
    cannot("posix_openpt");
  }
  *other = open(ptsname(master), O_RDWR | O_NOCTTY);
  if (*other < 0) {
    cannot("pts");
  }
  return master;
}

static void read_terminal(void) {
  int slave;
  terminal(&slave);
  char byte;
  read(slave, &byte, 1);
}

static void read_terminal_master(void) {
  int slave;
  char byte;
  read(terminal(&slave), &byte, 1);
}

static void write_full_terminal(void) {
  int slave;
  terminal(&slave);
  char bytes[512];
  memset(bytes, 'x', sizeof bytes);
  while (write(slave, bytes, sizeof bytes) > 0) {
  }
}

static void read_fanotify(void) {
  const int file = fanotify_init(FAN_CLASS_NOTIF, O_RDONLY);
  char events[512];
  if (file < 0) {
    cannot("fanotify_init");
  }
  fanotify_mark(file, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "/modules");
  read(file, events, sizeof events);
}

// A file whose opening has to be allowed by a process that does not answer.
static void ask_fanotify(void) {
  const int file = fanotify_init(FAN_CLASS_CONTENT, O_RDONLY);
  if (file < 0) {
    cannot("fanotify_init");
  }
  mkdir("/tmp/asked", 0700);
  close(open("/tmp/asked/file", O_CREAT | O_WRONLY, 0600));
  if (fanotify_mark(file, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, "/tmp/asked/file") != 0) {
    cannot("fanotify_mark");
  }
  open("/tmp/asked/file", O_RDONLY);
}

static void read_userfaultfd(void) {
  const long file = syscall(SYS_userfaultfd, O_CLOEXEC);
  struct {
    uint64_t api, features, ioctls;
  } request = {.api = 0xAA};
  if (file < 0 || ioctl((int)file, 0xc018aa3f /* UFFDIO_API */, &request) != 0) {
    cannot("userfaultfd");
  }
  char event[32];
  read((int)file, event, sizeof event);
}

static int tunnel(void) {
  const int file = open("/dev/net/tun", O_RDWR);
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  if (file < 0 || ioctl(file, TUNSETIFF, &request) != 0) {
    cannot("tun");
  }
  const int any = socket(AF_INET, SOCK_DGRAM, 0);
  request.ifr_flags = IFF_UP;
  ioctl(any, SIOCSIFFLAGS, &request);
  return file;
}

static void read_tunnel(void) {
  const int file = tunnel();
  char packet[2048];
  while (read(file, packet, sizeof packet) >= 0) {
  }
}

static void poll_pidfd(void) {
  struct pollfd one = {.fd = (int)syscall(SYS_pidfd_open, getppid(), 0), .events = POLLIN};
  poll(&one, 1, -1);
}

static void poll_mounts(void) {
  struct pollfd many[2] = {{open("/proc/self/mounts", O_RDONLY), POLLPRI, 0}, {-1, 0, 0}};
  poll(many, 2, -1);
}

static void wait_for_epoll_with_time(void) {
  const int set = epoll_create1(0);
  struct epoll_event event;
  const struct timespec time = {.tv_sec = 1000000};
  syscall(441 /* epoll_pwait2 */, set, &event, 1, &time, NULL, 0);
}

static const struct sleep_kind kinds[] = {
    {"pty-read", read_terminal, 0},        {"ptm-read", read_terminal_master, 0},
    {"pty-write", write_full_terminal, 0}, {"fanotify-read", read_fanotify, 0},
    {"fanotify-ask", ask_fanotify, 0},     {"uffd-read", read_userfaultfd, 0},
    {"tun-read", read_tunnel, 2},          {"pidfd-poll", poll_pidfd, 0},
    {"mounts-poll", poll_mounts, 0},       {"epoll-pwait2", wait_for_epoll_with_time, 0},
};

const struct family file_sleeps = FAMILY(kinds);
