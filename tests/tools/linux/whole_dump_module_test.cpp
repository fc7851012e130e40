// SPDX-License-Identifier: MIT
//
// Whole dumps with modules: with their files, without, with wrong ones, and with modules where they cannot be.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "linux/modules.hpp"
#include "linux/walked_world.hpp"
#include "support/task_stack.hpp"

namespace surefoot::testing {
namespace {

constexpr std::int64_t pid = 77;

// A folder that ends with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "surefoot-modules-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  void add(const std::string& name, const std::string& file) const {
    std::filesystem::copy_file(file, path_ / name, std::filesystem::copy_options::overwrite_existing);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

class WholeDumpWithModules : public ::testing::TestWithParam<KernelForm> {
 protected:
  DumpWorld world_{GetParam()};
  std::uint64_t module_ = world_.add_module("wait_a_bit");
  Folder folder_;

  // A system call of the module, which sleeps in module_wait.
  TaskStack block_in_module() {
    TaskStack stack(world_, world_.add_task({.pid = pid}));
    stack.outermost("el0t_64_sync", "el0t_64_sync_handler")
        .call("el0t_64_sync_handler", "do_el0_svc")
        .call("do_el0_svc");
    // The two functions of module.S: where they return to is behind their prologues and their calls.
    const std::uint64_t behind_call = world_.is_typed() ? 16 : 12;
    const std::uint64_t second = world_.is_typed() ? 32 : 24;
    stack.enter().call_from(module_ + behind_call);
    stack.enter().call_from(module_ + second + behind_call);
    stack.block();
    return stack;
  }
  tools::DumpReport read(bool with_files = true) {
    const TestFile file(world_.core());
    tools::DumpRequest request = request_of(world_, file, Policy::strict);
    if (with_files) request.modules = folder_.path();
    auto report = tools::read_linux_dump(request, {});
    EXPECT_TRUE(report) << report.error();
    return report ? std::move(*report) : tools::DumpReport{};
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, WholeDumpWithModules, ::testing::Values(KernelForm::plain, KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(WholeDumpWithModules, TrustsTracesThroughAModuleWhoseFileIsKnown) {
  const TaskStack stack = block_in_module();
  folder_.add("wait-a-bit.ko", world_.module_file());
  const tools::TaskTrace trace = trace_of(read(), pid);
  EXPECT_TRUE(trace.verdict.is_reliable()) << text_of(trace);
  EXPECT_EQ(pcs_of(trace), stack.expected()) << text_of(trace);
  EXPECT_EQ(trace.frames.at(3).module, "wait_a_bit");
  EXPECT_EQ(trace.frames.at(3).function, "module_wait");
  EXPECT_EQ(trace.frames.at(4).function, "module_read");
  EXPECT_EQ(trace.frames.at(5).module, "");
}

TEST_P(WholeDumpWithModules, NamesFramesOfAModuleWithoutAFileAndDoesNotTrustThem) {
  const TaskStack stack = block_in_module();
  const tools::DumpReport report = read(false);
  const tools::TaskTrace trace = trace_of(report, pid);
  EXPECT_FALSE(trace.verdict.is_reliable());
  EXPECT_EQ(pcs_of(trace), stack.expected()) << text_of(trace);
  EXPECT_EQ(trace.frames.at(3).function, "module_wait");
  EXPECT_TRUE(is_said(report.facts.warnings, "module wait_a_bit: no file of it is known"));
}

TEST_P(WholeDumpWithModules, RefusesFilesThatAreNotOfTheModule) {
  static_cast<void>(block_in_module());
  const DumpWorld other(GetParam() == KernelForm::plain ? KernelForm::typed : KernelForm::plain);
  const struct {
    std::string file;
    const char* why;
  } cases[] = {{world_.vmlinux(), "not a module"},
               {other.module_file(), "not the code that was loaded"},
               {"/dev/null", "wait_a_bit.ko: "}};
  for (const auto& [file, why] : cases) {
    SCOPED_TRACE(file);
    if (file == "/dev/null") {
      std::ofstream(folder_.path() + "/wait_a_bit.ko", std::ios::trunc) << "nothing";
    } else {
      folder_.add("wait_a_bit.ko", file);
    }
    const tools::DumpReport report = read();
    EXPECT_TRUE(is_said(report.facts.warnings, why));
    EXPECT_FALSE(trace_of(report, pid).verdict.is_reliable());
  }
}

// The dump is read all the same.
TEST_P(WholeDumpWithModules, LeavesOutAModuleThatClaimsTheCodeOfOthers) {
  const TaskStack stack = block_in_module();
  world_.add_module("forged");
  folder_.add("wait_a_bit.ko", world_.module_file());
  const tools::ModuleLayout& layout = *world_.layouts().module;
  // The last one in the list.
  const std::uint64_t forged = world_.word(world_.at("modules") + 8) - layout.list;
  for (const std::uint64_t claimed : {module_ + 0x100, world_.at("_stext") - 0x100, world_.at("schedule")}) {
    SCOPED_TRACE(claimed);
    world_.write_word(forged + layout.text, claimed);
    const tools::DumpReport report = read();
    EXPECT_TRUE(is_said(report.facts.warnings, "module forged: its code overlaps other code"));
    const tools::TaskTrace trace = trace_of(report, pid);
    EXPECT_TRUE(trace.verdict.is_reliable()) << text_of(trace);
  }
}

TEST_P(WholeDumpWithModules, DoesNotBelieveSectionsThatLieInOneAnother) {
  const TaskStack stack = block_in_module();
  folder_.add("wait_a_bit.ko", world_.module_file());
  const tools::ModuleLayout& layout = *world_.layouts().module;
  const std::uint64_t module = world_.word(world_.at("modules") + 8) - layout.list;
  const std::uint64_t second = world_.word(module + *layout.sections) + layout.section_array + layout.section_size;
  for (const std::uint64_t address : {module_, module_ + 8, module_ + 6, module_ - 4, ~std::uint64_t{3}}) {
    SCOPED_TRACE(address);
    world_.write_word(second + layout.section_address, address);
    const tools::TaskTrace trace = trace_of(read(), pid);
    EXPECT_EQ(pcs_of(trace), stack.expected()) << text_of(trace);
  }
}

}  // namespace
}  // namespace surefoot::testing
