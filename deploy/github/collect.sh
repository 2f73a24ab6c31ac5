#!/usr/bin/env bash
# Clones what a class has pushed, without a work tree, so that nothing of it can run or be followed.
#
#   TOKEN=… deploy/github/collect.sh LIST.csv DIR
#
# LIST.csv has the columns id, repository (`owner/name` on GitHub) and revision. DIR gets a bare repository for each and
# `repositories.csv`, which `cargo xtask grade --repositories` reads. What cannot be cloned is told and left out.
set -euo pipefail

list=$1 directory=$2
mkdir -p "$directory"
# In the environment, and so in no file of a clone and in no process's arguments.
if [[ -n ${TOKEN:-} ]]; then
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.https://github.com/.extraHeader
    GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'x-access-token:%s' "$TOKEN" | base64 --wrap=0)"
    export GIT_CONFIG_VALUE_0
fi
export GIT_TERMINAL_PROMPT=0

echo 'id,repository,revision' >"$directory/repositories.csv"
all=0 failed=0
while IFS=, read -r id repository revision _ || [[ -n $id ]]; do
    if ! [[ $id =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ && $repository =~ ^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$ ]]; then
        echo "collect.sh: $list: this is no id and repository: ${id@Q} ${repository@Q}" >&2
        exit 2
    fi
    all=$((all + 1))
    if timeout 300 git clone --quiet --bare "${PHASE7_GIT_BASE:-https://github.com}/$repository.git" "$directory/$id.git"; then
        echo "$id,$id.git,$revision" >>"$directory/repositories.csv"
    else
        rm -rf "${directory:?}/$id.git"
        echo "::warning::$id: $repository cannot be cloned"
        failed=$((failed + 1))
    fi
done < <(tail --lines=+2 "$list" | tr --delete '\r"' | sed '/^ *$/d')
echo "$failed of $all repositories could not be cloned"
