// SPDX-License-Identifier: MIT
#include "cli/frames_tables.hpp"

#include <utility>

#include "cli/report.hpp"

namespace surefoot::tools {

std::expected<Frames, std::string> make_frames(const Image& image, const FramesOptions& options,
                                               Declarations declarations) {
  Progress progress("frames", !options.is_without_progress);
  const FramesWish wish{
      .address = options.address, .calls_address = options.calls_address, .is_differences = options.is_differences};
  return derive_frames(image, wish, make_work(options.jobs, progress), std::move(declarations));
}

}  // namespace surefoot::tools
