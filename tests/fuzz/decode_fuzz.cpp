// SPDX-License-Identifier: MIT
//
// Any bytes as a log. Whatever they are, they are passed on as they were, and what is said of them holds no control
// character, on a terminal and in a page.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "decode/html_output.hpp"
#include "decode/log_decoder.hpp"
#include "decode/text_output.hpp"
#include "require.hpp"
#include "support/elf_builder.hpp"

namespace surefoot::tools {
namespace {

using testing::require;

// The functions that the logs of the corpus name, in the same places.
const Image& image() {
  constexpr std::uint64_t start = 0xffff'8000'8001'0000;
  static const testing::Bytes file =
      testing::ElfBuilder()
          .code(".text", start, 64)
          .symbol({.name = "_ZN3net4sendERKNS_6PacketE", .address = start, .size = 0x1c})
          .symbol({.name = "_ZN3net4pollERNS_5QueueE", .address = start + 0x1c, .size = 0x40})
          .symbol({.name = "worker", .address = start + 0x6c, .size = 0x14})
          .symbol({.name = "worker", .address = start + 0x80, .size = 0x14, .binding = STB_LOCAL})
          .build();
  static const Image image = Image::from_memory(file).value();
  return image;
}

bool is_safe(std::string_view text) {
  return std::ranges::all_of(text, [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return (byte >= 0x20 && byte != 0x7f) || character == '\n' || character == '\r' || character == '\t';
  });
}

void check(std::string_view log, std::size_t piece) {
  std::string passed;
  const TextLook terminal{.has_colour = false, .is_for_terminal = true, .width = 60};
  LogDecoder decoder(Images(LoadedImage(image(), "")), 0, [&](const DecodedLine& line) {
    passed += line.bytes;
    require(line.notes.size() <= 256);
    require(is_safe(text_of(line, terminal)));
    require(is_safe(html_of(line)));
  });
  LineReader lines([&](const RawLine& line) {
    require(!line.bytes.empty() && line.bytes.size() <= LineReader::max_bytes);
    decoder.put(line);
  });
  for (std::size_t at = 0; at < log.size(); at += piece) lines.put(log.substr(at, piece));
  lines.finish();
  decoder.finish();
  require(passed == log);
}

}  // namespace
}  // namespace surefoot::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // SAFETY: bytes are characters.
  const std::string_view log(reinterpret_cast<const char*>(data), size);
  surefoot::tools::check(log.substr(1), 1 + data[0]);
  return 0;
}
