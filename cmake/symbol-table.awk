# SPDX-License-Identifier: MIT
#
# Encodes a program's symbol table, as assembly, in the format of include/surefoot/symbols.hpp. The variables: `count`,
# the number of functions; `table`, the address of the table. Input: first the functions, in the order of their
# addresses, each as address and size with 16 hexadecimal digits; then their names, in the same order, one a line.
#
# Names are made shorter by pairs: the two neighbouring symbols that occur together most often become one symbol, again
# and again. Nothing depends on the order in which awk walks through an array: each awk makes the same table.

function fail(message) {
  print "make-symbol-table: " message >"/dev/stderr"
  is_refused = 1
  exit 1
}

# Half an address. awk counts in floating point, which holds no more than 53 bits.
function number_of(digits, i, value) {
  value = 0
  for (i = 1; i <= length(digits); ++i) value = value * 16 + index("0123456789abcdef", substr(digits, i, 1)) - 1
  return value
}

# From the table to the address, both as 0x and digits.
function distance(address) {
  address = substr("0000000000000000" substr(address, 3), length(address) - 1)
  return (number_of(substr(address, 1, 8)) - high) * 4294967296 + number_of(substr(address, 9)) - low
}

# The largest number of so many bits. Some awks are built without powers.
function mask_of(bits, value) {
  for (value = 1; bits > 0; --bits) value *= 2
  return value - 1
}

# Puts a pair of symbols among those that occur as often.
function insert_pair(key, often) {
  next_pair[key] = first_pair[often]
  first_pair[often] = key
}

function add_place(key, place) {
  place_at[++places] = place
  next_place[places] = first_place[key]
  first_place[key] = places
}

# One more or one less of a pair that a change made.
function count_new(key, place) {
  if (!(key in often)) made_keys[++made] = key
  ++often[key]
  add_place(key, place)
}

# The names as one row of symbols, zeros between them. Symbols below `literals` + 1 stand for one character.
function read_names(i, j, text, size) {
  size = 0
  for (i = 1; i < 256; ++i) character[i] = sprintf("%c", i)
  for (i = 1; i <= count; ++i) {
    for (j = length(name[i]); j > 0; --j) is_used[substr(name[i], j, 1)] = 1
  }
  literals = 0
  for (i = 1; i < 256; ++i) {
    if (!(character[i] in is_used)) continue
    literal[++literals] = i
    number[character[i]] = literals
    width[literals] = 1
    need[literals] = 0
  }
  end = 1
  symbol[0] = symbol[1] = 0
  for (i = 1; i <= count; ++i) {
    begin[i] = end + 1
    text = name[i]
    size = length(text)
    for (j = 1; j <= size; ++j) {
      if (!(substr(text, j, 1) in number)) fail("this awk does not read the name " text " as bytes: set LC_ALL=C")
      symbol[++end] = number[substr(text, j, 1)]
    }
    symbol[++end] = 0
  }
}

function count_pairs(i, key) {
  for (i = 2; i < end; ++i) {
    if (symbol[i] != 0 && symbol[i + 1] != 0) ++often[symbol[i] * 8192 + symbol[i + 1]]
  }
  most = 0
  for (i = 2; i < end; ++i) {
    if (symbol[i] == 0 || symbol[i + 1] == 0) continue
    key = symbol[i] * 8192 + symbol[i + 1]
    if (often[key] < least) continue
    if (!(key in first_place)) {
      insert_pair(key, often[key])
      if (often[key] > most) most = often[key]
    }
    add_place(key, i)
  }
}

# Replaces a pair of symbols at one place. Inside a symbol that is several characters wide stand negative numbers: the
# place where it begins, in the last one.
function replace_at(place, left, right, made_symbol, second, before, after) {
  second = place + width[left]
  if (symbol[place] != left || symbol[second] != right) return
  after = second + width[right]
  before = symbol[place - 1] < 0 ? -symbol[place - 1] : place - 1
  --often[left * 8192 + right]
  if (symbol[before] > 0) {
    --often[symbol[before] * 8192 + left]
    count_new(symbol[before] * 8192 + made_symbol, before)
  }
  if (symbol[after] > 0) {
    --often[right * 8192 + symbol[after]]
    count_new(made_symbol * 8192 + symbol[after], place)
  }
  symbol[place] = made_symbol
  symbol[second] = symbol[after - 1] = -place
}

# Gives the pair that occurs most often a symbol, while there is one whose 3 bytes pay.
function make_pairs(key, left, right, node, i) {
  symbols = literals
  while (most >= least && symbols < 4096) {
    key = first_pair[most]
    if (key == "") { --most; continue }
    first_pair[most] = next_pair[key]
    if (often[key] != most) {
      # It has become rarer since. None becomes more frequent.
      if (often[key] >= least) insert_pair(key, often[key])
      continue
    }
    left = int(key / 8192)
    right = key % 8192
    i = need[left] + 1 > need[right] ? need[left] + 1 : need[right]
    if (i > 16) continue
    need[++symbols] = i
    left_of[symbols] = left
    right_of[symbols] = right
    width[symbols] = width[left] + width[right]
    made = 0
    for (node = first_place[key]; node != ""; node = next_place[node]) replace_at(place_at[node], left, right, symbols)
    for (i = 1; i <= made; ++i) if (often[made_keys[i]] >= least) insert_pair(made_keys[i], often[made_keys[i]])
  }
}

# The pairs that are used most often get the lowest numbers, behind the literals: short codes.
function number_symbols(i, j, uses, most_uses) {
  for (i = 1; i <= symbols; ++i) use[i] = 0
  for (i = 2; i < end; ++i) if (symbol[i] > 0) ++use[symbol[i]]
  for (i = literals + 1; i <= symbols; ++i) {
    ++use[left_of[i]]
    ++use[right_of[i]]
  }
  most_uses = 0
  for (i = symbols; i > literals; --i) {
    next_alike[i] = first_alike[use[i]]
    first_alike[use[i]] = i
    if (use[i] > most_uses) most_uses = use[i]
  }
  for (i = 1; i <= literals; ++i) code[i] = i - 1
  j = literals
  for (uses = most_uses; uses >= 0; --uses) {
    for (i = first_alike[uses]; i != ""; i = next_alike[i]) {
      code[i] = j++
      in_order[j] = i
    }
  }
  # So many first bytes of a code say that a second one follows.
  wide = symbols > 256 ? int((symbols - 256 + 254) / 255) : 0
}

# Text of bytes for the assembler, and how many they are in `made_bytes`.
function bytes_of_number(value, text) {
  text = ""
  for (; value >= 128; value = int(value / 128)) {
    text = text "," value % 128 + 128
    ++made_bytes
  }
  ++made_bytes
  return text "," value
}

function codes_of(i, place, text, value) {
  text = ""
  code_bytes = 0
  for (place = begin[i]; symbol[place] != 0; place += width[symbol[place]]) {
    value = code[symbol[place]]
    if (value < 256 - wide) {
      text = text "," value
      ++code_bytes
    } else {
      value -= 256 - wide
      text = text "," 256 - wide + int(value / 256) "," value % 256
      code_bytes += 2
    }
  }
  return text
}

# The bytes that sizes and gaps take, if so many bits of a size's number are for the gap.
function bytes_of_sizes(bits, i, mask, gap) {
  mask = mask_of(bits)
  made_bytes = 0
  for (i = 1; i <= count; ++i) {
    gap = gap_of[i]
    bytes_of_number(size_of[i] * (mask + 1) + (gap < mask ? gap : mask))
    if (gap >= mask) bytes_of_number(gap - mask)
  }
  return made_bytes
}

# Starts, sizes and gaps. A size ends at the latest where the next function starts.
function measure(i, size, room, bits, bytes, fewest) {
  unit = 4
  for (i = 1; i <= count; ++i) if (start[i] % 4 != 0) unit = 1
  for (i = 1; i <= count; ++i) {
    if (start[i] < -2147483648 || start[i] > 2147483647) fail(name[i] " is more than 2 GiB away from the table")
    # Without a size nothing says where the last one ends: its first instruction is certain.
    room = i < count ? start[i + 1] - start[i] : size_given[i] == 0 ? 4 : size_given[i]
    size = size_given[i] == 0 || size_given[i] > room ? room : size_given[i]
    size_of[i] = int((size + unit - 1) / unit)
    # A label far before the next one. No function is as large.
    if (size_of[i] > largest) size_of[i] = largest
    gap_of[i] = i % 16 == 1 ? 0 : start[i] / unit - last_end
    last_end = start[i] / unit + size_of[i]
  }
  gap_bits = 1
  for (bits = 1; bits <= 4; ++bits) {
    bytes = bytes_of_sizes(bits)
    if (bits == 1 || bytes < fewest) {
      fewest = bytes
      gap_bits = bits
    }
  }
}

function make_stream(i, mask, text) {
  mask = mask_of(gap_bits)
  made_bytes = 0
  for (i = 1; i <= count; ++i) {
    if (i % 16 == 1) index_line[++blocks] = sprintf("  .word %d, %d", start[i], made_bytes)
    text = bytes_of_number(size_of[i] * (mask + 1) + (gap_of[i] < mask ? gap_of[i] : mask))
    if (gap_of[i] >= mask) text = text bytes_of_number(gap_of[i] - mask)
    codes = codes_of(i)
    text = text bytes_of_number(code_bytes) codes
    made_bytes += code_bytes
    stream_line[i] = "  .byte " substr(text, 2)
  }
}

function print_table(i, left, right) {
  print "  .section .surefoot.symbols, \"a\", %progbits"
  print "  .balign 8"
  print "  .word 0x32594653  // \"SFY2\""
  printf "  .word %d, %d\n", count, made_bytes
  printf "  .hword %d\n", symbols - literals
  printf "  .byte %d, %d\n", literals, gap_bits * 16 + (unit == 4 ? 2 : 0)
  for (i = 1; i <= blocks; ++i) print index_line[i]
  for (i = 1; i <= literals; ++i) print "  .byte " literal[i]
  for (i = literals + 1; i <= symbols; ++i) {
    left = code[left_of[in_order[i]]]
    right = code[right_of[in_order[i]]]
    printf "  .byte %d, %d, %d\n", left % 256, right % 16 * 16 + int(left / 256), int(right / 16)
  }
  for (i = 1; i <= count; ++i) print stream_line[i]
  print "  .balign 4"
}

BEGIN {
  least = 4
  longest = 1023
  largest = 16777215
  table = substr("0000000000000000" substr(table, 3), length(table) - 1)
  high = number_of(substr(table, 1, 8))
  low = number_of(substr(table, 9))
}

NR <= count {
  start[NR] = distance($1)
  size_given[NR] = number_of(substr($2, 3))
  next
}

{ name[NR - count] = length($0) > longest ? substr($0, 1, longest - 3) "..." : $0 }

END {
  if (is_refused) exit 1
  read_names()
  count_pairs()
  make_pairs()
  number_symbols()
  measure()
  make_stream()
  print_table()
}
