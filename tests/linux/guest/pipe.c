// SPDX-License-Identifier: MIT
//
// Sleeps for pipes: reading, writing and moving what is in them.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "guest.h"

static char page[4096];

static void make_pipe(int ends[2]) {
  if (pipe(ends) != 0) {
    cannot("pipe");
  }
}

static void make_full_pipe(int ends[2]) {
  make_pipe(ends);
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  while (write(ends[1], page, sizeof page) > 0) {
  }
  fcntl(ends[1], F_SETFL, 0);
}

static void read_empty(void) {
  int ends[2];
  make_pipe(ends);
  read(ends[0], page, 1);
}

static void readv_empty(void) {
  int ends[2];
  make_pipe(ends);
  const struct iovec parts[2] = {{page, 10}, {page + 100, 10}};
  readv(ends[0], parts, 2);
}

static void write_full(void) {
  int ends[2];
  make_full_pipe(ends);
  write(ends[1], page, sizeof page);
}

static void vmsplice_full(void) {
  int ends[2];
  make_full_pipe(ends);
  const struct iovec part = {page, sizeof page};
  vmsplice(ends[1], &part, 1, 0);
}

static void splice_empty(void) {
  int from[2], to[2];
  make_pipe(from);
  make_pipe(to);
  splice(from[0], NULL, to[1], NULL, 100, 0);
}

static int regular_file(void) {
  char name[] = "/tmp/pipeXXXXXX";
  const int file = mkstemp(name);
  if (file < 0 || write(file, page, sizeof page) < 0 || lseek(file, 0, SEEK_SET) != 0) {
    cannot("file");
  }
  return file;
}

static void splice_file_to_full(void) {
  int ends[2];
  make_full_pipe(ends);
  splice(regular_file(), NULL, ends[1], NULL, 100, 0);
}

static void splice_to_file(void) {
  int ends[2];
  make_pipe(ends);
  splice(ends[0], NULL, regular_file(), NULL, 100, 0);
}

static void sendfile_to_full(void) {
  int ends[2];
  make_full_pipe(ends);
  sendfile(ends[1], regular_file(), NULL, 100);
}

static void tee_empty(void) {
  int from[2], to[2];
  make_pipe(from);
  make_pipe(to);
  tee(from[0], to[1], 100, 0);
}

static void open_fifo(int how) {
  char name[32];
  snprintf(name, sizeof name, "/tmp/fifo%d", getpid());
  if (mkfifo(name, 0600) != 0) {
    cannot("mkfifo");
  }
  open(name, how);
}

static void open_to_read(void) { open_fifo(O_RDONLY); }

static void open_to_write(void) { open_fifo(O_WRONLY); }

static void writev_full(void) {
  int ends[2];
  make_full_pipe(ends);
  const struct iovec parts[3] = {{page, 4000}, {page, 4000}, {page, 4000}};
  writev(ends[1], parts, 3);
}

static const struct sleep_kind kinds[] = {
    {"pipe-read", read_empty, 4},
    {"pipe-readv", readv_empty, 0},
    {"pipe-write", write_full, 2},
    {"pipe-writev", writev_full, 0},
    {"vmsplice", vmsplice_full, 0},
    {"splice", splice_empty, 0},
    {"splice-file", splice_file_to_full, 0},
    {"splice-to-file", splice_to_file, 0},
    {"sendfile", sendfile_to_full, 0},
    {"tee", tee_empty, 0},
    {"fifo-open-read", open_to_read, 0},
    {"fifo-open-write", open_to_write, 0},
};

const struct family pipe_sleeps = FAMILY(kinds);
