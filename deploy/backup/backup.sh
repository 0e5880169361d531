#!/usr/bin/env bash
# A copy of all that Redis holds, tried before it counts: it is checked, read by a Redis of its own, and counted there.
#   backup.sh <folder> [options of redis-cli, such as -h and -p]; the password in REDISCLI_AUTH
# In <folder>: redis-YYYYMMDD.rdb with a manifest redis-YYYYMMDD.json (count and checksum, which restore.sh compares), weekly/ with one a
# week, and last-backup.json, which is the manifest of the last that was good. Ends with 1, and leaves no half copy, when anything fails.
#   BACKUP_STREAM=yes         takes the copy over the connection, where the file of Redis is not on this machine
#   BACKUP_KEEP_DAILY=7, BACKUP_KEEP_WEEKLY=4     how many are kept
#   BACKUP_METRICS=<folder>   gets last-backup.json for the server (METRICS_BACKUP_FILE) and metrics for node_exporter's textfile collector
#   BACKUP_VERIFY=check       reads the copy with redis-check-rdb only: a Redis of its own needs as much memory as the one that is copied
set -euo pipefail
# shellcheck source=deploy/backup/scratch.sh
source "$(dirname "${BASH_SOURCE[0]}")/scratch.sh"

[ $# -ge 1 ] || fail 'usage: backup.sh <folder> [options of redis-cli, such as -h and -p]'
folder=$1
shift
options=("$@")

cli() { "$redis_cli" -e "${options[@]}" "$@"; }
setting() { cli CONFIG GET "$1" | sed -n 2p; }
# Whole or not at all.
write() {
  cat >"$1.part"
  mv "$1.part" "$1"
}

umask 077
mkdir -p "$folder/weekly"
exec 9>"$folder/.lock"
flock --nonblock 9 || fail "Another backup into $folder is under way."
# Of one that was killed.
rm -rf "$folder"/.work.*
work=$(mktemp -d "$folder/.work.XXXXXX")
trap 'scratch_stop; rm -rf "$work"' EXIT

# Whatever modules the copy needs, from where this Redis has them.
REDIS_MODULES=${REDIS_MODULES-$(cli MODULE LIST 2>/dev/null | grep '\.so$' | paste -sd: - || true)}

# A line of INFO persistence, of one moment: saves, whether one is under way, how the last one ended.
saves() { cli INFO persistence | tr -d '\r' | awk -F: '/^rdb_saves:/ { n = $2 } /^rdb_bgsave_in_progress:/ { busy = $2 } /^rdb_last_bgsave_status:/ { how = $2 } END { print n, busy, how }'; }

copy_file() {
  local state before count busy how answer
  # One that Redis began by itself may lack what is there now: another one comes after it.
  while :; do
    state=$(saves)
    read -r before busy how <<<"$state"
    if [ "$busy" = 0 ]; then
      # While Redis rewrites its log the snapshot comes after that.
      answer=$(cli BGSAVE SCHEDULE 2>&1) && break
      [[ $answer == *'already in progress'* ]] || fail "Redis takes no snapshot: $answer"
    fi
    sleep 0.2
  done
  while :; do
    state=$(saves)
    read -r count busy how <<<"$state"
    # It is counted when it begins.
    [ "$count" != "$before" ] && [ "$busy" = 0 ] && break
    sleep 0.2
  done
  [ "$how" = ok ] || fail 'Redis could not write its snapshot: see its log, and make room on its disk.'
  # LASTSAVE moves with a save that succeeded only.
  taken=$(cli LASTSAVE)
  cp "$(setting dir)/$(setting dbfilename)" "$work/dump.rdb"
}

if [ "${BACKUP_STREAM:-no}" = yes ]; then
  taken=$(date +%s)
  cli --rdb "$work/dump.rdb" >"$work/log" 2>&1 || fail "Redis did not send its snapshot: $(cat "$work/log")"
else
  copy_file
fi

"${REDIS_CHECK_RDB:-redis-check-rdb}" "$work/dump.rdb" >"$work/check" || fail "The copy is damaged: $(tail -n 5 "$work/check")"
read_keys=$(sed -n 's/^\[info\] \([0-9]*\) keys read$/\1/p' "$work/check")
if [ "${BACKUP_VERIFY:-restore}" = check ]; then
  keys=$read_keys
  digest=
else
  scratch_start "$work"
  keys=$(scratch_keys)
  digest=$(scratch_digest)
  scratch_stop
  [ "$keys" = "$read_keys" ] || fail "The copy holds $read_keys keys, and a Redis that read it $keys."
fi

name=redis-$(date -d "@$taken" +%Y%m%d)
write "$work/manifest" <<END
{
  "file": "$name.rdb",
  "takenAt": "$(date -u -d "@$taken" +%Y-%m-%dT%H:%M:%SZ)",
  "takenAtSeconds": $taken,
  "bytes": $(stat -c %s "$work/dump.rdb"),
  "sha256": "$(sha256sum "$work/dump.rdb" | cut -d' ' -f1)",
  "keys": $keys,
  "digest": "$digest",
  "modules": "$REDIS_MODULES"
}
END
sync "$work/dump.rdb"
mv "$work/dump.rdb" "$folder/$name.rdb"
write "$folder/$name.json" <"$work/manifest"
week=$folder/weekly/redis-$(date -d "@$taken" +%G-W%V)
# Links where the folder can: a second copy would be as large.
for kind in rdb json; do
  ln -f "$folder/$name.$kind" "$week.$kind" 2>/dev/null || cp "$folder/$name.$kind" "$week.$kind"
done

# All but the newest, which sort by their names; never the one that was just made, as where the clock was ahead before.
rotate() {
  local keep=$1 made=$2 old
  shift 2
  [ "$#" -gt "$keep" ] || return 0
  for old in "${@:1:$#-keep}"; do
    [ "$old" = "$made" ] || rm -f "$old" "${old%.rdb}.json"
  done
}
rotate "${BACKUP_KEEP_DAILY:-7}" "$folder/$name.rdb" "$folder"/redis-????????.rdb
rotate "${BACKUP_KEEP_WEEKLY:-4}" "$week.rdb" "$folder"/weekly/redis-*.rdb

write "$folder/last-backup.json" <"$work/manifest"
if [ -n "${BACKUP_METRICS:-}" ]; then
  # Who reads them runs as another user.
  (
    umask 022
    mkdir -p "$BACKUP_METRICS"
    write "$BACKUP_METRICS/last-backup.json" <"$work/manifest"
    write "$BACKUP_METRICS/memory_central_backup.prom" <<END
# HELP memory_central_backup_last_success_timestamp_seconds When the last backup that was read and counted was taken.
# TYPE memory_central_backup_last_success_timestamp_seconds gauge
memory_central_backup_last_success_timestamp_seconds $taken
# HELP memory_central_backup_keys Keys in the last backup.
# TYPE memory_central_backup_keys gauge
memory_central_backup_keys $keys
# HELP memory_central_backup_size_bytes Size of the last backup.
# TYPE memory_central_backup_size_bytes gauge
memory_central_backup_size_bytes $(stat -c %s "$folder/$name.rdb")
END
  )
fi
echo "$folder/$name.rdb"
