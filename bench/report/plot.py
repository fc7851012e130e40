# SPDX-License-Identifier: MIT
"""Plots, drawn by gnuplot."""

import subprocess

# Told apart by people with any colour vision (Okabe and Ito).
COLOURS = ["#000000", "#0072b2", "#56b4e9", "#d55e00", "#009e73", "#e69f00", "#cc79a7"]

_HEAD = """
set terminal svg size 760,480 dynamic font 'sans-serif,13' background '#ffffff' name 'surefoot'
set output '{output}'
set title '{title}'
set xlabel '{x_label}'
set ylabel '{y_label}'
set logscale {log_axes}
set grid
set border 3
set tics nomirror
set key outside right center
set xrange [{x_min}:{x_max}]
set xtics ({x_tics})
"""


def _quoted(text):
  """Inside the quotes of gnuplot, and without its mark-up for subscripts."""
  return text.replace("'", "''").replace("_", "\\_")


def _spaced(xs):
  """Of the sorted `xs`, those whose numbers have room beside each other on a logarithmic axis."""
  kept = xs[:1]
  for x in xs[1:]:
    if x > 2 * kept[-1]:
      kept.append(x)
  return kept


def script(output, title, x_label, y_label, log_axes, series):
  """What gnuplot is told. `series`: for each its label, its points (x, low, middle, high), and a Curve or None."""
  xs = sorted({x for _, points, _ in series for x, *_ in points})
  lines = [
    _HEAD.format(
      output=str(output).replace("'", "''"),
      title=_quoted(title),
      x_label=_quoted(x_label),
      y_label=_quoted(y_label),
      log_axes=log_axes,
      x_min=xs[0] / 1.3,
      x_max=xs[-1] * 1.3,
      x_tics=", ".join(str(x) for x in _spaced(xs)),
    )
  ]
  curves = []
  for number, (label, points, curve) in enumerate(series):
    colour = COLOURS[number % len(COLOURS)]
    style = f"lc rgb '{colour}' pt {number + 4} ps 0.7"
    lines.append(f"$points{number} << END")
    lines += [f"{x} {middle} {low} {high}" for x, low, middle, high in points]
    lines.append("END")
    if curve is None:
      curves.append(f"$points{number} using 1:2 with linespoints {style} title '{_quoted(label)}'")
    else:
      curves.append(f"[{points[0][0]}:{points[-1][0]}] {curve.formula()} with lines lc rgb '{colour}' notitle")
      curves.append(f"$points{number} using 1:2:3:4 with yerrorbars {style} title '{_quoted(label)}'")
  # Each curve has a range of its own, which is what `sample` says.
  has_curves = any(curve is not None for *_, curve in series)
  lines.append(("plot sample " if has_curves else "plot ") + ", \\\n  ".join(curves))
  return "\n".join(lines) + "\n"


def draw(*arguments):
  """Draws what script() says. Raises CalledProcessError if gnuplot fails."""
  subprocess.run(["gnuplot", "-"], input=script(*arguments), text=True, check=True)
