// SPDX-License-Identifier: MIT
//
// Dumps of the miniature kernel in which some words of its structures, stacks, lists and translation tables are others,
// pages are missing, and VMCOREINFO and the CPUs' registers have been changed. Whatever is in them, they are read and
// walked in so many reads, or refused in one line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "linux/dumped_linux.hpp"
#include "require.hpp"
#include "support/dump_world.hpp"
#include "support/random_source.hpp"
#include "support/tasks_of_each_kind.hpp"

namespace surefoot::testing {
namespace {

using tools::PageState;

// Each list, each table and each walk has an end of its own; together they stay far below this.
constexpr std::size_t most_reads = 200'000;

// The pages of a world, and what a dump has instead.
class ChangedMemory final : public tools::PhysicalMemory {
 public:
  explicit ChangedMemory(const std::vector<std::pair<std::uint64_t, Bytes>>& pages,
                         const std::vector<AddressRange>& ranges)
      : pages_(pages), ranges_(ranges) {}

  void change(std::uint64_t address, std::uint64_t word) { changes_.emplace_back(address, word); }
  void forget(std::uint64_t address) { missing_.push_back(address / SparseMemory::page_size); }

  [[nodiscard]] PageState read(std::uint64_t address, std::span<std::byte> into) override {
    require(++reads_ <= most_reads, "reads are bounded");
    const std::uint64_t start = address;
    for (std::size_t done = 0; done < into.size();) {
      const std::uint64_t number = address / SparseMemory::page_size;
      const auto page = std::ranges::lower_bound(pages_, number, {}, &std::pair<std::uint64_t, Bytes>::first);
      if (page == pages_.end() || page->first != number || std::ranges::find(missing_, number) != missing_.end()) {
        return PageState::absent;
      }
      const auto offset = static_cast<std::size_t>(address % SparseMemory::page_size);
      const std::size_t count =
          std::min(into.size() - done, static_cast<std::size_t>(SparseMemory::page_size) - offset);
      std::memcpy(into.data() + done, page->second.data() + offset, count);
      done += count;
      address += count;
    }
    for (const auto& [at, word] : changes_) {
      for (unsigned i = 0; i < sizeof word; ++i) {
        const std::uint64_t place = at + i - start;
        if (place < into.size()) into[static_cast<std::size_t>(place)] = static_cast<std::byte>(word >> (8 * i));
      }
    }
    return PageState::present;
  }
  [[nodiscard]] const std::vector<AddressRange>& ranges() const override { return ranges_; }

 private:
  const std::vector<std::pair<std::uint64_t, Bytes>>& pages_;
  const std::vector<AddressRange>& ranges_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> changes_;
  std::vector<std::uint64_t> missing_;
  std::size_t reads_ = 0;
};

// A world with tasks of each kind, made once.
class Whole {
 public:
  explicit Whole(KernelForm form) : world_(form) {
    add_tasks_of_each_kind(world_);
    world_.add_module("first");
    world_.add_module("second");
    for (const AddressRange& range : world_.memory().ranges()) {
      for (std::uint64_t at = range.start(); at < range.end(); at += SparseMemory::page_size) {
        Bytes bytes(SparseMemory::page_size);
        require(world_.memory().read(at, bytes) == PageState::present);
        find_words(at, bytes);
        pages_.emplace_back(at / SparseMemory::page_size, std::move(bytes));
      }
      ranges_.push_back(range);
    }
    request_ = {.dump = "a world",
                .vmlinux = world_.vmlinux(),
                .modules = "/proc/self/fdinfo",  // it has no modules in it
                .raw_base = {},
                .pid = {},
                .policy = Policy::exact,
                .cache_folder = {},
                .is_without_cache = true};
    const auto first =
        tools::DumpedLinux::open(dump_of(std::make_unique<ChangedMemory>(pages_, ranges_)), nullptr, request_, {});
    require(first.has_value(), first ? "" : first.error().c_str());
    kernel_ = (*first)->kernel_file();
  }

  void check(RandomSource& random) const {
    auto memory = std::make_unique<ChangedMemory>(pages_, ranges_);
    for (std::size_t count = random.below(12); count > 0; --count) memory->change(any_place(random), any_word(random));
    if (random.is_chosen(20)) memory->forget(any_place(random));
    tools::Dump dump = dump_of(std::move(memory));
    if (random.is_chosen(20)) change_text(random, dump.vmcoreinfo);
    if (random.is_chosen(20)) change_registers(random, dump.cpus);
    const auto opened = tools::DumpedLinux::open(std::move(dump), kernel_, request_, {});
    if (!opened) return require(!opened.error().empty() && !opened.error().contains('\n'), "one line says why not");
    require(!(*opened)->tasks().empty());
    for (const tools::TaskInfo& task : (*opened)->tasks()) {
      const Policy policy = random.is_chosen(50) ? Policy::exact : Policy::strict;
      check_trace((*opened)->walk(task, policy), policy);
    }
    static_cast<void>((*opened)->facts());
  }

 private:
  static void check_trace(const tools::TaskTrace& trace, Policy policy) {
    require(trace.verdict.policy == policy);
    require(trace.verdict.first_doubtful <= trace.frames.size());
    require(trace.frames.size() <= 4096);
    if (trace.verdict.is_reliable()) {
      require(is_complete(trace.verdict.stop), "what is reliable is complete");
      require(trace.verdict.first_doubtful == trace.frames.size(), "what is reliable has no doubtful frame");
    }
    for (const tools::SavedRegisters& saved : trace.exceptions) require(saved.frame < trace.frames.size());
  }

  // Where something is that is not zero: what a dump is made of. The image's own code and names are not.
  void find_words(std::uint64_t at, const Bytes& bytes) {
    if (at < world_.physical(world_.at("__start_init_task"))) return;
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + i, sizeof word);
      if (word == 0) continue;
      places_.push_back(at + i);
      words_.push_back(word);
    }
  }
  [[nodiscard]] std::uint64_t any_place(RandomSource& random) const {
    const std::uint64_t place = places_[random.below(places_.size())];
    return random.is_chosen(80) ? place : place + random.below(64);
  }
  [[nodiscard]] std::uint64_t any_word(RandomSource& random) const {
    const std::uint64_t word = words_[random.below(words_.size())];
    switch (random.below(8)) {
      case 0: return random.word();
      case 1: return random.below(16);
      case 2: return ~random.below(64);
      case 3: return word ^ std::uint64_t{1} << random.below(64);
      case 4: return word + 8 * random.below(64) - 256;
      case 5: return word | random.below(1 << 16) << 48;
      default: return word;
    }
  }
  static void change_text(RandomSource& random, std::string& text) {
    for (std::size_t count = 1 + random.below(3); count > 0 && !text.empty(); --count) {
      const std::size_t at = random.below(text.size());
      switch (random.below(4)) {
        case 0: text.erase(at, random.below(40)); break;
        case 1: text.insert(at, text.substr(random.below(text.size()), random.below(40))); break;
        case 2: text[at] = "0123456789abcdefx-\n="[random.below(20)]; break;
        default: text[at] = static_cast<char>(random.word()); break;
      }
    }
  }
  void change_registers(RandomSource& random, std::vector<tools::CpuState>& cpus) const {
    cpus.resize(random.below(4));
    for (tools::CpuState& state : cpus) {
      if (random.is_chosen(50)) state.sp = any_word(random);
      if (random.is_chosen(30)) state.pc = any_word(random);
      if (random.is_chosen(30)) state.pstate = random.below(16);
      if (random.is_chosen(30)) state.x[29] = any_word(random);
      if (random.is_chosen(30)) state.x[30] = any_word(random);
    }
  }
  [[nodiscard]] tools::Dump dump_of(std::unique_ptr<ChangedMemory> memory) const {
    return {.format = "a world",
            .memory = std::move(memory),
            .vmcoreinfo = world_.vmcoreinfo,
            .cpus = world_.cpus,
            .warnings = {}};
  }

  DumpWorld world_;
  std::vector<std::pair<std::uint64_t, Bytes>> pages_;  // by number
  std::vector<AddressRange> ranges_;
  std::vector<std::uint64_t> places_;
  std::vector<std::uint64_t> words_;
  tools::DumpRequest request_;
  std::shared_ptr<tools::KernelFile> kernel_;
};

}  // namespace
}  // namespace surefoot::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace surefoot::testing;
  static const Whole plain(KernelForm::plain);
  static const Whole typed(KernelForm::typed);
  RandomSource random(std::as_bytes(std::span(data, size)));
  (random.is_chosen(50) ? plain : typed).check(random);
  return 0;
}
