// SPDX-License-Identifier: MIT
//
// The version as C sees it, for version_test.cpp.
#include "surefoot/surefoot.h"

const char* c_api_version(void) { return SUREFOOT_VERSION; }
