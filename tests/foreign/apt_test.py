# SPDX-License-Identifier: MIT
"""What apt says, as it says it."""

import unittest

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

  def test_a_command_that_fails_is_an_error(self):
    with self.assertRaisesRegex(apt.FetchError, "false failed"):
      apt.run(["false"])


if __name__ == "__main__":
  unittest.main()
