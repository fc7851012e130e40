// SPDX-License-Identifier: MIT
//
// The samples of a profile as stacks of names, and as one tree of them, which flame graphs are drawn from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <vector>

#include "profile/code_names.hpp"
#include "profile/stream.hpp"

namespace surefoot::tools {

/// What a frame of a stack stands for.
enum class FrameKind : std::uint8_t {
  image,
  module,
  nobody,   ///< code that no file was named for
  outside,  ///< [EL0]: the sample came from there, and ends at the boundary; of a dump, a process
  missing,  ///< [stopped: REASON] or [cut: too deep]: the callers that should stand here were not found
};

/// A name on a stack. Two with the same name differ if one is in doubt.
struct StackFrame {
  std::string name;
  FrameKind kind = FrameKind::image;
  bool is_doubtful = false;

  friend auto operator<=>(const StackFrame&, const StackFrame&) = default;
};

/// How many samples are what.
struct Shares {
  std::uint64_t samples = 0;
  std::uint64_t reliable = 0;    ///< in the kernel
  std::uint64_t unreliable = 0;  ///< in the kernel
  std::uint64_t outside = 0;
  std::array<std::uint64_t, stop_reason_count> stops{};
};

/// A frame with what it calls, in the order of the frames.
struct StackNode {
  std::map<std::uint32_t, std::size_t> children;  ///< by frame number: index of the node
  std::uint32_t frame = 0;                        ///< in StackTree::frames
  std::uint64_t samples = 0;                      ///< in it and in what it calls
  std::uint64_t own = 0;                          ///< in itself
};

/// Samples with one stack.
struct StackTree {
  std::vector<StackFrame> frames;  ///< sorted
  std::vector<StackNode> nodes;    ///< the first is the root, which stands for all
  /// Of each sample the node that it ends in.
  std::vector<std::size_t> node_of_sample;
  std::vector<std::size_t> parents;  ///< of each node; of the root itself
  Shares shares;
};

/// Makes a tree of stacks that come one by one. Their shares are the caller's to count.
class StackTreeBuilder {
 public:
  StackTreeBuilder();

  /// A sample with these frames, the outermost first. False if there are so many different stacks that a file is made
  /// to fill the memory: this one is not taken then.
  [[nodiscard]] bool add(const std::vector<StackFrame>& stack);
  /// The tree of all that were added, with the frames in their order.
  [[nodiscard]] StackTree finish(const Shares& shares) &&;

 private:
  std::size_t child_of(std::size_t node, std::uint32_t frame);

  StackTree tree_;
  std::map<StackFrame, std::uint32_t> numbers_;
};

/// Names the frames of every sample, the outermost first. An error if there are so many different stacks that a file is
/// made to fill the memory.
[[nodiscard]] std::expected<StackTree, std::string> make_stacks(const Profile& profile, CodeNames& names);

/// The frames from below the root up to a node.
[[nodiscard]] std::vector<std::uint32_t> path_to(const StackTree& tree, std::size_t node);

/// The name as it is written: with `? ` before it if it is in doubt.
[[nodiscard]] std::string marked_name(const StackFrame& frame);

/// A stack a line and how many samples have it, in the form of stackcollapse: frames from the outermost on, parted by
/// semicolons.
[[nodiscard]] std::string folded_text(const StackTree& tree);

/// The samples in the order of their time, a profile for each CPU, in the file format of speedscope.
[[nodiscard]] std::string speedscope_text(const Profile& profile, const StackTree& tree, const std::string& title);

/// What stands in a flame graph beside the boxes.
struct GraphWords {
  std::string title;
  std::string summary;                      ///< the line below the title
  const char* unit = "samples";             ///< what a stack is one of
  const char* outside = "EL0: ends there";  ///< what the colour of FrameKind::outside means
};

/// A flame graph that a browser shows by itself.
[[nodiscard]] std::string svg_text(const StackTree& tree, const GraphWords& words);

/// The same of a profile, whose shares and dropped samples are the summary.
[[nodiscard]] std::string svg_text(const Profile& profile, const StackTree& tree, const std::string& title);

}  // namespace surefoot::tools
