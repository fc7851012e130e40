#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does what README.md says under "A kernel in ten minutes", as it is written there, and compares the console with what
the page shows."""

import os
import pathlib
import sys

from check_first_hour import FENCE, ROOT, fail, run, without_addresses


def main():
    if len(sys.argv) != 2:
        print("usage: check_readme.py WORK_DIR", file=sys.stderr)
        sys.exit(2)
    home = pathlib.Path(sys.argv[1])
    run(["rm", "-rf", str(home)], ROOT, os.environ)
    home.mkdir(parents=True)
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    body = page.split("\n## A kernel in ten minutes\n")[1].split("\n## ")[0]
    blocks = dict(FENCE.findall(body))
    if set(blocks) != {"sh", "text"}:
        fail(f"README.md has other blocks there: {sorted(blocks)}")
    output = run(["bash", "-euo", "pipefail", "-c", blocks["sh"]], ROOT, os.environ | {"HOME": str(home)})
    if without_addresses(blocks["text"]) not in without_addresses(output):
        fail(f"README.md shows\n{blocks['text']}\nand it prints\n{output}")


if __name__ == "__main__":
    main()
