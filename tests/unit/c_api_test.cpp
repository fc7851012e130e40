// SPDX-License-Identifier: MIT
//
// Runs the functions of c_api_test.c as tests. They are compiled as C11, as a kernel in C would be.
#include <gtest/gtest.h>

extern "C" {
const char* c_api_walks_to_the_final_record();
const char* c_api_says_why_a_walk_stopped();
const char* c_api_fills_no_more_than_the_buffer();
const char* c_api_refuses_a_running_task();
const char* c_api_starts_at_an_exception();
const char* c_api_checks_the_table();
const char* c_api_refuses_ranges_that_wrap();
const char* c_api_walks_with_a_frame_table();
const char* c_api_says_why_a_frame_table_is_refused();
const char* c_api_names_what_it_reports();
}

namespace {

void expect_passed(const char* failed_condition) {
  if (failed_condition != nullptr) ADD_FAILURE() << "c_api_test.c: not so: " << failed_condition;
}

TEST(CApi, WalksToTheFinalRecord) { expect_passed(c_api_walks_to_the_final_record()); }
TEST(CApi, SaysWhyAWalkStopped) { expect_passed(c_api_says_why_a_walk_stopped()); }
TEST(CApi, FillsNoMoreThanTheBuffer) { expect_passed(c_api_fills_no_more_than_the_buffer()); }
TEST(CApi, RefusesARunningTask) { expect_passed(c_api_refuses_a_running_task()); }
TEST(CApi, StartsAtAnException) { expect_passed(c_api_starts_at_an_exception()); }
TEST(CApi, ChecksTheTable) { expect_passed(c_api_checks_the_table()); }
TEST(CApi, C14_RefusesRangesThatWrap) { expect_passed(c_api_refuses_ranges_that_wrap()); }
TEST(CApi, WalksWithAFrameTable) { expect_passed(c_api_walks_with_a_frame_table()); }
TEST(CApi, SaysWhyAFrameTableIsRefused) { expect_passed(c_api_says_why_a_frame_table_is_refused()); }
TEST(CApi, NamesWhatItReports) { expect_passed(c_api_names_what_it_reports()); }

}  // namespace
