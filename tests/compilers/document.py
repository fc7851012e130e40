# SPDX-License-Identifier: MIT
"""What the runs say, as text: lines of progress, and the table in docs/compilers.md."""

import datetime

import cells

DOCUMENT = cells.ROOT / "docs/compilers.md"
BEGIN = "<!-- begin: written by scripts/compilers -->"
END = "<!-- end -->"
# What cannot work, and why: (compiler, level) or (family, level).
LIMITS = {}


def limit_of(result):
  family = result.compiler.split("-")[0]
  return LIMITS.get((result.compiler, result.level)) or LIMITS.get((family, result.level))


def line(result):
  said = "pass" if result.passed else "; ".join(result.failures)
  return f"{result.compiler:<9} {result.level:<8} {result.seconds:6.1f} s  {said}"


def table(results, described, emulators, origin):
  """The text between the markers."""
  names = [level.name for level in cells.LEVELS]
  rows = [f"| compiler | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
  reasons = []
  for compiler, version in described.items():
    columns = []
    for level in cells.LEVELS:
      result = results.get(compiler, level.name)
      if getattr(level, compiler.split("-")[0]) is None:
        columns.append("")
      elif result is None:
        columns.append("not run")
      elif result.passed:
        columns.append("pass")
      else:
        reasons.append(f"{compiler} {level.name}: {limit_of(result) or '; '.join(result.failures)}")
        columns.append(f"fail [{len(reasons)}]")
    rows.append(f"| {compiler} {version} | {' | '.join(columns)} |")
  lines = [f"`scripts/compilers`, {origin}, QEMU {' and '.join(emulators)}:", "", *rows]
  if reasons:
    lines += ["", *(f"{number}. {reason}" for number, reason in enumerate(reasons, 1))]
  return "\n".join(lines)


def replaced(text, inner):
  """The document with the text between the markers replaced."""
  before, begin, rest = text.partition(BEGIN)
  _, end, after = rest.partition(END)
  if not begin or not end:
    raise ValueError(f"no markers '{BEGIN}' and '{END}'")
  return f"{before}{begin}\n{inner}\n{end}{after}"


def write(results, described, emulators, commit):
  origin = f"{datetime.date.today().isoformat()}, sources of commit {commit}"
  inner = table(results, described, emulators, origin)
  partial = DOCUMENT.with_suffix(".partial")
  partial.write_text(replaced(DOCUMENT.read_text(), inner))
  partial.rename(DOCUMENT)
