# SPDX-License-Identifier: MIT
"""Runs in gdb's own Python: prints gdb's trace of each thread of a core file, one line of JSON a thread."""

import json

import gdb


def trace():
  frame = gdb.newest_frame()
  pcs, lines = [], []
  while frame is not None and len(lines) < 200:
    if frame.type() != gdb.INLINE_FRAME:
      pcs.append(frame.pc())
    lines.append(f"#{len(lines):<3}{frame.pc():#x} {frame.name() or '??'}")
    last, frame = frame, frame.older()
  stop = gdb.frame_stop_reason_string(last.unwind_stop_reason())
  return {"frames": pcs, "text": "\n".join(lines), "stop": stop}


def main():
  for thread in gdb.selected_inferior().threads():
    one = {"pid": thread.ptid[1]}
    try:
      thread.switch()
      one.update(trace())
    except gdb.error as error:
      one["error"] = str(error)
    print(json.dumps(one), flush=True)


main()
