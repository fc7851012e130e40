// SPDX-License-Identifier: MIT
//
// Starting points and the activity of tasks, from C.
#include "surefoot/start.hpp"

#include "same_values.hpp"
#include "surefoot/c/start.h"
#include "view.hpp"

using namespace surefoot;
using detail::pack;
using detail::view_as;

SUREFOOT_SAME_BYTES(surefoot_start, Start);
SUREFOOT_SAME_LAYOUT(surefoot_task_activity, TaskActivity);
SUREFOOT_SAME_LAYOUT(surefoot_registers, Registers);
SUREFOOT_SAME_MEMBER(surefoot_registers, fp, Registers, fp);
SUREFOOT_SAME_MEMBER(surefoot_registers, sp, Registers, sp);
SUREFOOT_SAME_MEMBER(surefoot_registers, pc, Registers, pc);
SUREFOOT_SAME_LAYOUT(surefoot_exception_frame, ExceptionFrame);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, x, ExceptionFrame, x);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, fp, ExceptionFrame, fp);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, lr, ExceptionFrame, lr);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, sp, ExceptionFrame, sp);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, pc, ExceptionFrame, pc);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, pstate, ExceptionFrame, pstate);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, esr, ExceptionFrame, esr);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, far, ExceptionFrame, far);
SUREFOOT_SAME_MEMBER(surefoot_exception_frame, record, ExceptionFrame, record);

void surefoot_enter_cpu(surefoot_task_activity* activity) { view_as<TaskActivity>(activity)->enter_cpu(); }
void surefoot_leave_cpu(surefoot_task_activity* activity) { view_as<TaskActivity>(activity)->leave_cpu(); }

surefoot_start surefoot_start_call(const surefoot_registers* registers) {
  return pack<surefoot_start>(Start::at_call(*view_as<const Registers>(registers)));
}

surefoot_start surefoot_start_blocked_task(const surefoot_registers* saved, const surefoot_task_activity* activity) {
  // Views, not copies: the walk reads the registers after it has read the activity.
  return pack<surefoot_start>(
      Start::blocked_task(*view_as<const Registers>(saved), *view_as<const TaskActivity>(activity)));
}

surefoot_start surefoot_start_exception(const surefoot_exception_frame* frame) {
  return pack<surefoot_start>(Start::exception(*view_as<const ExceptionFrame>(frame)));
}

surefoot_start surefoot_start_exception_at(std::uint64_t frame_at) {
  return pack<surefoot_start>(Start::exception_at(frame_at));
}

surefoot_start surefoot_start_no_stack() { return pack<surefoot_start>(Start::no_stack()); }
