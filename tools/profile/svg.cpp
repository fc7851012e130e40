// SPDX-License-Identifier: MIT
//
// A flame graph in one file of SVG 2 [svg]: boxes, a legend, and the script that makes them react (svg_script.hpp).
// Frames in doubt are hatched. The colours keep their meaning without the hatching, and in print.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "profile/stacks.hpp"
#include "profile/svg_script.hpp"

namespace surefoot::tools {
namespace {

constexpr double width = 1200;
constexpr double margin = 10;
constexpr double row_height = 18;
constexpr double head_height = 96;
constexpr double foot_height = 30;
constexpr double letter_width = 6.6;  // of the font, at its size
constexpr double smallest_box = 0.1;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default: out += letter;
    }
  }
  return out;
}

double percent(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

const char* class_of(const StackFrame& frame) {
  switch (frame.kind) {
    case FrameKind::image: return "image";
    case FrameKind::module: return "module";
    case FrameKind::nobody: return "nobody";
    case FrameKind::outside: return "outside";
    case FrameKind::missing: return "missing";
  }
  return "nobody";
}

// One of a few shades, the same for a name in every graph.
std::uint64_t shade_of(std::string_view name) {
  std::uint64_t sum = 0xcbf2'9ce4'8422'2325;
  for (const char letter : name) sum = (sum ^ static_cast<unsigned char>(letter)) * 0x100'0000'01b3;
  return (sum >> 32) % 6;
}

// As much of the name as the box shows; the script does the same when the box has another width.
std::string fitting(const std::string& name, double box_width) {
  const double letters = (box_width - 6) / letter_width;
  if (letters < 3) return {};
  const auto count = static_cast<std::size_t>(letters);
  if (name.size() <= count) return name;
  std::size_t end = count - 2;
  while (end != 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;  // no half letter of UTF-8
  return name.substr(0, end) + "..";
}

struct Box {
  std::size_t node = 0;
  std::size_t depth = 0;
  double x = 0;
  double width = 0;
};

// Boxes that are wide enough to be seen, from the root on.
std::vector<Box> lay_out(const StackTree& tree) {
  std::vector<Box> boxes{{.node = 0, .depth = 0, .x = margin, .width = width - 2 * margin}};
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Box box = boxes[i];
    const StackNode& node = tree.nodes[box.node];
    double x = box.x;
    for (const auto& [frame, child] : node.children) {
      const double share = static_cast<double>(tree.nodes[child].samples) / static_cast<double>(node.samples);
      const Box inner{.node = child, .depth = box.depth + 1, .x = x, .width = box.width * share};
      x += inner.width;
      if (inner.width >= smallest_box) boxes.push_back(inner);
    }
  }
  return boxes;
}

class Drawing {
 public:
  Drawing(const StackTree& tree, const GraphWords& words) : tree_(tree), words_(words), boxes_(lay_out(tree)) {
    for (const Box& box : boxes_) depth_ = std::max(depth_, box.depth);
  }

  std::string draw() {
    const double height = head_height + static_cast<double>(depth_ + 1) * row_height + foot_height;
    fmt::format_to(out(), svg_head, width, height, style_text);
    fmt::format_to(out(), "<text class=\"title\" x=\"{}\" y=\"24\">{}</text>\n", width / 2, escaped(words_.title));
    fmt::format_to(out(), "<text class=\"summary\" x=\"{}\" y=\"44\">{}</text>\n", width / 2, escaped(words_.summary));
    draw_legend();
    text_ += "<g id=\"frames\">\n";
    for (const Box& box : boxes_) draw_box(box, height);
    text_ += "</g>\n";
    fmt::format_to(out(), "<text id=\"details\" x=\"{}\" y=\"{:.0f}\"> </text>\n", margin, height - 10);
    fmt::format_to(out(), "<text id=\"matched\" x=\"{}\" y=\"{:.0f}\"> </text>\n", width - margin, height - 10);
    fmt::format_to(out(), "<text id=\"reset\" class=\"button\" x=\"{}\" y=\"24\">show all</text>\n", margin);
    fmt::format_to(out(), "<text id=\"search\" class=\"button\" x=\"{}\" y=\"24\">search</text>\n", width - margin);
    fmt::format_to(out(), "<script><![CDATA[\n{}]]></script>\n</svg>\n", svg_script);
    return std::move(text_);
  }

 private:
  std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }

  // A row of what the colours mean.
  void draw_legend() {
    struct Entry {
      const char* name;
      const char* text;
      bool is_hatched;
    };
    const Entry entries[] = {{"image", "the image", false},         {"module", "a module", false},
                             {"outside", words_.outside, false},    {"nobody", "no file named", false},
                             {"missing", "callers missing", false}, {"image", "in doubt", true}};
    constexpr double room = 140;
    double x = (width - room * std::size(entries)) / 2;
    for (const Entry& entry : entries) {
      fmt::format_to(out(),
                     "<g class=\"legend\"><rect class=\"{} s2\" x=\"{:.0f}\" y=\"58\" width=\"22\" height=\"14\"/>",
                     entry.name, x);
      if (entry.is_hatched) {
        fmt::format_to(out(), "<rect class=\"hatch\" x=\"{:.0f}\" y=\"58\" width=\"22\" height=\"14\"/>", x);
      }
      fmt::format_to(out(), "<text x=\"{:.0f}\" y=\"69\">{}</text></g>\n", x + 28, entry.text);
      x += room;
    }
  }

  void draw_box(const Box& box, double height) {
    const StackNode& node = tree_.nodes[box.node];
    const bool is_root = box.node == 0;
    const StackFrame frame =
        is_root ? StackFrame{.name = "all", .kind = FrameKind::image, .is_doubtful = false} : tree_.frames[node.frame];
    const std::string name = marked_name(frame);
    const double y = height - foot_height - static_cast<double>(box.depth + 1) * row_height;
    fmt::format_to(out(), "<g class=\"frame\"><title>{} ({} {}, {:.2f} %{}{})</title>", escaped(name), node.samples,
                   words_.unit, percent(node.samples, tree_.nodes[0].samples),
                   node.own == 0 ? "" : fmt::format(", {} in itself", node.own), frame.is_doubtful ? ", in doubt" : "");
    const auto rectangle = [&](const std::string& of_class) {
      fmt::format_to(out(), "<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.0f}\" width=\"{:.2f}\" height=\"{}\" rx=\"1\"/>",
                     of_class, box.x, y, box.width, row_height - 1);
    };
    rectangle(is_root ? "root" : fmt::format("{} s{}", class_of(frame), shade_of(frame.name)));
    if (frame.is_doubtful) rectangle("hatch");
    fmt::format_to(out(), "<text x=\"{:.2f}\" y=\"{:.0f}\">{}</text></g>\n", box.x + 3, y + 13,
                   escaped(fitting(name, box.width)));
  }

  const StackTree& tree_;
  const GraphWords& words_;
  std::vector<Box> boxes_;
  std::size_t depth_ = 0;
  std::string text_;
};

}  // namespace

std::string svg_text(const StackTree& tree, const GraphWords& words) { return Drawing(tree, words).draw(); }

std::string svg_text(const Profile& profile, const StackTree& tree, const std::string& title) {
  const Shares& shares = tree.shares;
  const ProfileCounters counters = profile.all_counters();
  const std::uint64_t all = shares.samples;
  const std::uint64_t dropped = counters.full + counters.nested;
  GraphWords words{.title = title, .summary = {}};
  words.summary =
      fmt::format("{} samples: {:.1f} % reliable, {:.1f} % unreliable, {:.1f} % from EL0; {} dropped ({:.1f} %)", all,
                  percent(shares.reliable, all), percent(shares.unreliable, all), percent(shares.outside, all), dropped,
                  percent(dropped, all + dropped));
  return svg_text(tree, words);
}

}  // namespace surefoot::tools
