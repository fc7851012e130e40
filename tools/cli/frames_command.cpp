// SPDX-License-Identifier: MIT
#include "cli/frames_command.hpp"

#include <CLI/CLI.hpp>
#include <expected>
#include <fstream>
#include <iterator>
#include <utility>

#include "cli/frames_report.hpp"
#include "cli/frames_tables.hpp"
#include "cli/report.hpp"
#include "cli/sframe2_report.hpp"

namespace surefoot::tools {
namespace {

ExitCode write_file(const std::string& path, const std::vector<std::byte>& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  // SAFETY: any object may be looked at as characters, and the bytes outlive the call.
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return ExitCode::ok;
  print_error(path, "cannot be written");
  return ExitCode::failed;
}

}  // namespace

CLI::App* add_frames_command(CLI::App& program, FramesOptions& options) {
  CLI::App* command = program.add_subcommand("frames", "Make a frame table (SFrame version 3) for an image");
  command->add_option("IMAGE", options.image, "an AArch64 ELF file: a linked one, or a relocatable object")
      ->required()
      ->option_text(" ");
  command->add_option("-o,--output", options.output, "where to write the section, as raw bytes")->option_text("FILE");
  command
      ->add_option(
          "--address", options.address,
          "where the section will lie, in the image's addresses. Default: the symbol "
          "__surefoot_frame_table_start, else the section .sframe, else behind the image. A table is right at its "
          "address only")
      ->option_text("ADDRESS");
  command
      ->add_option("--calls", options.calls_output,
                   "where to write the table of calls that are made without a frame record, as raw bytes: special "
                   "ranges of kind call_without_record. Empty if there is no such call")
      ->option_text("FILE");
  command
      ->add_option("--calls-address", options.calls_address,
                   "where that table will lie. Default: the symbol __surefoot_calls_start, else the section "
                   ".surefoot.calls, else behind the image and its frame table")
      ->option_text("ADDRESS");
  add_declaration_options(*command, options.declarations);
  command
      ->add_option("--object", options.object_output,
                   "of a relocatable object: where to write a copy that has the tables as sections: .surefoot.frames "
                   "and .surefoot.calls for .text, the same names with that of the section behind for other code. "
                   "Their relocations make them right wherever a loader puts the code")
      ->option_text("FILE");
  CLI::Option* from_sframe2 =
      command->add_flag("--from-sframe2", options.is_from_sframe2,
                        "derive nothing: say in version 3 what the image's section .sframe says in version 2");
  command->add_flag("--list", options.is_list,
                    "list the rows of every function, as objdump --sframe writes them, and its calls without a record");
  CLI::Option* differences =
      command->add_flag("--differences", options.is_differences,
                        "list where the rules differ from CFI, and where CFI names a slot below sp");
  command->add_flag("--json", options.is_json, "print one JSON object");
  command->add_flag("--no-progress", options.is_without_progress,
                    "no progress on standard error, if that is a terminal");
  for (const char* other : {"--calls", "--calls-address", "--object"}) {
    from_sframe2->excludes(command->get_option(other));
  }
  from_sframe2->excludes(differences);
  add_jobs_option(*command, options.jobs);
  command->footer(exit_codes_text);
  return command;
}

namespace {

ExitCode run_conversion(const Image& image, const FramesOptions& options) {
  const std::expected<ConvertedTable, std::string> table = convert_sframe2(image, options);
  if (!table) {
    print_error(options.image, table.error());
    return ExitCode::bad_input;
  }
  if (!options.output.empty()) {
    const ExitCode written = write_file(options.output, table->section.bytes);
    if (written != ExitCode::ok) return written;
  }
  return print(options.is_json ? json_text(options, image, *table) : people_text(options, image, *table));
}

// What cannot be asked for of such an image; empty if all can.
std::string find_contradiction(const Image& image, const FramesOptions& options) {
  const bool is_raw = !options.output.empty() || !options.calls_output.empty();
  if (image.is_relocatable() && is_raw) {
    return "a relocatable object: its tables need relocations, which --object FILE writes";
  }
  if (!image.is_relocatable() && !options.object_output.empty()) {
    return "not a relocatable object: -o FILE and --calls FILE write its tables";
  }
  return {};
}

// The object with its tables, or what is wrong with it.
std::expected<std::vector<std::byte>, std::string> make_object(const Image& image, const Frames& frames) {
  const std::expected<std::vector<AddedSection>, std::string> tables = make_object_tables(image, frames);
  if (!tables) return std::unexpected(tables.error());
  return add_sections(image.file(), *tables);
}

}  // namespace

ExitCode run_frames(const FramesOptions& options) {
  const std::expected<Image, Image::Error> image = Image::open(options.image);
  if (!image) {
    print_error(options.image, image.error());
    return ExitCode::bad_input;
  }
  if (options.is_from_sframe2) return run_conversion(*image, options);
  if (const std::string contradiction = find_contradiction(*image, options); !contradiction.empty()) {
    print_error(options.image, contradiction);
    return ExitCode::bad_input;
  }
  std::expected<Declarations, std::string> declarations = read_declarations(*image, options.declarations);
  if (!declarations) {
    print_error(options.image, declarations.error());
    return ExitCode::bad_input;
  }
  const std::expected<Frames, std::string> frames = make_frames(*image, options, std::move(*declarations));
  if (!frames) {
    print_error(options.image, frames.error());
    return ExitCode::bad_input;
  }
  if (!options.output.empty()) {
    const ExitCode written = write_file(options.output, frames->section.bytes);
    if (written != ExitCode::ok) return written;
  }
  if (!options.calls_output.empty()) {
    const ExitCode written = write_file(options.calls_output, frames->calls.table);
    if (written != ExitCode::ok) return written;
  }
  if (!options.object_output.empty()) {
    const std::expected<std::vector<std::byte>, std::string> object = make_object(*image, *frames);
    if (!object) {
      print_error(options.image, object.error());
      return ExitCode::bad_input;
    }
    const ExitCode written = write_file(options.object_output, *object);
    if (written != ExitCode::ok) return written;
  }
  return print(options.is_json ? json_text(options, *frames) : people_text(options, *frames));
}

}  // namespace surefoot::tools
