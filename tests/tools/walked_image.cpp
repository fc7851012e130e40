// SPDX-License-Identifier: MIT
#include "walked_image.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>

#include "elf/special_table.hpp"
#include "machine.hpp"
#include "rules/calls.hpp"
#include "sframe/writer.hpp"
#include "test_image.hpp"

namespace surefoot::tools::testing {
namespace {

// Tables and stacks, away from any code.
constexpr std::uint64_t frames_at = 0x4800'0000;
constexpr std::uint64_t calls_at = 0x4900'0000;
constexpr AddressRange task_stack(0x5000'0000, 0x5001'0000);
constexpr AddressRange other_stack(0x6000'0000, 0x6000'1000);
constexpr std::uint64_t final_record_at = task_stack.end() - 32;
constexpr std::uint64_t word_at = 0x7000'0000;
constexpr std::size_t most_steps = 5'000;

const Symbol& symbol_of(const Image& image, const std::string& name) {
  const Symbol* symbol = image.find_symbol(name);
  if (symbol == nullptr) throw std::runtime_error("no symbol " + name);
  return *symbol;
}

// The return address of the first call in the function.
std::uint64_t first_return_address(const Image& image, const std::string& function) {
  for (std::uint64_t pc = symbol_of(image, function).address;; pc += 4) {
    const std::uint32_t word = image.instruction_at(pc).value();
    if ((word & 0xfc00'0000) == 0x9400'0000 || (word & 0xffff'fc1f) == 0xd63f'0000) return pc + 4;
  }
}

// The task's memory, for a walk in front of an instruction.
struct Reader {
  const Machine& machine;
  std::vector<std::uint64_t> wild;

  static bool read(void* object, std::uint64_t address, std::uint64_t* word) noexcept {
    // SAFETY: judge() passes the address of a Reader.
    auto& reader = *static_cast<Reader*>(object);
    const std::uint64_t sp = reader.machine.sp;
    for (const AddressRange& stack : {task_stack, other_stack}) {
      if (!stack.contains(address, 8)) continue;
      if (stack.contains(sp, 1) && address < sp) break;
      *word = reader.machine.load(address, 8);
      return true;
    }
    reader.wild.push_back(address);
    return false;
  }
};

ExceptionFrame frame_of(const Machine& machine) {
  ExceptionFrame frame{};
  std::ranges::copy(std::span(machine.x).first(29), frame.x);
  frame.fp = machine.x[29];
  frame.lr = machine.x[30];
  frame.sp = machine.sp;
  frame.pc = machine.pc;
  frame.pstate = 0x3c5;  // EL1h
  frame.record.type = MetadataType::exception;
  return frame;
}

std::vector<std::uint64_t> truth_of(const Machine& machine) {
  std::vector<std::uint64_t> truth{machine.pc};
  truth.insert(truth.end(), machine.returns().rbegin(), machine.returns().rend());
  return truth;
}

}  // namespace

WalkedImage::WalkedImage(const std::string& name, const std::function<void(FunctionRules&)>& change)
    : image_(open_image(name)) {
  const RuleDerivation derivation(image_);
  CallsWithoutRecord calls(derivation);
  std::vector<FunctionRows> rows;
  for (const Group& group : derivation.groups()) {
    for (FunctionRules& derived : derivation.derive(group)) {
      if (change) change(derived);
      calls.add(derived);
      rows.push_back(derived.rows);
    }
  }
  calls.finish();
  frames_ = write_sframe(rows, frames_at).value().bytes;
  const auto table = write_special_ranges(calls.ranges(), SpecialKind::call_without_record, calls_at).value();
  calls_.resize(table.size() / sizeof(SpecialRangeEntry));
  if (!calls_.empty()) std::memcpy(calls_.data(), table.data(), table.size());

  const Section& text = *image_.find_section(".text");
  region_ = {.text = AddressRange(text.address, text.address + text.size),
             .special_ranges = SpecialRanges::none(),
             .frame_table = FrameTable::make(frames_, frames_at).value()};
  if (!calls_.empty()) region_.calls_without_record = SpecialRanges::make(calls_, calls_at).value();
  const std::span<const Region> regions(&region_, 1);
  intervals_.resize(CodeMap::intervals_needed(regions));
  map_ = CodeMap::make(regions, intervals_).value();
}

std::string WalkedImage::place(std::uint64_t pc) const {
  const Function* function = image_.find_function(pc);
  return function == nullptr ? fmt::format("{:#x}", pc) : fmt::format("{}+{}", function->name, pc - function->start);
}

std::vector<std::string> WalkedImage::instructions_of(const std::string& function) const {
  const Symbol& symbol = symbol_of(image_, function);
  std::vector<std::string> places;
  for (std::uint64_t offset = 0; offset < symbol.size; offset += 4) places.push_back(place(symbol.address + offset));
  return places;
}

Judgement WalkedImage::judge(const Execution& run) const {
  const std::uint64_t function = run.function.empty() ? 0 : symbol_of(image_, run.function).address;
  const std::uint64_t outermost = first_return_address(image_, run.root);
  Machine machine(image_, symbol_of(image_, run.root).address, outermost);
  // Memory that nobody has written yet looks like records of a function that was called by the outermost one.
  for (const AddressRange& stack : {task_stack, other_stack}) {
    for (std::uint64_t at = stack.end() - 0x1000; at < stack.end(); at += 16) {
      machine.store(at, final_record_at - 16, 8);
      machine.store(at + 8, outermost + 4, 8);
    }
  }
  machine.store(final_record_at, 0, 8);
  machine.store(final_record_at + 8, 0, 8);
  machine.store(final_record_at + 16, static_cast<std::uint64_t>(MetadataType::final_record), 8);
  machine.sp = final_record_at;
  machine.x[29] = final_record_at;
  machine.x[8] = function;
  machine.x[0] = run.x0;
  machine.x[1] = other_stack.end();
  if (!run.x2.empty()) machine.x[2] = symbol_of(image_, run.x2).address;
  if (run.label) {
    machine.x[0] = word_at;
    machine.store(word_at, function + *run.label, 8);
  }

  const Kernel kernel = Kernel::make({.code = &map_}).value();
  const Stack stacks[] = {{.range = task_stack}, {.range = other_stack}};
  Judgement judgement;
  bool is_behind_call = false;
  for (bool goes_on = true; goes_on && judgement.steps < most_steps; ++judgement.steps) {
    Reader reader{machine, {}};
    const ForeignMemory memory{.read = Reader::read, .object = &reader};
    const Task task{.stacks = StackSet::make(stacks).value(), .final_record_at = final_record_at, .memory = &memory};
    const std::string here = place(machine.pc);
    ++judgement.visited[here];
    // True if it is reliable.
    const auto judge_walk = [&](const Start& start, Policy policy, std::vector<std::uint64_t> truth) {
      std::vector<Frame> room(64);
      const Trace trace = walk(start, kernel, task, room, policy);
      std::vector<std::uint64_t> found;
      for (const Frame& frame : trace.frames) found.push_back(frame.pc);
      const bool is_reliable = trace.verdict.reliability == Reliability::reliable;
      if (found == truth) return is_reliable;
      const std::string text = fmt::format("{}: {:#x}, not {:#x}", here, fmt::join(found, " "), fmt::join(truth, " "));
      if (is_reliable) {
        judgement.false_reliable.push_back(text);
      } else if (policy == Policy::strict) {
        judgement.strict_without_all.push_back(text);
      }
      return is_reliable;
    };
    const ExceptionFrame interrupted = frame_of(machine);
    const std::vector<std::uint64_t> truth = truth_of(machine);
    const Registers caller{.fp = machine.x[29], .sp = machine.sp, .pc = machine.x[30]};
    for (const Policy policy : {Policy::strict, Policy::exact}) {
      const bool is_reliable = judge_walk(Start::exception(interrupted), policy, truth);
      if (policy == Policy::exact && !is_reliable) ++judgement.exact_unreliable[here];
      if (!is_behind_call) continue;
      const bool is_call_reliable = judge_walk(Start::at_call(caller), policy, {truth.begin() + 1, truth.end()});
      if (policy == Policy::strict) ++(is_call_reliable ? judgement.calls_reliable : judgement.calls_unreliable);
    }
    for (const std::uint64_t address : reader.wild) {
      judgement.wild_reads.push_back(fmt::format("{}: {:#x}", here, address));
    }

    const std::size_t calls = machine.returns().size();
    const auto detour = run.detours.find(machine.pc - function);
    if (detour != run.detours.end()) {
      machine.pc = function + detour->second;
    } else {
      goes_on = machine.step();
    }
    is_behind_call = machine.returns().size() > calls;
  }
  return judgement;
}

}  // namespace surefoot::tools::testing
