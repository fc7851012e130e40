# SPDX-License-Identifier: MIT
"""How many bytes the names and addresses of functions would take by the method of Linux' kallsyms.

A model of what is public of its format, for 64-bit kernels whose offsets are relative to one base: each name is its
type's letter and its characters, written as tokens of one byte, with its number of tokens before it (a second byte from
128 on); 256 tokens at most, each of which is a character that occurs or, by a code that no character has, the pair of
tokens that occurred most often when it was made; the table of tokens has the whole text of each, ended by a zero; an
index of 256 offsets of 2 bytes leads into it; a marker of 4 bytes for each 256 names leads into the names; each
function has an offset of 4 bytes. Sizes are not stored. The order of the names by which Linux finds an address by name,
3 bytes a function, is counted apart: Surefoot has nothing like it.
"""
import collections
import dataclasses
import heapq


@dataclasses.dataclass(frozen=True)
class Bytes:
    names: int
    tokens: int
    token_index: int
    markers: int
    offsets: int
    by_name: int

    @property
    def total(self):
        """Of what it takes to find the name of an address, which is all but by_name."""
        return self.names + self.tokens + self.token_index + self.markers + self.offsets


def compress(texts):
    """Each text as a list of tokens, and what each token stands for."""
    rows = [list(text) for text in texts]
    meaning = {byte: bytes([byte]) for row in rows for byte in row}
    free = [code for code in range(256) if code not in meaning]
    often = collections.Counter()
    rows_of = collections.defaultdict(set)
    for i, row in enumerate(rows):
        for pair in zip(row, row[1:]):
            often[pair] += 1
            rows_of[pair].add(i)
    queue = [(-count, pair) for pair, count in often.items()]
    heapq.heapify(queue)
    while free and queue:
        count, pair = heapq.heappop(queue)
        if often[pair] != -count:  # the queue has it as it was before
            if often[pair] > 0:
                heapq.heappush(queue, (-often[pair], pair))
            continue
        if often[pair] < 2:
            break
        code = free.pop()
        meaning[code] = meaning[pair[0]] + meaning[pair[1]]
        changed = set()
        for i in rows_of.pop(pair):
            for other in zip(rows[i], rows[i][1:]):
                often[other] -= 1
            rows[i] = replace(rows[i], pair, code)
            for other in zip(rows[i], rows[i][1:]):
                often[other] += 1
                rows_of[other].add(i)
                changed.add(other)
        for other in changed:
            heapq.heappush(queue, (-often[other], other))
        often[pair] = 0
    return rows, meaning


def replace(row, pair, code):
    replaced = []
    i = 0
    while i < len(row):
        if row[i:i + 2] == list(pair):
            replaced.append(code)
            i += 2
        else:
            replaced.append(row[i])
            i += 1
    return replaced


def measure(names, kind="T"):
    rows, meaning = compress([(kind + name).encode() for name in names])
    return Bytes(names=sum(len(row) + (1 if len(row) < 128 else 2) for row in rows),
                 tokens=sum(len(meaning.get(code, b"")) + 1 for code in range(256)),
                 token_index=2 * 256,
                 markers=4 * ((len(names) + 255) // 256),
                 offsets=4 * len(names),
                 by_name=3 * len(names))
