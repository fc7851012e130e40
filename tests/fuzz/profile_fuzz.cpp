// SPDX-License-Identifier: MIT
//
// Any bytes as the file that surefoot flame is given. Whatever they are, they are a profile or refused in one line; and
// what is made of one holds together.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/flame_report.hpp"
#include "profile/code_names.hpp"
#include "profile/stacks.hpp"
#include "require.hpp"
#include "support/elf_builder.hpp"
#include "surefoot/profile_format.hpp"

namespace surefoot::tools {
namespace {

using testing::ElfBuilder;
using testing::require;

const Image& image() {
  static const testing::Bytes file = ElfBuilder()
                                         .code(".text", 0x1000, 64)
                                         .symbol({.name = "outer", .address = 0x1000, .size = 64})
                                         .symbol({.name = "inner", .address = 0x1040, .size = 192})
                                         .build();
  static const Image opened = Image::from_memory(file).value();
  return opened;
}

void check(const Profile& profile) {
  std::size_t frames = 0;
  for (const ProfileSample& sample : profile.samples) {
    require(sample.frame_count <= profile::max_sample_frames && sample.first_doubtful <= sample.frame_count);
    frames += profile.frames_of(sample).size();
  }
  require(frames == profile.addresses.size());
  auto names = CodeNames::make(profile, image());
  if (!names) return require(!names.error().empty() && names.error().find('\n') == std::string::npos);
  const auto tree = make_stacks(profile, *names);
  require(tree.has_value());
  require(tree->nodes[0].samples == profile.samples.size());
  const std::string folded = folded_text(*tree);
  std::uint64_t samples = 0;
  for (std::size_t at = 0; at < folded.size(); at = folded.find('\n', at) + 1) {
    const std::string line = folded.substr(at, folded.find('\n', at) - at);
    samples += std::stoull(line.substr(line.rfind(' ') + 1));
  }
  require(samples == profile.samples.size());
  require(svg_text(profile, *tree, "fuzz").ends_with("</svg>\n"));
  require(!speedscope_text(profile, *tree, "fuzz").empty());
  require(!flame_text("fuzz", profile, *tree).empty());
}

}  // namespace
}  // namespace surefoot::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace surefoot::tools;
  const auto profile = read_profile({reinterpret_cast<const char*>(data), size});
  if (profile) {
    check(*profile);
  } else {
    surefoot::testing::require(!profile.error().empty() && profile.error().find('\n') == std::string::npos);
  }
  return 0;
}
