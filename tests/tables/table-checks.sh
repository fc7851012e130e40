# SPDX-License-Identifier: MIT
#
# What the tables of a linked program.S have to hold, for bash scripts that set: program, nm, readelf.

# The words of a section, in order, as they lie in memory. A line of the dump has four, and then the same as text, which
# may look like more of them.
words_of() {
  "$readelf" --hex-dump="$1" "$program" | sed -nE 's/^ *0x[0-9a-f]+ +(([0-9a-f]{2,8} ){1,4}).*/\1/p' | tr -s ' ' '\n'
}

# Hexadecimal bytes as they lie in memory, as a number.
number_of() {
  sed -E 's/(..)(..)(..)(..)/\4\3\2\1/g; s/^(.{8})(.{8})$/\2\1/' <<<"$1"
}

address_of() {
  "$nm" --format=posix "$program" | awk -v name="$1" '$1 == name { print $3 }'
}

# The names of the symbol table, in its order, one a line. Not by --string-dump: each readelf has an own way to show what
# is not plain text.
names_of_symbols() {
  local words first
  mapfile -t words < <(words_of .surefoot.symbols)
  first=$((3 + 3 * 0x$(number_of "${words[1]}")))
  printf '%b' "$(printf '%s' "${words[@]:first}" | sed 's/../\\x&/g')" | tr -s '\0' '\n'
}

# $1 = the names that the symbol table has to hold, and no others, one a line.
require_names() {
  diff <(printf '%s\n' "$1") <(names_of_symbols) || { echo 'the names are not those of the functions'; exit 1; }
}

check_symbols() {
  require_names $'_start\nnet::panic\ninner\nlocal_function\nlate'
  # Entries are start, size, name. _start has no size, so it ends where the next begins; inner cuts net::panic short.
  mapfile -t words < <(words_of .surefoot.symbols)
  echo "magic=${words[0]} count=${words[1]} sizes=${words[4]},${words[7]},${words[10]},${words[13]},${words[16]}"
  [[ ${words[0]} == 53465931 && ${words[1]} == 05000000 ]]
  # The gap up to .balign 16 belongs to inner, which has no size.
  [[ ${words[4]} == 08000000 && ${words[7]} == 04000000 && ${words[10]} == 14000000 ]]
  [[ ${words[13]} == 04000000 && ${words[16]} == 04000000 ]]
  # The first function is at the start of the image, by its distance from the table.
  distance=$(((0x$(address_of _start) - 0x$(address_of __surefoot_symbols_start)) & 0xffffffff))
  [[ $(printf '%08x' "$distance") == "$(number_of "${words[3]}")" ]] ||
    { echo "_start is said to be at ${words[3]} from the table, not $distance"; exit 1; }
}

# $1 = how often the frame table may be made. The table of calls lies behind it, and is made anew where that one ends.
check_frames() {
  mapfile -t words < <(words_of .surefoot.frames)
  address=$(address_of __surefoot_frame_table_start)
  echo "address=$address words=${words[*]} calls=$(wc -l <"$program.frames.calls")"
  for i in 0 2 4; do
    [[ "$(number_of "${words[i]}${words[i + 1]}")" == "$address" ]] ||
      { echo "made for another address than $address"; exit 1; }
  done
  [[ $((0x${address:8} % 8)) == 0 && $((0x$(address_of __surefoot_frame_table_end) - 0x$address)) == 25 ]]
  [[ $(wc -l <"$program.frames.calls") == "$1" ]] || { echo "made other than $1 times"; exit 1; }
  check_calls
}

# The table of calls is made for the address where it lies; with STAND_IN_CALLS=none it has no bytes.
check_calls() {
  start=$(address_of __surefoot_calls_start)
  size=$((0x$(address_of __surefoot_calls_end) - 0x$start))
  if [[ ${STAND_IN_CALLS-} == none ]]; then
    [[ $size == 0 ]] || { echo "an empty table of calls has $size bytes"; exit 1; }
    return
  fi
  mapfile -t words < <(words_of .surefoot.calls)
  echo "calls_address=$start words=${words[*]}"
  for i in 0 2; do
    [[ "$(number_of "${words[i]}${words[i + 1]}")" == "$start" ]] ||
      { echo "the table of calls was made for another address than $start"; exit 1; }
  done
  [[ $((0x${start:8} % 8)) == 0 && $size == 16 ]]
}
