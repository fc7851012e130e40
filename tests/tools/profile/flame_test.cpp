// SPDX-License-Identifier: MIT
//
// Names, stacks and what is drawn of them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/flame_report.hpp"
#include "profile/code_names.hpp"
#include "profile/stacks.hpp"
#include "profile/stream_builder.hpp"
#include "support/elf_builder.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;
using surefoot::testing::ElfBuilder;
using surefoot::testing::StreamBuilder;

constexpr std::uint64_t base = StreamBuilder::base;
constexpr std::uint64_t outer = base + 0x20;
constexpr std::uint64_t inner = base + 0x40;

// Three functions of 32 bytes, one with a name in C++.
Bytes image_file(std::uint64_t start = base, const std::string& first = "start") {
  return ElfBuilder()
      .code(".text", start, 24)
      .symbol({.name = first, .address = start, .size = 32})
      .symbol({.name = "_ZN3net5outerEi", .address = start + 32, .size = 32})
      .symbol({.name = "inner", .address = start + 64, .size = 32})
      .build();
}

std::uint64_t checksum_of_nops(std::size_t count) {
  std::uint64_t sum = profile::checksum_start;
  for (std::size_t i = 0; i != count; ++i) {
    for (const unsigned byte : {0x1fU, 0x20U, 0x03U, 0xd5U}) {
      sum = profile::add_to_checksum(sum, static_cast<std::uint8_t>(byte));
    }
  }
  return sum;
}

class Flame : public ::testing::Test {
 protected:
  void read(const StreamBuilder& builder) {
    auto made = read_profile(builder.stream());
    ASSERT_TRUE(made) << made.error();
    profile = std::move(*made);
  }
  StackTree stacks() {
    const Bytes file = image_file();
    const auto image = Image::from_memory(file);
    auto names = CodeNames::make(profile, image.value());
    return make_stacks(profile, names.value()).value();
  }

  Profile profile;
};

TEST_F(Flame, NamesFunctionsFromTheOutermostOn) {
  read(StreamBuilder().header().sample({.addresses = {inner + 4, outer, base}}).sample({.addresses = {outer, base}}));
  EXPECT_EQ(folded_text(stacks()), "start;net::outer 1\nstart;net::outer;inner 1\n");
}

TEST_F(Flame, MarksTheFramesThatAreInDoubt) {
  read(StreamBuilder()
           .header()
           .sample({.addresses = {inner, outer, base}, .flags = 0, .first_doubtful = 1})
           .sample({.addresses = {inner, outer, base}}));
  const StackTree tree = stacks();
  EXPECT_EQ(folded_text(tree), "? start;? net::outer;inner 1\nstart;net::outer;inner 1\n");
  EXPECT_EQ(tree.shares.unreliable, 1U);
  const std::string svg = svg_text(profile, tree, "t");
  EXPECT_NE(svg.find("<title>? net::outer (1 samples, 50.00 %, in doubt)</title>"), std::string::npos);
}

TEST_F(Flame, SaysWhereASampleEnds) {
  read(StreamBuilder()
           .header()
           .sample({.addresses = {}, .flags = profile::flag_reliable | profile::flag_outside})
           .sample({.addresses = {inner}, .flags = 0, .stop = StopReason::truncated})
           .sample({.addresses = {inner}, .flags = 0, .stop = StopReason::off_stack})
           .sample({.addresses = {}, .flags = 0, .stop = StopReason::bad_task}));
  EXPECT_EQ(folded_text(stacks()),
            "? [cut: too deep];inner 1\n? [stopped: bad_task] 1\n? [stopped: off_stack];inner 1\n[EL0] 1\n");
}

TEST_F(Flame, GivesAnAddressWhereThereIsNoName) {
  read(StreamBuilder().header().sample({.addresses = {0x1234, base}}));
  EXPECT_EQ(folded_text(stacks()), "start;0x1234 1\n");
}

TEST_F(Flame, RefusesAnImageThatIsNotTheOneThatRan) {
  const profile::StreamRegion region{
      .name = "kernel", .text = {base, base + 96}, .checked = {base, base + 96}, .checksum = checksum_of_nops(24)};
  read(StreamBuilder().header().region(region));
  const Bytes file = image_file();
  const auto image = Image::from_memory(file);
  EXPECT_TRUE(CodeNames::make(profile, image.value()));
  auto other = region;
  other.checksum ^= 1;
  read(StreamBuilder().header().region(other));
  const auto refused = CodeNames::make(profile, image.value());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("checksum"), std::string::npos);
  other = region;
  other.text = other.checked = {base, base + 4096};
  read(StreamBuilder().header().region(other));
  EXPECT_FALSE(CodeNames::make(profile, image.value())) << "more code than the image has";
}

TEST_F(Flame, FindsAnImageThatRanElsewhereThanItWasLinkedFor) {
  const std::uint64_t there = 0xffff'8000'0000'0000;
  read(StreamBuilder()
           .header()
           .region({.name = "kernel",
                    .text = {there, there + 96},
                    .checked = {there, there + 96},
                    .checksum = checksum_of_nops(24)})
           .sample({.addresses = {there + 0x44, there}}));
  EXPECT_EQ(folded_text(stacks()), "start;inner 1\n");
}

TEST_F(Flame, NamesModulesByTheStreamOrByAnAddress) {
  const std::uint64_t module_at = 0x9000'0000;
  const Bytes file = image_file();
  const Bytes module_file = image_file(0, "init");
  const auto image = Image::from_memory(file);
  const auto module = Image::from_memory(module_file);
  const auto fold = [&](const StreamBuilder& builder, const std::string& option) {
    read(builder);
    auto names = CodeNames::make(profile, image.value());
    const auto added = names->add_module(parse_module(option).value(), module.value());
    return added ? folded_text(make_stacks(profile, *names).value()) : added.error();
  };
  const auto sampled = [&](StreamBuilder builder) {
    builder.sample({.addresses = {module_at + 0x44, module_at, outer}});
    return builder;
  };
  const StreamBuilder named = sampled(StreamBuilder()
                                          .header()
                                          .region({.name = "kernel", .text = {base, base + 96}})
                                          .region({.name = "net", .text = {module_at, module_at + 96}}));
  EXPECT_EQ(fold(named, "net=file"), "net::outer;net!init;net!inner 1\n");
  const StreamBuilder unnamed = sampled(StreamBuilder().header().region({.name = "kernel", .text = {base, base + 96}}));
  EXPECT_EQ(fold(unnamed, "net=file@0x90000000"), "net::outer;net!init;net!inner 1\n");
  EXPECT_EQ(fold(unnamed, "net=file"), "the profile names no module net: give its address");
}

TEST(FlameModule, IsANameAFileAndMaybeAnAddress) {
  const auto module = parse_module("net=a@b=c@0x40");
  ASSERT_TRUE(module);
  EXPECT_EQ(module->name, "net");
  EXPECT_EQ(module->file, "a@b=c");
  EXPECT_EQ(module->address, 0x40U);
  EXPECT_EQ(parse_module("net=file@64")->address, 64U);
  EXPECT_EQ(parse_module("net=file@home")->file, "file@home");
  for (const char* wrong : {"", "net", "=file", "net="}) EXPECT_FALSE(parse_module(wrong)) << wrong;
}

TEST(FlameName, LosesItsParametersOnly) {
  const struct {
    const char *name, *expected;
  } cases[] = {{"net::send(int, char const*)", "net::send"},
               {"net::Socket::send() const", "net::Socket::send"},
               {"(anonymous namespace)::send(int)", "(anonymous namespace)::send"},
               {"(anonymous namespace)::send", "(anonymous namespace)::send"},
               {"call<void (*)(int)>(void (*)(int))", "call<void (*)(int)>"},
               {"net::operator()(int)", "net::operator()"},
               {"net::operator()", "net::operator()"},
               {"send(int) [clone .cold]", "send"},
               {"plain_c", "plain_c"}};
  for (const auto& c : cases) EXPECT_EQ(without_parameters(c.name), c.expected) << c.name;
}

TEST_F(Flame, WritesASpeedscopeFileInTheOrderOfTime) {
  read(StreamBuilder()
           .header()
           .sample({.addresses = {outer}, .cpu = 1, .time = 20})
           .sample({.addresses = {inner, outer}, .cpu = 1, .time = 10})
           .sample({.addresses = {base}, .cpu = 0, .time = 30}));
  const auto json = nlohmann::json::parse(speedscope_text(profile, stacks(), "a title"));
  EXPECT_EQ(json["$schema"], "https://www.speedscope.app/file-format-schema.json");
  EXPECT_EQ(json["name"], "a title");
  ASSERT_EQ(json["profiles"].size(), 2U);
  const auto& second = json["profiles"][1];
  EXPECT_EQ(second["name"], "CPU 1");
  EXPECT_EQ(second["type"], "sampled");
  EXPECT_EQ(second["unit"], "none");
  EXPECT_EQ(second["endValue"], 2);
  const auto name = [&](std::size_t sample, std::size_t frame) {
    return json["shared"]["frames"][second["samples"][sample][frame].get<std::size_t>()]["name"].get<std::string>();
  };
  EXPECT_EQ(name(0, 0) + ";" + name(0, 1), "net::outer;inner");
  EXPECT_EQ(name(1, 0), "net::outer");
}

TEST_F(Flame, EscapesWhatWouldBeMarkup) {
  read(StreamBuilder().header().sample({.addresses = {inner}}));
  const std::string svg = svg_text(profile, stacks(), "<script>&\"");
  EXPECT_NE(svg.find("&lt;script&gt;&amp;&quot;"), std::string::npos);
  EXPECT_EQ(svg.find("<script>&"), std::string::npos);
}

TEST_F(Flame, ReportsSharesAndWhatIsMissing) {
  read(StreamBuilder()
           .header()
           .sample({.addresses = {inner}})
           .sample({.addresses = {inner}, .flags = 0})
           .counters(0, {.recorded = 5, .reliable = 4, .outside = 0, .full = 7, .nested = 1, .stops = {5}}));
  const std::string text = flame_text("f", profile, stacks());
  EXPECT_NE(text.find("  reliable                            1   50.0 %\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  dropped: the ring was full          7\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  dropped: in another sample          1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  lost on the way                     3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("         2  100.0 %  inner\n"), std::string::npos) << text;
}

TEST_F(Flame, DrawsAProfileWithoutSamples) {
  read(StreamBuilder().header());
  const StackTree tree = stacks();
  EXPECT_EQ(folded_text(tree), "");
  EXPECT_NE(svg_text(profile, tree, "t").find("</svg>"), std::string::npos);
  EXPECT_NE(flame_text("f", profile, tree).find("0 samples"), std::string::npos);
}

}  // namespace
}  // namespace surefoot::tools
