// SPDX-License-Identifier: MIT
//
// Sleeps for sockets: local ones, those of IP over the loopback device, netlink, packets, and vsock, which is a module.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "guest.h"

static char bytes[65536];

static void make_pair(int type, int ends[2]) {
  if (socketpair(AF_UNIX, type, 0, ends) != 0) {
    cannot("socketpair");
  }
}

static void read_pair(int type) {
  int ends[2];
  make_pair(type, ends);
  read(ends[0], bytes, 1);
}

static void fill(int file) {
  while (send(file, bytes, 4000, 0) > 0) {
  }
}

static void fill_pair(int type) {
  int ends[2];
  make_pair(type, ends);
  fill(ends[0]);
}

static void read_stream(void) { read_pair(SOCK_STREAM); }
static void read_datagram(void) { read_pair(SOCK_DGRAM); }
static void read_packet(void) { read_pair(SOCK_SEQPACKET); }
static void write_stream(void) { fill_pair(SOCK_STREAM); }
static void write_datagram(void) { fill_pair(SOCK_DGRAM); }

static void receive_many(void) {
  int ends[2];
  make_pair(SOCK_DGRAM, ends);
  struct iovec part = {bytes, 100};
  struct mmsghdr messages[2] = {{.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}},
                                {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}}};
  recvmmsg(ends[0], messages, 2, 0, NULL);
}

static int listener(int family, const void* address, socklen_t size) {
  const int file = socket(family, SOCK_STREAM, 0);
  if (file < 0 || (address != NULL && bind(file, address, size) != 0) || listen(file, 0) != 0) {
    cannot("listen");
  }
  return file;
}

static struct sockaddr_un local_name(void) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  snprintf(name.sun_path, sizeof name.sun_path, "/tmp/socket%d", getpid());
  return name;
}

static void accept_local(void) {
  const struct sockaddr_un name = local_name();
  accept(listener(AF_UNIX, &name, sizeof name), NULL, NULL);
}

// The backlog is full: a further connection waits.
static void connect_local(void) {
  const struct sockaddr_un name = local_name();
  listener(AF_UNIX, &name, sizeof name);
  for (;;) {
    const int file = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(file, (const struct sockaddr*)&name, sizeof name) != 0) {
      cannot("connect");
    }
  }
}

static struct sockaddr_in loopback(int file) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (file >= 0) {
    socklen_t size = sizeof name;
    getsockname(file, (struct sockaddr*)&name, &size);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  return name;
}

static void accept_tcp(void) {
  const struct sockaddr_in name = loopback(-1);
  accept(listener(AF_INET, &name, sizeof name), NULL, NULL);
}

static int connected_tcp(void) {
  const struct sockaddr_in any = loopback(-1);
  const int server = listener(AF_INET, &any, sizeof any);
  const struct sockaddr_in name = loopback(server);
  const int file = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(file, (const struct sockaddr*)&name, sizeof name) != 0 || accept(server, NULL, NULL) < 0) {
    cannot("connect");
  }
  return file;
}

static void read_tcp(void) { read(connected_tcp(), bytes, 1); }

static void peek_tcp(void) { recv(connected_tcp(), bytes, 10, MSG_PEEK | MSG_WAITALL); }

static void write_tcp(void) { fill(connected_tcp()); }

static void read_internet(int family, int type, int protocol) {
  const int file = socket(family, type, protocol);
  if (file < 0) {
    cannot("socket");
  }
  struct sockaddr_in name = loopback(-1);
  if (family == AF_INET) {
    bind(file, (const struct sockaddr*)&name, sizeof name);
  }
  read(file, bytes, 1);
}

static void read_udp(void) { read_internet(AF_INET, SOCK_DGRAM, 0); }
static void read_icmp(void) { read_internet(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static void read_frames(void) { read_internet(AF_PACKET, SOCK_RAW, 0); }
static void read_netlink(void) { read_internet(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); }

static struct sockaddr_vm vsock_name(void) {
  return (struct sockaddr_vm){
      .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL, .svm_port = 10000 + (unsigned)getpid()};
}

static void accept_vsock(void) {
  const struct sockaddr_vm name = vsock_name();
  accept(listener(AF_VSOCK, &name, sizeof name), NULL, NULL);
}

static int connected_vsock(void) {
  const struct sockaddr_vm name = vsock_name();
  const int server = listener(AF_VSOCK, &name, sizeof name);
  const int file = socket(AF_VSOCK, SOCK_STREAM, 0);
  if (connect(file, (const struct sockaddr*)&name, sizeof name) != 0 || accept(server, NULL, NULL) < 0) {
    cannot("vsock");
  }
  return file;
}

static void read_vsock(void) { read(connected_vsock(), bytes, 1); }

static void write_vsock(void) { fill(connected_vsock()); }

static const struct sleep_kind kinds[] = {
    {"unix-read", read_stream, 2},
    {"unix-dgram-read", read_datagram, 0},
    {"unix-seqpacket", read_packet, 0},
    {"unix-write", write_stream, 0},
    {"unix-dgram-wr", write_datagram, 0},
    {"recvmmsg", receive_many, 0},
    {"unix-accept", accept_local, 0},
    {"unix-connect", connect_local, 0},
    {"tcp-accept", accept_tcp, 2},
    {"tcp-read", read_tcp, 2},
    {"tcp-peek", peek_tcp, 0},
    {"tcp-write", write_tcp, 0},
    {"udp-read", read_udp, 0},
    {"icmp-read", read_icmp, 0},
    {"packet-read", read_frames, 0},
    {"netlink-read", read_netlink, 0},
    {"vsock-accept", accept_vsock, 0},
    {"vsock-read", read_vsock, 2},
    {"vsock-write", write_vsock, 0},
};

const struct family socket_sleeps = FAMILY(kinds);
