// SPDX-License-Identifier: MIT
//
// Builds the state of a case by doing what the trampolines do, up to the instruction in question.
#include "trampoline_scene.hpp"

#include <cstring>
#include <stdexcept>

namespace surefoot::testing {
namespace {

constexpr std::uint64_t frame_fp = ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_FP;
constexpr std::uint64_t frame_lr = ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_LR;
constexpr std::uint64_t frame_sp = ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_SP;
constexpr std::uint64_t frame_pc = ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_PC;

}  // namespace

class TrampolineScene::Reader {
 public:
  Reader(TrampolineScene& scene, std::size_t& wild_reads) : scene_(&scene), wild_reads_(&wild_reads) {}

  [[nodiscard]] ForeignMemory memory() {
    return {.read = [](void* reader, std::uint64_t address,
                       std::uint64_t* word) noexcept { return static_cast<Reader*>(reader)->read(address, *word); },
            .object = this};
  }

 private:
  bool read(std::uint64_t address, std::uint64_t& word) noexcept {
    const bool is_task = address >= scene_->lowest_read_ && address < task_stack_end;
    const bool is_irq = address >= irq_stack && address < irq_stack_end;
    if (address % 8 != 0 || !(is_task || is_irq)) {
      ++*wild_reads_;
      return false;
    }
    word = scene_->at(address);
    return true;
  }

  TrampolineScene* scene_;
  std::size_t* wild_reads_;
};

TrampolineScene::TrampolineScene(const Case& the_case) : case_(the_case), program_(Program::under_test()) {
  brand_all();
  make_chain_above();
  push_passed();
  registers_.pc = case_.pc;
  registers_.fp = p_record;
  registers_.pstate = 0x3c5;  // EL1h, all exceptions masked
  registers_.record.type = MetadataType::exception;
  if (case_.is_in_handler()) {
    enter_handler();
    leave_handler();
  } else {
    enter_trampoline();
    run_tracers();
  }
}

std::uint64_t TrampolineScene::brand(unsigned number) {
  return Program::under_test().elsewhere + 2 * instruction_size * number;
}

void TrampolineScene::brand_all() {
  for (unsigned number = 0; number < 29; ++number) registers_.x[number] = brand(number);
  registers_.lr = brand(30);
  std::uint64_t address = task_stack;
  for (std::uint64_t& word : task_words_) word = (address++ << 32) | 1;  // odd, and nowhere
  for (std::uint64_t& word : irq_words_) word = (address++ << 32) | 1;
}

void TrampolineScene::make_chain_above() {
  if (case_.history.is_p_hooked) push(program_.g, g_record, program_.handler);
  record(p_record, g_record, case_.history.is_p_hooked ? program_.handler : program_.g);
  record(g_record, final_record, program_.h);
  record(final_record, 0, 0);
  at(final_record + SUREFOOT_METADATA_RECORD_OFFSET_TYPE) = SUREFOOT_METADATA_FINAL;
}

void TrampolineScene::push(std::uint64_t return_address, std::uint64_t key, std::uint64_t hook) {
  const ReturnEntry entry{.return_address = return_address, .function = program_.f, .key = key, .hook = hook};
  if (!returns_.push(entry)) throw std::logic_error("the return stack is too small for this test");
}

// The entries of the function that tail-called F, G8. Where there are two, two mechanisms took its return address, K4.
void TrampolineScene::push_passed() {
  passed_ = program_.p;
  const auto hook_with = [this](std::uint64_t hook) {
    push(passed_, p_record, hook);
    passed_ = hook;
  };
  switch (case_.history.passed) {
    case Passed::plain: return;
    case Passed::handler: return hook_with(program_.handler);
    case Passed::handler_on_probe: hook_with(program_.probe); return hook_with(program_.handler);
    case Passed::probe_on_handler: hook_with(program_.handler); return hook_with(program_.probe);
  }
}

// E4, E6
void TrampolineScene::enter_trampoline() {
  registers_.sp = case_.state == State::entered ? call_site_sp : ftrace_frame;
  if (case_.state <= State::records_written) {
    registers_.lr = program_.f;
    registers_.x[9] = passed_;
  }
  if (case_.state >= State::fp_and_lr_saved) {
    at(frame_fp) = p_record;
    at(frame_lr) = passed_;
  }
  if (case_.state >= State::pc_saved) {
    at(frame_sp) = call_site_sp;
    at(frame_pc) = program_.f;
  }
  if (case_.state >= State::caller_record_written) record(caller_record, p_record, passed_);
  if (case_.state >= State::records_written) record(function_record, caller_record, program_.f);
  if (case_.is_in_frame()) registers_.fp = function_record;
  if (case_.state == State::in_stub) registers_.lr = program_.after_call;
}

// E8, E10, E11. A history says only what can have been done by now.
void TrampolineScene::run_tracers() {
  const Redirect redirect = case_.history.redirect;
  if (redirect == Redirect::both || redirect == Redirect::pc_only) at(frame_pc) = program_.target;
  if (redirect == Redirect::both) record(function_record, caller_record, program_.target + 4);
  std::uint64_t lr = passed_;
  std::uint64_t lr_before = passed_;
  const auto hook_with = [&](std::uint64_t hook) {
    push(lr, p_record, hook);
    lr_before = lr;
    lr = hook;
  };
  if (case_.history.is_probed) hook_with(program_.probe);
  if (case_.history.is_graph_hooked) hook_with(program_.handler);
  if (case_.state >= State::tracers_called) at(frame_lr) = case_.is_hook_written ? lr : lr_before;
  if (redirect == Redirect::lr_only) at(frame_lr) = program_.elsewhere;
  if (case_.state >= State::x29_restored) registers_.lr = lr;
  if (case_.state >= State::way_back_in_x9) registers_.x[9] = at(frame_pc);
  if (case_.state >= State::frame_given_back) registers_.sp = call_site_sp;
}

// R1, R2
void TrampolineScene::enter_handler() {
  registers_.sp = case_.state == State::handler_entered ? call_site_sp : return_frame;
  if (case_.state >= State::handler_hook_in_lr) registers_.lr = program_.handler;
  if (case_.state >= State::handler_record_written) record(return_record, p_record, program_.handler);
  if (case_.state >= State::handler_in_frame) {
    registers_.fp = return_record;
    registers_.lr = brand(30);
  }
  if (case_.history.is_probed) {
    push(passed_, p_record, program_.probe);
    passed_ = program_.probe;
  }
  push(passed_, p_record, program_.handler);
}

// R4, R5
void TrampolineScene::leave_handler() {
  if (case_.state >= State::handler_called) registers_.x[0] = passed_;
  if (case_.state >= State::handler_lr_loaded) registers_.lr = passed_;
  if (case_.state >= State::handler_fp_loaded) {
    registers_.fp = p_record;
    registers_.x[0] = brand(0);
  }
  if (case_.state >= State::handler_sp_given_back) registers_.sp = call_site_sp;
  switch (case_.entry) {
    case Entry::valid: return;
    case Entry::invalid: storage_[returns_.depth() - 1].return_address = 0; return;
    case Entry::popped: returns_.pop(); return;
  }
}

Start TrampolineScene::enter_from() {
  lowest_read_ = registers_.sp;
  switch (case_.seen) {
    case Seen::interrupted: return Start::exception(registers_);
    case Seen::from_handler: return call_from_boundary(registers_.sp - sizeof(ExceptionFrame));
    case Seen::from_handler_on_irq_stack: return call_from_boundary(irq_stack_end - sizeof(ExceptionFrame));
    case Seen::from_callee: break;
  }
  lowest_read_ = registers_.sp - sizeof(FrameRecord);
  record(lowest_read_, registers_.fp, case_.pc + instruction_size);
  return Start::at_call({.fp = lowest_read_, .sp = lowest_read_, .pc = program_.callee});
}

// The handler's own frame record is the metadata record, as in the function that the vector calls.
Start TrampolineScene::call_from_boundary(std::uint64_t frame_at) {
  registers_.record.type = MetadataType::exception;
  std::array<std::uint64_t, sizeof(ExceptionFrame) / 8> words;
  std::memcpy(words.data(), &registers_, sizeof words);
  for (std::size_t i = 0; i < words.size(); ++i) at(frame_at + 8 * i) = words[i];
  if (case_.seen == Seen::from_handler) lowest_read_ = frame_at;
  return Start::at_call(
      {.fp = frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD, .sp = frame_at, .pc = program_.callee});
}

Found TrampolineScene::walk_it(const SpecialRanges& ranges, Policy policy) {
  const Start start = enter_from();
  const Stack stacks[] = {{.range = {task_stack, task_stack_end}},
                          {.range = {irq_stack, irq_stack_end}, .kind = StackKind::irq}};
  const Region image[] = {{.text = program_.text, .special_ranges = ranges, .frame_table = table_of_p()}};
  std::vector<Interval> intervals(CodeMap::intervals_needed(image));
  const CodeMap code = CodeMap::make(image, intervals).value();
  const Kernel kernel = Kernel::make({.code = &code}).value();
  const ReturnStack* const return_stacks[] = {&returns_};
  std::array<Frame, 16> frames;
  Found found;
  Reader reader(*this, found.wild_reads);
  const ForeignMemory memory = reader.memory();
  const Task task{.stacks = StackSet::make(stacks).value(),
                  .final_record_at = final_record,
                  .return_stacks = return_stacks,
                  .memory = &memory};
  const Trace trace = walk(start, kernel, task, frames, policy);
  found.frames.assign(trace.frames.begin(), trace.frames.end());
  found.verdict = trace.verdict;
  return found;
}

std::uint64_t& TrampolineScene::at(std::uint64_t address) {
  return address >= irq_stack ? irq_words_.at((address - irq_stack) / 8) : task_words_.at((address - task_stack) / 8);
}

void TrampolineScene::record(std::uint64_t address, std::uint64_t fp, std::uint64_t lr) {
  at(address + SUREFOOT_FRAME_RECORD_OFFSET_FP) = fp;
  at(address + SUREFOOT_FRAME_RECORD_OFFSET_LR) = lr;
}

}  // namespace surefoot::testing
