// SPDX-License-Identifier: MIT
//
// The version of these headers. CMake reads it here, so it stands in no other place. Only preprocessor definitions: C,
// C++ and .S files may include it.
#ifndef SUREFOOT_VERSION_H
#define SUREFOOT_VERSION_H

#define SUREFOOT_VERSION_MAJOR 0
#define SUREFOOT_VERSION_MINOR 1
#define SUREFOOT_VERSION_PATCH 0

/// "major.minor.patch"; for comparisons there are the three numbers.
#define SUREFOOT_VERSION SUREFOOT_VERSION_TEXT(SUREFOOT_VERSION_MAJOR, SUREFOOT_VERSION_MINOR, SUREFOOT_VERSION_PATCH)
#define SUREFOOT_VERSION_TEXT(major, minor, patch) SUREFOOT_VERSION_QUOTED(major, minor, patch)
#define SUREFOOT_VERSION_QUOTED(major, minor, patch) #major "." #minor "." #patch

#endif  // SUREFOOT_VERSION_H
