// SPDX-License-Identifier: MIT
//
// The profiler from C.
#include "world.h"

enum { ring_size = 1024, frame_count = 8, sample_type = 3 };

struct profiled {
  struct world world;
  struct surefoot_sampler sampler;
  uint8_t ring[ring_size];
  struct surefoot_frame frames[frame_count];
  uint8_t room[1024];
};

static inline bool prepare(struct profiled* profiled) {
  memset(&profiled->sampler, 0, sizeof profiled->sampler);
  const struct surefoot_sampler_setup setup = {.cpu = 1,
                                               .base = text_start,
                                               .ring = profiled->ring,
                                               .ring_size = ring_size,
                                               .frames = profiled->frames,
                                               .frame_count = frame_count};
  return fill(&profiled->world) && surefoot_prepare_sampler(&profiled->sampler, &setup, NULL);
}

static inline uint8_t sample(struct profiled* profiled) {
  const struct surefoot_start start = surefoot_start_call(&profiled->world.registers);
  return surefoot_sample(&profiled->sampler, 500, 4, &start, &profiled->world.kernel, &profiled->world.task);
}

const char* c_api_samples_into_a_ring(void) {
  struct profiled profiled;
  EXPECT(prepare(&profiled));
  EXPECT(sample(&profiled) == surefoot_sample_recorded);
  const uint64_t pending = surefoot_sampler_pending(&profiled.sampler);
  const size_t size = surefoot_take_sample(&profiled.sampler, profiled.room, sizeof profiled.room);
  EXPECT(size == pending && size > 10);
  EXPECT((size_t)profiled.room[0] + 2 == size && profiled.room[1] == 0 && profiled.room[2] == sample_type);
  EXPECT(profiled.room[3] == 1);  // reliable, strict
  EXPECT(profiled.room[4] == surefoot_stop_final_record);
  EXPECT(profiled.room[5] == 1);  // the CPU
  EXPECT(surefoot_take_sample(&profiled.sampler, profiled.room, sizeof profiled.room) == 0);
  const struct surefoot_profile_counters counters = surefoot_sampler_counters(&profiled.sampler);
  EXPECT(counters.recorded == 1 && counters.reliable == 1 && counters.stops[surefoot_stop_final_record] == 1);
  return NULL;
}

const char* c_api_samples_by_another_policy(void) {
  struct profiled profiled;
  EXPECT(prepare(&profiled));
  const struct surefoot_start start = surefoot_start_call(&profiled.world.registers);
  EXPECT(surefoot_sample_by_policy(&profiled.sampler, 1, 2, &start, &profiled.world.kernel, &profiled.world.task,
                                   surefoot_policy_exact) == surefoot_sample_recorded);
  EXPECT(surefoot_take_sample(&profiled.sampler, profiled.room, sizeof profiled.room) != 0);
  EXPECT(profiled.room[3] == 5);  // reliable, exact
  return NULL;
}

const char* c_api_samples_with_a_kernel_of_zeros(void) {
  struct profiled profiled;
  EXPECT(prepare(&profiled));
  memset(&profiled.world.kernel, 0, sizeof profiled.world.kernel);
  EXPECT(sample(&profiled) == surefoot_sample_recorded);
  EXPECT(surefoot_take_sample(&profiled.sampler, profiled.room, sizeof profiled.room) != 0);
  EXPECT((profiled.room[3] & 1) == 0);  // no code is known: unreliable
  return NULL;
}

const char* c_api_drops_samples_of_a_sampler_of_zeros(void) {
  struct profiled profiled;
  EXPECT(prepare(&profiled));
  memset(&profiled.sampler, 0, sizeof profiled.sampler);
  EXPECT(sample(&profiled) == surefoot_sample_full);
  EXPECT(surefoot_sampler_counters(&profiled.sampler).full == 1);
  EXPECT(strcmp(surefoot_sample_outcome_name(surefoot_sample_full), "full") == 0);
  EXPECT(strcmp(surefoot_sample_outcome_name(77), "unknown") == 0);
  return NULL;
}

const char* c_api_refuses_a_sampler_setup(void) {
  struct profiled profiled;
  struct surefoot_error error = {0};
  const struct surefoot_sampler_setup setup = {
      .ring = profiled.ring, .ring_size = ring_size - 1, .frames = profiled.frames, .frame_count = frame_count};
  memset(&profiled.sampler, 0, sizeof profiled.sampler);
  EXPECT(!surefoot_prepare_sampler(&profiled.sampler, &setup, &error));
  EXPECT(error.code == surefoot_sampler_ring_size);
  EXPECT(strcmp(surefoot_sampler_fault_name(error.code), "ring_size") == 0);
  EXPECT(strcmp(surefoot_sampler_fault_name(surefoot_sampler_frame_count), "frame_count") == 0);
  return NULL;
}

const char* c_api_describes_a_stream(void) {
  uint8_t room[surefoot_max_profile_description_size];
  char line[2 * sizeof room + 64];
  const struct surefoot_profile_counters counters = {.recorded = 3};
  const struct surefoot_range code = {(uint64_t)(uintptr_t)"foobar", 6};
  EXPECT(surefoot_profile_checksum(code) == 0x85944171f73967e8);
  const struct surefoot_profile_region region = {.name = "net", .text = {text_start, text_size}};
  EXPECT(surefoot_write_profile_region(&region, room, sizeof room) != 0 && room[2] == 2);
  EXPECT(surefoot_write_profile_counters(1, &counters, room, sizeof room) != 0 && room[2] == 4 && room[4] == 3);
  EXPECT(surefoot_write_profile_header(1000, text_start, room, 4) == 0);
  const size_t size = surefoot_write_profile_header(1000, text_start, room, sizeof room);
  EXPECT(size != 0 && room[2] == 1 && memcmp(room + 3, "SFTPROF\n", 8) == 0);
  const size_t length = surefoot_write_profile_line(room, size, line, sizeof line);
  EXPECT(length == surefoot_profile_line_size(size) && memcmp(line, "surefoot-profile ", 17) == 0);
  EXPECT(line[length - 1] == '\n');
  EXPECT(surefoot_max_sample_size(8) == 145);
  return NULL;
}
