# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the scripts that build and boot have in common; to be sourced. Each command that takes long is run as a job, in a
# process group of its own, so that whatever ends the script ends all that it started, and no file is left. Sets: root,
# the checkout; script, the name of the script; caller, the folder that it was called in.

# shellcheck disable=SC2034  # for those who source this
caller=$PWD
root=$(readlink -f -- "${BASH_SOURCE[1]}")
script=${root##*/}
root=${root%/scripts/*}

# fail MESSAGE [EXIT CODE]
fail() {
  echo "$script: $1" >&2
  exit "${2-1}"
}

# A command line that cannot be used. The script has a function `usage`.
refuse() {
  echo "$script: $1" >&2
  usage >&2
  exit 2
}

# True if a process of the group $1 is left; a zombie that nobody has waited for is none.
is_running() {
  local file line fields
  for file in /proc/[0-9]*/stat; do
    { read -r line <"$file"; } 2>/dev/null || continue
    read -ra fields <<<"${line##*) }"  # state, parent, group
    if [[ ${fields[2]-} == "$1" && ${fields[0]} != Z ]]; then
      return 0
    fi
  done
  return 1
}

end_all() {
  trap '' HUP INT TERM
  local group tries
  local groups=()
  mapfile -t groups < <(jobs -p)
  for group in ${groups[@]+"${groups[@]}"}; do
    kill -TERM -- "-$group" 2>/dev/null || true
  done
  for group in ${groups[@]+"${groups[@]}"}; do
    for ((tries = 0; tries < 20 * grace; ++tries)); do
      is_running "$group" || break
      sleep 0.05
    done
    kill -KILL -- "-$group" 2>/dev/null || true
  done
  wait
  rm -rf "$work"
}

# begin [SECONDS]: makes `work`, the folder for all temporary files of this run and of what it starts. From now on a
# signal ends the script with 128 and its number. A job that has not ended so many seconds later is killed. A script
# that others call gives less time than they do.
begin() {
  grace=${1-5}
  work=$(mktemp -d) || fail "no folder can be made in ${TMPDIR:-/tmp}: set TMPDIR to one with room"
  export TMPDIR=$work
  trap end_all EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# run COMMAND...: runs it to its end, and returns its exit code.
run() {
  local code=0
  set -m
  "$@" </dev/null &
  set +m
  wait $! || code=$?
  return "$code"
}

# lock FOLDER: only one run at a time uses a build folder; others wait. It is theirs after unlock, or when this script
# has ended.
lock() {
  command -v flock >/dev/null || fail "flock is missing (the package util-linux)"
  mkdir -p "$1"
  exec {lock}>"$1/.lock"
  if ! flock --nonblock "$lock"; then
    echo "$script: another run uses $1: waiting for its end" >&2
    run flock "$lock"
  fi
}

unlock() { exec {lock}>&-; }

configure_and_build() { cmake --preset "$1" && cmake --build --preset "$1" --target "${@:2}"; }

# choose_compiler NAME: sets `preset` to that of the kernels by clang or by gcc.
choose_compiler() {
  case $1 in
    clang) preset=bare-metal ;;
    gcc) preset=bare-metal-gcc ;;
    *) refuse "--compiler wants clang or gcc" ;;
  esac
}

# setup_for PURPOSE: installs what that and the kernels of `preset` need.
setup_for() {
  local needed=("$1")
  if [[ $preset == bare-metal-gcc ]]; then
    needed+=(gcc)
  fi
  scripts/setup "${needed[@]}"
}

# build PRESET TARGET...: what is said meanwhile is of interest only if it fails.
build() {
  local log=$work/build.log
  lock "build/$1"
  if ! run configure_and_build "$@" >"$log" 2>&1; then
    cat "$log" >&2
    fail "not built: ${*:2} (preset $1)"
  fi
  unlock
}

# choose_tool: sets `tool` to the program surefoot, SUREFOOT_TOOL or one that the preset host-tools builds.
choose_tool() {
  tool=${SUREFOOT_TOOL-}
  if [[ -z $tool ]]; then
    echo "$script: building the program surefoot" >&2
    build host-tools surefoot_program
    tool=build/host-tools/tools/surefoot
  elif [[ $tool != /* ]]; then
    tool=$caller/$tool
  fi
}

# build_image PRESET TARGET FILE: the same for a kernel; `image` is a copy of FILE, which no other run can replace.
build_image() {
  build "$1" "$2"
  image=$work/$1/${3##*/}
  mkdir -p "${image%/*}"
  cp "build/$1/$3" "$image"
}
