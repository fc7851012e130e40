# SPDX-License-Identifier: MIT
"""What is installed, and what would be removed, is said before it is done; and nothing is removed unasked."""

import os
import pty
import shutil
import unittest

from stand_ins import NOTE_ARGUMENTS, SCRIPTS, Checkout

# Simulates as apt-get does: what is asked for, and something else that it brings.
APT_GET = (
  NOTE_ARGUMENTS
  + """case "$*" in
  *--simulate*)
    printf '%s\\n' 'NOTE: a simulation' 'Inst qemu-system-arm (1:7.2 Debian:12)' 'Inst libslirp0 [1] (2 Debian:12)'
    if [ -n "$REMOVES" ]; then
      printf 'Remv %s [1.6.2]\\n' $REMOVES
    fi
    ;;
  'install '*) ln -s /bin/true "$INSTALLS_INTO/qemu-system-aarch64" ;;
esac
"""
)
INSTALL = ["install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
FEW = "awk bash cat dirname env readlink sed sh sort paste mktemp rm ln".split()


class Setup(unittest.TestCase):
  def setUp(self):
    self.checkout = Checkout()
    self.addCleanup(self.checkout.close)
    self.checkout.write("bin/apt-get", APT_GET)
    self.checkout.write("bin/id", "#!/bin/sh\necho 0\n")
    self.folder = self.checkout.root / "few"
    self.folder.mkdir()
    # All that a demonstration needs is there, but not QEMU.
    needs = ["clang++-19", "ld.lld-19", "llvm-nm-19", "cmake", "ninja", "g++", "pkg-config", "flock"]
    for name in (*FEW, *needs, "apt-get", "id"):
      stand_in = self.checkout.root / "bin" / name
      (self.folder / name).symlink_to(stand_in if stand_in.exists() else shutil.which(name) or "/bin/true")

  def environment(self, **more):
    few = {"PATH": str(self.folder), "INSTALLS_INTO": str(self.folder), "REMOVES": ""}
    return {**self.checkout.environment(), **few, **more}

  def setup(self, *arguments, environment=None, **options):
    return self.checkout.run("setup", *arguments, env=environment or self.environment(), **options)

  def installations(self, calls):
    return [call for call in calls if call[:2] == ["apt-get", "install"]]

  def test_a_purpose_needs_no_more_than_its_own(self):
    self.assertEqual(self.setup("--list", "demo")[:2], (0, "qemu-system-arm\n"))
    self.assertEqual(self.setup("--list", "torture")[:2], (0, "qemu-system-arm\n"))
    self.assertEqual(self.setup("--list", "install")[:2], (0, "qemu-system-arm\nmake\n"))
    self.assertEqual(self.setup("--list", "gcc")[:2], (0, "g++-aarch64-linux-gnu\n"))
    both = "g++-aarch64-linux-gnu\nqemu-system-arm\n"
    for arguments in (("demo", "gcc"), ("gcc", "demo"), ("sweep",), ("corrupt",)):
      self.assertEqual(self.setup("--list", *arguments)[:2], (0, both))
    everything = self.setup("--list", "test")[1].split()
    for purpose in ("fuzz", "bench", "mutate", "foreign", "linux", "quick"):
      needed = self.setup("--list", purpose)[1].split()
      self.assertTrue(set(needed) < set(everything), purpose)
    self.assertIn("clang-format-19", everything)
    self.assertIn("clang-tidy-19", everything)
    self.assertEqual(self.setup("--list")[1].split(), everything)

  def test_each_script_asks_for_what_it_needs(self):
    for script, *arguments in (
      ("demo",),
      ("demo", "--compiler", "gcc"),
      ("torture", "--short"),
      ("torture", "--short", "--compiler", "gcc"),
      ("sweep",),
      ("corrupt",),
      ("fuzz",),
      ("bench", "--check"),
      ("mutate", "--short"),
      ("foreign", "--short"),
      ("linux-dump", "--short"),
      ("test", "bare-metal"),
    ):
      _, _, _, calls = self.checkout.run(script, *arguments)
      purpose = {"linux-dump": "linux"}.get(script, script)
      expected = ["setup", purpose] + (["gcc"] if "gcc" in arguments else [])
      self.assertIn(expected, calls, script)
      # And it is a purpose.
      self.assertEqual(self.checkout.run("setup", "--list", *expected[1:])[0], 0)
    self.assertIn(["setup", "quick"], self.checkout.run("test", "--quick")[3])

  def test_what_is_there_is_not_installed(self):
    (self.folder / "qemu-system-aarch64").symlink_to("/bin/true")
    self.assertEqual(self.setup("demo"), (0, "", "", []))

  def test_what_is_missing_is_said_and_installed(self):
    status, output, error, calls = self.setup("demo")
    self.assertEqual((status, output), (0, ""), error)
    self.assertIn("setup: needed for demo, and missing: qemu-system-arm\n", error)
    self.assertIn("setup: this installs: libslirp0 qemu-system-arm\n", error)
    self.assertNotIn("REMOVES", error)
    # If the package manager has come to another plan by now, it is not followed.
    self.assertEqual(self.installations(calls), [["apt-get", *INSTALL, "--no-remove", "qemu-system-arm"]])

  def test_nothing_is_removed_if_nobody_can_be_asked(self):
    status, _, error, calls = self.setup("demo", environment=self.environment(REMOVES="libunwind-dev libc++-14-dev"))
    self.assertEqual(status, 1)
    self.assertIn("setup: this REMOVES: libc++-14-dev libunwind-dev\n", error)
    self.assertIn("nothing was installed", error)
    self.assertEqual(self.installations(calls), [])

  def test_who_has_agreed_is_told_and_not_asked(self):
    for arguments, more in ((("--yes", "demo"), {}), (("demo", "--yes"), {}), (("demo",), {"CI": "true"})):
      environment = self.environment(REMOVES="libunwind-dev", **more)
      status, _, error, calls = self.setup(*arguments, environment=environment)
      self.assertEqual(status, 0, error)
      self.assertIn("setup: this REMOVES: libunwind-dev\n", error)
      self.assertEqual(self.installations(calls), [["apt-get", *INSTALL, "qemu-system-arm"]])
      (self.folder / "qemu-system-aarch64").unlink()

  def on_a_terminal(self, answer, **more):
    """(exit code, what was shown, calls)"""
    ours, theirs = pty.openpty()
    options = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    process = self.checkout.start("setup", "demo", env=self.environment(**more), **options)
    os.close(theirs)
    shown = b""
    while b"[y/N]" not in shown:
      shown += os.read(ours, 1000)
    os.write(ours, answer)
    status = process.wait()
    os.close(ours)
    return status, shown.decode(), self.checkout.calls()

  def test_on_a_terminal_it_asks(self):
    for answer in (b"n\n", b"\n", b"no\n", b"\x04"):
      status, shown, calls = self.on_a_terminal(answer)
      self.assertEqual((status, self.installations(calls)), (1, []), answer)
      self.assertIn("this installs: libslirp0 qemu-system-arm", shown)
    status, shown, calls = self.on_a_terminal(b"y\n", REMOVES="libunwind-dev")
    self.assertEqual((status, len(self.installations(calls))), (0, 1))
    self.assertIn("this REMOVES: libunwind-dev", shown)

  def test_without_root_it_says_what_to_do(self):
    self.checkout.write("bin/id", "#!/bin/sh\necho 1000\n")
    status, _, error, calls = self.setup("demo")
    self.assertEqual((status, calls), (1, []))
    self.assertIn("there is no sudo. As root: apt-get install qemu-system-arm\n", error)

  def test_with_sudo_only_changes_are_made_as_root(self):
    self.checkout.write("bin/id", "#!/bin/sh\necho 1000\n")
    self.checkout.write("bin/sudo", NOTE_ARGUMENTS + 'exec "$@"\n')
    (self.folder / "sudo").symlink_to(self.checkout.root / "bin/sudo")
    status, _, error, calls = self.setup("demo")
    self.assertEqual(status, 0, error)
    self.assertEqual([call[1:3] for call in calls if call[0] == "sudo"][0], ["apt-get", "update"])
    self.assertEqual(calls[2][:3], ["apt-get", "--simulate", "install"])
    self.assertEqual(calls[3][0], "sudo")

  def test_elsewhere_it_says_what_is_needed(self):
    (self.folder / "apt-get").unlink()
    status, _, error, _ = self.setup("demo")
    self.assertEqual(status, 1)
    self.assertIn("neither Debian nor Ubuntu. Install what these packages of theirs hold: qemu-system-arm\n", error)

  def test_a_plan_that_cannot_be_made_is_a_failure(self):
    self.checkout.write("bin/apt-get", NOTE_ARGUMENTS + "echo 'E: Unable to locate package'; exit 100\n")
    status, _, error, calls = self.setup("demo")
    self.assertEqual((status, self.installations(calls)), (1, []))
    self.assertIn("E: Unable to locate package", error)

  def test_an_installation_that_installs_nothing_is_a_failure(self):
    self.checkout.write("bin/apt-get", APT_GET.replace("ln -s", ": ln -s"))
    status, _, error, _ = self.setup("demo")
    self.assertEqual(status, 1)
    self.assertIn("setup: still missing after the installation: qemu-system-arm\n", error)


class ContinuousIntegration(unittest.TestCase):
  """The page that runs elsewhere: what it calls is there, and covers every preset."""

  page = (SCRIPTS.parent / ".github/workflows/ci.yml").read_text()

  def test_every_command_is_one_that_a_person_can_type(self):
    commands = [line.partition("run: ")[2].split() for line in self.page.splitlines() if "run: " in line]
    self.assertGreaterEqual(len(commands), 4)
    checkout = Checkout()
    self.addCleanup(checkout.close)
    presets = checkout.run("test", "--help")[1].partition("presets: ")[2].split()
    self.assertIn(f"preset: [{', '.join(presets)}]", self.page)
    for script, *arguments in commands:
      words = " ".join(arguments).replace("${{ matrix.preset }}", presets[0]).split()
      self.assertEqual(checkout.run(script.partition("/")[2], *words)[0], 0, script)


if __name__ == "__main__":
  unittest.main()
