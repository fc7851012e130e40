// SPDX-License-Identifier: MIT
//
// Writes a dump of the miniature kernel with tasks of each kind: `write_dump plain|typed FILE`.
#include <fstream>
#include <iostream>
#include <span>
#include <string_view>

#include "support/dump_world.hpp"
#include "support/tasks_of_each_kind.hpp"

int main(int count, char** arguments) {
  using namespace surefoot::testing;
  const std::span words(arguments, static_cast<std::size_t>(count));
  if (words.size() != 3) {
    std::cerr << "usage: write_dump plain|typed FILE\n";
    return 2;
  }
  DumpWorld world(std::string_view(words[1]) == "typed" ? KernelForm::typed : KernelForm::plain);
  add_tasks_of_each_kind(world);
  const Bytes core = world.core();
  std::ofstream file(words[2], std::ios::binary);
  // SAFETY: any object may be looked at as characters.
  file.write(reinterpret_cast<const char*>(core.data()), static_cast<std::streamsize>(core.size()));
  return file.flush() ? 0 : 1;
}
