# SPDX-License-Identifier: MIT
#
# Parts the names of functions from the suffixes that compilers append. Input: address, size, name. Output: the name, a
# tab, and what stands behind the name when it is shown, such as ` [cold]` or nothing.
#
# One rule: what only makes a name unique is dropped, all else is shown in brackets, as it is spelled.
#   foo.cold  foo.part.0  foo.constprop.0.isra.0  ->  foo [cold]  foo [part.0]  foo [constprop.0.isra.0]
#   foo.llvm.123  foo.lto_priv.0  foo.__uniq.5  foo.localalias  ->  foo

BEGIN {
  words = "[.](cold|part|constprop|isra|llvm|lto_priv|localalias|__uniq|__part|specialized|clone|extracted|resume|" \
    "destroy|cleanup|actor)([.]|$)"
}

{
  name = $0
  sub(/^[^ ]+ [^ ]+ /, "", name)
  suffix = ""
  # A mangled name has no dot. In any other name a dot begins a suffix only if a word of compilers follows.
  if (name ~ /^_[ZR]/) {
    at = index(name, ".")
  } else {
    at = match(name, words)
  }
  if (at > 1) {
    suffix = substr(name, at)
    name = substr(name, 1, at - 1)
    gsub(/[.](llvm|lto_priv|__uniq)[.][0-9]+/, "", suffix)
    gsub(/[.]localalias([.][0-9]+)?/, "", suffix)
    if (suffix != "") suffix = " [" substr(suffix, 2) "]"
  }
  print name "\t" suffix
}
