// SPDX-License-Identifier: MIT
//
// Sleeps inside of accesses to user memory that are deeper: in sockets, terminals, iterators and system calls of many
// steps.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include "guest.h"

static void make_pair(int type, int ends[2]) {
  if (socketpair(AF_UNIX, type, 0, ends) != 0 || write(ends[1], "filled", 6) != 6) {
    cannot("socketpair");
  }
}

static void receive_stream(void) {
  int ends[2];
  make_pair(SOCK_STREAM, ends);
  recv(ends[0], missing_page(), 6, 0);
}

static void send_datagram(void) {
  int ends[2];
  make_pair(SOCK_DGRAM, ends);
  send(ends[0], missing_page(), 6, 0);
}

static void send_udp(void) {
  const struct sockaddr_in to = {
      .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  const int file = socket(AF_INET, SOCK_DGRAM, 0);
  sendto(file, missing_page(), 100, 0, (const struct sockaddr*)&to, sizeof to);
}

static void send_tcp(void) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof name;
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  const int file = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(server, (const struct sockaddr*)&name, sizeof name) != 0 || listen(server, 1) != 0 ||
      getsockname(server, (struct sockaddr*)&name, &size) != 0 ||
      connect(file, (const struct sockaddr*)&name, sizeof name) != 0) {
    cannot("tcp");
  }
  send(file, missing_page(), 100, 0);
}

static void set_option(void) {
  setsockopt(socket(AF_INET, SOCK_STREAM, 0), SOL_SOCKET, SO_KEEPALIVE, missing_page(), sizeof(int));
}

static void write_terminal(void) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || unlockpt(master) != 0) {
    cannot("posix_openpt");
  }
  write(open(ptsname(master), O_RDWR | O_NOCTTY), missing_page(), 6);
}

static void get_terminal_mode(void) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  syscall(SYS_ioctl, master, TCGETS, missing_page());
}

static void read_regular_file(void) {
  char name[] = "/tmp/deepXXXXXX";
  const int file = mkstemp(name);
  write(file, "filled", 6);
  pread(file, missing_page(), 6, 0);
}

static void read_folder(void) { syscall(SYS_getdents64, open("/", O_RDONLY), missing_page(), 4096); }

static void stat_path(void) {
  struct stat status;
  stat(missing_page(), &status);
}

static void put_status(void) { syscall(SYS_newfstatat, AT_FDCWD, "/init", missing_page(), 0); }

static void read_link(void) { readlink("/proc/self/exe", missing_page(), 100); }

static void put_name(void) { uname(missing_page()); }

static void put_folder(void) { syscall(SYS_getcwd, missing_page(), 100); }

static void put_limits(void) { syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, missing_page()); }

static void put_random(void) { syscall(SYS_getrandom, missing_page(), 64, 0); }

static void put_residence(void) { syscall(SYS_mincore, missing_page(), 4096, missing_page()); }

static void select_sets(void) { syscall(SYS_pselect6, 3, missing_page(), NULL, NULL, NULL, NULL); }

static void put_events(void) {
  const int set = epoll_create1(0);
  int ends[2];
  struct epoll_event event = {.events = EPOLLOUT};
  if (pipe(ends) == 0 && epoll_ctl(set, EPOLL_CTL_ADD, ends[1], &event) == 0) {
    epoll_wait(set, missing_page(), 1, -1);
  }
}

static void send_queue_message(void) {
  char name[32];
  snprintf(name, sizeof name, "/deep%d", getpid());
  const mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, NULL);
  mq_send(queue, missing_page(), 10, 1);
}

static void receive_message(void) {
  const int queue = msgget(IPC_PRIVATE, 0600);
  const struct {
    long type;
    char text[8];
  } message = {.type = 1};
  if (msgsnd(queue, &message, 8, 0) == 0) {
    msgrcv(queue, missing_page(), 8, 0, 0);
  }
}

static void move_pages_there(void) {
  struct iovec local = {missing_page(), 8}, remote = {&local, 8};
  syscall(SYS_process_vm_readv, getpid(), &local, 1, &remote, 1, 0);
}

static const struct sleep_kind kinds[] = {
    {"uf-unix-recv", receive_stream, 0}, {"uf-unix-send", send_datagram, 0},
    {"uf-udp-send", send_udp, 0},        {"uf-tcp-send", send_tcp, 0},
    {"uf-setsockopt", set_option, 0},    {"uf-tty-write", write_terminal, 0},
    {"uf-ioctl", get_terminal_mode, 0},  {"uf-read-file", read_regular_file, 0},
    {"uf-getdents", read_folder, 0},     {"uf-stat-path", stat_path, 0},
    {"uf-stat", put_status, 0},          {"uf-readlink", read_link, 0},
    {"uf-uname", put_name, 0},           {"uf-getcwd", put_folder, 0},
    {"uf-prlimit", put_limits, 0},       {"uf-getrandom", put_random, 0},
    {"uf-mincore", put_residence, 0},    {"uf-select", select_sets, 0},
    {"uf-epoll", put_events, 0},         {"uf-mq-send", send_queue_message, 0},
    {"uf-msgrcv", receive_message, 0},   {"uf-vm-readv", move_pages_there, 0},
};

const struct family deep_fault_sleeps = FAMILY(kinds);
