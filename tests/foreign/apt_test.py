# SPDX-License-Identifier: MIT
"""What apt says, as it says it."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import apt


class AptTest(unittest.TestCase):
  def test_the_mirror_is_that_of_the_machine_and_not_the_one_of_security(self):
    targets = "s://b/sec Debian bookworm-security\ns://c Other focal\ns://a/debian Debian bookworm\n"
    self.assertEqual(apt.mirror_of(targets), "s://a/debian")

  def test_says_what_to_do_if_there_is_none(self):
    with self.assertRaisesRegex(apt.FetchError, "/etc/apt"):
      apt.mirror_of("s://c Other focal\n")

  def test_a_package_that_stands_for_another(self):
    text = "linux-image-cloud\n  Depends: linux-image-6.12-cloud\n  Recommends: other\n"
    self.assertEqual(apt.dependency_of(text), "linux-image-6.12-cloud")
    with self.assertRaises(apt.FetchError):
      apt.dependency_of("linux-image-cloud\n  Depends: <virtual>\n")

  def test_the_dependency_that_is_wanted_among_several(self):
    text = "linux-image-cloud\n  Depends: linux-base-cloud\n  Depends: linux-image-7.2-cloud\n"
    self.assertEqual(apt.dependency_of(text, r"linux-image-\d"), "linux-image-7.2-cloud")
    with self.assertRaises(apt.FetchError):
      apt.dependency_of(text, "linux-headers-")

  def test_what_a_simulated_installation_would_install(self):
    text = "Building dependency tree...\nInst libc6 (2.41 Debian:13)\nInst clang-17 (1:17 D)\nConf libc6 (2.41 D)\n"
    self.assertEqual(apt.to_be_installed(text), ["libc6", "clang-17"])

  def test_a_fetch_that_ends_early_leaves_no_package(self):
    with tempfile.TemporaryDirectory() as folder:
      suite = apt.Suite(Path(folder), "a-suite", "amd64")

      def end_early(_, where):
        (where / "half_1_amd64.deb").write_text("half")
        raise apt.FetchError("the network is gone")

      with mock.patch.object(suite, "update"), mock.patch.object(apt, "run", side_effect=end_early):
        with self.assertRaises(apt.FetchError):
          suite.fetch(["half"])
      self.assertIsNone(suite.file_of("half"))

  def test_a_command_that_fails_is_an_error(self):
    with self.assertRaisesRegex(apt.FetchError, "false failed"):
      apt.run(["false"])


if __name__ == "__main__":
  unittest.main()
