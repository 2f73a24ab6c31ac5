#!/usr/bin/env bash
# Gradescope runs this once, with a network, while it builds the image: toolchain, grader, and what all submissions share.
# Grading needs no network after that.
set -euo pipefail

autograder=${AUTOGRADER:-/autograder}
course=$autograder/source/course
# Submitted code is compiled as another user, who cannot look into root's home.
export RUSTUP_HOME=${RUSTUP_HOME:-/opt/phase7/rustup} CARGO_HOME=${CARGO_HOME:-/opt/phase7/cargo}
export XDG_CACHE_HOME=${XDG_CACHE_HOME:-/opt/phase7/cache}
export PATH=$CARGO_HOME/bin:$PATH

if ! command -v cc curl >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends build-essential ca-certificates curl
fi
if [[ ! -x $CARGO_HOME/bin/cargo ]]; then
    curl --proto '=https' --tlsv1.2 --silent --show-error --fail https://sh.rustup.rs |
        sh -s -- -y --no-modify-path --profile minimal --default-toolchain none
fi

cd "$course"
# The version is the course's, from rust-toolchain.toml.
cargo --version || rustup toolchain install
cargo build --quiet --package xtask
install -m 755 "${CARGO_TARGET_DIR:-target}/debug/xtask" "$autograder/source/xtask"

mapfile -t exercises <"$autograder/source/exercises"
# What a test looks through, an emulator for one. What cannot be had here makes its tests not graded.
"$autograder/source/xtask" setup --yes || true
# The untouched starters: they earn nothing, and leave everything built that a submission needs.
"$autograder/source/xtask" grade "${exercises[@]}" || (($? == 1))

# The sources of hidden tests are the grader's alone, whichever layers of the sandbox hold here.
find . -path ./target -prune -o -type d -name hidden -exec chmod -R go-rwx {} +
rm -rf target/debug
printf '%s\n' "RUSTUP_HOME=$RUSTUP_HOME" "CARGO_HOME=$CARGO_HOME" "XDG_CACHE_HOME=$XDG_CACHE_HOME" \
    >"$autograder/source/toolchain.env"
