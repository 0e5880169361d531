# shellcheck shell=bash
# A Redis of its own that reads a copy and says what is in it; sourced by backup.sh and restore.sh.
#   REDIS_SERVER, REDIS_CHECK_RDB, REDIS_CLI: these programs, where they are not in the PATH
#   REDIS_MODULES: the modules that the copy needs, separated by colons, such as /opt/redis-stack/lib/redisearch.so
redis_cli=${REDIS_CLI:-redis-cli}
scratch_pid=
scratch_folder=

fail() {
  echo "$*" >&2
  exit 1
}

# Reads <folder>/dump.rdb. It listens on a socket in a private folder only. As a replica (of nobody: port 1) it keeps what has expired
# since, so that count and checksum of a copy are the same whenever it is read.
scratch_start() {
  local folder=$1 module modules=()
  IFS=: read -ra modules <<<"${REDIS_MODULES:-}"
  local load=()
  for module in "${modules[@]}"; do load+=(--loadmodule "$module"); done
  scratch_folder=$(mktemp -d)
  "${REDIS_SERVER:-redis-server}" --port 0 --unixsocket "$scratch_folder/socket" --dir "$folder" --dbfilename dump.rdb \
    --save '' --appendonly no --replicaof 127.0.0.1 1 --enable-debug-command local "${load[@]}" >"$scratch_folder/log" 2>&1 &
  scratch_pid=$!
  until [ "$(scratch PING 2>/dev/null || true)" = PONG ]; do
    kill -0 "$scratch_pid" 2>/dev/null || fail "A Redis of its own could not read the copy: $(tail -n 5 "$scratch_folder/log")"
    sleep 0.1
  done
}

# Its own password is none, whatever the other has.
scratch() { env -u REDISCLI_AUTH "$redis_cli" -e -s "$scratch_folder/socket" "$@"; }

scratch_stop() {
  if [ -n "$scratch_pid" ]; then
    kill -"${1:-KILL}" "$scratch_pid" 2>/dev/null || true
    wait "$scratch_pid" 2>/dev/null || true
    scratch_pid=
  fi
  if [ -n "$scratch_folder" ]; then rm -rf "$scratch_folder"; fi
  scratch_folder=
}

# Keys of all databases.
scratch_keys() { scratch INFO keyspace | tr -d '\r' | sed -n 's/^db[0-9]*:keys=\([0-9]*\).*/\1/p' | awk '{ sum += $1 } END { print sum + 0 }'; }

# Of every key, its value, its type and whether it expires, in any order (Redis' own DEBUG DIGEST).
scratch_digest() { scratch DEBUG DIGEST; }

# A text field or a number of one of our manifests.
manifest() { sed -n "s/^ *\"$2\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$1"; }
