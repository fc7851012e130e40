// SPDX-License-Identifier: MIT
//
// Functions as kernels have them, to be compiled in many ways: frames that are probed, copied to, tagged, split,
// reached by pointers, left by tail calls, and never left. Nothing runs them.
typedef unsigned long u64;
extern u64 outside(u64);
extern void fill(void*);
extern void die(const char*) __attribute__((noreturn, cold));
extern void warn(const char*, ...) __attribute__((cold));
void* memcpy(void*, const void*, u64);
void* memset(void*, int, u64);
void* memmove(void*, const void*, u64);

volatile u64 state;

struct request {
  u64 words[40];
  u64 (*done)(struct request*, u64);
  struct request* next;
};

#define OWN __attribute__((noinline, used))

// What may become one instruction for a whole copy, or a call.
OWN u64 copies_a_request(const struct request* from) {
  struct request own = *from;
  fill(&own);
  return outside(own.words[3]) + own.words[5];
}
OWN u64 copies_bytes(const char* from, u64 count) {
  char own[512];
  memcpy(own, from, count & 511);
  fill(own);
  memmove(own + 3, own, count & 255);
  memset(own, 0, count & 127);
  return outside((u64)own[7]) + 1;
}
OWN u64 clears(u64 x) {
  struct request own = {{x}};
  fill(&own);
  return own.words[1];
}

// Frames of sizes at which probing changes its way.
#define FRAME(bytes)                    \
  OWN u64 frame_of_##bytes(u64 index) { \
    char own[bytes];                    \
    fill(own);                          \
    own[index % bytes] = (char)index;   \
    fill(own + index % bytes);          \
    return outside(index);              \
  }
FRAME(16)
FRAME(496)
FRAME(4000)
FRAME(4096)
FRAME(9000)
FRAME(66000)
FRAME(200000)
OWN u64 frame_of_any_size(u64 size, u64 index) {
  char own[size];
  fill(own);
  return outside((u64)own[index]);
}
OWN u64 indexed(u64 count) {
  volatile char own[64];
  for (u64 i = 0; i < count; ++i) own[i] = (char)i;
  return outside((u64)own[3]);
}

// Cold parts: errors that are rare, and code that gives up.
OWN u64 rarely_warns(struct request* request, u64 limit) {
  u64 sum = 0;
  for (u64 i = 0; i < limit; ++i) {
    if (__builtin_expect(request->words[i % 40] > 1000000, 0)) {
      warn("word %lu is %lu\n", i, request->words[i % 40]);
      sum += outside(i) * 3;
      state = sum;
    }
    sum += request->words[i % 40] ^ outside(sum);
  }
  return sum;
}
OWN u64 rarely_dies(struct request* request) {
  if (__builtin_expect(!request->next, 0)) die("no next");
  const u64 x = outside(request->words[0]);
  if (__builtin_expect(x == 77, 0)) die("seventy-seven");
  return x + request->next->words[1];
}
OWN u64 traps(u64 x) {
  if (x > 5000) __builtin_trap();
  return outside(x) + 1;
}
OWN u64 gives_up_early(u64 x, struct request* request) {
  if (!x) return 0;
  if (!request) {
    warn("no request\n");
    return 1;
  }
  u64 sum = outside(x);
  while (request) {
    sum += outside(request->words[sum % 40]);
    request = request->next;
  }
  return sum;
}

// Calls by pointers, in the middle and in tail position.
OWN u64 finish(struct request* request, u64 result) { return request->done(request, result); }
OWN u64 finish_all(struct request* request) {
  u64 sum = 0;
  for (; request; request = request->next) sum += request->done(request, sum);
  return sum;
}
OWN u64 passes_on(u64 x) { return outside(x + state); }
OWN u64 passes_on_late(u64 x) {
  state = outside(x);
  return outside(x + 1);
}
OWN u64 eleven(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f, u64 g, u64 h, u64 i, u64 j, u64 k) {
  return outside(a + b) + outside(c + d) + outside(e + f) + outside(g + h) + outside(i + j) + k;
}
OWN u64 calls_eleven(u64 x) {
  return eleven(x, 1, 2, 3, 4, 5, 6, 7, 8, x, 10) + eleven(1, x, x, 2, 3, 4, 5, 6, 7, 8, 9);
}

// A thread, a loop for ever, and a state machine.
OWN __attribute__((noreturn)) void thread(u64 x) {
  for (;;) x = outside(x);
}
OWN u64 machine(const unsigned char* code, u64 count) {
  u64 sum = 0;
  for (u64 i = 0; i < count; ++i) {
    switch (code[i]) {
      case 0: sum += outside(sum); break;
      case 1: sum ^= i; break;
      case 2: sum *= outside(i); break;
      case 3: return sum;
      case 4: sum = outside(sum) + outside(i); break;
      case 5: warn("five\n"); break;
      case 6: sum -= code[i / 2]; break;
      case 7: die("seven");
      case 8: sum <<= 3; break;
      case 9: fill(&sum); break;
      default: return outside(sum);
    }
  }
  return sum;
}

// Locks and words that others write.
OWN u64 with_lock(unsigned* lock, u64 x) {
  while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE)) outside(0);
  x = outside(x) + state;
  __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
  return x;
}
OWN u64 stores_pairs(u64* to, u64 x) {
  __int128 wide = x;
  wide *= x;
  *(__int128*)to = wide;
  double d = (double)x * 1.5;
  outside(x);
  return (u64)d;
}
OWN void scales(float* restrict to, const float* restrict from, u64 count) {
  for (u64 i = 0; i < count; ++i) to[i] = from[i] * 3.0f + (float)i;
  outside(count);
}

void _start(void) {
  for (;;) outside(state);
}
