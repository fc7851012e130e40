// SPDX-License-Identifier: MIT
//
// The guest's first process: sets up the file systems, the modules and the tracer, starts the sleepers, waits until
// they sleep, and tells the host. Then it sleeps itself.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

enum { most_sleepers = 400 };

struct sleeper {
  pid_t pid;
  const char* name;
  char failed_at[40];  // written by the sleeper
  int error;
};

static struct sleeper* sleepers;
static unsigned sleepers_count;
static struct sleeper* self;

void cannot(const char* what) {
  const int error = errno;
  if (self != NULL) {
    self->error = error;
    snprintf(self->failed_at, sizeof self->failed_at, "%s", what);
  }
  _exit(1);
}

void sleep_for_ever(void) {
  for (;;) {
    pause();
  }
}

static void wait_milliseconds(long count) {
  const struct timespec moment = {.tv_nsec = count * 1000000};
  nanosleep(&moment, NULL);
}

bool wait_until_asleep(pid_t pid) {
  unsigned asleep = 0;
  for (unsigned tries = 0; tries < 500 && asleep < 5; ++tries) {
    wait_milliseconds(20);
    const char state = state_of(pid);
    asleep = state != 0 && strchr("SDTt", state) != NULL ? asleep + 1 : 0;
  }
  return asleep == 5;
}

pid_t start_helper(void (*act)(void*), void* with) {
  const pid_t pid = fork();
  if (pid < 0) {
    cannot("fork");
  }
  if (pid == 0) {
    prctl(PR_SET_NAME, "helper");
    act(with);
    sleep_for_ever();
  }
  if (!wait_until_asleep(pid)) {
    cannot("helper");
  }
  return pid;
}

static void start(const struct sleep_kind* kind) {
  if (sleepers_count == most_sleepers) {
    tell("fault too_many_sleepers");
    return;
  }
  struct sleeper* sleeper = &sleepers[sleepers_count++];
  sleeper->name = kind->name;
  const pid_t pid = fork();
  if (pid != 0) {
    sleeper->pid = pid;
  } else {
    self = sleeper;
    prctl(PR_SET_NAME, kind->name);
    errno = 0;
    kind->sleep();
    cannot("woken");
  }
}

static void start_all(const struct family* family) {
  for (size_t i = 0; i < family->count; ++i) {
    const struct sleep_kind* kind = &family->kinds[i];
    for (unsigned copy = 0; copy < (kind->copies > 1 ? kind->copies : 1); ++copy) {
      start(kind);
    }
  }
}

static unsigned awake(void) {
  unsigned count = 0;
  for (unsigned i = 0; i < sleepers_count; ++i) {
    const char state = state_of(sleepers[i].pid);
    count += state == 'R' || state == 0;
  }
  return count;
}

// Until nobody runs, several times in a row: a helper may have to do its part first.
static void wait_for_sleep(void) {
  unsigned quiet = 0;
  for (unsigned tries = 0; tries < 60 && quiet < 6; ++tries) {
    wait_milliseconds(300);
    quiet = awake() == 0 ? quiet + 1 : 0;
  }
}

static void mount_one(const char* type, const char* at) {
  mkdir(at, 0755);
  if (mount(type, at, type, 0, NULL) != 0 && errno != EBUSY) {
    tell("fault mount_%s %d", type, errno);
  }
}

static void load_modules(void) {
  char list[2048];
  if (read_file("/modules/list", list, sizeof list) < 0) {
    return;
  }
  for (char* name = strtok(list, "\n"); name != NULL; name = strtok(NULL, "\n")) {
    char path[128];
    snprintf(path, sizeof path, "/modules/%s", name);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const long result = file < 0 ? -1 : syscall(SYS_finit_module, file, "", 0);
    tell("module %s %d", name, result == 0 ? 0 : errno);
    close(file);
  }
}

static void set_up_serial(void) {
  const int serial = open("/dev/ttyAMA0", O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct termios mode;
  if (serial >= 0 && tcgetattr(serial, &mode) == 0) {
    cfmakeraw(&mode);
    tcsetattr(serial, TCSANOW, &mode);
  }
  close(serial);
}

static void set_up_network(void) {
  write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");  // it would wake who reads a tunnel
  const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ifreq request = {.ifr_name = "lo"};
  if (ioctl(any, SIOCGIFFLAGS, &request) == 0) {
    request.ifr_flags |= IFF_UP;
    ioctl(any, SIOCSIFFLAGS, &request);
  }
  close(any);
}

static bool is_asked_for(const char* word) {
  char line[1024];
  return read_file("/proc/cmdline", line, sizeof line) >= 0 && strstr(line, word) != NULL;
}

// More tasks, which nobody compares: that there are many of them is what matters.
static void start_many(void) {
  char line[1024];
  const char* found = read_file("/proc/cmdline", line, sizeof line) < 0 ? NULL : strstr(line, "surefoot_many=");
  for (long left = found != NULL ? atol(found + strlen("surefoot_many=")) : 0; left > 0; --left) {
    if (fork() == 0) {
      sleep_for_ever();
    }
  }
}

static void tracer_asked_for(char* into, size_t size) {
  char line[1024];
  const char* found = read_file("/proc/cmdline", line, sizeof line) < 0 ? NULL : strstr(line, "surefoot_tracer=");
  snprintf(into, size, "%s", found != NULL ? found + strlen("surefoot_tracer=") : "none");
  into[strcspn(into, " \n")] = '\0';
}

int main(void) {
  mkdir("/proc", 0755);
  mkdir("/dev", 0755);
  mount("proc", "/proc", "proc", 0, NULL);
  mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
  set_up_serial();
  if (is_after_crash()) {
    save_crashed_kernel();
  }
  mount_one("sysfs", "/sys");
  mount_one("tracefs", "/sys/kernel/tracing");
  mount_one("devpts", "/dev/pts");
  mount_one("mqueue", "/dev/mqueue");
  mount_one("tmpfs", "/tmp");
  klogctl(8, NULL, 1);  // the kernel's own lines would go between ours
  set_up_network();
  load_modules();
  if (is_asked_for("surefoot_crash")) {
    prepare_crash();
  }
  sleepers = mmap(NULL, most_sleepers * sizeof *sleepers, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  char tracer[32];
  tracer_asked_for(tracer, sizeof tracer);
  start_tracer(tracer);

  const struct family* const families[] = {&event_sleeps, &file_sleeps,      &futex_sleeps,   &ipc_sleeps,
                                           &lock_sleeps,  &pipe_sleeps,      &process_sleeps, &socket_sleeps,
                                           &fault_sleeps, &deep_fault_sleeps};
  for (size_t i = 0; i < sizeof families / sizeof families[0]; ++i) {
    start_all(families[i]);
  }
  wait_for_sleep();
  for (unsigned i = 0; i < sleepers_count; ++i) {
    const struct sleeper* sleeper = &sleepers[i];
    tell("sleeper %d %d %s %s", sleeper->pid, sleeper->error, sleeper->failed_at[0] != '\0' ? sleeper->failed_at : "-",
         sleeper->name);
  }
  const unsigned tasks = tell_tasks();
  tell("tasks %u", tasks);
  start_many();
  if (is_asked_for("surefoot_busy")) {
    start_busy();
  }
  tell("SUREFOOT-READY");
  if (is_asked_for("surefoot_crash")) {
    crash();
  }
  sleep_for_ever();
}
