// SPDX-License-Identifier: MIT
//
// A piece of a kernel for logs to be decoded by. What is built is net.s, which was made of this file, so that addresses
// and lines do not depend on the compiler:
//
//   clang++-19 --target=aarch64-none-elf -std=c++20 -O2 -g -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer
//     -fno-exceptions -fno-asynchronous-unwind-tables -ffreestanding -ffunction-sections
//     -fdebug-compilation-dir=. -S tests/decode/image/net.cpp -o tests/decode/image/net.s
namespace net {

struct Packet {
  unsigned length;
  unsigned char* data;
};

struct Queue {
  Packet* first;
  unsigned count;

  [[gnu::always_inline]] Packet& pop() {
    --count;
    return first[count];
  }
};

[[gnu::noinline]] void send(const Packet& packet) {
  packet.data[0] = static_cast<unsigned char>(packet.length);
  asm volatile("" ::: "memory");
}

[[gnu::always_inline]] inline void drain(Queue& queue) {
  while (queue.count != 0) {
    send(queue.pop());
  }
}

[[gnu::noinline]] void poll(Queue& queue) {
  drain(queue);
  asm volatile("" ::: "memory");
}

[[noreturn, gnu::noinline]] void give_up() {
  while (true) asm volatile("wfi");
}

}  // namespace net

extern "C" {

[[gnu::noinline]] void worker(net::Queue* queue) {
  net::poll(*queue);
  asm volatile("" ::: "memory");
}

[[gnu::noinline]] void worker_entry(net::Queue* queue) {
  worker(queue);
  net::give_up();
}

// Stands for the entry of an exception out of the kernel.
void el1h_64_irq(net::Queue* queue) {
  net::poll(*queue);
  asm volatile("" ::: "memory");
}
}
