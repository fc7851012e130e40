// SPDX-License-Identifier: MIT
//
// A plugin for QEMU that counts the guest's instructions where the guest can read the count: the first 8 bytes of a
// file, which both map. The guest's load of the count is an instruction like any other, so that what lies between two
// loads is known exactly. For one thread: the count is not added to atomically.
//
//   qemu-aarch64 -plugin libcounter_plugin.so,count=FILE PROGRAM...
//
// Version 1 of the plugin interface [qemu-plugins], as QEMU 7.2 has it. The distribution has no header of it; what is
// used is declared here.
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef struct qemu_info_t qemu_info_t;
typedef uint64_t qemu_plugin_id_t;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*callback)(qemu_plugin_id_t id, struct qemu_plugin_tb* block));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb* block);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb* block, size_t index);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn* instruction, enum qemu_plugin_op operation,
                                                void* at, uint64_t operand);

#define EXPORT __attribute__((visibility("default")))

EXPORT extern const int qemu_plugin_version;
const int qemu_plugin_version = 1;

static uint64_t* count;

// QEMU translates a block once and runs it often: what is registered here is done before each run of the instruction.
static void count_block(qemu_plugin_id_t id, struct qemu_plugin_tb* block) {
  (void)id;
  const size_t instructions = qemu_plugin_tb_n_insns(block);
  for (size_t i = 0; i < instructions; ++i) {
    qemu_plugin_register_vcpu_insn_exec_inline(qemu_plugin_tb_get_insn(block, i), QEMU_PLUGIN_INLINE_ADD_U64, count, 1);
  }
}

static uint64_t* map_count(const char* path) {
  const int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return NULL;
  void* mapped = MAP_FAILED;
  if (ftruncate(file, sizeof *count) == 0) {
    mapped = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  close(file);
  return mapped == MAP_FAILED ? NULL : mapped;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int argc, char** argv);
int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int argc, char** argv) {
  (void)info;
  static const char option[] = "count=";
  const size_t option_length = sizeof option - 1;
  if (argc != 1 || strncmp(argv[0], option, option_length) != 0) {
    fputs("counter_plugin: the one argument is count=FILE\n", stderr);
    return 1;
  }
  count = map_count(argv[0] + option_length);
  if (count == NULL) {
    perror(argv[0]);
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, count_block);
  return 0;
}
