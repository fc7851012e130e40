#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds cmake/make-symbol-table to an own reader: any functions come out as they went in, by each awk alike.

usage: symbol_table_test.py CMAKE_DIRECTORY
"""
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
WORDS = ["net", "surefoot", "detail", "send", "receive", "queue", "task", "operator()", "std", "vector", "span<char>",
         "get", "set", "irq", "handler", "init", "lock", "unlock", "page", "table"]
AWKS = {"mawk": ["mawk"], "gawk": ["gawk"], "busybox": ["busybox", "awk"], "original-awk": ["original-awk"]}


def bytes_of(assembly):
    """What an assembler makes of the few directives that are used."""
    sizes = {".word": 4, ".hword": 2, ".byte": 1}
    data = bytearray()
    for line in assembly.splitlines():
        directive, _, operands = line.split("//")[0].strip().partition(" ")
        if directive == ".balign" and data:
            data += bytes(-len(data) % int(operands))
        elif directive in sizes:
            for operand in operands.split(","):
                data += (int(operand, 0) % (1 << 8 * sizes[directive])).to_bytes(sizes[directive], "little")
        elif directive not in (".section", ".balign"):
            raise ValueError(line)
    return bytes(data)


def any_functions(source, count, unit, gaps):
    """Addresses, sizes as nm gives them, names; and the sizes that the table has to say."""
    functions = []
    at = 0xFFFF800040000000 + unit * source.randrange(100)
    for i in range(count):
        name = "::".join(source.choices(WORDS, k=source.randrange(1, 5))) + source.choice(["", "_", f"_{i}"])
        size = unit * int(source.paretovariate(0.7)) % 100_000 or unit
        gap = source.choice(gaps) * unit
        functions.append([at, size, name])
        at += size + gap
        if source.random() < 0.05:
            functions[-1][1] = source.choice([0, size + gap + unit])  # unknown, or into the next one
    expected = []
    for i, (start, size, name) in enumerate(functions):
        room = functions[i + 1][0] - start if i + 1 < count else None
        if room is None:
            expected.append((start, size or 4, name))
        else:
            expected.append((start, room if size == 0 or size > room else size, name))
    return functions, expected


class SymbolTable(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.demangler = pathlib.Path(self.folder.name) / "demangler"
        self.demangler.write_text("#!/bin/sh\ncat\n")
        self.demangler.chmod(0o755)

    def make(self, functions, table_at, awk=None):
        environment = dict(os.environ)
        if awk:
            place = pathlib.Path(self.folder.name) / awk[0]
            place.mkdir(exist_ok=True)
            (place / "awk").write_text(f"#!/bin/sh\nexec {' '.join([shutil.which(awk[0])] + awk[1:])} \"$@\"\n")
            (place / "awk").chmod(0o755)
            environment["PATH"] = f"{place}:{environment['PATH']}"
        listing = "".join(f"0x{start:016x} 0x{size:016x} {name}\n" for start, size, name in functions)
        run = subprocess.run([CMAKE / "make-symbol-table", self.demangler, f"0x{table_at:x}"], input=listing.encode(),
                             capture_output=True, env=environment, check=False)
        self.assertEqual(run.returncode, 0, run.stderr.decode())
        return bytes_of(run.stdout.decode())

    def read(self, table, table_at):
        output = subprocess.run([HERE / "read-symbols", f"{table_at:x}"], input=table.hex().encode(),
                                capture_output=True, check=True).stdout
        lines = [line.split(b" ", 2) for line in output.split(b"\n")[:-1]]
        return [(int(start, 16), int(size, 16), name.decode("latin-1")) for start, size, name in lines]

    def test_holds_what_it_was_made_of(self):
        for seed, (count, unit, gaps) in enumerate([(1, 4, [0]), (16, 4, [0, 1]), (17, 4, [0]), (300, 4, range(12)),
                                                    (300, 1, [0, 1, 2]), (2000, 4, [0, 0, 3, 500])]):
            with self.subTest(seed=seed):
                functions, expected = any_functions(random.Random(seed), count, unit, list(gaps))
                table_at = functions[-1][0] + 0x1000
                self.assertEqual(self.read(self.make(functions, table_at), table_at), expected)

    def test_rounds_sizes_up_to_whole_instructions(self):
        functions = [(0x1000, 5, "a"), (0x1008, 3, "b"), (0x1010, 1, "c")]
        self.assertEqual(self.read(self.make(functions, 0x2000), 0x2000),
                         [(0x1000, 8, "a"), (0x1008, 4, "b"), (0x1010, 4, "c")])

    def test_cuts_the_longest_names(self):
        for length in (1022, 1023, 1024, 5000):
            name = ("namespace::" * 500)[:length]
            (_, _, read), = self.read(self.make([(0x1000, 4, name)], 0x2000), 0x2000)
            self.assertEqual(read, name if length <= 1023 else name[:1020] + "...")

    def test_takes_any_bytes_for_a_name(self):
        name = bytes(b for b in range(1, 128) if b not in (9, 10)).decode()
        (_, _, read), = self.read(self.make([(0x1000, 4, name)], 0x2000), 0x2000)
        self.assertEqual(read, name)

    def test_takes_a_label_far_below_the_next_function(self):
        functions = [(0x40000000, 0, "label"), (0x90000000, 4, "function")]
        (_, size, _), far = self.read(self.make(functions, 0x90001000), 0x90001000)
        self.assertEqual((size, far), (4 * 0xFFFFFF, (0x90000000, 4, "function")))

    def test_counts_from_the_table_across_four_gibibytes(self):
        functions = [(0xFFFFFFF0, 8, "below"), (0x100000008, 8, "above")]
        for table_at in (0xFFFFF000, 0x100000100, 0x170000000):
            self.assertEqual(self.read(self.make(functions, table_at), table_at), functions)

    def test_refuses_a_function_out_of_reach(self):
        listing = b"0x0000000000001000 0x0000000000000004 far\n"
        run = subprocess.run([CMAKE / "make-symbol-table", self.demangler, "0x80001004"], input=listing,
                             capture_output=True, check=False)
        self.assertEqual(run.returncode, 1)
        self.assertIn(b"far is more than 2 GiB away from the table", run.stderr)

    def test_is_the_same_by_each_awk(self):
        awks = [name for name, (program, *_) in AWKS.items() if shutil.which(program)]
        print(f"awks: {' '.join(awks)}")
        self.assertTrue(awks)
        functions, _ = any_functions(random.Random(1), 400, 4, [0, 1, 2])
        plain = self.make(functions, 0xFFFF800040000000)
        for awk in awks:
            with self.subTest(awk=awk):
                self.assertEqual(self.make(functions, 0xFFFF800040000000, AWKS[awk]), plain)

    def test_makes_names_shorter(self):
        functions, _ = any_functions(random.Random(2), 1000, 4, [0])
        plain = 12 * len(functions) + sum(len(name) + 1 for _, _, name in functions)
        self.assertLess(len(self.make(functions, 0xFFFF800040000000)), plain / 3)


if __name__ == "__main__":
    if len(sys.argv) != 2 or re.match("-", sys.argv[1]):
        sys.exit(__doc__)
    CMAKE = pathlib.Path(sys.argv.pop())
    unittest.main()
