# SPDX-License-Identifier: MIT
"""Gets packages by name, through the distribution's own client with a state of its own: nothing is installed, and the
machine's package manager learns of no other suite and of no other architecture."""

import re
import shutil
import subprocess

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
ADVICE = "/etc/apt has to name an archive of Debian that can be reached; what is here already is kept"


class FetchError(RuntimeError):
  """A package cannot be had. The text says what to do."""


def run(command, folder=None):
  done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
  if done.returncode != 0:
    last = [line for line in done.stderr.splitlines() if line.strip()][-3:]
    raise FetchError(f"{command[0]} failed: {' / '.join(last)}: {ADVICE}")
  return done.stdout


def mirror_of(targets):
  """The archive that the machine uses, out of lines SITE RELEASE ORIGIN of its sources."""
  for line in targets.splitlines():
    site, _, origin = line.partition(" ")
    if origin.startswith("Debian ") and not origin.endswith("-security"):
      return site
  raise FetchError(f"no source of this machine is an archive of Debian: {ADVICE}")


def mirror():
  form = "$(SITE) $(ORIGIN) $(CODENAME)"
  return mirror_of(run(["apt-get", "indextargets", "--format", form, "Created-By: Packages"]))


def dependencies_of(text):
  """The packages that `apt-cache depends` names."""
  return re.findall(r"^ *Depends: ([^<\s]+)$", text, re.MULTILINE)


def dependency_of(text, pattern=""):
  """The first package that `apt-cache depends` names and whose name starts as the regular expression says."""
  for name in dependencies_of(text):
    if re.match(pattern, name):
      return name
  raise FetchError(f"a package that stands for another names none: {ADVICE}")


def to_be_installed(text):
  """The packages that a simulated installation names."""
  return re.findall(r"^Inst ([^ ]+) ", text, re.MULTILINE)


class Suite:
  """The packages of one suite, for one architecture, kept as files in a folder."""

  def __init__(self, folder, suite, architecture):
    self.suite = suite
    self.architecture = architecture
    self.state = folder / "apt" / f"{suite}-{architecture}"
    self.packages = folder / "packages" / f"{suite}-{architecture}"
    self.packages.mkdir(parents=True, exist_ok=True)

  def options(self):
    return [
      "-qq",
      "-o", f"APT::Architecture={self.architecture}",
      "-o", f"APT::Architectures={self.architecture}",
      "-o", "Acquire::Languages=none",
      "-o", "Acquire::Retries=3",
      "-o", f"Dir::State={self.state}/state",
      "-o", f"Dir::State::status={self.state}/nothing_is_installed",
      "-o", f"Dir::Cache={self.state}/cache",
      "-o", f"Dir::Etc::sourcelist={self.state}/sources.list",
      "-o", "Dir::Etc::sourceparts=/dev/null",
      # Hooks of the machine, and the user whom they drop to, have no business here.
      "-o", "APT::Update::Post-Invoke-Success=",
      "-o", "APT::Sandbox::User=",
    ]  # fmt: skip

  def update(self):
    """Gets the suite's list of packages, once."""
    if (self.state / "updated").exists():
      return
    for name in ("state/lists/partial", "cache/archives/partial"):
      (self.state / name).mkdir(parents=True, exist_ok=True)
    (self.state / "nothing_is_installed").touch()
    (self.state / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {self.suite} main\n")
    run(["apt-get", *self.options(), "update"])
    (self.state / "updated").touch()

  def names(self):
    """All packages of the suite."""
    self.update()
    return run(["apt-cache", *self.options(), "pkgnames"]).split()

  def with_dependencies(self, names):
    """The packages that these need, and they themselves: what apt would install on a machine without any."""
    self.update()
    command = ["apt-get", *self.options(), "--simulate", "--no-install-recommends", "install", *names]
    return to_be_installed(run(command))

  def file_of(self, name):
    """The package's file if it has been fetched."""
    return next(iter(sorted(self.packages.glob(f"{name}_*.deb"))), None)

  def depends(self, name):
    """What apt-cache says of a package, once: it stays as it was when the package was fetched."""
    note = self.packages / f"{name}.depends"
    if not note.exists():
      self.update()
      note.write_text(run(["apt-cache", *self.options(), "depends", name]))
    return note.read_text()

  def stands_for(self, name, pattern=""):
    """The package that one without content of its own depends on: its name changes with each version."""
    return dependency_of(self.depends(name), pattern)

  def fetch(self, names):
    """The files of these packages."""
    missing = [name for name in names if self.file_of(name) is None]
    if missing:
      self.update()
      # What was interrupted is not among the packages: a file is moved when all are whole.
      partial = self.packages / "partial"
      shutil.rmtree(partial, ignore_errors=True)
      partial.mkdir()
      run(["apt-get", *self.options(), "download", *missing], partial)
      for file in partial.glob("*.deb"):
        file.rename(self.packages / file.name)
    files = [self.file_of(name) for name in names]
    if None in files:
      raise FetchError(f"{names[files.index(None)]}: not among what was fetched: {ADVICE}")
    return files


def unpack(package, folder):
  """Unpacks a package, once. A folder that is there is whole."""
  if not folder.exists():
    partial = folder.with_name(folder.name + ".partial")
    subprocess.run(["rm", "-rf", str(partial)], check=True)
    partial.mkdir(parents=True)
    run(["dpkg-deb", "--extract", str(package), str(partial)])
    partial.rename(folder)
  return folder
