#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares `surefoot decode` with LLVM's symbolizer on every call of an image: function, file and line of the call, and
of each function that it was inlined into. The log is made here, a frame a line, of the addresses behind all calls.

usage: compare_symbolizer.py PROGRAM IMAGE [--symbolizer COMMAND] [--at-least COUNT]

Exit codes: 0: all agree; 1: some differ, and are printed; 2: the comparison could not be made"""

import argparse
import pathlib
import re
import struct
import subprocess
import sys

BAR = "      | "
PLACE = re.compile(r"^(?P<function>.*?)(?P<inlined> \(inlined\))?"
                   r"(?: at (?P<file>[^()<> ]*?)(?::(?P<line>\d+))?(?::\d+)?)?$")
EXECUTABLE = 0x4


def calls_of(image):
    """Addresses of BL, BLR and BLRA* in executable sections of a 64-bit little-endian ELF file."""
    data = image.read_bytes()
    table, size, count = struct.unpack_from("<40xQ10xHH", data)
    for i in range(count):
        _, kind, flags, address, offset, length = struct.unpack_from("<IIQQQQ", data, table + i * size)
        if kind != 1 or not flags & EXECUTABLE:
            continue
        for at in range(0, length - 3, 4):
            (word,) = struct.unpack_from("<I", data, offset + at)
            is_direct = word >> 26 == 0x25
            is_indirect = word & 0xFFFFFC1F == 0xD63F0000 or word & 0xFEFFF800 == 0xD63F0800
            if is_direct or is_indirect:
                yield address + at


def decoded(program, image, calls):
    """For each call the (function, file, line) of its places, the innermost first."""
    log = "".join(f"  #{i}  {call + 4:#018x}  -  frame_record\n" for i, call in enumerate(calls))
    done = subprocess.run([program, "decode", "--elf", image, "--source-lines", "0"], input=log, text=True,
                          capture_output=True, check=True)
    found, joined = [], ""
    for line in done.stdout.splitlines():
        if line.startswith("  #"):
            found.append([])
            continue
        if line.startswith(BAR + "  at "):
            found[-1][-1] += line[len(BAR) + 1:]
        else:
            found[-1].append(line.removeprefix(BAR))
    result = []
    for places in found:
        matches = [PLACE.match(place) for place in places]
        result.append([(m["function"], m["file"] or "", int(m["line"] or 0)) for m in matches])
    return result


def symbolized(symbolizer, image, calls):
    """The same by LLVM."""
    done = subprocess.run([symbolizer, "--obj", image, "--inlines", "--demangle", "--output-style=LLVM"], text=True,
                          input="".join(f"{call:#x}\n" for call in calls), capture_output=True, check=True)
    result = []
    for block in done.stdout.split("\n\n"):
        lines = block.strip().splitlines()
        if not lines:
            continue
        places = []
        for function, where in zip(lines[::2], lines[1::2]):
            file, line, _ = where.rsplit(":", 2)
            places.append((function, file, int(line)))
        result.append(places)
    return result


def plain(place):
    """As both spell it: one name for what is not known, no blank between brackets of templates, and a normal path."""
    function, file, line = place
    while "> >" in function:
        function = function.replace("> >", ">>")
    function = "?" if function == "??" else re.sub(r"\+0x[0-9a-f]+$", "", function)
    function = re.sub(r"( \[clone [^]]*\])+$|( \(\.[\w.]+\))+$", "", function)  # a part or a copy of a function
    function = re.sub(r"\{lambda(\([^()]*\))#1\}", r"'lambda'\1", function)
    file = "" if file == "??" else str(pathlib.Path("/", *pathlib.Path(file).parts).resolve())
    return function, file.lstrip("/"), line


def bare(function):
    """The name without what stands in brackets, and without the type that it returns."""
    function = function.split(" requires ")[0]
    while (shorter := re.sub(r"<[^<>]*>|\([^()]*\)|\[[^]]*\]", "", function)) != function:
        function = shorter
    return function.removesuffix(" const").split(" ")[-1]


def are_alike(ours, theirs):
    """Of names that a demangler does not know only what stands outside of brackets can be compared. Of functions whose
    linkage name the compiler left out LLVM gives the last part only."""
    is_bare_alike = bare(ours) == bare(theirs) and "<" in ours
    return ours == theirs or is_bare_alike or ours.endswith("::" + theirs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("image", type=pathlib.Path)
    parser.add_argument("--symbolizer", default="llvm-symbolizer-19")
    parser.add_argument("--at-least", type=int, default=1, help="calls that the image has to have")
    options = parser.parse_args()
    calls = list(calls_of(options.image))
    if len(calls) < options.at_least:
        print(f"only {len(calls)} calls in {options.image}")
        return 2
    ours = decoded(options.program, str(options.image), calls)
    theirs = symbolized(options.symbolizer, str(options.image), calls)
    if not len(calls) == len(ours) == len(theirs):
        print(f"{len(calls)} calls, {len(ours)} decoded, {len(theirs)} symbolized")
        return 2
    different = spelled = inlined = 0
    for call, our, their in zip(calls, ours, theirs):
        our, their = [plain(place) for place in our], [plain(place) for place in their]
        inlined += len(their) - 1
        # A path that we show from the present folder is the end of theirs.
        same = len(our) == len(their) and all(
            are_alike(a[0], b[0]) and a[2] == b[2] and b[1].endswith(a[1]) for a, b in zip(our, their))
        spelled += same and any(a[0] != b[0] for a, b in zip(our, their))
        if not same:
            different += 1
            if different <= 20:
                print(f"{call:#x}\n  ours   {our}\n  theirs {their}")
    print(f"{len(calls)} calls, {inlined} inlined functions around them: {different} differ, "
          f"{spelled} are spelled otherwise")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
