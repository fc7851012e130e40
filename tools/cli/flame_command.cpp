// SPDX-License-Identifier: MIT
#include "cli/flame_command.hpp"

#include <CLI/CLI.hpp>
#include <deque>
#include <expected>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "cli/flame_report.hpp"
#include "cli/report.hpp"
#include "profile/code_names.hpp"
#include "profile/stacks.hpp"
#include "profile/stream.hpp"

namespace surefoot::tools {
namespace {

// All of a profile, or of a log.
std::expected<std::string, std::string> read_file(const std::string& path) {
  constexpr std::uintmax_t max_size = std::uintmax_t{1} << 30;
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return std::unexpected("no such file");
  if (!std::filesystem::is_regular_file(status)) return std::unexpected("not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return std::unexpected("cannot be read: " + error.message());
  if (size > max_size) return std::unexpected("larger than 1 GiB");
  std::ifstream stream(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.gcount() != static_cast<std::streamsize>(text.size())) return std::unexpected("cannot be read");
  return text;
}

ExitCode refuse(const std::string& subject, const std::string& reason) {
  print_error(subject, reason);
  return ExitCode::bad_input;
}

// Names the stacks and writes what is asked for. The images stay where they are meanwhile.
ExitCode draw(const FlameOptions& options, const Profile& profile, CodeNames& names) {
  const std::expected<StackTree, std::string> tree = make_stacks(profile, names);
  if (!tree) return refuse(options.profile, tree.error());
  const std::string title = options.title.empty() ? "Flame graph" : options.title;
  const std::pair<const std::string&, std::string> outputs[] = {
      {options.folded_output, options.folded_output.empty() ? "" : folded_text(*tree)},
      {options.svg_output, options.svg_output.empty() ? "" : svg_text(profile, *tree, title)},
      {options.json_output, options.json_output.empty() ? "" : speedscope_text(profile, *tree, title)}};
  for (const auto& [path, text] : outputs) {
    const ExitCode written = path.empty() ? ExitCode::ok : write_file(path, text);
    if (written != ExitCode::ok) return written;
  }
  return print(flame_text(options.profile, profile, *tree));
}

}  // namespace

CLI::App* add_flame_command(CLI::App& program, FlameOptions& options) {
  CLI::App* command = program.add_subcommand("flame", "Draw the samples of surefoot::profile as a flame graph");
  command->add_option("PROFILE", options.profile, "what the kernel has written: a stream, or a log with its lines")
      ->required()
      ->option_text(" ");
  command->add_option("--elf", options.image, "the image that was profiled: an AArch64 ELF file with symbols")
      ->required()
      ->option_text("IMAGE");
  command
      ->add_option("--module", options.modules,
                   "the file of a module. ADDRESS is where its code begins; without it, the profile has to name it. "
                   "May be given several times")
      ->option_text("NAME=FILE[@ADDRESS]");
  command->add_option("--folded", options.folded_output, "where to write folded stacks, as flamegraph.pl reads them")
      ->option_text("FILE");
  command->add_option("--svg", options.svg_output, "where to write a flame graph for a browser")->option_text("FILE");
  command->add_option("--json", options.json_output, "where to write the samples for speedscope")->option_text("FILE");
  command->add_option("--title", options.title, "what stands above the graph")->option_text("TEXT");
  command->footer(exit_codes_text);
  return command;
}

ExitCode run_flame(const FlameOptions& options) {
  const std::expected<std::string, std::string> file = read_file(options.profile);
  if (!file) return refuse(options.profile, file.error());
  const std::expected<Profile, std::string> profile = read_profile(*file);
  if (!profile) return refuse(options.profile, profile.error());
  std::deque<Image> images;  // which stay where they are
  std::expected<Image, Image::Error> image = Image::open(options.image);
  if (!image) return refuse(options.image, image.error());
  images.push_back(std::move(*image));
  std::expected<CodeNames, std::string> names = CodeNames::make(*profile, images.back());
  if (!names) return refuse(options.image, names.error());
  for (const std::string& text : options.modules) {
    const std::expected<ModuleFile, std::string> module = parse_module(text);
    if (!module) return refuse(text, module.error());
    image = Image::open(module->file);
    if (!image) return refuse(module->file, image.error());
    images.push_back(std::move(*image));
    const std::expected<void, std::string> added = names->add_module(*module, images.back());
    if (!added) return refuse(module->file, added.error());
  }
  return draw(options, *profile, *names);
}

}  // namespace surefoot::tools
