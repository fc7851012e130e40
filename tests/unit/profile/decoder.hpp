// SPDX-License-Identifier: MIT
//
// Reads records for the tests of surefoot::profile: written apart from the code that writes them, and from the host
// tool's reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace surefoot::testing {

/// One record; what is read past its end throws.
class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> record) : bytes_(record) {
    const std::uint64_t size = byte() | byte() << 8;
    if (size + 2 != record.size()) throw std::runtime_error("the size is not that of the record");
  }

  std::uint64_t byte() {
    if (at_ == bytes_.size()) throw std::runtime_error("past the end");
    return std::to_integer<std::uint64_t>(bytes_[at_++]);
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint64_t next = byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
  }
  std::uint64_t word() {
    std::uint64_t value = 0;
    for (unsigned i = 0; i != 8; ++i) value |= byte() << (8 * i);
    return value;
  }
  std::string text(std::uint64_t size) {
    std::string text;
    for (; size != 0; --size) text += static_cast<char>(byte());
    return text;
  }
  [[nodiscard]] bool is_at_end() const { return at_ == bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

/// A sample as the record has it.
struct DecodedSample {
  std::uint64_t flags = 0;
  std::uint64_t stop = 0;
  std::uint64_t cpu = 0;
  std::uint64_t time = 0;
  std::uint64_t task = 0;
  std::uint64_t evidence = 0;
  std::uint64_t first_doubtful = 0;
  std::vector<std::uint64_t> steps;
};

inline DecodedSample decode_sample(std::span<const std::byte> record) {
  Decoder decoder(record);
  if (decoder.byte() != 3) throw std::runtime_error("no sample");
  DecodedSample sample;
  sample.flags = decoder.byte();
  sample.stop = decoder.byte();
  sample.cpu = decoder.number();
  sample.time = decoder.number();
  sample.task = decoder.number();
  sample.evidence = decoder.number();
  sample.first_doubtful = decoder.number();
  for (std::uint64_t count = decoder.number(); count != 0; --count) sample.steps.push_back(decoder.number());
  if (!decoder.is_at_end()) throw std::runtime_error("something is left over");
  return sample;
}

}  // namespace surefoot::testing
