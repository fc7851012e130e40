// SPDX-License-Identifier: MIT
//
// Registration: who is called, and the patching that follows from it.
#include "surefoot/ftrace/runtime.hpp"

#include "code.hpp"
#include "instructions.hpp"
#include "state.hpp"
#include "surefoot/address.hpp"
#include "surefoot/config.hpp"
#include "surefoot/ftrace/port.hpp"
#include "trampolines.hpp"

namespace surefoot::ftrace {

constinit detail::State detail::state;

namespace {

using detail::address_of;
using detail::state;
using Result = std::expected<void, PatchError>;

// Stands for the function of an entry that is no patch site: only an empty filter matches it.
constexpr std::uint64_t no_function = 0;

SiteMode mode_for(std::uint64_t function) noexcept {
  const SiteMode mode = state.tracers.mode_for(function);
  const bool is_graph_wanted = state.graph != nullptr && detail::matches(state.graph->filter(), function);
  return mode == SiteMode::idle && is_graph_wanted ? SiteMode::call : mode;
}

Result apply_to_site(std::uint64_t entry) noexcept {
  const auto site = PatchSite::make(entry);
  if (site) return site->set_mode(mode_for(site->function()));
  if (mode_for(no_function) == SiteMode::idle) return {};
  return std::unexpected(site.error());
}

Result write_branch(detail::Branch branch, std::uint64_t at, std::uint64_t target) noexcept {
  const auto instruction = detail::encode_branch(branch, at, target);
  return instruction ? detail::write_instruction(at, *instruction) : std::unexpected(instruction.error());
}

Result aim_ftrace_call() noexcept {
  const auto target = state.tracers.is_empty() ? address_of(ftrace_stub) : address_of(surefoot_ftrace_dispatch);
  return write_branch(detail::Branch::bl, address_of(ftrace_call), target);
}

Result aim_ftrace_graph_call() noexcept {
  const std::uint64_t at = address_of(ftrace_graph_call);
  if (state.graph == nullptr) return detail::write_instruction(at, detail::instruction_nop);
  return write_branch(detail::Branch::b, at, address_of(ftrace_graph_caller));
}

// Keeps the first error of several steps that are all made.
class FirstError {
 public:
  void note(const Result& result) noexcept {
    if (is_empty_ && !result) error_ = result.error();
    is_empty_ = is_empty_ && result;
  }
  [[nodiscard]] Result result() const noexcept { return is_empty_ ? Result() : std::unexpected(error_); }

 private:
  PatchError error_{};
  bool is_empty_ = true;
};

// Brings the code in line with what is registered. A step that fails does not keep the others from being made. The
// trampoline's own calls may be aimed before or after the sites: whoever they call finds out what is registered. All
// words are such as may be exchanged while they are executed; until the last line, other CPUs may execute old ones.
Result apply() noexcept {
  FirstError error;
  error.note(aim_ftrace_call());
  error.note(aim_ftrace_graph_call());
  for (const std::uint64_t entry : state.entries) error.note(apply_to_site(entry));
  surefoot_ftrace_port_synchronize_cpus();
  return error.result();
}

bool has_site(std::uint64_t function) noexcept {
  for (const std::uint64_t entry : state.entries) {
    const auto site = PatchSite::make(entry);
    if (site && site->function() == function) return true;
  }
  return false;
}

// Refuses what may not be traced yet, or has no site.
Result check(FunctionFilter filter) noexcept {
  switch (state.phase) {  // No default: -Wswitch names the enumerator that was forgotten.
    case detail::Phase::not_initialized: return std::unexpected(PatchError::not_initialized);
    case detail::Phase::initialized: return std::unexpected(PatchError::not_prepared);
    case detail::Phase::prepared: break;
  }
  for (const std::uint64_t function : filter) {
    if (!has_site(function)) return std::unexpected(PatchError::not_a_patch_site);
  }
  return {};
}

}  // namespace

void initialize(std::span<const std::uint64_t> entries) noexcept {
  SUREFOOT_CHECK(state.tracers.is_empty() && state.graph == nullptr);
  state.entries = entries;
  state.phase = detail::Phase::initialized;
}

std::expected<PatchSites, PatchSitesError> patch_sites() noexcept {
  // Compilers put the entry in front of a landing pad or behind it. What all sites have in common is what counts.
  bool is_pad_before = !state.entries.empty();
  bool is_pad_at = is_pad_before;
  for (const std::uint64_t entry : state.entries) {
    is_pad_at = is_pad_at && detail::read_instruction(entry) == instruction_bti_c;
    is_pad_before = is_pad_before && detail::read_instruction(entry - instruction_size) == instruction_bti_c;
  }
  const std::uint64_t start = is_pad_before ? 0 - instruction_size : 0;
  return PatchSites::make(state.entries, start, (is_pad_at ? 3 : 2) * instruction_size);
}

Result prepare() noexcept {
  if (state.phase == detail::Phase::not_initialized) return std::unexpected(PatchError::not_initialized);
  state.phase = detail::Phase::initialized;
  for (const std::uint64_t entry : state.entries) {
    const auto site = PatchSite::make(entry);
    const Result done = site ? site->prepare() : std::unexpected(site.error());
    if (!done) return done;
  }
  // Before any BL: a CPU that fetched the NOP in front of it would call the trampoline without a return address.
  surefoot_ftrace_port_synchronize_cpus();
  state.phase = detail::Phase::prepared;
  return {};
}

Result register_tracer(Tracer& tracer) noexcept {
  if (state.tracers.contains(tracer)) return std::unexpected(PatchError::already_registered);
  if (const Result checked = check(tracer.filter()); !checked) return checked;
  state.tracers.append(tracer);
  const Result applied = apply();
  // What could be patched can be patched back.
  if (!applied) static_cast<void>(unregister_tracer(tracer));
  return applied;
}

Result unregister_tracer(Tracer& tracer) noexcept {
  if (!state.tracers.contains(tracer)) return std::unexpected(PatchError::not_registered);
  state.tracers.remove(tracer);
  return apply();
}

Result register_graph_tracer(GraphTracer& tracer) noexcept {
  if (state.graph != nullptr) return std::unexpected(PatchError::already_registered);
  if (const Result checked = check(tracer.filter()); !checked) return checked;
  __atomic_store_n(&state.graph, &tracer, __ATOMIC_SEQ_CST);
  const Result applied = apply();
  if (!applied) static_cast<void>(unregister_graph_tracer(tracer));
  return applied;
}

Result unregister_graph_tracer(GraphTracer& tracer) noexcept {
  if (state.graph != &tracer) return std::unexpected(PatchError::not_registered);
  __atomic_store_n(&state.graph, nullptr, __ATOMIC_SEQ_CST);
  return apply();
}

}  // namespace surefoot::ftrace
