// SPDX-License-Identifier: MIT
//
// Witnesses, from C. Apart, so that a kernel without them does without their code.
#include "surefoot/witnesses.hpp"

#include "same_values.hpp"
#include "surefoot/c/kernel.h"
#include "view.hpp"

using namespace surefoot;
using detail::pack;

SUREFOOT_SAME_BYTES(surefoot_witnesses, Witnesses);

void surefoot_make_witnesses(const surefoot_chosen_witnesses* chosen, surefoot_witnesses* out) {
  *out = pack<surefoot_witnesses>(Witnesses({.call_site = chosen->call_site,
                                             .call_target = chosen->call_target,
                                             .frame_table_chain = chosen->frame_table_chain,
                                             .shadow_call_stack = chosen->shadow_call_stack}));
}
