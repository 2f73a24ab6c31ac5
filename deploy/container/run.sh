#!/usr/bin/env bash
# Grades in the container, with the least that the sandbox needs.
#
#   deploy/container/run.sh IN OUT [option of grade…]
#
# IN is a directory that is readable as /in, OUT one that is writable as /out:
#
#   deploy/container/run.sh hw1 graded --submissions /in/hw1.zip --roster /in/roster.csv --out /out/hw1
#
# PHASE7_ENGINE   docker or podman [whichever is there]
# PHASE7_LAYERS   `landlock` (see the README) or `all`
set -euo pipefail

if (($# < 2)); then
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
in=$(realpath "$1") out=$(realpath "$2")
shift 2
engine=${PHASE7_ENGINE:-$(command -v podman || command -v docker)}

rights=()
case ${PHASE7_LAYERS:-landlock} in
    landlock) ;;
    # User namespaces within the container: its own filter and its masked paths in /proc would forbid them.
    all) rights=(--security-opt seccomp=unconfined --security-opt systempaths=unconfined --security-opt apparmor=unconfined --cap-add SYS_ADMIN) ;;
    *)
        echo "run.sh: PHASE7_LAYERS is landlock or all" >&2
        exit 2
        ;;
esac

# Root without most of root's rights: it gives files to the user that submitted code runs as, becomes that user, ends
# its processes and removes what it wrote.
exec "$engine" run --rm --network none --read-only --tmpfs /tmp:rw,exec,size=4g --volume /course/target/grade \
    --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add KILL --cap-add SETGID --cap-add SETUID \
    --security-opt no-new-privileges --pids-limit 8192 --memory "${PHASE7_MEMORY:-8g}" "${rights[@]}" \
    --volume "$in:/in:ro" --volume "$out:/out" phase7-grader "$@"
