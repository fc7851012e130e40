// SPDX-License-Identifier: MIT
//
// Reading and writing small files, and lines for the host.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

long read_file(const char* path, char* into, size_t size) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return -1;
  }
  size_t length = 0;
  ssize_t got = 0;
  while (length + 1 < size && (got = read(file, into + length, size - 1 - length)) > 0) {
    length += (size_t)got;
  }
  close(file);
  into[length] = '\0';
  return got < 0 ? -1 : (long)length;
}

int write_file(const char* path, const char* text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return errno;
  }
  const ssize_t written = write(file, text, strlen(text));
  const int error = written < 0 ? errno : 0;
  close(file);
  return error;
}

// FNV-1a: the host makes the same of the line, and sees damage.
static uint32_t checksum_of(const char* text) {
  uint32_t sum = 2166136261u;
  for (; *text != '\0'; ++text) {
    sum = (sum ^ (unsigned char)*text) * 16777619u;
  }
  return sum;
}

void tell(const char* format, ...) {
  static int serial = -1;
  if (serial < 0) {
    serial = open("/dev/ttyAMA0", O_WRONLY | O_NOCTTY | O_CLOEXEC);
  }
  char text[600];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  for (char* at = text; *at != '\0'; ++at) {
    if (*at < ' ' || *at > '~') {
      *at = '?';
    }
  }
  char line[640];
  const int length = snprintf(line, sizeof line, "\n@%08x %s\n", checksum_of(text), text);
  for (int done = 0; done < length;) {
    const ssize_t written = write(serial, line + done, (size_t)(length - done));
    if (written <= 0) {
      return;
    }
    done += (int)written;
  }
}
