// SPDX-License-Identifier: MIT
//
// A return stack through any sequence of its operations, and with any damage, against a list that grows and shrinks.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "require.hpp"
#include "support/random_source.hpp"
#include "support/return_stack_depth.hpp"
#include "surefoot/return_stack.hpp"

using namespace surefoot;
using surefoot::testing::RandomSource;
using surefoot::testing::require;

namespace {

constexpr std::size_t most_entries = 8;

class Model {
 public:
  explicit Model(RandomSource& random) : random_(random), storage_(random.below(most_entries + 1)), stack_(storage_) {}

  void step() {
    switch (random_.below(8)) {
      case 0:
      case 1:
      case 2: return push();
      case 3:
        if (list_.empty()) return;
        stack_.pop();
        return list_.pop_back();
      case 4: return drop();
      case 5: return abandon_push();
      default: return;
    }
  }
  void check() const {
    require(stack_.depth() == list_.size() && stack_.capacity() == storage_.size(), "the depth");
    require(stack_.dropped() == dropped_, "what was left untraced is counted");
    require(stack_.entries().size() == list_.size(), "the entries in use");
    const ReturnEntry* newest = nullptr;
    for (std::size_t i = 0; i < storage_.size(); ++i) {
      const ReturnEntry& slot = stack_.slot(static_cast<std::uint32_t>(i));
      if (i >= list_.size()) {
        require(slot.return_address == 0, "a slot above the depth is not valid");
        continue;
      }
      require(slot.return_address == list_[i].return_address, "the return address");
      if (slot.return_address == 0) continue;
      require(slot.key == list_[i].key && slot.hook == list_[i].hook && slot.function == list_[i].function, "an entry");
      newest = &slot;
    }
    require(stack_.top() == newest, "the newest valid entry");
  }
  // A depth that no operation makes: nothing is used of such a stack, and nothing outside of it is read or written.
  void damage() {
    surefoot::testing::set_depth(stack_, static_cast<std::uint32_t>(storage_.size() + 1 + random_.below(0x1'0000)));
    require(stack_.entries().empty() && stack_.top() == nullptr, "nothing of a damaged stack is used");
    require(!stack_.push({.return_address = 1}), "nothing is pushed");
    require(stack_.drop(AddressRange(0, ~std::uint64_t{0})) == 0, "nothing is dropped");
  }

 private:
  [[nodiscard]] ReturnEntry entry() {
    return {.return_address = random_.word() | 1, .function = random_.word(), .key = random_.below(64), .hook = 4};
  }
  void push() {
    const ReturnEntry pushed = entry();
    const bool has_room = list_.size() < storage_.size();
    require(stack_.push(pushed) == has_room, "there is room until the stack is full");
    if (has_room) {
      list_.push_back(pushed);
    } else {
      ++dropped_;
    }
  }
  // An exception interrupted the push, and did not return: the slot is reserved, and empty.
  void abandon_push() {
    if (list_.size() == storage_.size()) return;
    surefoot::testing::set_depth(stack_, static_cast<std::uint32_t>(list_.size() + 1));
    list_.emplace_back();
  }
  void drop() {
    const std::uint64_t start = random_.below(64);
    const AddressRange abandoned(start, start + random_.below(64));
    std::uint32_t count = 0;
    while (!list_.empty()) {
      const ReturnEntry& newest = list_.back();
      const bool is_abandoned = newest.key >= abandoned.start() && newest.key < abandoned.end();
      if (newest.return_address != 0 && !is_abandoned) break;
      list_.pop_back();
      ++count;
    }
    require(stack_.drop(abandoned) == count, "what is dropped");
  }

  RandomSource& random_;
  std::vector<ReturnEntry> storage_;  // of its exact size, so that a sanitizer sees what is outside
  ReturnStack stack_;
  std::vector<ReturnEntry> list_;
  std::uint64_t dropped_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RandomSource random(std::as_bytes(std::span(data, size)));
  Model model(random);
  for (std::size_t steps = 8 + size / 2; steps > 0; --steps) {
    model.step();
    model.check();
  }
  model.damage();
  return 0;
}
