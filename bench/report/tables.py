# SPDX-License-Identifier: MIT
"""Tables in Markdown, and numbers as they are written in them."""

import textwrap


def grouped(text):
  """Of a number with commas between groups of three digits: spaces in their place."""
  return text.replace(",", " ")


def number(value):
  """Three significant digits, without an exponent."""
  if value >= 99.95:
    return grouped(f"{value:,.0f}")
  return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def exact(value):
  """A count: whole, or with one digit after the point."""
  rounded = round(value, 1)
  return grouped(f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}")


def wrapped(text):
  """A paragraph in lines as long as the repository's."""
  return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def row(*cells):
  return "| " + " | ".join(cells) + " |"


def table(head, rows):
  """A table whose columns, but for the first, are numbers."""
  return "\n".join([row(*head), row("---", *["---:"] * (len(head) - 1)), *[row(*cells) for cells in rows]])
