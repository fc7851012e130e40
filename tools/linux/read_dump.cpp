// SPDX-License-Identifier: MIT
#include "linux/read_dump.hpp"

namespace surefoot::tools {

std::expected<DumpReport, std::string> read_linux_dump(const DumpRequest& /*request*/, const Work& /*work*/) {
  return std::unexpected("not built yet");
}

}  // namespace surefoot::tools
