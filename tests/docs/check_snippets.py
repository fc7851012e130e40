#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the fenced blocks and the commands of README.md and docs/ to what they show. The line above a block says, in a
comment, where it comes from:

  <!-- from PATH -->        it stands so in that file, whatever the indentation; a test compiles or runs the file
  <!-- commands -->         command lines: each program is there, and knows each option
  <!-- tested by NAME -->   the CTest test of that name reads it; "all tested by" speaks for every block of the page
  <!-- output -->           the first line is `$ surefoot ...`; run at the root of the repository, it prints the others,
                            where build/host-tools stands for the build directory
  <!-- picture -->          a drawing: no command, no code that is compiled

Relative links of README.md and docs/ lead to a file, and to a heading of it where they name one.
Commands in the text, `scripts/NAME ...` and `surefoot NAME ...`, are held to their --help like those of blocks. A block
without a comment fails, and so does a comment that names nothing."""

import functools
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMENT = re.compile(r"^<!-- (from|commands|tested by|output|picture) ?(.*?) -->$")
NO_PICTURE = re.compile(r"scripts/|#include|^\s*\$", re.MULTILINE)
LINK = re.compile(r"\]\(([^()\s]+)\)")
INLINE = re.compile(r"`((?:scripts/|surefoot )[^`]*)`")


def pages():
    return [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("examples/**/README.md"))]


def blocks(lines):
    """Line number, comment above and text of each fenced block, and the text outside of blocks."""
    found, outside, start, above = [], [], None, ""
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("```"):
            if start is None:
                start, text = number, []
            else:
                found.append((start, above, text))
                start, above = None, ""
        elif start is not None:
            text.append(line)
        else:
            outside.append(line)
            above = line if line.strip() else above
    return found, "\n".join(outside)


@functools.cache
def flat(path):
    """The lines of a file without indentation and empty lines."""
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@functools.cache
def named_tests():
    """What the build files call their tests, up to the first variable."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("**/CMakeLists.txt"))
    return re.findall(r"(?:NAME|set\(test)\s+([\w.-]+(?:/[\w.-]+)*)", text)


@functools.cache
def anchors(page):
    """The anchors of a page's headings, as the viewers of repositories make them."""
    _, outside = blocks(page.read_text(encoding="utf-8").splitlines())
    names, seen = set(), {}
    for title in re.findall(r"^#+ +(.*?) *$", outside, re.MULTILINE):
        title = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title)
        name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        count = seen[name] = seen.get(name, -1) + 1
        names.add(f"{name}-{count}" if count else name)
    return names


class Checker:
    def __init__(self, tool, build):
        self.tool = tool
        self.build = build
        self.faults = []

    def help_of(self, words):
        """The usage of a script, or of a command of the program surefoot."""
        if words[0] == "surefoot":
            is_of_command = words[1:2] and not words[1].startswith("-")
            command = [self.tool, *(words[1:2] if is_of_command else []), "--help"]
        else:
            script = ROOT / words[0]
            if not script.is_file():
                return None
            is_of_command = len(words) > 1 and (ROOT / f"scripts/lib/{script.name}-{words[1]}").is_file()
            command = [str(script), *(words[1:2] if is_of_command else []), "--help"]
        return help_text(tuple(command))

    def check_command(self, where, line):
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            self.faults.append(f"{where}: no command line: {line}")
            return
        while words and re.match(r"^\w+=", words[0]):
            words.pop(0)
        if not words or not (words[0].startswith("scripts/") or words[0] == "surefoot"):
            if words:
                self.faults.append(f"{where}: neither a script nor the program surefoot: {line}")
            return
        usage = self.help_of(words)
        if usage is None:
            self.faults.append(f"{where}: it does not exist, or has no --help: {line}")
            return
        for word in words[1:]:
            option = word.split("=")[0]
            if re.match(r"^--?[a-z]", option) and not re.search(re.escape(option) + r"(?![\w-])", usage):
                self.faults.append(f"{where}: it has no option {option}: {line}")

    def check_block(self, where, comment, text):
        match = COMMENT.match(comment)
        if not match:
            self.faults.append(f"{where}: nothing says what holds this block to the truth")
            return
        kind, argument = match.groups()
        if kind == "from":
            path = ROOT / argument
            wanted = [line.strip() for line in text if line.strip()]
            have = flat(path) if path.is_file() else []
            if not any(have[i:i + len(wanted)] == wanted for i in range(len(have))):
                self.faults.append(f"{where}: {argument} does not have these lines")
        elif kind == "commands":
            joined = re.sub(r"\\\n\s*", "", "\n".join(text))
            for line in joined.splitlines():
                if line.strip() and not line.lstrip().startswith("#"):
                    self.check_command(where, line)
        elif kind == "output":
            self.check_output(where, text)
        elif kind == "picture":
            if NO_PICTURE.search("\n".join(text)):
                self.faults.append(f"{where}: no picture: it has a command or code")
        else:
            self.check_test(where, argument)

    def check_output(self, where, text):
        words = shlex.split(text[0].removeprefix("$ ")) if text and text[0].startswith("$ ") else []
        if words[:1] != ["surefoot"]:
            self.faults.append(f"{where}: the first line is no call of the program surefoot")
            return
        words = [word.replace("build/host-tools", self.build) for word in words]
        done = subprocess.run([self.tool, *words[1:]], capture_output=True, text=True, timeout=60, check=False,
                              cwd=ROOT, stdin=subprocess.DEVNULL)
        if done.stdout.replace(self.build, "build/host-tools").splitlines() != text[1:]:
            self.faults.append(f"{where}: it prints something else: {done.stderr.strip() or done.stdout.strip()}")

    def check_links(self, page):
        _, outside = blocks(page.read_text(encoding="utf-8").splitlines())
        for link in LINK.findall(outside):
            path, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            target = page.parent / path if path else page
            if not target.exists():
                self.faults.append(f"{page.relative_to(ROOT)}: nothing is there: {link}")
            elif anchor and (target.suffix != ".md" or anchor not in anchors(target.resolve())):
                self.faults.append(f"{page.relative_to(ROOT)}: it has no such heading: {link}")

    def check_test(self, where, name):
        if not any(test == name or test.rstrip("/") == name for test in named_tests()):
            self.faults.append(f"{where}: there is no test {name}")

    def check_page(self, page):
        name = page.relative_to(ROOT)
        found, outside = blocks(page.read_text(encoding="utf-8").splitlines())
        whole = re.search(r"^<!-- all tested by (\S+) -->$", outside, re.MULTILINE)
        if whole:
            self.check_test(name, whole.group(1))
        else:
            for start, comment, text in found:
                self.check_block(f"{name}:{start}", comment, text)
        for command in INLINE.findall(" ".join(outside.split())):
            self.check_command(name, re.sub(r"\s*(\.\.\.|…)", "", command))


@functools.cache
def help_text(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    return done.stdout if done.returncode == 0 else None


def main():
    if len(sys.argv) != 3:
        print("usage: check_snippets.py SUREFOOT BUILD_DIR", file=sys.stderr)
        sys.exit(2)
    checker = Checker(*(str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:]))
    for page in pages():
        checker.check_page(page)
    for page in {*pages(), *ROOT.glob("docs/**/*.md")}:
        checker.check_links(page)
    for fault in checker.faults:
        print(fault)
    print(f"check_snippets: {len(pages())} pages, {len(checker.faults)} faults")
    sys.exit(1 if checker.faults else 0)


if __name__ == "__main__":
    main()
