// SPDX-License-Identifier: MIT
//
// Sleeps for locks of files, and for the kernel's own mutexes and semaphores, whose holders sleep for a missing page.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

static const char* name_of_file(void) {
  static char name[32];
  snprintf(name, sizeof name, "/tmp/lock%d", getpid());
  return name;
}

static int open_file(const char* name) {
  const int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    cannot("file");
  }
  return file;
}

static void hold_flock(void* name) { flock(open_file(name), LOCK_EX); }

static void wait_for_flock(void) {
  const char* name = name_of_file();
  start_helper(hold_flock, (void*)name);
  flock(open_file(name), LOCK_EX);
}

static struct flock whole_file(void) { return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET}; }

static void hold_record_lock(void* name) {
  const struct flock lock = whole_file();
  fcntl(open_file(name), F_SETLK, &lock);
}

static void wait_for_record_lock(int command) {
  const char* name = name_of_file();
  start_helper(hold_record_lock, (void*)name);
  const struct flock lock = whole_file();
  fcntl(open_file(name), command, &lock);
}

static void wait_for_posix_lock(void) { wait_for_record_lock(F_SETLKW); }

static void wait_for_description_lock(void) { wait_for_record_lock(F_OFD_SETLKW); }

static void write_missing(void* file) { write(*(const int*)file, missing_page(), 8); }

static void wait_for_pipe_mutex(void) {
  static int ends[2];
  if (pipe(ends) != 0) {
    cannot("pipe");
  }
  start_helper(write_missing, &ends[1]);
  write(ends[1], "x", 1);
}

static void wait_to_resize_pipe(void) {
  static int ends[2];
  if (pipe(ends) != 0) {
    cannot("pipe");
  }
  start_helper(write_missing, &ends[1]);
  fcntl(ends[1], F_SETPIPE_SZ, 1 << 18);
}

static void append_missing(void* name) {
  const int file = open_file(name);
  write(file, missing_page(), 8);
}

static void wait_for_inode(void) {
  const char* name = name_of_file();
  start_helper(append_missing, (void*)name);
  write(open_file(name), "x", 1);
}

static void wait_to_truncate(void) {
  const char* name = name_of_file();
  start_helper(append_missing, (void*)name);
  ftruncate(open_file(name), 5);
}

static const struct sleep_kind kinds[] = {
    {"flock", wait_for_flock, 2},
    {"fcntl-lock", wait_for_posix_lock, 0},
    {"ofd-lock", wait_for_description_lock, 0},
    {"pipe-mutex", wait_for_pipe_mutex, 2},
    {"pipe-resize", wait_to_resize_pipe, 0},
    {"inode-write", wait_for_inode, 0},
    {"inode-truncate", wait_to_truncate, 0},
};

const struct family lock_sleeps = FAMILY(kinds);
