# SPDX-License-Identifier: MIT
"""Pages with generated sections, each between a pair of markers."""


class BadPage(Exception):
  """A page without the markers that a section needs."""


def markers(section):
  return f"<!-- bench:{section}:start -->", f"<!-- bench:{section}:end -->"


def replace(page, section, text):
  """The page with `text` in place of what is between the markers of the section. Needs each marker exactly once."""
  start, end = markers(section)
  if page.count(start) != 1 or page.count(end) != 1 or page.index(end) < page.index(start):
    raise BadPage(f"the page needs {start} and, after it, {end}, each once")
  before = page[: page.index(start)]
  after = page[page.index(end) :]
  return f"{before}{start}\n\n{text.strip()}\n\n{after}"
