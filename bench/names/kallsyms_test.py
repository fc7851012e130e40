# SPDX-License-Identifier: MIT
"""Tests of kallsyms.py."""
import unittest

import kallsyms


class Compress(unittest.TestCase):
    def test_tokens_stand_for_the_text(self):
        texts = [b"Tnet_send", b"Tnet_receive", b"Tnet_net_net", b"T", b"Tdrop_packet"]
        rows, meaning = kallsyms.compress(texts)
        self.assertEqual([b"".join(meaning[code] for code in row) for row in rows], texts)
        self.assertLess(sum(map(len, rows)), sum(map(len, texts)) * 2 / 3)

    def test_takes_the_pair_that_occurs_most_often(self):
        rows, meaning = kallsyms.compress([b"abab", b"ab", b"cd"])
        self.assertEqual(len(rows[1]), 1)
        self.assertEqual(meaning[rows[1][0]], b"ab")
        self.assertEqual(rows[2], list(b"cd"))  # once

    def test_replaces_pairs_from_the_left(self):
        self.assertEqual(kallsyms.replace([1, 1, 1], (1, 1), 2), [2, 1])

    def test_ends_when_all_codes_are_used(self):
        names = [f"{a:x}_{b:x}_{a * b:x}" for a in range(60) for b in range(60)]
        rows, meaning = kallsyms.compress([name.encode() for name in names])
        self.assertEqual(len(meaning), 256)
        self.assertEqual([b"".join(meaning[code] for code in row).decode() for row in rows], names)


class Measure(unittest.TestCase):
    def test_counts_each_part(self):
        # Nothing occurs twice: "Ta", "Tb" are 2 tokens each, with a byte before them.
        measured = kallsyms.measure(["a", "b"])
        self.assertEqual(measured, kallsyms.Bytes(names=6, tokens=256 + 3, token_index=512, markers=4, offsets=8,
                                                  by_name=6))
        self.assertEqual(measured.total, 6 + 259 + 512 + 4 + 8)

    def test_counts_a_long_name_with_two_bytes(self):
        self.assertEqual(kallsyms.measure(["".join(map(chr, range(33, 33 + 94))) ]).names, 1 + 95)
        distinct = "".join(chr(code) for code in range(1, 128))
        self.assertEqual(kallsyms.measure([distinct], kind="\x7f").names, 2 + 128)


if __name__ == "__main__":
    unittest.main()
