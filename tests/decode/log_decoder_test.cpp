// SPDX-License-Identifier: MIT
//
// What is said about a log as a whole: reasons once in a trace, warnings once in a log, speakers apart.
#include "decode/log_decoder.hpp"

#include <gtest/gtest.h>

#include "decode/html_output.hpp"
#include "decode/text_output.hpp"
#include "decode/wrap.hpp"
#include "support/elf_builder.hpp"

namespace surefoot::tools {
namespace {

// At 0x10014, in outer, a call of inner.
surefoot::testing::Bytes words_with_a_call() {
  constexpr std::uint32_t nop = surefoot::testing::nop_instruction;
  return surefoot::testing::words({nop, nop, nop, nop, nop, 0x97ff'fffb, nop, nop});
}

const Image& image_of_two() {
  static const surefoot::testing::Bytes file =
      surefoot::testing::ElfBuilder()
          .section(
              {.name = ".text", .flags = SHF_ALLOC | SHF_EXECINSTR, .address = 0x10000, .bytes = words_with_a_call()})
          .symbol({.name = "inner", .address = 0x10000, .size = 0x10})
          .symbol({.name = "outer", .address = 0x10010, .size = 0x10})
          .build();
  static const Image image = Image::from_memory(file).value();
  return image;
}

std::string decode(std::string_view log, bool as_page = false) {
  std::string text;
  LogDecoder decoder(Images(LoadedImage(image_of_two(), "")), 0,
                     [&](const DecodedLine& line) { text += as_page ? html_of(line) : text_of(line, TextLook()); });
  LineReader reader([&](const RawLine& line) { decoder.put(line); });
  reader.put(log);
  reader.finish();
  decoder.finish();
  return text;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

constexpr std::string_view doubtful_frames =
    "  #0  0x0000000000010004  ? inner+0x4/0x10  frame_record  [not_text]\n"
    "  #1  0x0000000000010014  ? outer+0x4/0x10  frame_record  [not_text,in_special_range]\n";
constexpr std::string_view verdict = "policy=exact verdict=unreliable stop=off_stack evidence=not_text frames=2\n";

TEST(LogDecoder, ExplainsEachReasonOnceInATrace) {
  const std::string log =
      std::string(verdict).append(doubtful_frames).append("  stop  0x0000000000000010  off_stack\n");
  const std::string text = decode(log);
  EXPECT_EQ(count(text, "| not_text: "), 1u) << text;
  EXPECT_EQ(count(text, "| off_stack: "), 1u) << text;
  // The policy accepts it.
  EXPECT_EQ(count(text, "| in_special_range: "), 0u) << text;
  // Of another trace they are explained again.
  EXPECT_EQ(count(decode(log + log), "| not_text: "), 2u);
}

TEST(LogDecoder, ExplainsAVerdictThatStandsBehindItsFrames) {
  const std::string text = decode(std::string(doubtful_frames).append(verdict));
  EXPECT_EQ(count(text, "| off_stack: "), 1u) << text;
  EXPECT_GT(text.find("| off_stack: "), text.find("policy=")) << text;
}

TEST(LogDecoder, ExplainsAVerdictWithoutFramesBeforeTheNextLineAndAtTheEnd) {
  for (const std::string_view next : {"", "anything\n"}) {
    const std::string text = decode(std::string(verdict).append(next));
    EXPECT_EQ(count(text, "| off_stack: "), 1u) << text;
    EXPECT_EQ(count(text, "| not_text: "), 1u) << text;
  }
}

TEST(LogDecoder, ExplainsNothingOfAReliableTrace) {
  const std::string text = decode(
      "policy=exact verdict=reliable stop=final_record evidence=in_special_range frames=1\n"
      "  #0  0x0000000000010004  inner+0x4/0x10  frame_record  [in_special_range,ftrace_call]\n");
  EXPECT_EQ(count(text, "What to do"), 0u) << text;
}

TEST(LogDecoder, KeepsSpeakersApart) {
  const std::string text = decode(
      "(CPU0) policy=exact verdict=unreliable stop=off_stack evidence=none frames=1\n"
      "(CPU1) policy=exact verdict=reliable stop=final_record evidence=none frames=1\n"
      "(CPU1)   #0  0x0000000000010004  inner+0x4/0x10  frame_record\n"
      "(CPU0)   #0  0x0000000000010014  outer+0x4/0x10  frame_record\n"
      "(CPU0)   stop  0x0000000000000010  off_stack\n");
  EXPECT_EQ(count(text, "| off_stack: "), 1u) << text;
  EXPECT_GT(text.find("| off_stack: "), text.find("(CPU0)   stop")) << text;
}

TEST(LogDecoder, SaysOnceThatALogIsOfAnotherBuild) {
  const std::string text = decode("Call trace:\n inner+0x4/0x40\n outer+0x4/0x80\n gone+0x4/0x80\n");
  EXPECT_EQ(count(text, "of another build"), 1u) << text;
  EXPECT_NE(text.find("inner has 64 bytes in the log and 16"), std::string::npos) << text;
}

TEST(LogDecoder, TakesTheFirstFrameOfALinuxTraceForThePcIfItIs) {
  const std::string text = decode("pc : outer+0x0/0x10\nCall trace:\n outer+0x0/0x10\n outer+0x0/0x10\n");
  // The last one is a return address: the call is the last instruction of the function before.
  EXPECT_EQ(count(text, "| outer+0x0\n"), 2u) << text;
  EXPECT_EQ(count(text, "| inner+0xc\n"), 1u) << text;
}

// Green says that Surefoot vouches for a frame.
TEST(LogDecoder, VouchesForFramesOfSurefootOnly) {
  std::vector<LineLook> looks;
  LogDecoder decoder(Images(LoadedImage(image_of_two(), "")), 0,
                     [&](const DecodedLine& line) { looks.push_back(line.look); });
  for (const std::string_view line :
       {"  #0  0x0000000000010004  inner+0x4/0x10  frame_record\n", " inner+0x4/0x10\n", " ? inner+0x4/0x10\n"}) {
    decoder.put({.bytes = line, .is_whole = true});
  }
  EXPECT_EQ(looks, (std::vector{LineLook::frame, LineLook::address, LineLook::doubtful_frame}));
}

// A panic that no exception led to has the pc behind the call by which it saved its registers.
TEST(LogDecoder, LooksAtTheCallOfAPanicWithoutAnException) {
  constexpr std::string_view begin = "---[ surefoot: panic: any ]---\n";
  constexpr std::string_view exception = "Exception: any\n";
  constexpr std::string_view pc = "pc : 0x0000000000010018 outer+0x8/0x10\n";
  EXPECT_NE(decode(std::string(begin).append(pc)).find("| outer+0x4\n"), std::string::npos);
  EXPECT_NE(decode(std::string(begin).append(exception).append(pc)).find("| outer+0x8\n"), std::string::npos);
  const std::string stopped = "---[ surefoot: cpu 1 stopped ]---\n";
  EXPECT_NE(decode(stopped + std::string(pc)).find("| outer+0x8\n"), std::string::npos);
}

TEST(LogDecoder, NamesAFunctionWithoutDebugInformationByItsSymbol) {
  EXPECT_NE(decode("pc : inner+0x4/0x10\n").find("      | inner+0x4\n"), std::string::npos);
}

TEST(LogDecoder, PassesOnWhatItDoesNotUnderstand) {
  const std::string log("\0\xff\x1b[31m\r\nabc\n  #1  0x00\n", 23);
  EXPECT_EQ(decode(log), log);
  const std::string long_line(100'000, 'x');
  EXPECT_EQ(decode(long_line), long_line);
}

TEST(HtmlOutput, LetsNothingOfTheLogBecomeMarkup) {
  const std::string page = decode(
      "<script>alert(1)</script> & \"'\x1b[2J\xff\n"
      "  #0  0x0000000000010004  <b>+0x4/0x10  frame_record\n",
      true);
  EXPECT_EQ(page.find("<script"), std::string::npos) << page;
  EXPECT_EQ(page.find("<b>"), std::string::npos) << page;
  EXPECT_EQ(page.find('\x1b'), std::string::npos) << page;
  EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&#39;"), std::string::npos) << page;
  const std::string head = html_head("<log>", "<image>", "");
  EXPECT_EQ(head.find("<log>"), std::string::npos);
  EXPECT_EQ(head.find("<image>"), std::string::npos);
}

TEST(HtmlOutput, ClosesWhatItOpens) {
  const std::string page = html_head("log", "image", "12") +
                           decode(std::string(verdict)
                                      .append(doubtful_frames)
                                      .append("pc : inner+0x4/0x10\nCode: d503201f (d503201f) d65f03c0\nend\n"),
                                  true) +
                           html_tail({});
  for (const char* tag : {"div", "p", "b", "code", "span", "details", "main", "header", "body", "html", "style"}) {
    const std::string name(tag);
    const std::size_t opened = count(page, "<" + name + ">") + count(page, "<" + name + " ");
    EXPECT_GE(opened, name == "details" || name == "span" ? 0u : 1u) << name;
    EXPECT_EQ(opened, count(page, "</" + name + ">")) << name;
  }
}

TEST(Wrap, BreaksAtBlanks) {
  EXPECT_EQ(wrap("one two three", 7, "  "), (std::vector<std::string>{"one two", "  three"}));
  EXPECT_EQ(wrap("  a verylongword b", 6, ""), (std::vector<std::string>{"  a", "verylongword", "b"}));
  EXPECT_EQ(wrap("", 6, ""), std::vector<std::string>{""});
  EXPECT_EQ(cut_to("\xc3\xa9xyz", 2), "\xc3\xa9x");
}

}  // namespace
}  // namespace surefoot::tools
