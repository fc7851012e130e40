// SPDX-License-Identifier: MIT
//
// A producer and a consumer of one ring, each a thread, under ThreadSanitizer: every record arrives whole and in order.
// A program of its own, as this sanitizer goes with no other.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "src/profile/record_writer.hpp"

namespace {

using namespace surefoot::profile;

constexpr std::uint64_t record_count = 20'000;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::exit(1);
}

// What record `number` holds: its number, and as many bytes that follow from it.
std::uint8_t byte_of(std::uint64_t number, std::uint64_t i) { return static_cast<std::uint8_t>(number * 31 + i); }
std::uint64_t size_of(std::uint64_t number) { return number * 7 % 90; }

void produce(Ring& ring, std::atomic<std::uint64_t>& refused) {
  for (std::uint64_t number = 0; number != record_count;) {
    RingWriter writer(ring, RecordType::sample);
    writer.record().put_bytes(number);
    for (std::uint64_t i = 0; i != size_of(number); ++i) writer.record().put(byte_of(number, i));
    if (writer.publish()) {
      ++number;
    } else {
      ++refused;
      std::this_thread::yield();
    }
  }
}

void consume(Ring& ring) {
  std::vector<std::byte> room(512);
  for (std::uint64_t number = 0; number != record_count;) {
    const auto record = ring.take(room);
    if (record.empty()) {
      std::this_thread::yield();
      continue;
    }
    require(record.size() == prefix_size + 8 + size_of(number), "the size");
    std::uint64_t found = 0;
    for (unsigned i = 0; i != 8; ++i) found |= std::to_integer<std::uint64_t>(record[prefix_size + i]) << (8 * i);
    require(found == number, "the order");
    for (std::uint64_t i = 0; i != size_of(number); ++i) {
      require(std::to_integer<std::uint8_t>(record[prefix_size + 8 + i]) == byte_of(number, i), "the bytes");
    }
    ++number;
  }
}

}  // namespace

int main() {
  std::vector<std::byte> storage(256);
  Ring ring(storage);
  std::atomic<std::uint64_t> refused = 0;
  std::thread producer(produce, std::ref(ring), std::ref(refused));
  std::thread consumer(consume, std::ref(ring));
  producer.join();
  consumer.join();
  require(ring.pending() == 0, "nothing is left");
  std::printf("%llu records, refused %llu times\n", static_cast<unsigned long long>(record_count),
              static_cast<unsigned long long>(refused.load()));
  return 0;
}
