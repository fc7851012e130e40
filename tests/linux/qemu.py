# SPDX-License-Identifier: MIT
"""Boots a kernel under QEMU, waits for what its first process says, and takes memory dumps."""

import json
import os
import signal
import socket
import subprocess
import time

MEGABYTES = 256
# Of a guest that crashes, and of these what is set aside for the kernel that runs afterwards.
CRASH_MEGABYTES = 512
CRASH_KERNEL_MEGABYTES = 160
RAM_BASE = 0x40000000
READY = "SUREFOOT-READY"
PATIENCE = 0.05


# The processes that have to be ended with this one.
running = set()


def stop_all():
  for process in list(running):
    os.kill(process, signal.SIGKILL)


class GuestError(RuntimeError):
  """The guest did not get where it should."""


class Monitor:
  """QEMU's monitor: one command at a time, as JSON over a socket."""

  def __init__(self, path, limit=60):
    self.socket = socket.socket(socket.AF_UNIX)
    self.socket.settimeout(limit)
    self.socket.connect(str(path))
    self.lines = self.socket.makefile("rb")
    self.receive()  # the greeting
    self.ask("qmp_capabilities")

  def receive(self):
    try:
      line = self.lines.readline()
      return json.loads(line)
    except (OSError, ValueError) as error:
      raise GuestError(f"QEMU's monitor: {error}") from error

  def ask(self, command, **arguments):
    try:
      self.socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
    except OSError as error:
      raise GuestError(f"QEMU's monitor: {command}: {error}") from error
    while True:
      answer = self.receive()
      if "error" in answer:
        raise GuestError(f"{command}: {answer['error'].get('desc', answer['error'])}")
      if "return" in answer:
        return answer["return"]

  def close(self):
    self.lines.close()
    self.socket.close()


class Guest:
  """One boot. Its files are in `folder`; a context manager, so that no QEMU is left."""

  def __init__(self, folder, kernel, initramfs, cpu, tracer, is_busy=False, many=0, crashes=False):
    self.folder = folder
    self.serial = folder / "serial.txt"
    self.ram = folder / "memory.ram"
    megabytes = CRASH_MEGABYTES if crashes else MEGABYTES + many // 5  # a task takes 100 to 200 KiB
    asked = f"surefoot_tracer={tracer} surefoot_many={many}" + (" surefoot_busy" if is_busy else "")
    if crashes:
      asked += f" surefoot_crash crashkernel={CRASH_KERNEL_MEGABYTES}M"
    self.command = [
      "qemu-system-aarch64",
      "-M", "virt,gic-version=3,memory-backend=ram",
      "-cpu", cpu,
      "-smp", "2",
      "-m", str(megabytes),
      "-object", f"memory-backend-file,id=ram,size={megabytes}M,mem-path={self.ram},share=on",
      "-kernel", str(kernel),
      "-initrd", str(initramfs),
      "-append", f"console=ttyAMA0 quiet loglevel=1 panic=-1 {asked}",
      "-device", "vmcoreinfo",
      "-display", "none", "-nodefaults", "-no-reboot",
      "-chardev", f"file,id=serial,path={self.serial}", "-serial", "chardev:serial",
      "-qmp", f"unix:{folder / 'monitor'},server=on,wait=off",
    ]  # fmt: skip
    if is_busy:
      # Time goes on with instructions: by the clock of a slow host, an interrupt would be due at each moment of a dump.
      self.command += ["-icount", "shift=1,sleep=off"]
    if crashes:
      # The guest writes the dump itself, into the folder.
      self.command += ["-semihosting-config", "enable=on,target=native,userspace=on"]
    self.process = None

  def __enter__(self):
    self.process = subprocess.Popen(
      self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    running.add(self.process.pid)
    return self

  def __exit__(self, *_):
    self.process.kill()
    self.process.communicate()
    running.discard(self.process.pid)

  def said(self):
    try:
      return self.serial.read_text(errors="replace")
    except FileNotFoundError:
      return ""

  def wait_until_ready(self, limit):
    """What the guest said until it was ready."""
    end = time.monotonic() + limit
    while READY not in self.said():
      if self.process.poll() is not None:
        error = self.process.stderr.read().decode(errors="replace").strip()
        raise GuestError(f"QEMU ended: {error or 'the kernel stopped'}: {self.last_words()}")
      if time.monotonic() > end:
        raise GuestError(f"not ready after {limit} s: {self.last_words()}")
      time.sleep(PATIENCE)
    return self.said()

  def wait_until_ended(self, limit):
    """Until the guest has ended the machine."""
    try:
      self.process.wait(limit)
    except subprocess.TimeoutExpired as error:
      raise GuestError(f"still running after {limit} s: {self.last_words()}") from error

  def last_words(self):
    return " / ".join(self.said().split("\n")[-3:])

  def step_by_instructions(self, is_on):
    """Lets the CPUs stop behind any instruction: they translate one at a time, which is slow, and not whole blocks."""
    monitor = Monitor(self.folder / "monitor")
    try:
      state = "on" if is_on else "off"
      for command in (f"one-insn-per-tb {state}", f"singlestep {state}"):  # the newer name, and the older
        if "unknown command" not in monitor.ask("human-monitor-command", **{"command-line": command}):
          return
      raise GuestError("QEMU's monitor cannot make it step by instructions")
    finally:
      monitor.close()

  def dump(self, wanted):
    """Stops the guest and dumps its memory: `wanted` is {file: format}, where a format is "elf", "kdump-zlib" ..."""
    monitor = Monitor(self.folder / "monitor")
    try:
      monitor.ask("stop")
      for path, form in wanted.items():
        monitor.ask("dump-guest-memory", paging=False, protocol=f"file:{path}", format=form)
    finally:
      monitor.close()

  def go_on(self):
    """Lets the guest run again."""
    monitor = Monitor(self.folder / "monitor")
    try:
      monitor.ask("cont")
    finally:
      monitor.close()
