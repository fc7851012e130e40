// SPDX-License-Identifier: MIT
//
// Sleeps inside of the kernel's own accesses to user memory: the page is missing, and the userfaultfd that would give
// it is served by nobody. An exception frame of EL1 is in the middle of each of these stacks.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

void* missing_page(void) {
  const long faults = syscall(SYS_userfaultfd, O_CLOEXEC);
  struct uffdio_api api = {.api = UFFD_API};
  if (faults < 0 || ioctl((int)faults, UFFDIO_API, &api) != 0) {
    cannot("userfaultfd");
  }
  const size_t size = (size_t)sysconf(_SC_PAGESIZE);
  void* page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct uffdio_register request = {.range = {(unsigned long)page, size}, .mode = UFFDIO_REGISTER_MODE_MISSING};
  if (page == MAP_FAILED || ioctl((int)faults, UFFDIO_REGISTER, &request) != 0) {
    cannot("register");
  }
  return page;
}

static void make_pipe(int ends[2]) {
  if (pipe(ends) != 0) {
    cannot("pipe");
  }
}

static void read_pipe(void) {
  int ends[2];
  make_pipe(ends);
  if (write(ends[1], "filled", 6) == 6) {
    read(ends[0], missing_page(), 6);
  }
}

static void write_pipe(void) {
  int ends[2];
  make_pipe(ends);
  write(ends[1], missing_page(), 6);
}

static void open_path(void) { open(missing_page(), O_RDONLY); }

static void write_regular_file(void) {
  char name[] = "/tmp/faultXXXXXX";
  write(mkstemp(name), missing_page(), 6);
}

static void read_zeros(void) { read(open("/dev/zero", O_RDONLY), missing_page(), 64); }

static void read_proc(void) { read(open("/proc/self/status", O_RDONLY), missing_page(), 64); }

static void futex_word(void) { syscall(SYS_futex, missing_page(), FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0); }

static void put_pipe_ends(void) { syscall(SYS_pipe2, missing_page(), 0); }

static void get_vector(void) {
  int ends[2];
  make_pipe(ends);
  writev(ends[1], missing_page(), 2);
}

static void get_message(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) {
    sendmsg(ends[0], missing_page(), 0);
  }
}

static void get_message_vector(void) {
  int ends[2];
  const struct msghdr message = {.msg_iov = missing_page(), .msg_iovlen = 12};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) {
    sendmsg(ends[0], &message, 0);
  }
}

static void put_time(void) { syscall(SYS_clock_gettime, CLOCK_REALTIME, missing_page()); }

static void get_time(void) { syscall(SYS_nanosleep, missing_page(), NULL); }

static void poll_array(void) { syscall(SYS_ppoll, missing_page(), 3, NULL, NULL, 0); }

static void touch(void) { *(volatile char*)missing_page() = 1; }

static const struct sleep_kind kinds[] = {
    {"uf-read", read_pipe, 2},
    {"uf-write", write_pipe, 2},
    {"uf-open", open_path, 2},
    {"uf-write-file", write_regular_file, 2},
    {"uf-read-zero", read_zeros, 0},
    {"uf-read-proc", read_proc, 0},
    {"uf-futex", futex_word, 0},
    {"uf-pipe2", put_pipe_ends, 0},
    {"uf-writev", get_vector, 0},
    {"uf-sendmsg", get_message, 0},
    {"uf-sendmsg-iov", get_message_vector, 0},
    {"uf-clock", put_time, 0},
    {"uf-nanosleep", get_time, 0},
    {"uf-poll", poll_array, 0},
    {"uf-touch", touch, 0},
};

const struct family fault_sleeps = FAMILY(kinds);
