# SPDX-License-Identifier: MIT
"""Prints what a run found."""

COLUMNS = (
  ("image", 24, "<"),
  ("instructions", 12, ">"),
  ("with a rule", 11, ">"),
  ("agree", 10, ">"),
  ("differ", 7, ">"),
  ("blind", 9, ">"),
  ("contradictions", 14, ">"),
  ("errors", 7, ">"),
  ("warnings", 8, ">"),
  ("s", 6, ">"),
  ("MB", 5, ">"),
)


def share(part, whole):
  """As a percentage, cut and not rounded: 100 % is all of them."""
  if whole == 0:
    return "-"
  thousandths = part * 100_000 // whole
  return f"{thousandths // 1000}.{thousandths % 1000:03}"


def line(cells):
  return "  ".join(f"{cell:{align}{width}}" for cell, (_, width, align) in zip(cells, COLUMNS)).rstrip()


def head():
  return line([name for name, _, _ in COLUMNS])


def row(result):
  """One image."""
  remark = result.failure and f"FAILED: {result.failure}"
  remark = remark or (result.not_read and f"not read: {result.not_read}")
  if remark:
    return f"{result.name:<{COLUMNS[0][1]}}  {remark}"
  contradicted = f"{result.contradicted:,}"
  if result.known_faults:
    contradicted += f" ({result.known_faults:,})"
  return line(
    [
      result.name,
      f"{result.instructions:,}",
      share(result.with_rule, result.instructions),
      f"{result.agree:,}",
      f"{result.differ:,}",
      share(result.blind_with_rule, result.blind_instructions),
      contradicted,
      f"{sum(result.errors.values()):,}",
      f"{sum(result.warnings.values()):,}",
      f"{result.seconds:.1f}",
      f"{result.megabytes:.0f}",
    ]
  )


def cell(result):
  """One image of the matrix: the share, and what is not as it should be."""
  if result.not_known:
    return "-"
  if result.failure or result.not_read:
    return "FAILED"
  text = "100" if result.with_rule == result.instructions else share(result.with_rule, result.instructions)[:-2]
  errors = sum(result.errors.values())
  return text + (f" {errors}e" if errors else "") + (f" {result.contradicted}!" if result.contradicted else "")


def matrix(results, compilers, variants):
  """The matrix: a row for each set of flags, a column for each compiler. `results` is by (compiler, variant)."""
  cells = [["flags", *(compiler.replace("clang ", "c").replace("gcc ", "g") for compiler in compilers)]]
  for variant in variants:
    cells.append([variant, *(cell(results[compiler, variant]) for compiler in compilers)])
  widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
  return "\n".join(
    "  ".join(f"{text:<{width}}" if i == 0 else f"{text:>{width}}" for i, (text, width) in enumerate(zip(row, widths)))
    for row in cells
  )


def total(name, results):
  """The sum of several results, as a row."""
  known = [result for result in results if not result.not_known]
  summed = type(results[0])(name)
  for result in known:
    for what in ("instructions", "with_rule", "agree", "differ", "blind_instructions", "blind_with_rule", "compared",
                 "contradicted", "known_faults", "seconds"):  # fmt: skip
      setattr(summed, what, getattr(summed, what) + getattr(result, what))
    for what in ("errors", "warnings"):
      for kind, count in getattr(result, what).items():
        getattr(summed, what)[kind] = getattr(summed, what).get(kind, 0) + count
    summed.megabytes = max(summed.megabytes, result.megabytes)
  return row(summed)
