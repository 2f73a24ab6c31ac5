#!/usr/bin/env bash
#SBATCH --job-name=phase7-merge
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=00:30:00
#
# Puts the parts of a class together; submit.sh starts it when all of them have ended well. It needs no node: by hand,
#
#   deploy/slurm/merge.sh COURSE OUT PARTS [--policy TOML]
#
# writes the gradebook again, under another policy for one, and grades nothing.
set -euo pipefail

course=$1 out=$2 parts=$3
shift 3
policy=()
while (($#)); do
    if [[ $1 == --policy ]]; then
        policy=(--policy "$(realpath "$2")")
    fi
    shift
done

directories=()
for ((part = 1; part <= parts; part++)); do
    if [[ ! -f $out/parts/$part/class.json ]]; then
        echo "merge.sh: part $part of $parts is not there: see $out/log/part-$part.log" >&2
        exit 2
    fi
    directories+=("$out/parts/$part")
done
cd "$course"
exec "$out/xtask" grade --merge "${directories[@]}" --out "$out/class" "${policy[@]}"
