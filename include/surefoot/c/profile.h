// SPDX-License-Identifier: MIT
//
// A sampling profiler; see profile.hpp. A kernel that calls these functions links surefoot::profile as well.
#ifndef SUREFOOT_C_PROFILE_H
#define SUREFOOT_C_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/address.h"
#include "surefoot/c/error.h"
#include "surefoot/c/frame.h"
#include "surefoot/c/kernel.h"
#include "surefoot/c/start.h"
#include "surefoot/c/task.h"
#include "surefoot/c/verdict.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What became of a sample.
enum surefoot_sample_outcome {
  surefoot_sample_recorded,
  surefoot_sample_full,   ///< the ring had no room for it: dropped, and counted
  surefoot_sample_nested  ///< it interrupted another sample of this CPU: not made, and counted
};
enum { surefoot_sample_outcome_count = surefoot_sample_nested + 1 };

/// What is wrong with a sampler's setup.
enum surefoot_sampler_fault {
  surefoot_sampler_ring_size,
  surefoot_sampler_ring_too_small,
  surefoot_sampler_frame_count
};
enum { surefoot_sampler_fault_count = surefoot_sampler_frame_count + 1 };

enum {
  surefoot_max_sample_frames = 255,
  /// The most characters of a region's name.
  surefoot_max_region_name = 63,
  /// Room for any header, region or counters record.
  surefoot_max_profile_description_size = 320
};

/// The most bytes of a sample's record with so many frames.
static inline size_t surefoot_max_sample_size(size_t frames) { return 5 + (6 + frames) * 10; }
/// The characters of the line of a record of so many bytes.
static inline size_t surefoot_profile_line_size(size_t bytes) { return 23 + 2 * bytes; }

/// The producer and the ring of one CPU. Not to be copied. Zeros drop every sample, and count it.
struct surefoot_sampler {
  uint64_t opaque[28];
};

/// What a sampler is made of. All of it stays in place as long as there are samples.
struct surefoot_sampler_setup {
  uint32_t cpu;
  uint64_t base;  ///< the start of the image's text, as in the header of the stream
  void* ring;
  size_t ring_size;  ///< a power of two
  struct surefoot_frame* frames;
  size_t frame_count;
};

/// How many samples there were; see profile.hpp.
struct surefoot_profile_counters {
  uint64_t recorded;
  uint64_t reliable;
  uint64_t outside;
  uint64_t full;
  uint64_t nested;
  uint64_t stops[surefoot_stop_reason_count];
};

/// A piece of code that samples may be in.
struct surefoot_profile_region {
  const char* name;
  struct surefoot_range text;
  struct surefoot_range checked;  ///< the part of it that the checksum is of
  uint64_t checksum;
};

/// Checks the setup and keeps it. False, and the reason, if something is wrong with it.
bool surefoot_prepare_sampler(struct surefoot_sampler* sampler, const struct surefoot_sampler_setup* setup,
                              struct surefoot_error* error);
/// Walks from `start` and records what it finds, judged by the kernel's own policy; enum surefoot_sample_outcome. In an
/// interrupt handler or an NMI of the sampler's CPU.
uint8_t surefoot_sample(struct surefoot_sampler* sampler, uint64_t time, uint64_t task_id,
                        const struct surefoot_start* start, const struct surefoot_kernel* kernel,
                        const struct surefoot_task* task);
/// The same by another policy.
uint8_t surefoot_sample_by_policy(struct surefoot_sampler* sampler, uint64_t time, uint64_t task_id,
                                  const struct surefoot_start* start, const struct surefoot_kernel* kernel,
                                  const struct surefoot_task* task, uint8_t policy);
/// Moves the oldest record to `room` and returns its size; 0 if there is none, or if it is larger than the room. One
/// consumer at a time.
size_t surefoot_take_sample(struct surefoot_sampler* sampler, void* room, size_t size);
/// Bytes in the ring.
uint64_t surefoot_sampler_pending(const struct surefoot_sampler* sampler);
struct surefoot_profile_counters surefoot_sampler_counters(const struct surefoot_sampler* sampler);

/// The checksum of bytes of this program.
uint64_t surefoot_profile_checksum(struct surefoot_range range);
/// The records that describe a stream, made in `room`; their size, 0 if they have no room.
size_t surefoot_write_profile_header(uint64_t ticks_per_second, uint64_t base, void* room, size_t size);
size_t surefoot_write_profile_region(const struct surefoot_profile_region* region, void* room, size_t size);
size_t surefoot_write_profile_counters(uint32_t cpu, const struct surefoot_profile_counters* counters, void* room,
                                       size_t size);
/// A record as a line for the console, made in `line`; its length, 0 if it has no room. No zero ends it.
size_t surefoot_write_profile_line(const void* record, size_t record_size, char* line, size_t line_size);

/// Names, as in logs; never NULL.
const char* surefoot_sample_outcome_name(uint32_t outcome);
const char* surefoot_sampler_fault_name(uint32_t code);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_PROFILE_H
