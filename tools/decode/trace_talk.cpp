// SPDX-License-Identifier: MIT
#include "decode/trace_talk.hpp"

#include "decode/reasons.hpp"

namespace surefoot::tools {
namespace {

// Linux's entry code of exceptions out of the kernel: what stands behind it in a trace was interrupted.
bool is_exception_entry(std::string_view name) {
  return name.starts_with("el1") && name.size() > 3 && (name[3] == 'h' || name[3] == 't' || name[3] == '_') &&
         !name.ends_with("_handler");
}

}  // namespace

void TraceTalk::begin() {
  verdict_.reset();
  has_frames_ = false;
  is_stop_explained_ = false;
  explained_ = {};
  is_next_exact_ = false;
}

void TraceTalk::begin_panic() {
  begin();
  pc_ = {};
  has_exception_ = false;
}

void TraceTalk::take_verdict(const LoggedVerdict& verdict, std::vector<Note>& notes) {
  const bool is_behind_its_frames = has_frames_ && !verdict_;
  if (!is_behind_its_frames) begin();
  verdict_ = verdict;
  if (is_behind_its_frames) explain_rest(notes);
}

void TraceTalk::take_frame(const LogLine& line, std::vector<Note>& notes) {
  if (line.index == 0 && has_frames_) begin();
  has_frames_ = true;
  if (line.is_doubtful) explain_evidence(line.evidence, notes);
}

void TraceTalk::take_stop(StopReason stop, std::vector<Note>& notes) {
  explain_stop(stop, notes);
  explain_rest(notes);
}

void TraceTalk::take_other(std::vector<Note>& notes) { explain_rest(notes); }

void TraceTalk::explain_rest(std::vector<Note>& notes) {
  if (!verdict_ || verdict_->is_reliable) return;
  if (verdict_->stop) explain_stop(*verdict_->stop, notes);
  explain_evidence(verdict_->evidence, notes);
}

void TraceTalk::explain_stop(StopReason stop, std::vector<Note>& notes) {
  if (is_stop_explained_ || is_complete(stop)) return;
  is_stop_explained_ = true;
  const Explanation explanation = explain(stop);
  notes.emplace_back(ReasonNote{.name = to_string(stop), .meaning = explanation.meaning, .advice = explanation.advice});
}

void TraceTalk::explain_evidence(Evidence evidence, std::vector<Note>& notes) {
  // Without a verdict the policy is not known: what counts under both comes first.
  const Policy unsaid = is_doubtful(Policy::exact, evidence) ? Policy::exact : Policy::strict;
  const Policy policy = verdict_ && verdict_->policy ? *verdict_->policy : unsaid;
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
    if (!evidence.has(bit) || explained_.has(bit) || !is_doubtful(policy, bit)) continue;
    explained_ |= bit;
    const Explanation explanation = explain(bit, policy);
    notes.emplace_back(
        ReasonNote{.name = to_string(bit), .meaning = explanation.meaning, .advice = explanation.advice});
  }
}

Role TraceTalk::role_of_linux_frame(const LoggedAddress& address) {
  const bool is_behind_entry = is_next_exact_;
  is_next_exact_ = address.place && is_exception_entry(address.place->name);
  if (address.role == Role::exact || is_behind_entry) return Role::exact;
  const bool is_first = !has_frames_;
  has_frames_ = true;
  const bool has_both = pc_.address && pc_.address->place && address.place;
  if (is_first && has_both && pc_.name == address.place->name && pc_.address->place->offset == address.place->offset) {
    return Role::exact;
  }
  return Role::return_address;
}

void TraceTalk::take_pc(const LoggedAddress& pc) {
  pc_.address = pc;
  // A panic that no exception led to has the pc that it called the panic with: a return address.
  if (pc.value && !has_exception_) pc_.address->role = Role::unsaid;
  if (!pc.place) return;
  pc_.name = pc.place->name;
  pc_.module = pc.place->module;
  pc_.address->place->name = {};
  pc_.address->place->module = {};
  pc_.address->place->build_id = {};
}

std::optional<LoggedAddress> TraceTalk::pc() const {
  std::optional<LoggedAddress> pc = pc_.address;
  if (pc && pc->place) {
    pc->place->name = pc_.name;
    pc->place->module = pc_.module;
  }
  return pc;
}

}  // namespace surefoot::tools
