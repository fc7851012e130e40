// SPDX-License-Identifier: MIT
//
// Sleeps for futexes, and in processes of several threads.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

static uint32_t* shared_word(void) {
  void* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    cannot("mmap");
  }
  return page;
}

static void wait_private(void) {
  uint32_t word = 0;
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void wait_shared(void) { syscall(SYS_futex, shared_word(), FUTEX_WAIT, 0, NULL, NULL, 0); }

static void wait_with_time(void) {
  uint32_t word = 0;
  const struct timespec end = {.tv_sec = 4000000000};
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 0, &end, NULL, 1);
}

static void wait_for_vector(void) {
  static uint32_t words[3];
  struct {
    uint64_t value, address;
    uint32_t flags, reserved;
  } waiters[3];
  for (int i = 0; i < 3; ++i) {
    waiters[i].value = 0;
    waiters[i].address = (uintptr_t)&words[i];
    waiters[i].flags = 2 | FUTEX_PRIVATE_FLAG;  // of 32 bits
    waiters[i].reserved = 0;
  }
  syscall(449 /* futex_waitv */, waiters, 3, 0, NULL, 0);
}

static void lock_pi(void* word) { syscall(SYS_futex, word, FUTEX_LOCK_PI, 0, NULL, NULL, 0); }

static void wait_for_pi(void) {
  uint32_t* word = shared_word();
  start_helper(lock_pi, word);
  lock_pi(word);
}

static void wait_for_requeue(void) {
  uint32_t* words = shared_word();
  syscall(SYS_futex, words, FUTEX_WAIT_REQUEUE_PI, 0, NULL, words + 1, 0);
}

// Threads: each sleeps in another way, and the first one waits for the last.
static void* sleep_long(void* name) {
  prctl(PR_SET_NAME, name);
  const struct timespec time = {.tv_sec = 1000000};
  nanosleep(&time, NULL);
  return NULL;
}

static void* read_pipe(void* name) {
  prctl(PR_SET_NAME, name);
  int ends[2];
  char byte;
  if (pipe(ends) == 0) {
    read(ends[0], &byte, 1);
  }
  return NULL;
}

static void* touch_missing(void* name) {
  prctl(PR_SET_NAME, name);
  int ends[2];
  if (pipe(ends) == 0) {
    write(ends[1], missing_page(), 8);
  }
  return NULL;
}

static void* wait_for_condition(void* name) {
  prctl(PR_SET_NAME, name);
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_cond_wait(&condition, &mutex);
  return NULL;
}

static void start_threads(void) {
  static const struct {
    void* (*run)(void*);
    const char* name;
  } starts[] = {{read_pipe, "thread-pipe"},
                {touch_missing, "thread-fault"},
                {wait_for_condition, "thread-cond"},
                {sleep_long, "thread-sleep"}};
  pthread_t last;
  for (size_t i = 0; i < sizeof starts / sizeof starts[0]; ++i) {
    errno = pthread_create(&last, NULL, starts[i].run, (void*)starts[i].name);
    if (errno != 0) {
      cannot("thread");
    }
  }
  pthread_join(last, NULL);
}

static const struct sleep_kind kinds[] = {
    {"futex", wait_private, 2},          {"futex-shared", wait_shared, 0}, {"futex-bitset", wait_with_time, 0},
    {"futex-waitv", wait_for_vector, 0}, {"futex-pi", wait_for_pi, 0},     {"futex-requeue", wait_for_requeue, 0},
    {"threads", start_threads, 2},
};

const struct family futex_sleeps = FAMILY(kinds);
