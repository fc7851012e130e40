// SPDX-License-Identifier: MIT
//
// What each file of the C interface proves of the nouns that are its own: that the C enumerators and structures are the
// C++ ones.
#pragma once

#include <cstddef>
#include <type_traits>

/// A case of a switch over a C++ enumeration, without a default: the enumerator has the number of the C one and is
/// among the `count` that C knows, and -Wswitch names the one that the C enumeration forgot.
#define SUREFOOT_SAME_NUMBER(c_name, cxx_name)                                        \
  case cxx_name:                                                                      \
    static_assert(static_cast<unsigned>(c_name) == static_cast<unsigned>(cxx_name) && \
                  static_cast<unsigned>(c_name) < count);                             \
    return
/// The same for names that differ by what stands before them.
#define SUREFOOT_SAME_VALUE(c_prefix, cxx_enum, name) SUREFOOT_SAME_NUMBER(c_prefix##name, cxx_enum::name)

/// The C structure is used in place of the C++ one.
#define SUREFOOT_SAME_LAYOUT(c_type, cxx_type) \
  static_assert(sizeof(c_type) == sizeof(cxx_type) && alignof(c_type) == alignof(cxx_type))
#define SUREFOOT_SAME_MEMBER(c_type, c_member, cxx_type, cxx_member)            \
  static_assert(offsetof(c_type, c_member) == offsetof(cxx_type, cxx_member) && \
                sizeof(c_type::c_member) == sizeof(cxx_type::cxx_member))

/// The opaque C structure holds the bytes of the C++ object.
#define SUREFOOT_SAME_BYTES(c_type, cxx_type) \
  SUREFOOT_SAME_LAYOUT(c_type, cxx_type);     \
  static_assert(std::is_trivially_copyable_v<cxx_type>)
