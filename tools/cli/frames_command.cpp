// SPDX-License-Identifier: MIT
#include "cli/frames_command.hpp"

#include <algorithm>
#include <expected>
#include <fstream>
#include <iterator>
#include <utility>

#include "cli/frames_report.hpp"
#include "cli/report.hpp"
#include "elf/special_table.hpp"
#include "rules/calls.hpp"

namespace surefoot::tools {
namespace {

// Where a table lies in the image, if its linker script has placed it.
std::uint64_t table_address(const Image& image, const std::optional<std::uint64_t>& wanted,
                            std::string_view symbol_name, std::string_view section_name) {
  if (wanted) return *wanted;
  if (const Symbol* symbol = image.find_symbol(symbol_name)) return symbol->address;
  if (const Section* section = image.find_section(section_name)) return section->address;
  return 0;
}

std::uint64_t size_of(const Image& image, std::string_view name) {
  const Section* section = image.find_section(name);
  return section == nullptr ? 0 : section->size;
}

// What is kept of a group of functions.
struct DerivedGroup {
  std::vector<FunctionRules> functions;
  std::vector<Difference> differences;
};

DerivedGroup derive_group(const RuleDerivation& derivation, const Group& group, bool is_differences) {
  DerivedGroup made{.functions = derivation.derive(group), .differences = {}};
  if (!is_differences) return made;
  for (const FunctionRules& derived : made.functions) {
    std::ranges::move(find_differences(derived, derivation.cfi()), std::back_inserter(made.differences));
  }
  return made;
}

std::expected<Frames, std::string> make_frames(const Image& image, const FramesOptions& options) {
  Progress progress("frames", !options.is_without_progress);
  const Work work = make_work(options.jobs, progress);
  const RuleDerivation derivation(image, work);
  Frames frames;
  frames.address = table_address(image, options.address, "__surefoot_frame_table_start", ".sframe");
  frames.calls.address = table_address(image, options.calls_address, "__surefoot_calls_start", ".surefoot.calls");
  frames.faulty_cfi_entries = derivation.cfi().faulty_entries();
  frames.table_error = derivation.table_error();
  for (const Section& section : image.sections()) {
    if (section.is_executable) frames.text_bytes += section.size;
  }
  frames.eh_frame_bytes = size_of(image, ".eh_frame");
  frames.sframe_bytes = size_of(image, ".sframe");
  const std::vector<Function>& functions = derivation.functions();
  CallsWithoutRecord calls(derivation);
  const auto derive = [&](std::size_t group) {
    return derive_group(derivation, derivation.groups()[group], options.is_differences);
  };
  make_in_order(derivation.groups().size(), work.jobs, derive, [&](std::size_t, DerivedGroup made) {
    for (FunctionRules& derived : made.functions) {
      frames.totals.add(derived);
      calls.add(derived);
      frames.functions.emplace_back(derived.rows);
    }
    std::ranges::move(made.differences, std::back_inserter(frames.differences));
    work.progress("functions with their rules", frames.functions.size(), functions.size());
  });
  // Functions of a group need not be neighbours.
  std::ranges::sort(frames.functions, {}, &PackedRows::start);
  std::ranges::sort(frames.differences, {}, &Difference::start);
  for (const Function& function : functions) frames.names.push_back(function.name);
  SframeWriter writer(frames.address);
  for (const PackedRows& function : frames.functions) writer.add(function.unpack());
  std::expected<SframeSection, std::string> section = writer.finish();
  if (!section) return std::unexpected(section.error());
  frames.section = std::move(*section);
  calls.finish();
  frames.calls.addresses = calls.addresses();
  frames.calls.not_followed = calls.not_followed();
  auto table = write_special_ranges(calls.ranges(), SpecialKind::call_without_record, frames.calls.address);
  if (!table) return std::unexpected(table.error());
  frames.calls.table = std::move(*table);
  return frames;
}

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
  CLI::App* command = program.add_subcommand("frames", "Make a frame table (SFrame version 3) for a linked image");
  command->add_option("IMAGE", options.image, "a linked AArch64 ELF file")->required()->option_text(" ");
  command->add_option("-o,--output", options.output, "where to write the section, as raw bytes")->option_text("FILE");
  command
      ->add_option(
          "--address", options.address,
          "where the section will lie, in the image's addresses. Default: the symbol "
          "__surefoot_frame_table_start, else the section .sframe, else 0. A table is right at its address only")
      ->option_text("ADDRESS");
  command
      ->add_option("--calls", options.calls_output,
                   "where to write the table of calls that are made without a frame record, as raw bytes: special "
                   "ranges of kind call_without_record. Empty if there is no such call")
      ->option_text("FILE");
  command
      ->add_option("--calls-address", options.calls_address,
                   "where that table will lie. Default: the symbol __surefoot_calls_start, else the section "
                   ".surefoot.calls, else 0")
      ->option_text("ADDRESS");
  command->add_flag("--list", options.is_list,
                    "list the rows of every function, as objdump --sframe writes them, and its calls without a record");
  command->add_flag("--differences", options.is_differences,
                    "list where the rules differ from CFI, and where CFI names a slot below sp");
  command->add_flag("--json", options.is_json, "print one JSON object");
  command->add_flag("--no-progress", options.is_without_progress,
                    "no progress on standard error, if that is a terminal");
  add_jobs_option(*command, options.jobs);
  command->footer(exit_codes_text);
  return command;
}

ExitCode run_frames(const FramesOptions& options) {
  const std::expected<Image, Image::Error> image = Image::open(options.image);
  if (!image) {
    print_error(options.image, image.error());
    return ExitCode::bad_input;
  }
  const std::expected<Frames, std::string> frames = make_frames(*image, options);
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
  return print(options.is_json ? json_text(options, *frames) : people_text(options, *frames));
}

}  // namespace surefoot::tools
