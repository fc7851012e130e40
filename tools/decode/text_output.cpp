// SPDX-License-Identifier: MIT
#include "decode/text_output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decode/clean.hpp"
#include "decode/ink.hpp"
#include "decode/wrap.hpp"

namespace surefoot::tools {
namespace {

Ink ink_of(LineLook look) {
  switch (look) {
    case LineLook::other: return Ink::faint;
    case LineLook::heading: return Ink::bold;
    case LineLook::doubtful_frame:
    case LineLook::untrusted: return Ink::red;
    case LineLook::trusted: return Ink::green;
    case LineLook::frame:
    case LineLook::address:
    case LineLook::code: return Ink::plain;
  }
  return Ink::plain;
}

class Writer {
 public:
  explicit Writer(const TextLook& look) : look_(look) {}

  std::string take() { return std::move(text_); }

  void original(const DecodedLine& line) {
    std::string bytes = look_.is_for_terminal ? safe_for_terminal(line.bytes) : std::string(line.bytes);
    std::size_t end = bytes.find_last_not_of("\r\n");
    end = end == std::string::npos ? 0 : end + 1;
    text_ += painted(ink_of(line.look), std::string_view(bytes).substr(0, end));
    text_ += bytes.substr(end);
    // The last line of a log may have no end.
    if (!line.notes.empty() && !bytes.empty() && !bytes.ends_with('\n')) text_ += '\n';
  }

  void operator()(const FunctionNote& note) {
    const CodePlace& place = note.place;
    const std::string function = place.function.empty() ? "?" : place.function;
    const std::string inlined = place.is_inlined ? " (inlined)" : "";
    const std::string where = place_text(place);
    const bool fits = bar_width + columns(function) + inlined.size() + 4 + columns(where) <= look_.width;
    begin_note();
    text_ += painted(Ink::bold, function) + painted(Ink::faint, inlined);
    if (!where.empty() && !fits) {
      text_ += '\n';
      begin_note();
      text_ += " ";
    }
    if (!where.empty()) text_ += painted(Ink::faint, " at ") + painted(Ink::cyan, where);
    text_ += '\n';
    for (const SourceLine& line : note.source) source(line);
  }

  void operator()(const InstructionNote& note) {
    begin_note();
    const std::string address = note.address ? fmt::format("{:#x}  ", *note.address) : "";
    const std::string word = note.word ? fmt::format("{:08x}", *note.word) : "????????";
    const std::string line = address + word + "  " + (note.word ? note.text : "could not be read");
    text_ += painted(note.is_at_pc ? Ink::bold : Ink::plain, (note.is_at_pc ? "> " : "  ") + line) + "\n";
    if (note.image_text.empty()) return;
    begin_note();
    text_ += painted(Ink::yellow, "    the image has " + note.image_text) + "\n";
  }

  void operator()(const ReasonNote& note) {
    sentences(Ink::yellow, note.name + ":", note.meaning, "  ");
    sentences(Ink::green, "  What to do:", note.advice, "    ");
  }

  void operator()(const RemarkNote& note) {
    if (note.is_warning) {
      sentences(Ink::yellow, "warning:", note.text, "  ");
    } else {
      sentences(Ink::plain, "", note.text, "");
    }
  }

 private:
  static constexpr std::string_view bar = "      | ";
  static constexpr std::size_t bar_width = bar.size();

  std::string painted(Ink ink, std::string_view text) const {
    return tools::painted(look_.has_colour ? ink : Ink::plain, text);
  }

  void begin_note() { text_ += painted(Ink::faint, bar); }

  void source(const SourceLine& line) {
    begin_note();
    const std::string text = fmt::format("  {} {:>5}  {}", line.is_meant ? ">" : " ", line.number, line.text);
    // A long line of source is cut by the width of a terminal.
    const std::string shown = look_.is_for_terminal ? cut_to(text, look_.width - bar_width) : text;
    text_ += painted(line.is_meant ? Ink::bold : Ink::faint, shown) + "\n";
  }

  // A word in colour, and sentences behind it, wrapped.
  void sentences(Ink ink, std::string_view head, std::string_view body, std::string_view indent) {
    const std::string all = head.empty() ? std::string(body) : fmt::format("{} {}", head, body);
    bool is_first = true;
    for (const std::string& line : wrap(all, look_.width - bar_width, indent)) {
      begin_note();
      const std::size_t head_size = is_first && line.starts_with(head) ? head.size() : 0;
      text_ += painted(ink, std::string_view(line).substr(0, head_size)) + line.substr(head_size) + "\n";
      is_first = false;
    }
  }

  TextLook look_;
  std::string text_;
};

}  // namespace

std::string place_text(const CodePlace& place) {
  if (place.file.empty()) return {};
  if (place.line == 0) return place.file;
  return place.column == 0 ? fmt::format("{}:{}", place.file, place.line)
                           : fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

std::string text_of(const DecodedLine& line, const TextLook& look) {
  constexpr std::size_t least_width = 40;
  TextLook usable = look;
  usable.width = std::max(usable.width, least_width);
  Writer writer(usable);
  writer.original(line);
  for (const Note& note : line.notes) std::visit(writer, note);
  return writer.take();
}

}  // namespace surefoot::tools
