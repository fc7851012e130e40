# SPDX-License-Identifier: MIT
#
# What the tables of a linked program.S have to hold, for bash scripts that set: program, nm, readelf, here.

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

# What the symbol table says of each function, one a line: address, size, name.
functions_of_symbols() {
  words_of .surefoot.symbols | "$here/read-symbols" "$(address_of __surefoot_symbols_start)"
}

# $1 = the names that the symbol table has to hold, and no others, one a line.
require_names() {
  diff <(printf '%s\n' "$1") <(functions_of_symbols | sed -E 's/^[0-9a-f]+ [0-9a-f]+ //') ||
    { echo 'the names are not those of the functions'; exit 1; }
}

# _start has no size, so it ends where the next begins; inner cuts net::panic short, and has the gap up to .balign 16,
# as it has no size.
check_symbols() {
  local start late
  start=$(address_of _start) late=$(address_of late)
  diff <(functions_of_symbols) - <<END || { echo 'the table does not say where the functions are'; exit 1; }
$start 8 _start
$(printf '%x' $((0x$start + 8))) 4 net::panic
$(printf '%x' $((0x$start + 12))) 14 inner
$(address_of local_function) 4 local_function
$late 4 late
END
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
