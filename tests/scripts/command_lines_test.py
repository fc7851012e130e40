# SPDX-License-Identifier: MIT
"""Options hold wherever they stand, and what cannot be used is refused: nothing is dropped in silence."""

import unittest

from stand_ins import Checkout, value_of, words_of


class CommandLines(unittest.TestCase):
  def setUp(self):
    self.checkout = Checkout()
    self.addCleanup(self.checkout.close)

  def boots(self, script, *arguments):
    """The calls of QEMU by a command line that is accepted."""
    status, _, error, calls = self.checkout.run(script, *arguments)
    self.assertEqual(status, 0, error)
    return [call for call in calls if call[0] == "qemu-system-aarch64"]

  def boot(self, script, *arguments):
    boots = self.boots(script, *arguments)
    self.assertEqual(len(boots), 1)
    return boots[0]

  def refuses(self, script, *arguments):
    with self.subTest(script=script, arguments=arguments):
      status, output, error, calls = self.checkout.run(script, *arguments)
      self.assertEqual(status, 2, error)
      self.assertEqual(output, "")
      self.assertRegex(error, f"^{script}: .*\n")
      self.assertIn(f"\nusage: {script} ", error)
      self.assertEqual(calls, [])

  def test_demo_takes_options_before_and_behind_scenarios(self):
    for arguments in (
      ("irq_preempted", "--policy", "exact"),
      ("--policy", "exact", "irq_preempted"),
      ("--policy", "exact", "--", "irq_preempted"),
      ("--policy", "strict", "irq_preempted", "--policy", "exact"),
    ):
      with self.subTest(arguments=arguments):
        self.assertEqual(words_of(self.boot("demo", *arguments)), ["--exact", "irq_preempted"])
    self.assertEqual(words_of(self.boot("demo", "plain", "deep")), ["plain", "deep"])

  def test_demo_takes_the_last_of_options_that_contradict_each_other(self):
    self.assertEqual(words_of(self.boot("demo", "plain", "--policy", "exact", "--policy", "strict")), ["plain"])

  def test_demo_hands_the_machine_on(self):
    qemu = self.boot("demo", "plain", "--cpu", "cortex-a72", "--el2", "--compiler", "gcc")
    self.assertEqual(value_of(qemu, "-cpu"), "cortex-a72")
    self.assertIn("virtualization=on", value_of(qemu, "-M"))
    self.assertIn("/bare-metal-gcc/", value_of(qemu, "-kernel"))
    self.assertEqual(words_of(qemu), ["plain"])

  def test_demo_lists_scenarios(self):
    self.assertEqual(words_of(self.boot("demo", "--policy", "exact", "--list")), ["--list"])

  def test_demo_refuses_what_it_cannot_use(self):
    self.refuses("demo", "--bogus")
    self.refuses("demo", "plain", "--bogus")
    self.refuses("demo", "plain", "-x")
    self.refuses("demo", "plain", "--policy")
    self.refuses("demo", "plain", "--policy", "lax")
    self.refuses("demo", "plain", "--cpu", "--el2")
    self.refuses("demo", "--", "--policy", "exact")
    self.refuses("demo", "plain", "")
    self.refuses("demo", "plain deep")
    self.refuses("demo", "--list", "plain")
    self.refuses("demo", "plain", "--list")

  def test_demo_shows_live_patching_with_both_policies(self):
    boots = self.boots("demo", "livepatch", "--break", "verdict", "--cpu", "cortex-a72")
    self.assertEqual([words_of(boot) for boot in boots], [["--break", "verdict"], ["--break", "verdict", "--exact"]])
    self.assertEqual([value_of(boot, "-cpu") for boot in boots], ["cortex-a72"] * 2)
    self.assertEqual(words_of(self.boot("demo", "livepatch", "--policy", "exact")), ["--exact"])
    self.assertEqual(words_of(self.boot("demo", "livepatch", "--list")), ["--list"])

  def test_demo_refuses_what_live_patching_cannot_use(self):
    for arguments in (("--bogus",), ("plain",), ("--policy", "lax"), ("--break",), ("--list", "--break", "rule")):
      status, output, error, calls = self.checkout.run("demo", "livepatch", *arguments)
      self.assertEqual((status, output, calls), (2, "", []), error)
      self.assertIn("\nusage: demo livepatch ", error)

  def test_demo_refuses_what_a_profile_cannot_use(self):
    self.refuses("demo", "profile", "irq_preempted")
    self.refuses("demo", "profile", "--policy", "lax")
    self.refuses("demo", "profile", "--samples", "0")
    self.refuses("demo", "profile", "--cpus", "9")
    self.refuses("demo", "profile", "--output")
    self.refuses("demo", "profile", "--cpu", "--el2")

  def test_demo_panic_refuses_what_it_cannot_use(self):
    self.refuses("demo", "panic", "--bogus")
    self.refuses("demo", "panic", "--smp")
    self.refuses("demo", "panic", "--smp", "9")
    self.refuses("demo", "panic", "--compiler", "icc")
    self.refuses("demo", "panic", "--cpu", "--smp")
    self.refuses("demo", "panic", "traced", "wild_write")
    self.refuses("demo", "panic", "traced", "--list")
    self.refuses("demo", "panic", "wild write")
    self.refuses("demo", "panic", "")

  def test_sweep_takes_options_in_any_order(self):
    boots = self.boots("sweep", "--cpu", "max", "--steps", "5", "--compiler", "clang", "--break", "leaf", "--")
    self.assertEqual([words_of(boot) for boot in boots], [["--steps", "5", "--break", "leaf"]])
    self.assertEqual([words_of(boot) for boot in self.boots("sweep", "--full")], [["--steps", "5000000"]] * 4)
    self.assertEqual(words_of(self.boot("sweep", "--list")), ["--list"])

  def test_sweep_refuses_what_it_cannot_use(self):
    self.refuses("sweep", "--bogus")
    self.refuses("sweep", "leaf")
    self.refuses("sweep", "--", "--full")
    self.refuses("sweep", "--full", "leaf")
    self.refuses("sweep", "--steps", "many")
    self.refuses("sweep", "--break", "--full")
    self.refuses("sweep", "--cpu", "--full")
    self.refuses("sweep", "--list", "--steps", "5")

  def test_torture_takes_options_in_any_order(self):
    boots = self.boots("torture", "--seed", "7", "--cpus", "3", "--walks", "5", "--break", "depth", "--")
    self.assertEqual([words_of(boot) for boot in boots], [["--walks", "5", "--seed", "7", "--break", "depth"]])
    self.assertEqual(value_of(boots[0], "-smp"), "3")
    self.assertEqual([value_of(boot, "-smp") for boot in self.boots("torture", "--short")], ["2", "4", "8"])
    self.assertEqual(words_of(self.boot("torture", "--list")), ["--list"])

  def test_torture_refuses_what_it_cannot_use(self):
    self.refuses("torture", "--bogus")
    self.refuses("torture", "depth")
    self.refuses("torture", "--", "--short")
    self.refuses("torture", "--cpus", "1")
    self.refuses("torture", "--cpus", "9")
    self.refuses("torture", "--walks", "many")
    self.refuses("torture", "--break", "--short")
    self.refuses("torture", "--list", "--seconds", "5")

  def test_run_kernel_takes_options_before_and_behind_the_image(self):
    image = str(self.checkout.root / "build/bare-metal/examples/kernel/surefoot-kernel.elf")
    for arguments in (
      ("--cpu", "cortex-a72", "--count", "--el2", image, "plain"),
      (image, "plain", "--cpu", "cortex-a72", "--count", "--el2"),
      (image, "--cpu", "cortex-a72", "--el2", "plain", "--count", "--el2"),
    ):
      with self.subTest(arguments=arguments):
        qemu = self.boot("run-kernel", *arguments)
        self.assertEqual(value_of(qemu, "-cpu"), "cortex-a72")
        self.assertEqual(value_of(qemu, "-icount"), "shift=0")
        self.assertEqual(value_of(qemu, "-M"), "virt,gic-version=2,virtualization=on")
        self.assertEqual(words_of(qemu), ["plain"])

  def test_run_kernel_hands_other_words_to_the_kernel(self):
    image = str(self.checkout.root / "build/bare-metal/examples/kernel/surefoot-kernel.elf")
    self.assertEqual(words_of(self.boot("run-kernel", image, "--exact", "plain")), ["--exact", "plain"])
    self.assertEqual(words_of(self.boot("run-kernel", image, "--", "--cpu", "x")), ["--cpu", "x"])
    self.assertEqual(words_of(self.boot("run-kernel", "--", image, "--el2")), ["--el2"])

  def test_run_kernel_refuses_what_it_cannot_use(self):
    image = str(self.checkout.root / "build/bare-metal/examples/kernel/surefoot-kernel.elf")
    self.refuses("run-kernel")
    self.refuses("run-kernel", "--")
    self.refuses("run-kernel", "--bogus", image)
    self.refuses("run-kernel", image, "--cpu")
    self.refuses("run-kernel", "--cpu", "--el2", image)
    self.refuses("run-kernel", image, "--timeout", "soon")
    self.refuses("run-kernel", image, "two words")
    self.refuses("run-kernel", image, "")

  def test_bench_takes_one_action(self):
    for arguments in (("--check",), ("--check", "--"), ("--check", "--check")):
      status, _, error, calls = self.checkout.run("bench", *arguments)
      self.assertEqual(status, 0, error)
      self.assertEqual(calls[-1], ["run", "check", "--tool", "/bin/true"])

  def test_bench_refuses_what_it_cannot_use(self):
    self.refuses("bench", "--bogus")
    self.refuses("bench", "--check", "--bogus")
    self.refuses("bench", "--check", "--update")
    self.refuses("bench", "--check", "clang-O2")
    self.refuses("bench", "clang-O2", "--check")
    self.refuses("bench", "--", "--check")
    self.refuses("bench", "")

  def test_test_runs_the_presets_that_are_named(self):
    presets = ("bare-metal", "qemu-user")
    for arguments in (presets, ("--", *presets), (presets[0], "--", presets[1])):
      status, _, error, calls = self.checkout.run("test", *arguments)
      self.assertEqual(status, 0, error)
      workflows = [["cmake", "--workflow", "--preset", preset] for preset in presets]
      self.assertEqual(calls, [["setup", "test"], *workflows])

  def test_test_makes_a_few_faults_after_the_unit_tests(self):
    status, _, error, calls = self.checkout.run("test", "host")
    self.assertEqual(status, 0, error)
    expected = [["setup", "test"], ["cmake", "--workflow"], ["setup", "mutate"], ["run", "--count"]]
    self.assertEqual([call[:2] for call in calls], expected)

  def test_test_refuses_what_it_cannot_use(self):
    self.refuses("test", "--bogus")
    self.refuses("test", "host", "--bogus")
    self.refuses("test", "host", "nowhere")
    self.refuses("test", "--", "--help")
    self.refuses("test", "host bench")
    self.refuses("test", "")

  def test_test_tries_foreign_code_before_the_tests_of_the_tools_and_a_foreign_kernel_after_them(self):
    status, _, error, calls = self.checkout.run("test", "host-tools")
    self.assertEqual(status, 0, error)
    expected = [
      ["setup", "test"],
      ["setup", "foreign"],
      ["run", "--tool"],
      ["cmake", "--workflow"],
      ["setup", "linux"],
      ["run", "--tool"],
    ]
    self.assertEqual([call[:2] for call in calls], expected)
    self.assertIn("--short", calls[2])
    self.assertIn("--short", calls[5])

  def test_foreign_passes_on_what_is_asked_for(self):
    for arguments in (("--short",), ("--only", "libx", "--only", "O2"), ("--keep", "/a b", "--list"), ("--list", "--")):
      status, _, error, calls = self.checkout.run("foreign", *arguments)
      self.assertEqual(status, 0, error)
      is_list = "--list" in arguments
      expected = ["run", "--tool", "none" if is_list else "/bin/true", *(word for word in arguments if word != "--")]
      self.assertEqual(calls, [expected] if is_list else [["setup", "foreign"], expected])

  def test_foreign_refuses_what_it_cannot_use(self):
    for arguments in (("--bogus",), ("--short", "x"), ("--only",), ("--only", "--short"), ("--keep",), ("--", "-h")):
      self.refuses("foreign", *arguments)

  def test_linux_dump_passes_on_what_is_asked_for(self):
    for arguments in (
      ("--short",),
      ("--kernel", "6.1", "--kernel", "newest", "--cpu", "max", "--tracer", "both"),
      ("--running", "40", "--kernel", "16k", "--kernel", "rt"),
      ("--keep", "/a b", "--list"),
      ("--list", "--"),
    ):
      status, _, error, calls = self.checkout.run("linux-dump", *arguments)
      self.assertEqual(status, 0, error)
      is_list = "--list" in arguments
      expected = ["run", "--tool", "none" if is_list else "/bin/true", *(word for word in arguments if word != "--")]
      self.assertEqual(calls, [expected] if is_list else [["setup", "linux"], expected])

  def test_linux_dump_refuses_what_it_cannot_use(self):
    for arguments in (("--bogus",), ("x",), ("--kernel",), ("--kernel", "5.10"), ("--cpu", "6.1"), ("--tracer", "")):
      self.refuses("linux-dump", *arguments)
    for arguments in (("--keep",), ("--keep", "--list"), ("--short", "--cpu", "max"), ("--", "-h")):
      self.refuses("linux-dump", *arguments)
    for arguments in (("--running",), ("--running", "0"), ("--running", "x"), ("--running", "--short")):
      self.refuses("linux-dump", *arguments)

  def test_compilers_passes_on_what_is_asked_for(self):
    for arguments in (("--short",), ("--compiler", "clang-22", "--level", "thin-lto", "--again"), ("--list", "--")):
      status, _, error, calls = self.checkout.run("compilers", *arguments)
      self.assertEqual(status, 0, error)
      self.assertEqual(calls, [["run", "--tool", "/bin/true", *(word for word in arguments if word != "--")]])

  def test_compilers_refuses_what_it_cannot_use(self):
    for arguments in (("--bogus",), ("x",), ("--compiler",), ("--compiler", "clang"), ("--level", "-O2")):
      self.refuses("compilers", *arguments)
    self.refuses("compilers", "--jobs", "0")

  def test_mutate_passes_on_what_is_asked_for(self):
    for arguments, expected in (
      (("--short",), ["--count", "24", "--unit-and-live", "--jobs", "1"]),
      (("--in", "src/a", "--jobs", "1", "--count", "9"), ["--in", "src/a", "--jobs", "1", "--count", "9"]),
    ):
      status, _, error, calls = self.checkout.run("mutate", *arguments)
      self.assertEqual(status, 0, error)
      self.assertEqual(calls, [["setup", "mutate"], ["run", *expected]])
    self.assertEqual(self.checkout.run("mutate", "--all", "--list")[3], [["run", "--all", "--list"]])

  def test_mutate_refuses_what_it_cannot_use(self):
    for arguments in (("--bogus",), ("x",), ("--count",), ("--count", "0"), ("--jobs", "many"), ("--in", "--all")):
      self.refuses("mutate", *arguments)

  def test_test_quick_builds_and_runs_a_part_of_two_presets(self):
    for arguments in (("--quick",), ("--quick", "--")):
      status, _, error, calls = self.checkout.run("test", *arguments)
      self.assertEqual(status, 0, error)
      presets = [call[call.index("--preset") + 1] for call in calls if "--preset" in call]
      self.assertEqual(sorted(set(presets)), ["bare-metal", "host-tools"])
      self.assertNotIn("--workflow", [word for call in calls for word in call])

  def test_test_quick_goes_without_presets(self):
    self.refuses("test", "--quick", "host")
    self.refuses("test", "host", "--quick")
    self.refuses("test", "--", "--quick")

  def test_fuzz_runs_the_targets_that_are_named(self):
    for arguments, targets in (
      ((), ["one", "three", "two"]),
      (("two", "--minutes", "2"), ["two"]),
      (("--minutes", "2", "--", "two", "one"), ["one", "two"]),
    ):
      with self.subTest(arguments=arguments):
        status, output, error, calls = self.checkout.run("fuzz", *arguments)
        self.assertEqual(status, 0, error)
        runs = sorted(call for call in calls if call[0].endswith("_fuzz"))
        self.assertEqual([run[0] for run in runs], [f"{target}_fuzz" for target in targets])
        for target, run in zip(targets, runs):
          self.assertIn(f"-max_total_time={120 if arguments else 60}", run)
          self.assertEqual(run[-2:], [f"build/fuzz/{target}/corpus", f"seeds of {target}"])
        self.assertEqual(sorted(line.split()[0] for line in output.splitlines()[1:]), targets)

  def test_fuzz_lists_targets(self):
    status, output, error, calls = self.checkout.run("fuzz", "--list")
    self.assertEqual((status, output, calls), (0, "one\nthree\ntwo\n", []), error)

  def test_fuzz_says_what_it_found_and_goes_on(self):
    self.checkout.write("build/host/tests/fuzz/one_fuzz", "#!/bin/sh\necho 'does not hold: that' >&2\nexit 77\n")
    status, output, error, _ = self.checkout.run("fuzz")
    self.assertEqual(status, 1)
    self.assertEqual(len(output.splitlines()), 4)
    self.assertIn("does not hold: that\nfuzz: one failed (exit code 77): see build/fuzz/one/log", error)

  def test_fuzz_refuses_what_it_cannot_use(self):
    for arguments in (
      ("--bogus",),
      ("four",),
      ("one two",),
      ("",),
      ("--minutes",),
      ("--minutes", "0"),
      ("--minutes", "soon"),
      ("--seed", "x"),
      ("--list", "one"),
      ("--", "--list"),
    ):
      self.refuses("fuzz", *arguments)

  def test_setup_lists_what_is_missing_and_installs_nothing(self):
    for arguments in (("--list",), ("--list", "--")):
      status, _, error, calls = self.checkout.run("setup", *arguments)
      self.assertEqual((status, calls), (0, []), error)

  def test_setup_refuses_what_it_cannot_use(self):
    self.refuses("setup", "--bogus")
    self.refuses("setup", "--list", "--bogus")
    self.refuses("setup", "--list", "git")
    self.refuses("setup", "git", "--list")
    self.refuses("setup", "demo gcc")
    self.refuses("setup", "")
    self.refuses("setup", "--", "--list")

  def test_corrupt_refuses_what_it_cannot_use(self):
    self.refuses("corrupt", "--bogus")
    self.refuses("corrupt", "plain")
    self.refuses("corrupt", "--", "--short")
    self.refuses("corrupt", "--mutations")
    self.refuses("corrupt", "--mutations", "many")
    self.refuses("corrupt", "--seed", "--short")
    self.refuses("corrupt", "--compiler", "icc")
    self.refuses("corrupt", "--cpu", "--short")

  def test_help_is_given_wherever_it_is_asked_for(self):
    for script, *operands in (
      ("demo", "plain"),
      ("sweep",),
      ("corrupt", "--short"),
      ("fuzz", "one"),
      ("torture",),
      ("bench", "--check"),
      ("test", "host"),
      ("foreign", "--short"),
      ("linux-dump", "--short"),
      ("compilers", "--short"),
      ("mutate", "--short"),
      ("setup", "--list"),
      ("run-kernel", "image"),
    ):
      for arguments in (("--help",), ("-h",), (*operands, "--help")):
        with self.subTest(script=script, arguments=arguments):
          status, output, error, calls = self.checkout.run(script, *arguments)
          self.assertEqual((status, error, calls), (0, "", []))
          self.assertTrue(output.startswith(f"usage: {script} "), output)


if __name__ == "__main__":
  unittest.main()
