// SPDX-License-Identifier: MIT
#include "decode/log_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decode/clean.hpp"
#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

constexpr std::size_t max_speakers = 256;
constexpr std::size_t max_missing_modules = 64;

LineLook look_of(const LogLine& line) {
  switch (line.kind) {
    case LineKind::other:
    case LineKind::build_id: return LineLook::other;
    case LineKind::trace_begins:
    case LineKind::panic_begins:
    case LineKind::exception: return LineLook::heading;
    case LineKind::frame: return line.is_doubtful ? LineLook::doubtful_frame : LineLook::frame;
    // Other kernels may doubt a frame, and vouch for none.
    case LineKind::linux_frame:
    case LineKind::plain_frame: return line.is_doubtful ? LineLook::doubtful_frame : LineLook::address;
    case LineKind::repeat: return LineLook::frame;
    case LineKind::stop: return LineLook::untrusted;
    case LineKind::verdict: return line.verdict.is_reliable ? LineLook::trusted : LineLook::untrusted;
    case LineKind::finding:
    case LineKind::program_counter:
    case LineKind::mention: return LineLook::address;
    case LineKind::code: return LineLook::code;
  }
  return LineLook::other;  // never
}

// Lines between those of a trace that do not end it.
bool is_of_trace(LineKind kind) {
  return kind == LineKind::frame || kind == LineKind::repeat || kind == LineKind::stop || kind == LineKind::verdict ||
         kind == LineKind::linux_frame;
}

std::string name_of_image(const LoadedImage& image) {
  return image.name().empty() ? "the image" : fmt::format("the module {}", printable_name(image.name()));
}

bool has_functions(const std::vector<Note>& notes) {
  return std::ranges::any_of(notes, [](const Note& note) { return std::holds_alternative<FunctionNote>(note); });
}

}  // namespace

LogDecoder::LogDecoder(Images images, unsigned source_lines, Take take)
    : images_(std::move(images)), source_lines_(source_lines), take_(std::move(take)) {}

TraceTalk& LogDecoder::talk_of(std::string_view speaker) {
  // Names of speakers come from the log: a hostile one has many.
  if (talks_.size() >= max_speakers) talks_.clear();
  return talks_[std::string(speaker)];
}

void LogDecoder::put(const RawLine& raw) {
  ++totals_.lines;
  DecodedLine decoded{.bytes = raw.bytes, .look = LineLook::other, .notes = {}};
  if (!raw.is_whole) return take_(decoded);
  const std::string text = clean_line(raw.bytes);
  const LogLine line = parse_line(text);
  TraceTalk& talk = talk_of(line.speaker);
  const bool is_blank = text.find_first_not_of(' ') == std::string::npos;
  if (!is_blank && !is_of_trace(line.kind)) {
    DecodedLine rest;
    talk.take_other(rest.notes);
    if (!rest.notes.empty()) take_(rest);
  }
  decode(line, decoded, talk);
  if (has_functions(decoded.notes)) ++totals_.decoded;
  // An address in a text that has no code there is any number.
  if (line.kind != LineKind::plain_frame || !decoded.notes.empty()) decoded.look = look_of(line);
  take_(decoded);
}

void LogDecoder::finish() {
  DecodedLine rest;
  for (auto& [speaker, talk] : talks_) talk.take_other(rest.notes);
  if (!rest.notes.empty()) take_(rest);
  talks_.clear();
}

void LogDecoder::decode(const LogLine& line, DecodedLine& decoded, TraceTalk& talk) {
  switch (line.kind) {
    case LineKind::other:
    case LineKind::repeat: break;
    case LineKind::trace_begins: talk.begin(); break;
    case LineKind::panic_begins:
      talk.begin_panic();
      if (line.is_stopped) talk.take_exception();
      break;
    case LineKind::exception: talk.take_exception(); break;
    case LineKind::frame:
      add_places(line, decoded, talk);
      talk.take_frame(line, decoded.notes);
      totals_.doubtful += line.is_doubtful ? 1 : 0;
      break;
    case LineKind::stop:
      if (line.verdict.stop) talk.take_stop(*line.verdict.stop, decoded.notes);
      break;
    case LineKind::verdict:
      talk.take_verdict(line.verdict, decoded.notes);
      ++(line.verdict.is_reliable ? totals_.reliable : totals_.unreliable);
      break;
    case LineKind::program_counter:
      talk.take_pc(line.addresses.front());
      add_place(*talk.pc(), true, decoded.notes);
      break;
    case LineKind::finding:
    case LineKind::linux_frame:
    case LineKind::plain_frame:
    case LineKind::mention: add_places(line, decoded, talk); break;
    case LineKind::code: add_code(line, talk, decoded.notes); break;
    case LineKind::build_id: compare_build_id(line, decoded.notes); break;
  }
}

void LogDecoder::add_places(const LogLine& line, DecodedLine& decoded, TraceTalk& talk) {
  const bool is_frame = line.kind == LineKind::frame || line.kind == LineKind::linux_frame ||
                        line.kind == LineKind::plain_frame || line.kind == LineKind::program_counter;
  for (LoggedAddress address : line.addresses) {
    if (line.kind == LineKind::linux_frame) address.role = talk.role_of_linux_frame(address);
    // The first frame of a panic is its pc.
    const bool is_pc = talk.pc() && talk.pc()->value && talk.pc()->value == address.value;
    if (address.role == Role::unsaid && is_pc) address.role = talk.pc()->role;
    add_place(address, is_frame, decoded.notes);
  }
}

void LogDecoder::add_place(const LoggedAddress& address, bool is_of_trace, std::vector<Note>& notes) {
  const Resolution resolution = images_.resolve(address);
  if (resolution.is_moved) {
    const LoadedImage& image = *resolution.found->image;
    const auto slide = static_cast<std::int64_t>(image.slide());
    const std::uint64_t distance = slide < 0 ? 0 - image.slide() : image.slide();
    notes.emplace_back(RemarkNote{.text = fmt::format("The kernel has {} {:#x} bytes {} its linked address.",
                                                      name_of_image(image), distance, slide < 0 ? "below" : "above"),
                                  .is_warning = false});
  }
  if (resolution.found) add_functions(*resolution.found, address, is_of_trace ? source_lines_ : 0, notes);
  if (resolution.is_other_name) {
    warn_of_build(
        fmt::format("there is no function {} of {} bytes", printable_name(address.place->name), address.place->size),
        notes);
  }
  if (resolution.found) return;
  if (!is_of_trace || !address.place) return;
  const std::string name = printable_name(address.place->name);
  const std::string module = printable_name(address.place->module);
  switch (resolution.reason) {
    case Unresolved::no_such_function: warn_of_build(fmt::format("there is no function {}", name), notes); break;
    case Unresolved::no_such_module:
      remark_once(module, fmt::format("To decode the module {}, give its file: --module {}=FILE", module, module),
                  notes);
      break;
    case Unresolved::outside:
      remark_once(std::string(),
                  "This code is in no image. If it is a module's, give its file: "
                  "--module NAME=FILE@ADDRESS",
                  notes);
      break;
  }
}

void LogDecoder::remark_once(const std::string& module, std::string text, std::vector<Note>& notes) {
  const bool is_new = std::ranges::find(missing_modules_, module) == missing_modules_.end();
  if (!is_new || missing_modules_.size() == max_missing_modules) return;
  missing_modules_.push_back(module);
  notes.emplace_back(RemarkNote{.text = std::move(text), .is_warning = false});
}

void LogDecoder::add_functions(const Resolved& resolved, const LoggedAddress& address, unsigned around,
                               std::vector<Note>& notes) {
  std::vector<CodePlace> places = resolved.image->debug_info().find(resolved.lookup);
  if (places.empty()) places.emplace_back();
  CodePlace& outermost = places.back();
  if (outermost.function.empty()) {
    outermost.function = resolved.image->name_at(resolved.lookup, outermost.file.empty());
  }
  for (CodePlace& place : places) {
    FunctionNote note;
    if (place.function.empty() && place.file.empty()) continue;
    note.source = sources_.find(place.file, place.line, around);
    place.function = printable_name(place.function);
    place.file = printable_name(short_path(place.file));
    note.place = std::move(place);
    notes.emplace_back(std::move(note));
  }
  const bool is_behind_end = address.place && address.place->offset == 0 && resolved.role == Role::return_address;
  if (is_behind_end) {
    notes.emplace_back(RemarkNote{.text = fmt::format("The call does not return: what follows it, {}, is the next "
                                                      "function.",
                                                      printable_name(address.place->name)),
                                  .is_warning = false});
  }
  if (resolved.candidates > 1) {
    notes.emplace_back(RemarkNote{.text = fmt::format("{} functions have this name{}: it may be another one.",
                                                      resolved.candidates, resolved.other_size != 0 ? "" : " and size"),
                                  .is_warning = true});
  }
  if (resolved.other_size == 0 || !address.place) return;
  warn_of_build(fmt::format("{} has {} bytes in the log and {} in {}", printable_name(address.place->name),
                            address.place->size, resolved.other_size, name_of_image(*resolved.image)),
                notes);
}

void LogDecoder::add_code(const LogLine& line, const TraceTalk& talk, std::vector<Note>& notes) {
  const std::optional<LoggedAddress> pc = talk.pc();
  CodeComparison comparison = code_words_.compare(line.words, pc ? images_.resolve(*pc).found : std::nullopt);
  std::ranges::move(comparison.instructions, std::back_inserter(notes));
  if (comparison.different == 0) return;
  notes.emplace_back(RemarkNote{
      .text = fmt::format("{} of {} words are not those of the image: the code was patched, or the log is of another "
                          "build.",
                          comparison.different, comparison.compared),
      .is_warning = true});
}

void LogDecoder::compare_build_id(const LogLine& line, std::vector<Note>& notes) {
  const LoadedImage& kernel = images_.all().front();
  if (kernel.build_id().empty()) return;
  const auto are_alike = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  const bool is_same = std::ranges::equal(line.build_id, kernel.build_id(), are_alike);
  if (!is_same) return warn_of_build(fmt::format("the build id of the image is {}", kernel.build_id()), notes);
  notes.emplace_back(RemarkNote{.text = "The build id is that of the image.", .is_warning = false});
}

void LogDecoder::warn_of_build(std::string reason, std::vector<Note>& notes) {
  if (has_warned_of_build_) return;
  has_warned_of_build_ = true;
  notes.emplace_back(RemarkNote{
      .text = fmt::format("This log is of another build than the image: {}. Names, lines and source may be wrong from "
                          "here on; this is said once.",
                          reason),
      .is_warning = true});
}

}  // namespace surefoot::tools
