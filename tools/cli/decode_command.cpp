// SPDX-License-Identifier: MIT
#include "cli/decode_command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <expected>
#include <memory>

#include "cli/report.hpp"
#include "decode/cursor.hpp"
#include "decode/html_output.hpp"
#include "decode/log_decoder.hpp"
#include "decode/text_output.hpp"

namespace surefoot::tools {
namespace {

constexpr unsigned lines_for_people = 3;

bool is_standard(const std::string& file) { return file.empty() || file == "-"; }

// A file that is read or written, closed at the end unless it is a standard stream.
class Descriptor {
 public:
  explicit Descriptor(int number, bool is_owned) : number_(number), is_owned_(is_owned) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  /// False if what was written did not arrive.
  bool close() {
    const bool is_closed = !is_owned_ || number_ < 0 || ::close(number_) == 0;
    is_owned_ = false;
    return is_closed;
  }
  bool write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::write(number_, text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

 private:
  int number_;
  bool is_owned_;
};

// "NAME=FILE" or "NAME=FILE@ADDRESS".
struct ModuleWord {
  std::string name;
  std::string file;
  std::optional<std::uint64_t> address;
};

std::optional<ModuleWord> parse_module(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == word.size()) return std::nullopt;
  ModuleWord module{.name = word.substr(0, equals), .file = word.substr(equals + 1), .address = {}};
  const std::size_t at = module.file.rfind('@');
  if (at == std::string::npos) return module;
  Cursor cursor(std::string_view(module.file).substr(at + 1));
  module.address = cursor.take_hex();
  if (!module.address || !cursor.is_at_end() || at == 0) return std::nullopt;
  module.file.resize(at);
  return module;
}

std::expected<Images, ExitCode> open_images(const DecodeOptions& options) {
  const auto fail = [](const std::string& subject, const std::string& reason) {
    print_error(subject, reason);
    return std::unexpected(ExitCode::bad_input);
  };
  std::expected<LoadedImage, std::string> kernel = LoadedImage::open(options.image, "", {});
  if (!kernel) return fail(options.image, kernel.error());
  Images images(std::move(*kernel));
  for (const std::string& word : options.modules) {
    const std::optional<ModuleWord> module = parse_module(word);
    if (!module) return fail(word, "--module wants NAME=FILE or NAME=FILE@ADDRESS, the address as 0x...");
    std::expected<LoadedImage, std::string> loaded = LoadedImage::open(module->file, module->name, module->address);
    if (!loaded) return fail(module->file, loaded.error());
    images.add(std::move(*loaded));
  }
  return images;
}

std::size_t terminal_width() {
  constexpr std::size_t usual = 100;
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return size.ws_col;
}

// What is written, as text or as a page. Lines of one reading are written together.
class Output {
 public:
  Output(Descriptor& to, std::optional<TextLook> look) : to_(to), look_(look) {}

  void put(const DecodedLine& line) {
    constexpr std::size_t enough = std::size_t{256} << 10;
    text_ += look_ ? text_of(line, *look_) : html_of(line);
    if (text_.size() >= enough) flush();
  }
  void put(const std::string& text) { text_ += text; }
  void flush() {
    is_written_ = is_written_ && to_.write(text_);
    text_.clear();
  }
  [[nodiscard]] bool is_written() const { return is_written_; }

 private:
  Descriptor& to_;
  std::optional<TextLook> look_;
  std::string text_;
  bool is_written_ = true;
};

// Reads to the end, and writes what is decoded before it waits for more.
ExitCode decode(Descriptor& log, const std::string& log_name, LogDecoder& decoder, Output& output) {
  LineReader lines([&decoder](const RawLine& line) { decoder.put(line); });
  const auto buffer = std::make_unique<std::array<char, std::size_t{64} << 10>>();
  while (output.is_written()) {
    const ssize_t count = read(log.number(), buffer->data(), buffer->size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      print_error(log_name, fmt::format("cannot be read: {}", std::strerror(errno)));
      return ExitCode::bad_input;
    }
    if (count == 0) break;
    lines.put({buffer->data(), static_cast<std::size_t>(count)});
    output.flush();
  }
  lines.finish();
  decoder.finish();
  return ExitCode::ok;
}

}  // namespace

CLI::App* add_decode_command(CLI::App& program, DecodeOptions& options) {
  CLI::App* command = program.add_subcommand("decode", "Say what the lines of a log mean: functions, files, reasons");
  command
      ->add_option("LOG", options.log,
                   "a log with traces by Surefoot or Linux in it; standard input if it is - or left out")
      ->option_text(" ");
  command->add_option("--elf", options.image, "the image of the kernel that printed it, with debug information")
      ->required()
      ->option_text("IMAGE");
  command
      ->add_option(
          "--module", options.modules,
          "a module of that kernel, NAME=FILE or NAME=FILE@ADDRESS: where its .text was loaded; may be repeated")
      ->option_text("MODULE")
      ->expected(1)
      ->take_all();
  command->add_option("--html", options.html, "write a page to this file instead of text to standard output")
      ->option_text("FILE");
  add_color_option(*command, options.color);
  constexpr unsigned max_source_lines = 100;
  command
      ->add_option(
          "--source-lines", options.source_lines,
          "lines of source before and behind each place, if the file is found. Default: 3 on a terminal and in "
          "a page, else 0")
      ->option_text("NUMBER")
      ->check(CLI::Range(0U, max_source_lines));
  command->footer(exit_codes_text);
  return command;
}

ExitCode run_decode(const DecodeOptions& options) {
  std::expected<Images, ExitCode> images = open_images(options);
  if (!images) return images.error();

  const std::string log_name = is_standard(options.log) ? "standard input" : options.log;
  Descriptor log(is_standard(options.log) ? STDIN_FILENO : open(options.log.c_str(), O_RDONLY | O_CLOEXEC),
                 !is_standard(options.log));
  if (log.number() < 0) {
    print_error(log_name, fmt::format("cannot be read: {}", std::strerror(errno)));
    return ExitCode::bad_input;
  }
  const bool is_page = !options.html.empty();
  const bool is_to_file = is_page && options.html != "-";
  const std::string output_name = is_to_file ? options.html : "standard output";
  constexpr mode_t mode = 0666;
  Descriptor to(is_to_file ? open(options.html.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode) : STDOUT_FILENO,
                is_to_file);
  if (to.number() < 0) {
    print_error(output_name, fmt::format("cannot be written: {}", std::strerror(errno)));
    return ExitCode::failed;
  }

  const bool is_terminal = isatty(STDOUT_FILENO) == 1;
  const bool is_coloured = wants_colour(options.color);
  const TextLook look{.has_colour = is_coloured,
                      .is_for_terminal = is_terminal || is_coloured,
                      .width = is_terminal ? terminal_width() : TextLook().width};
  Output output(to, is_page ? std::nullopt : std::optional(look));
  const unsigned source_lines = options.source_lines.value_or(is_page || is_terminal ? lines_for_people : 0);
  const std::string build_id = images->all().front().build_id();
  LogDecoder decoder(std::move(*images), source_lines, [&output](const DecodedLine& line) { output.put(line); });
  if (is_page) output.put(html_head(log_name, options.image, build_id));
  const ExitCode decoded = decode(log, log_name, decoder, output);
  if (is_page) output.put(html_tail(decoder.totals()));
  output.flush();
  const bool is_written = output.is_written() && to.close();
  if (decoded == ExitCode::ok && !is_written) print_error(output_name, "cannot be written");
  return decoded == ExitCode::ok && !is_written ? ExitCode::failed : decoded;
}

}  // namespace surefoot::tools
