// SPDX-License-Identifier: MIT
//
// Structures of all the shapes that a kernel's have, for their layout to be read out of DWARF.
typedef unsigned long word;
struct node;  // a declaration, before the whole

struct node {
  struct node* next;
};

enum state { state_new, state_ready = 7, state_lost = -3 };

typedef struct {
  int counter;
} counted;

struct layer {
  word base;
  unsigned size;
  struct node members;
};

struct task {
  char name[16];              // 0
  const volatile word flags;  // 16
  union {                     // 24
    struct {
      word first;        // 24
      struct node list;  // 32
    };
    word other;  // 24
  };
  struct layer layers[3];  // 40
  int grid[2][5];          // 112
  unsigned odd : 3;        // 152
  counted users;           // 156
  enum state state;        // 160
  struct node* stack;      // 168
  struct {
    word fp, sp;
  } context;    // 176
  word rest[];  // 192
};

union whole {
  struct task task;
  word words[512];
};

struct task a_task;
union whole a_whole;
struct node a_node;
enum state a_state(struct task* task) { return task->state; }
