// SPDX-License-Identifier: MIT
#include "decode/html_output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decode/clean.hpp"
#include "decode/html_style.hpp"
#include "decode/text_output.hpp"
#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

std::string escaped(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char character : text) {
    switch (character) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += character;
    }
  }
  return html;
}

// What a person sees of the line: control characters spelled, and bytes that are no characters as question marks.
std::string readable(std::string_view bytes) {
  const std::size_t end = bytes.find_last_not_of("\r\n");
  if (end == std::string_view::npos) return {};
  std::string text = safe_for_terminal(bytes.substr(0, end + 1));
  std::ranges::replace(text, '\t', ' ');
  return escaped(printable_name(text));
}

const char* class_of(LineLook look) {
  switch (look) {
    case LineLook::other: return "other";
    case LineLook::heading: return "heading";
    case LineLook::frame: return "frame";
    case LineLook::doubtful_frame: return "doubtful";
    case LineLook::trusted: return "trusted";
    case LineLook::untrusted: return "untrusted";
    case LineLook::address: return "address";
    case LineLook::code: return "plain";
  }
  return "other";
}

class Writer {
 public:
  std::string take() {
    close_listing();
    return std::move(html_);
  }

  void operator()(const FunctionNote& note) {
    close_listing();
    const CodePlace& place = note.place;
    std::string head = fmt::format("<code>{}</code>", escaped(place.function.empty() ? "?" : place.function));
    if (place.is_inlined) head += "<span class=\"pill\">inlined</span>";
    if (!place.file.empty()) head += fmt::format("<span class=\"at\">{}</span>", escaped(place_text(place)));
    if (note.source.empty()) {
      html_ += fmt::format("<div class=\"note\">{}</div>\n", head);
      return;
    }
    html_ += fmt::format("<details class=\"note\"><summary>{}</summary><div class=\"source\">\n", head);
    for (const SourceLine& line : note.source) {
      html_ += fmt::format("<div{}><i>{}</i>{}</div>\n", line.is_meant ? " class=\"meant\"" : "", line.number,
                           escaped(line.text));
    }
    html_ += "</div></details>\n";
  }

  void operator()(const InstructionNote& note) {
    if (!is_in_listing_) html_ += "<div class=\"note\"><div class=\"source\">\n";
    is_in_listing_ = true;
    const std::string address = note.address ? fmt::format("{:#x}  ", *note.address) : "";
    const std::string word = note.word ? fmt::format("{:08x}", *note.word) : "????????";
    const std::string text = note.word ? note.text : "could not be read";
    html_ +=
        fmt::format("<div{}> {}{}  {}</div>\n", note.is_at_pc ? " class=\"meant\"" : "", address, word, escaped(text));
    if (note.image_text.empty()) return;
    html_ += fmt::format("<div class=\"differs\">    the image has {}</div>\n", escaped(note.image_text));
  }

  void operator()(const ReasonNote& note) {
    close_listing();
    html_ += fmt::format("<div class=\"reason\"><b>{}</b> {}<p><b>What to do:</b> {}</p></div>\n", escaped(note.name),
                         escaped(note.meaning), escaped(note.advice));
  }

  void operator()(const RemarkNote& note) {
    close_listing();
    html_ += fmt::format("<div class=\"{}\">{}</div>\n", note.is_warning ? "warning" : "note", escaped(note.text));
  }

 private:
  void close_listing() {
    if (is_in_listing_) html_ += "</div></div>\n";
    is_in_listing_ = false;
  }

  std::string html_;
  bool is_in_listing_ = false;
};

}  // namespace

std::string html_head(std::string_view log, std::string_view image, std::string_view build_id) {
  const std::string name = escaped(printable_name(log));
  const std::string id = build_id.empty() ? "" : fmt::format(", build id {}", escaped(build_id));
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{0}, decoded</title>\n<style>{1}</style>\n</head>\n"
      "<body>\n<header>\n<h1>{0}</h1>\n<p>decoded by {2}{3}</p>\n<div class=\"tools\">\n"
      "<label><input type=\"checkbox\" id=\"hide\"> only lines that were understood</label>\n"
      "<label><input type=\"checkbox\" id=\"switch\"> the other colours</label>\n</div>\n</header>\n<main>\n",
      name, html_style, escaped(printable_name(image)), id);
}

std::string html_of(const DecodedLine& line) {
  const char* const look = class_of(line.look);
  std::string original;
  if (!line.bytes.empty()) original = fmt::format("<div class=\"line {}\">{}</div>\n", look, readable(line.bytes));
  if (line.notes.empty()) return original;
  Writer writer;
  for (const Note& note : line.notes) std::visit(writer, note);
  return fmt::format("<div class=\"item {}\">\n{}{}</div>\n", line.look == LineLook::other ? "plain" : look, original,
                     writer.take());
}

std::string html_tail(const DecodeTotals& totals) {
  return fmt::format(
      "</main>\n<footer>{} lines, {} with an address that was found in an image. Verdicts: {} reliable, {} unreliable. "
      "Doubtful frames: {}.</footer>\n</body>\n</html>\n",
      totals.lines, totals.decoded, totals.reliable, totals.unreliable, totals.doubtful);
}

}  // namespace surefoot::tools
