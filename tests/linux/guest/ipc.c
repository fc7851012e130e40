// SPDX-License-Identifier: MIT
//
// Sleeps for semaphores and messages, of System V and of POSIX.
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

static int semaphores(void) {
  const int set = semget(IPC_PRIVATE, 2, 0600);
  if (set < 0) {
    cannot("semget");
  }
  return set;
}

static void wait_for_semaphore(void) {
  struct sembuf take = {.sem_num = 0, .sem_op = -1};
  semop(semaphores(), &take, 1);
}

static void wait_for_two_semaphores(void) {
  struct sembuf take[2] = {{.sem_num = 0, .sem_op = -1}, {.sem_num = 1, .sem_op = -1}};
  const struct timespec time = {.tv_sec = 1000000};
  semtimedop(semaphores(), take, 2, &time);
}

static int messages(void) {
  const int queue = msgget(IPC_PRIVATE, 0600);
  if (queue < 0) {
    cannot("msgget");
  }
  return queue;
}

static struct {
  long type;
  char text[1024];
} message = {.type = 1};

static void receive_message(void) { msgrcv(messages(), &message, sizeof message.text, 0, 0); }

static void send_message(void) {
  const int queue = messages();
  while (msgsnd(queue, &message, sizeof message.text, 0) == 0) {
  }
}

static mqd_t posix_queue(void) {
  char name[32];
  snprintf(name, sizeof name, "/queue%d", getpid());
  struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = sizeof message};
  const mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
  if (queue == (mqd_t)-1) {
    cannot("mq_open");
  }
  return queue;
}

static void receive_posix_message(void) { mq_receive(posix_queue(), (char*)&message, sizeof message, NULL); }

static void receive_posix_message_in_time(void) {
  const struct timespec end = {.tv_sec = 4000000000};
  mq_timedreceive(posix_queue(), (char*)&message, sizeof message, NULL, &end);
}

static void send_posix_message(void) {
  const mqd_t queue = posix_queue();
  while (mq_send(queue, (const char*)&message, sizeof message, 1) == 0) {
  }
}

static const struct sleep_kind kinds[] = {
    {"semop", wait_for_semaphore, 2},         {"semtimedop", wait_for_two_semaphores, 0},
    {"msgrcv", receive_message, 0},           {"msgsnd", send_message, 0},
    {"mq-receive", receive_posix_message, 0}, {"mq-timedreceive", receive_posix_message_in_time, 0},
    {"mq-send", send_posix_message, 0},
};

const struct family ipc_sleeps = FAMILY(kinds);
