// SPDX-License-Identifier: MIT
//
// Printing of traces, from C. Refers to surefoot::print.
#include "surefoot/print.hpp"

#include "surefoot/c/print.h"
#include "view.hpp"

using namespace surefoot;
using detail::as_policy;
using detail::view_as;

// The layouts of frames and verdicts are proved in walk.cpp, that of findings in port_check.cpp, that of symbols in
// symbols.cpp.

namespace {

// A TextSink.
struct Sink {
  const surefoot_sink& sink;

  void operator()(std::span<const char> text) noexcept { sink.write(sink.object, text.data(), text.size()); }
};

PrintOptions unpack(const surefoot_print_options& options) noexcept {
  return {.symbols = *view_as<const Symbols>(&options.symbols), .use_colour = options.use_colour};
}

}  // namespace

void surefoot_print_name(const surefoot_symbol_name* name, const surefoot_sink* sink) {
  print_name(*view_as<const SymbolName>(name), Sink{*sink});
}

void surefoot_print_frame(const surefoot_frame* frame, const surefoot_frame_position* position,
                          const surefoot_print_options* options, const surefoot_sink* sink) {
  print_frame(*view_as<const Frame>(frame),
              {.index = position->index, .index_width = position->index_width, .is_doubtful = position->is_doubtful},
              unpack(*options), Sink{*sink});
}

void surefoot_print_trace(const surefoot_trace* trace, const surefoot_print_options* options,
                          const surefoot_sink* sink) {
  print_trace({.frames = {view_as<const Frame>(trace->frames), trace->frame_count},
               .verdict = *view_as<const Verdict>(&trace->verdict)},
              unpack(*options), Sink{*sink});
}

void surefoot_print_user_trace(const surefoot_user_trace* trace, const surefoot_print_options* options,
                               const surefoot_sink* sink) {
  print_user_trace(
      {.pcs = {trace->pcs, trace->count}, .stop = static_cast<UserStop>(trace->stop), .stop_at = trace->stop_at},
      unpack(*options), Sink{*sink});
}

void surefoot_print_verdict(const surefoot_verdict* verdict, std::size_t frame_count,
                            const surefoot_print_options* options, const surefoot_sink* sink) {
  print_verdict(*view_as<const Verdict>(verdict), frame_count, as_policy(verdict->policy), unpack(*options),
                Sink{*sink});
}

void surefoot_print_findings(const surefoot_port_finding* findings, std::size_t capacity,
                             const surefoot_port_result* result, const surefoot_sink* sink) {
  print_findings({view_as<const PortFinding>(findings), capacity},
                 {.found = result->found, .errors = result->errors, .unchecked = result->unchecked}, Sink{*sink});
}
