#!/usr/bin/env bash
# Grades a class as a Slurm job array: one job for each part, and one that puts the parts together.
#
#   deploy/slurm/submit.sh OUT PARTS --submissions PATH [--roster CSV] [--policy TOML] [EXERCISE…]
#
# OUT is a new directory on a file system that all nodes share, outside the checkout; the options are those of `cargo
# xtask grade`. The gradebook is OUT/class/gradebook.csv when the last job has ended. The same call again goes on where
# the last one stopped: what is graded is not graded again.
#
# PHASE7_SBATCH   further options of sbatch, such as "--partition=teaching --cpus-per-task=8"
# PHASE7_LOCAL    a directory of each node's own; the same path on all of them [/tmp/phase7-UID]
# PHASE7_COURSE   the checkout [the one that this script lies in]
# PHASE7_XTASK    the grader's program [built here]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
course=$(realpath "${PHASE7_COURSE:-$here/../..}")
if (($# < 3)); then
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
out=$(realpath --canonicalize-missing "$1")
parts=$2
shift 2
if [[ $out/ == "$course"/* ]]; then
    echo "submit.sh: $out is in the checkout, which is copied to every node: name a directory outside" >&2
    exit 2
fi

# The jobs start in another directory: paths must not depend on this one.
options=()
while (($#)); do
    case $1 in
        --submissions | --repositories | --roster | --policy)
            options+=("$1" "$(realpath "${2:?a path belongs to $1}")")
            shift 2
            ;;
        *)
            options+=("$1")
            shift
            ;;
    esac
done

# One program for all nodes: results are only comparable when the very same grader made them.
mkdir -p "$out/parts" "$out/log"
xtask=${PHASE7_XTASK:-}
if [[ -z $xtask ]]; then
    built=$(cd "$course" && cargo build --quiet --package xtask --message-format=json)
    xtask=$(sed -n 's|.*"executable":"\([^"]*/xtask\)".*|\1|p' <<<"$built")
fi
install -m 755 "$xtask" "$out/xtask"
# The same bytes for the same course, whenever it is packed: a node that has it keeps it.
tar --create --file "$out/course.tar" --directory "$course" --sort=name --mtime=@0 --owner=0 --group=0 \
    --numeric-owner --exclude=./target --exclude=./.git --exclude=./.phase7 .

read -ra more <<<"${PHASE7_SBATCH:-}"
job=$(sbatch --parsable --array="1-$parts" --output="$out/log/part-%a.log" "${more[@]}" \
    "$here/grade.sbatch" "$out" "$parts" "${options[@]}")
job=${job%%;*}
merge=$(sbatch --parsable --dependency="afterok:$job" --kill-on-invalid-dep=yes --output="$out/log/merge.log" \
    "${more[@]}" "$here/merge.sh" "$course" "$out" "$parts" "${options[@]}")
echo "parts: job $job, merge: job ${merge%%;*}, gradebook: $out/class/gradebook.csv"
