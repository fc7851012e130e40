// SPDX-License-Identifier: MIT
#include "linux/module_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "linux/painted_ranges.hpp"

namespace surefoot::tools {
namespace {

// Stubs that the loader fills: jumps to what is too far for a branch.
bool is_of_stubs(const std::string& section) {
  return section == ".plt" || section == ".init.plt" || section == ".text.ftrace_trampoline" ||
         section == ".init.text.ftrace_trampoline";
}

const PartTables no_tables{};

// Its memory is given back when the module has been loaded.
bool is_initial(const std::string& section) { return section.starts_with(".init"); }

}  // namespace

ModuleCode::ModuleCode(VirtualMemory& memory, const KernelSymbols& kernel, const Layouts& layouts,
                       const std::vector<CodePart>& image, const DumpRequest& request, const Work& work) {
  if (!layouts.module) return;
  ModuleList list = read_modules(memory, kernel, *layouts.module);
  warnings_ = std::move(list.warnings);
  modules_ = std::move(list.modules);
  leave_out_overlapping(image);
  const auto files = find_module_files(request.modules);
  for (const LoadedModule& module : modules_) {
    add_names(memory, *layouts.module, module, names_);
    const auto file = files.find(module.name);
    add(memory, module, file == files.end() ? "" : file->second.string(), request, work);
  }
  names_.finish();
}

// A damaged list must not make the kernel's own code unusable. Of two modules the first in the list counts.
void ModuleCode::leave_out_overlapping(const std::vector<CodePart>& image) {
  std::map<std::uint64_t, AddressRange> taken;  // by start
  for (const CodePart& part : image) taken.emplace(part.text.start(), part.text);
  std::erase_if(modules_, [&](const LoadedModule& module) {
    const auto next = taken.lower_bound(module.text.start());
    const bool is_taken = (next != taken.end() && next->second.overlaps(module.text)) ||
                          (next != taken.begin() && std::prev(next)->second.overlaps(module.text));
    if (is_taken) {
      warnings_.push_back(fmt::format("module {}: its code overlaps other code, and is left out", module.name));
    } else {
      taken.emplace(module.text.start(), module.text);
    }
    return is_taken;
  });
}

void ModuleCode::add(VirtualMemory& memory, const LoadedModule& module, const std::string& file,
                     const DumpRequest& request, const Work& work) {
  const auto refuse = [&](const std::string& why) {
    warnings_.push_back(fmt::format("module {}: {}: traces through it are unreliable", module.name, why));
    parts_.push_back({.text = module.text});
  };
  if (file.empty()) return refuse("no file of it is known (--modules)");
  const auto opened = ModuleFile::open(file);
  if (!opened) return refuse(fmt::format("{}: {}", file, opened.error()));
  const Image& image = (*opened)->image();
  if (!image.is_relocatable()) return refuse(fmt::format("{}: not a module", file));
  if (!is_its_code(memory, module, image)) return refuse(fmt::format("{}: not the code that was loaded", file));
  auto tables = code_tables_of(image, cache_folder(request), work);
  if (!tables) return refuse(fmt::format("{}: {}", file, tables.error()));
  tables_.push_back(std::make_unique<CodeTables>(std::move(*tables)));
  for (const std::string& warning : tables_.back()->warnings) warnings_.push_back(warning);

  // A section's code is where the kernel says that the section is. What no section covers is not known.
  std::vector<CodePart> parts;
  for (const PartTables& part : tables_.back()->parts) {
    const auto at = module.sections.find(part.section);
    if (at == module.sections.end() || is_initial(part.section) || is_of_stubs(part.section)) continue;
    const std::uint64_t size = part.code.end() - part.code.start();
    if (!module.text.contains(at->second, size) || size < 4) continue;
    parts.push_back({.text = AddressRange(at->second, at->second + size / 4 * 4),
                     .tables = &part,
                     .slide = at->second - part.code.start()});
  }
  for (const auto& [name, address] : module.sections) {
    if (!is_of_stubs(name) || is_initial(name) || !module.text.contains(address)) continue;
    // Up to the next section that is known, or the end.
    std::uint64_t end = module.text.end();
    for (const auto& [other, start] : module.sections) {
      if (start > address && start < end) end = start;
    }
    if (address % 4 != 0) continue;
    parts.push_back({.text = AddressRange(address, end / 4 * 4), .tables = &no_tables, .slide = 0});
  }
  std::ranges::sort(parts, {}, [](const CodePart& part) { return part.text.start(); });
  // The addresses of sections are the dump's: those that lie in others are not believed.
  std::uint64_t end = module.text.start();
  for (CodePart& part : parts) {
    if (part.text.is_empty() || part.text.start() < end || part.text.start() % 4 != 0) continue;
    end = part.text.end();
    if (part.tables == &no_tables) stubs_.push_back({.range = part.text, .kind = SpecialKind::veneer});
    parts_.push_back(std::move(part));
  }
}

void ModuleCode::add_to(std::vector<CodePart>& parts, SpecialCode& special) const {
  std::ranges::copy(parts_, std::back_inserter(parts));
  PaintedRanges painted;
  for (const SpecialRange& range : special.ranges) painted.paint(range.range, range.kind, range.rule);
  for (const SpecialRange& stub : stubs_) painted.paint(stub.range, stub.kind, stub.rule);
  special.ranges = painted.finish();
}

std::string ModuleCode::name_at(std::uint64_t address) const {
  const auto module =
      std::ranges::find_if(modules_, [&](const LoadedModule& loaded) { return loaded.text.contains(address); });
  return module == modules_.end() ? "" : module->name;
}

}  // namespace surefoot::tools
