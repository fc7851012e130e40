# SPDX-License-Identifier: MIT
"""What the guest says is read as it is, and damage to it is seen."""

import unittest

import truth

TASK = (
  "task 7 8 S 3 1 pipe_read a name",
  "frame 0 pipe_read+0x1c/0x3f0",
  "frame 1 tun_do_read+0x20/0x40 [tun]",
  "end 8 S 3 1 2 read",
)
END = ("tasks 1", truth.READY)


def said(*lines):
  return "".join(f"\n@{truth.checksum(line):08x} {line}\n" for line in lines)


class TruthTest(unittest.TestCase):
  def refuses(self, expected, text):
    with self.assertRaisesRegex(truth.TruthError, expected):
      truth.read(text)

  def test_a_task_is_read(self):
    task = truth.read(said(*TASK, *END)).tasks[0]
    self.assertEqual((task.pid, task.tid, task.name, task.state, task.wchan), (7, 8, "a name", "S", "pipe_read"))
    self.assertEqual([frame.text() for frame in task.frames], ["pipe_read+0x1c/0x3f0", "tun_do_read+0x20/0x40 [tun]"])
    self.assertEqual((task.switches, task.switches_after, task.has_stack, task.moved()), (4, 4, True, False))

  def test_a_task_that_ran_meanwhile_has_moved(self):
    for first, last in (
      ("task 7 8 S 3 1 - x", "end 8 S 4 1 0 read"),
      ("task 7 8 S 3 1 - x", "end 8 S 3 2 0 read"),
      ("task 7 8 R 3 1 0 x", "end 8 R 3 1 0 read"),
    ):
      self.assertTrue(truth.read(said(first, last, *END)).tasks[0].moved(), first)

  def test_a_stack_that_cannot_be_read_is_told_from_an_empty_one(self):
    text = said("task 7 8 S 3 1 - x", "end 8 S 3 1 0 unreadable", *END)
    self.assertFalse(truth.read(text).tasks[0].has_stack)

  def test_the_rest_is_read(self):
    text = said(
      "module tun.ko 0", "module vsock.ko 17", "tracer nop 0", "probe pipe_read 0", "probe ep_poll 22", "probes 1",
      "sleeper 8 0 - pipe-read", "sleeper 9 38 io_uring_setup io-uring", "fault mount_x 1", *TASK, *END
    )  # fmt: skip
    found = truth.read("firmware\r\nkernel: line\r\n" + text.replace("\n", "\r\n"))
    self.assertEqual(found.modules, {"tun": 0, "vsock": 17})
    self.assertEqual((found.tracer, found.probes_standing(), found.faults), ("nop", 1, ["mount_x 1"]))
    self.assertEqual([(s.pid, s.kind, s.failed_at) for s in found.sleepers],
                     [(8, "pipe-read", ""), (9, "io-uring", "io_uring_setup")])  # fmt: skip

  def test_memory_for_another_kernel_is_there_only_if_the_guest_crashes(self):
    found = truth.read(said("crash_memory 0x51400000 0x5b400000", *TASK, *END))
    self.assertEqual(found.crash_memory, (0x51400000, 0x5B400000))
    self.assertIsNone(truth.read(said(*TASK, *END)).crash_memory)

  def test_a_tracer_that_was_refused_is_a_fault(self):
    self.assertEqual(truth.read(said("tracer nop 22", *TASK, *END)).faults, ["tracer nop 22"])

  def test_a_damaged_line_is_refused(self):
    whole = said(*TASK, *END)
    for old, new in (("pipe_read+0x1c", "pipe_read+0x1d"), ("@", "@0"), ("frame 1", "frame  1")):
      self.refuses("a damaged line", whole.replace(old, new, 2))

  def test_what_is_not_whole_is_refused(self):
    self.refuses("did not get to the end", "")
    self.refuses("did not get to the end", said(*TASK, END[0]))
    self.refuses("did not get to the end", said(*TASK, END[1]))
    self.refuses("did not get to the end", said(*TASK[:3], *END))
    self.refuses("is not whole", said(*TASK[:2], TASK[3], *END))
    self.refuses("out of its order", said(TASK[0], TASK[2], *END))
    self.refuses("out of its order", said(TASK[1], *END))
    self.refuses("has no end", said(*TASK[:2], *TASK, *END))
    self.refuses("1 tasks of 9", said(*TASK, "tasks 9", END[1]))

  def test_what_is_not_understood_is_refused(self):
    self.refuses("a line that is not understood", said("new 1", *END))
    self.refuses("a frame that is not understood", said(TASK[0], "frame 0 pipe_read", *END))

  def test_an_address_of_no_function_is_kept(self):
    task = truth.read(said(TASK[0], "frame 0 0x15", "end 8 R 3 2 1 read", *END)).tasks[0]
    self.assertEqual((task.frames[0].function, task.moved()), ("0x15", True))
    self.refuses("task seven", said("task seven", *END))


if __name__ == "__main__":
  unittest.main()
