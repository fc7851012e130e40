// SPDX-License-Identifier: MIT
//
// Runs the functions of the C files beside it as tests. They are compiled as C11, as a kernel in C would be.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <span>

#include "surefoot/return_stack.hpp"

#define C_API_TEST(name, function)                      \
  extern "C" const char* function();                    \
  TEST(CApi, name) {                                    \
    const char* const failed = function();              \
    EXPECT_EQ(failed, nullptr) << "not so: " << failed; \
  }

C_API_TEST(WalksToTheFinalRecord, c_api_walks_to_the_final_record)
C_API_TEST(SaysWhyAWalkStopped, c_api_says_why_a_walk_stopped)
C_API_TEST(FillsNoMoreThanTheBuffer, c_api_fills_no_more_than_the_buffer)
C_API_TEST(RefusesARunningTask, c_api_refuses_a_running_task)
C_API_TEST(StartsAtAnException, c_api_starts_at_an_exception)
C_API_TEST(StartsAtAnExceptionAtAnAddress, c_api_starts_at_an_exception_at_an_address)
C_API_TEST(StartsWithoutAStack, c_api_starts_without_a_stack)
C_API_TEST(WalksByAnotherPolicy, c_api_walks_by_another_policy)
C_API_TEST(GoesOnToAStackOfTheCpu, c_api_goes_on_to_a_stack_of_the_cpu)
C_API_TEST(StopsWhereAStackOfTheCpuOverlapsTheTasksOwn, c_api_stops_where_a_stack_of_the_cpu_overlaps_the_tasks_own)
C_API_TEST(WalksForeignMemory, c_api_walks_foreign_memory)
C_API_TEST(WalksFrameByFrame, c_api_walks_frame_by_frame)
C_API_TEST(WalksWithTheCallSiteWitness, c_api_walks_with_the_call_site_witness)
#if defined(__aarch64__)
C_API_TEST(WalksFromHere, c_api_walks_from_here)
#endif

C_API_TEST(SamplesIntoARing, c_api_samples_into_a_ring)
C_API_TEST(SamplesByAnotherPolicy, c_api_samples_by_another_policy)
C_API_TEST(SamplesWithAKernelOfZeros, c_api_samples_with_a_kernel_of_zeros)
C_API_TEST(DropsSamplesOfASamplerOfZeros, c_api_drops_samples_of_a_sampler_of_zeros)
C_API_TEST(RefusesASamplerSetup, c_api_refuses_a_sampler_setup)
C_API_TEST(DescribesAStream, c_api_describes_a_stream)

C_API_TEST(RefusesAKernelWithoutACodeMap, c_api_refuses_a_kernel_without_a_code_map)
C_API_TEST(WalksByTheKernelsOwnExceptionLayout, c_api_walks_by_the_kernels_own_exception_layout)
C_API_TEST(WalksThroughSignedAndTaggedAddresses, c_api_walks_through_signed_and_tagged_addresses)
C_API_TEST(PutsAnotherCodeMapInForce, c_api_puts_another_code_map_in_force)
C_API_TEST(WalksWithAKernelOfZeros, c_api_walks_with_a_kernel_of_zeros)
C_API_TEST(WalksWithACodeMapOfZeros, c_api_walks_with_a_code_map_of_zeros)
C_API_TEST(TakesOtherZerosForNothing, c_api_takes_other_zeros_for_nothing)

C_API_TEST(RefusesStacksThatWrapRound, c_api_refuses_stacks_that_wrap_round)
C_API_TEST(RefusesCodeThatWrapsRound, c_api_refuses_code_that_wraps_round)
C_API_TEST(RefusesStacksThatOverlap, c_api_refuses_stacks_that_overlap)
C_API_TEST(ChecksATableOfSpecialCode, c_api_checks_a_table_of_special_code)
C_API_TEST(TakesSpecialCodeByAbsoluteAddresses, c_api_takes_special_code_by_absolute_addresses)
C_API_TEST(KnowsCallsWithoutARecord, c_api_knows_calls_without_a_record)
C_API_TEST(TakesTablesOfZerosForRefusedOnes, c_api_takes_tables_of_zeros_for_refused_ones)
C_API_TEST(ChecksRegions, c_api_checks_regions)
C_API_TEST(WalksWithAFrameTable, c_api_walks_with_a_frame_table)
C_API_TEST(SaysWhyAFrameTableIsRefused, c_api_says_why_a_frame_table_is_refused)
C_API_TEST(WalksWithPatchSites, c_api_walks_with_patch_sites)

C_API_TEST(RestoresARewrittenReturnAddress, c_api_restores_a_rewritten_return_address)
C_API_TEST(PushesAndPopsReturnAddresses, c_api_pushes_and_pops_return_addresses)
C_API_TEST(DropsAbandonedReturnAddresses, c_api_drops_abandoned_return_addresses)

C_API_TEST(PatchesAndTakesBack, c_api_patches_and_takes_back)
C_API_TEST(NamesWhatLivePatchingSays, c_api_names_what_live_patching_says)

C_API_TEST(PrintsAPanic, c_api_prints_a_panic)
C_API_TEST(PrintsAPanicOfWhichNothingIsKnown, c_api_prints_a_panic_of_which_nothing_is_known)
C_API_TEST(ReportsOtherCpus, c_api_reports_other_cpus)
C_API_TEST(HasSentences, c_api_has_sentences)

C_API_TEST(ChecksAPort, c_api_checks_a_port)
C_API_TEST(ChecksTheTasksOfAPort, c_api_checks_the_tasks_of_a_port)
C_API_TEST(ChecksTheRegionsOfARefusedMap, c_api_checks_the_regions_of_a_refused_map)

C_API_TEST(PrintsATrace, c_api_prints_a_trace)
C_API_TEST(PrintsAVerdict, c_api_prints_a_verdict)
C_API_TEST(PrintsOneFrame, c_api_prints_one_frame)
C_API_TEST(FoldsARecursion, c_api_folds_a_recursion)
C_API_TEST(PrintsFindings, c_api_prints_findings)
C_API_TEST(FindsSymbols, c_api_finds_symbols)
C_API_TEST(PrintsAName, c_api_prints_a_name)

C_API_TEST(WalksAUserProgram, c_api_walks_a_user_program)
C_API_TEST(UserRangesThatWrapHoldNothing, c_api_user_ranges_that_wrap_hold_nothing)
C_API_TEST(PrintsAUserProgramApart, c_api_prints_a_user_program_apart)

C_API_TEST(NamesEveryEnumerator, c_api_names_every_enumerator)
C_API_TEST(NamesThingsAsInLogs, c_api_names_things_as_in_logs)
C_API_TEST(Classifies, c_api_classifies)

namespace {

// struct surefoot_task holds the parts of a span, in this order.
TEST(CApi, SpansAreAPointerAndASize) {
  const surefoot::ReturnStack* const stacks[3] = {};
  const std::span<const surefoot::ReturnStack* const> span(stacks);
  struct {
    const surefoot::ReturnStack* const* data;
    std::size_t size;
  } parts;
  static_assert(sizeof parts == sizeof span);
  std::memcpy(&parts, &span, sizeof parts);
  EXPECT_EQ(parts.data, span.data());
  EXPECT_EQ(parts.size, span.size());
}

}  // namespace
