#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does what docs/first-hour.md says, as it is written there: applies the diffs of each step to a folder, runs the
commands, and compares the console with what the page shows. At the end the folder holds examples/minimal_kernel."""

import argparse
import filecmp
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/first-hour.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(text):
    """The steps of the page, in order: the heading and its fenced blocks, each a kind and its text."""
    parts = re.split(r"^## (\d+\. .*)$", text, flags=re.MULTILINE)
    return [(heading, FENCE.findall(body)) for heading, body in zip(parts[1::2], parts[2::2])]


def without_addresses(text):
    """The text of a console, in which numbers may differ from compiler to compiler."""
    return re.sub(r"0x[0-9a-f]+", "0x", text.replace("\r", "")).strip()


def fail(message):
    print(f"check_first_hour: {message}")
    sys.exit(1)


def run(command, folder, environment, text=""):
    done = subprocess.run(command, cwd=folder, env=environment, input=text, text=True, capture_output=True, timeout=300,
                          check=False)
    if done.returncode != 0:
        fail(f"exit code {done.returncode}: {command}\n{done.stdout}{done.stderr}")
    return done.stdout


def take_step(heading, blocks, folder, environment, commands):
    """Applies, builds, boots: by the commands of the first step. Then what is to be run besides."""
    own_commands = [text for kind, text in blocks if kind == "sh"]
    if not commands:
        commands, own_commands = own_commands, []
    diffs = "".join(text for kind, text in blocks if kind == "diff")
    shown = [text for kind, text in blocks if kind == "text"]
    unknown = {kind for kind, _ in blocks} - {"sh", "diff", "text"}
    if unknown or len(shown) != 1 or not commands:
        fail(f"{heading}: not a step: its blocks are {[kind for kind, _ in blocks]}")
    if diffs:
        # The folder may lie in a checkout, and is no part of it.
        run(["git", "apply", "-"], folder, environment | {"GIT_CEILING_DIRECTORIES": str(folder.parent)}, diffs)
    output = ""
    for block in commands:
        output = run(["bash", "-euo", "pipefail", "-c", block], folder, environment)
    if without_addresses(shown[0]) not in without_addresses(output):
        fail(f"{heading}: the page shows\n{shown[0]}\nand it prints\n{output}")
    for block in own_commands:
        run(["bash", "-euo", "pipefail", "-c", block], folder, environment)
    print(f"{heading}: as the page says")
    return commands


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("surefoot_build", type=pathlib.Path)
    parser.add_argument("tool", type=pathlib.Path, help="the program surefoot")
    parser.add_argument("work", type=pathlib.Path, help="is emptied")
    arguments = parser.parse_args()
    home = arguments.work
    subprocess.run(["rm", "-rf", home], check=True)
    folder = home / "my-kernel"
    folder.mkdir(parents=True)
    environment = os.environ | {"HOME": str(home)}
    installed = home / "surefoot"
    run(["cmake", "--install", str(arguments.surefoot_build), "--prefix", str(installed)], home, environment)
    (installed / "bin").mkdir(exist_ok=True)
    (installed / "bin/surefoot").symlink_to(arguments.tool)

    commands = []
    steps = sections(PAGE.read_text(encoding="utf-8"))
    if len(steps) < 5:
        fail("the page has no steps")
    for heading, blocks in steps:
        commands = take_step(heading, blocks, folder, environment, commands)

    example = ROOT / "examples/minimal_kernel"
    names = {path.name for path in example.iterdir()}
    made = {path.name for path in folder.iterdir()} - {"build"}
    if made != names:
        fail(f"the page makes {sorted(made)}, and the example is {sorted(names)}")
    differing = [name for name in sorted(names) if not filecmp.cmp(example / name, folder / name, shallow=False)]
    if differing:
        fail(f"other than in examples/minimal_kernel: {differing}")


if __name__ == "__main__":
    main()
