// SPDX-License-Identifier: MIT
//
// Functions of all shapes that compilers give a frame, to be compiled in many ways. Nothing runs them.
using u64 = unsigned long;
using size_t = decltype(sizeof 0);

extern "C" {
int sink(int);
void use(void*);
[[noreturn]] void abort();
void* memcpy(void*, const void*, size_t);
int setjmp(u64*) __attribute__((returns_twice));
}

// Values that no compiler knows.
volatile int any;

struct Big {
  int numbers[64];
};

struct Error {
  int code;
};

struct Guard {
  int* counter;
  explicit Guard(int* c) : counter(c) { ++*counter; }
  ~Guard() {
    --*counter;
    use(counter);
  }
};

struct Shape {
  virtual ~Shape();
  virtual int area(int) const;
  virtual Shape* copy() const;
  int side = 0;
};

Shape::~Shape() { use(this); }
int Shape::area(int factor) const { return side * side * factor; }
Shape* Shape::copy() const { return nullptr; }

struct Named : Shape {
  ~Named() override;
  int area(int) const override;
  char name[24] = {};
};

Named::~Named() { sink(name[3]); }
int Named::area(int factor) const { return Shape::area(factor) + sink(name[0]); }

// Calls in tail position: direct, by a pointer, by a table, of a virtual function.
int tail(int x) { return sink(x + 1); }
int tail_by_pointer(int (*f)(int), int x) { return f(x); }
int tail_virtual(const Shape* shape) { return shape->area(3); }
int tail_after_frame(int x) {
  if (sink(x) > 3) return sink(x - 1);
  any = x;
  return sink(x + 1);
}

// Ways out that do not return.
[[noreturn, gnu::noinline]] void fail(int x) {
  sink(x);
  abort();
}
int checked(int x) {
  if (x > 100) fail(x);
  return x * 2;
}
int checked_twice(int x, int y) {
  if (x > 100) fail(x);
  sink(y);
  if (y > 100) fail(y);
  return sink(x) + y;
}
[[noreturn]] void ever(int x) {
  for (;;) x = sink(x);
}
int unreachable_default(int x) {
  switch (x) {
    case 0: return sink(3);
    case 1: return sink(5) + 1;
    case 2: return sink(7) + 2;
    case 3: return sink(11) * 3;
    case 4: return sink(13) - x;
    default: __builtin_unreachable();
  }
}
int trapped(int x) {
  if (x < 0) __builtin_trap();
  return sink(x);
}

// Switches: dense, sparse, of many cases, in a loop, in a leaf.
int dense(int x, int y) {
  switch (x) {
    case 10: return sink(y);
    case 11: return y + 1;
    case 12: return sink(y) + sink(x);
    case 13: return y * 3;
    case 14: return sink(y - 1) * 2;
    case 15: return -y;
    case 16: return y / 3;
    case 17: fail(y);
    default: return 0;
  }
}
int leaf_switch(unsigned x, int y) {
  switch (x & 7) {
    case 0: return y << 1;
    case 1: return y * y;
    case 2: return y / 7;
    case 3: return any;
    case 4: any = y; return 1;
    case 5: return y % 5;
    case 6: return ~y;
    default: return y ^ 0x55;
  }
}
#define FOUR(n)                        \
  case n: s += sink(n); break;         \
  case n + 1: s ^= sink(n + s); break; \
  case n + 2: s *= 3; break;           \
  case n + 3:                          \
    if (s > n) return s;               \
    break;
int machine(const unsigned char* code, int count) {
  int s = 0;
  for (int i = 0; i < count; ++i) {
    switch (code[i]) {
    FOUR(0) FOUR(4) FOUR(8) FOUR(12) FOUR(16) FOUR(20) FOUR(24) FOUR(28) FOUR(32) FOUR(36) FOUR(40) case 200:
      return s;
      default : fail(s);
    }
  }
  return s;
}
int interpreter(const unsigned char* code) {
  static const void* const labels[] = {&&stop, &&add, &&call, &&jump, &&twice};
  int s = 0;
  goto* labels[*code++];
add:
  s += *code++;
  goto* labels[*code++];
call:
  s = sink(s);
  goto* labels[*code++];
jump:
  code += *code;
  goto* labels[*code++];
twice:
  s = sink(s) * 2 + sink(s + 1);
  goto* labels[*code++];
stop:
  return s;
}

// Frames: large, variable, aligned, all at once; arguments on the stack; structures by value.
int large(int x) {
  volatile int a[40000];
  a[x & 0xfff] = x;
  return sink(a[sink(x) & 0xfff]);
}
int variable(int n, int m) {
  int a[n];
  use(a);
  for (int i = 0; i < m; ++i) {
    int* b = static_cast<int*>(__builtin_alloca(static_cast<size_t>(i) * 8));
    use(b);
    a[i % n] += sink(b[0]);
  }
  return a[0];
}
int aligned(int x) {
  alignas(256) int a[64];
  use(a);
  return a[x & 63];
}
int aligned_and_variable(int n) {
  alignas(128) int a[32];
  int b[n];
  use(a);
  use(b);
  return a[0] + b[n - 1];
}
int large_aligned_and_variable(int n) {
  alignas(64) int a[20000];
  int b[n];
  use(a);
  use(b);
  return sink(a[0] + b[n - 1]);
}
int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l) {
  return sink(a) + sink(b) * sink(c) + sink(d) - sink(e) + sink(f) * g + h - i * j + sink(k) * l;
}
int calls_many(int x) {
  return many(x, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, x + 11) + many(1, x, 3, 4, 5, 6, 7, 8, 9, 10, x, 12);
}
Big by_value(Big big, int x) {
  big.numbers[x & 63] = sink(x);
  return big;
}
int calls_by_value(Big* big) { return by_value(by_value(*big, 1), 2).numbers[3]; }
int sum(int count, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, count);
  double s = 0;
  for (int i = 0; i < count; ++i) s += i % 2 != 0 ? __builtin_va_arg(list, double) : __builtin_va_arg(list, int);
  __builtin_va_end(list);
  return sink(static_cast<int>(s));
}
double floats(double a, double b, double c, double d, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i) {
    s += a * sink(i) + b;
    a += c * sink(n - i);
    b -= d * s;
  }
  return s + a * b * c * d;
}

// Shrink wrapping: the frame is made late, in one of the ways, or in a loop.
int late(int x, int* p) {
  if (x < 0) return -1;
  if (p == nullptr) return 0;
  for (int i = 0; i < x; ++i) {
    if (p[i] == x) return sink(i) + sink(p[i]) + x;
  }
  return x;
}
int in_one_way(int x, int y, int* p) {
  if (x > y) {
    *p = sink(x);
    return *p + sink(y);
  }
  p[x] = y;
  return x + y;
}

// Recursion, and functions that return other than they are called.
int depth(int x) { return x <= 0 ? 0 : depth(x - 1) + sink(x); }
int fork(int n) { return n < 2 ? n : fork(n - 1) + fork(n - 2) * sink(n); }
u64 context[32];
int comes_back_twice(int x) {
  volatile int y = x;
  if (setjmp(context) != 0) return sink(y);
  y = sink(x);
  use(context);
  return y;
}
void* own_return_address() { return __builtin_return_address(0); }
void* own_frame(int x) {
  sink(x);
  return __builtin_frame_address(0);
}

#ifdef __EXCEPTIONS
int throws(int x) {
  if (x > 10) throw Error{x};
  return sink(x);
}
int catches(int x) {
  try {
    return throws(x) + throws(x + 1);
  } catch (const Error& error) {
    return sink(error.code);
  } catch (...) {
    sink(1);
    throw;
  }
}
int cleans_up(int x) {
  int counter = 0;
  Guard guard(&counter);
  if (x == 3) return sink(3);
  Named named;
  named.side = throws(x);
  {
    Guard inner(&counter);
    if (throws(x) > 3) throw Error{4};
    sink(counter);
  }
  return named.area(x) + counter;
}
int catches_in_a_loop(int n) {
  int s = 0;
  for (int i = 0; i < n; ++i) {
    int a[n];
    use(a);
    try {
      s += throws(a[i]);
    } catch (int code) {
      s -= code;
    }
  }
  return s;
}
int never_throws(int x) noexcept { return throws(x) + 1; }
Shape* makes(int x) { return x > 3 ? new Named() : new Shape(); }
void destroys(Shape* shape) { delete shape; }
#endif

template <typename T>
T fold(const T* values, int count, T (*step)(T, T)) {
  T s = values[0];
  for (int i = 1; i < count; ++i) s = step(s, values[i]);
  return s;
}
int fold_all(const int* a, const double* b, const u64* c, int n) {
  const int x = fold<int>(a, n, [](int p, int q) { return p + sink(q); });
  const double y = fold<double>(b, n, [](double p, double q) { return p * q; });
  const u64 z = fold<u64>(c, n, [](u64 p, u64 q) { return p ^ q << 3; });
  return x + static_cast<int>(y) + static_cast<int>(z);
}
void copies(char* to, const char* from, size_t n) {
  char buffer[1024];
  memcpy(buffer, from, n & 1023);
  for (size_t i = 0; i < n; i += 2) buffer[i & 1023] = static_cast<char>(buffer[(i + 1) & 1023] + from[i]);
  memcpy(to, buffer, n & 1023);
}
int atomics(int* p, u64* q) {
  int x = __atomic_fetch_add(p, 3, __ATOMIC_SEQ_CST);
  u64 expected = 5;
  while (!__atomic_compare_exchange_n(q, &expected, expected + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
    x += sink(x);
  return x + static_cast<int>(__atomic_exchange_n(q, 7, __ATOMIC_RELEASE));
}
