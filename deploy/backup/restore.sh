#!/usr/bin/env bash
# Makes of a copy a data folder in which Redis starts as always, and compares it with the copy's manifest: count and checksum.
#   restore.sh <folder>/redis-YYYYMMDD.rdb <empty data folder>
# Nothing that runs is touched: stop Redis, move its data folder away, restore into a new one, start Redis there (docs/operations.md).
# The folder then belongs to whoever ran this: chown it to the user of Redis.
set -euo pipefail
# shellcheck source=deploy/backup/scratch.sh
source "$(dirname "${BASH_SOURCE[0]}")/scratch.sh"

[ $# -eq 2 ] || fail 'usage: restore.sh <copy.rdb> <empty data folder>'
copy=$1
data=$2
about=${copy%.rdb}.json

[ -f "$copy" ] || fail "There is no $copy."
[ -f "$about" ] || fail "There is no $about beside it, which says what the copy holds."
umask 077
mkdir -p "$data"
[ -z "$(ls -A "$data")" ] || fail "$data is not empty: a restore replaces nothing."
[ "$(sha256sum "$copy" | cut -d' ' -f1)" = "$(manifest "$about" sha256)" ] || fail "$copy is not what was backed up: its SHA-256 differs."

complete=no
finish() {
  scratch_stop
  # Half a restore would pass for a whole one.
  [ "$complete" = yes ] || find "$data" -mindepth 1 -delete
}
trap finish EXIT

cp "$copy" "$data/dump.rdb"
REDIS_MODULES=${REDIS_MODULES-$(manifest "$about" modules)}
scratch_start "$data"
keys=$(scratch_keys)
digest=$(scratch_digest)
[ "$keys" = "$(manifest "$about" keys)" ] || fail "$(manifest "$about" keys) keys were backed up, and $keys restored."
expected=$(manifest "$about" digest)
if [ -n "$expected" ] && [ "$digest" != "$expected" ]; then fail "The checksum of the keys is $digest, and was $expected."; fi

# Redis prefers its log to a snapshot, so there has to be a log.
scratch CONFIG SET appendonly yes >/dev/null
while :; do
  state=$(scratch INFO persistence | tr -d '\r' | grep -E '^aof_(rewrite_in_progress|rewrite_scheduled|last_bgrewrite_status):' | cut -d: -f2 | paste -sd' ' -)
  case $state in
    '0 0 ok') break ;;
    *err*) fail "Redis could not write its log: $(tail -n 5 "$scratch_folder/log")" ;;
  esac
  sleep 0.1
done
scratch_stop TERM
complete=yes
echo "$data: $keys keys, checksum $digest"
