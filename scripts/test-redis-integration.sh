#!/usr/bin/env bash
# One command that tries a Redis as this project uses it, a line a check; ends with 1 when one fails.
#   scripts/test-redis-integration.sh                          a Redis of its own, as `npm run redis` starts it
#   REDIS_URL=redis://user:password@host:port scripts/test-redis-integration.sh      that one
# What it writes is under a prefix of its own, and is removed. It needs Node, redis-cli, and dist/ (npm run build).
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
prefix="memory-central-trial-$$:"
export MEMORY_CENTRAL_HOME="$work/home" MEMORY_NAMESPACE=trial EMBEDDING_PROVIDER=off REDIS_PREFIX="$prefix"
# Numbered caches have databases of their own, and other settings their own Redis.
unset REDIS_HOST REDIS_SENTINELS REDIS_CLUSTER CACHE_REDIS_URL CACHE_DATABASES REDIS_DB DATABASE_URL MEMORY_CENTRAL_ENV
failures=0
server=

cleanup() {
  if [ -n "${answers:-}" ]; then
    for db in 0 1 2; do
      redis -n "$db" --scan --pattern "$prefix*" 2>/dev/null | while IFS= read -r key; do redis -n "$db" UNLINK "$key" >/dev/null; done
    done
  fi
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
  fi
  rm -rf "$work"
}
trap cleanup EXIT

redis() { redis-cli -e "${where[@]}" "$@"; }
memory() { node "$root/dist/cli.js" "$@"; }
info() { redis INFO "$1" | tr -d '\r' | sed -n "s/^$2://p"; }
setting() { redis CONFIG GET "$1" 2>/dev/null | sed -n 2p; }
# A value of JSON on standard input, by an expression of it.
json() { node -e 'let t="";process.stdin.on("data",d=>t+=d).on("end",()=>{const it=JSON.parse(t);console.log(eval(process.argv[1]))})' "$1"; }

ok() { printf 'ok    %-14s %s\n' "$1" "$2"; }
bad() {
  printf 'FAIL  %-14s %s\n' "$1" "$2"
  failures=$((failures + 1))
}
# check <name> <what is told when it holds> <what is told else> <command…>
check() {
  local name=$1 good=$2 wrong=$3
  shift 3
  if "$@"; then ok "$name" "$good"; else bad "$name" "$wrong"; fi
}
is() { [ "$1" = "$2" ]; }

start_own() {
  node "$root/scripts/redis.mjs" "$work/redis" >"$work/redis.log" 2>&1 &
  server=$!
  for _ in $(seq 150); do
    REDIS_URL=$(sed -n 's/.*export REDIS_URL=//p' "$work/redis.log")
    [ -n "$REDIS_URL" ] && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/redis.log" >&2
  exit 1
}

for program in node redis-cli; do
  command -v "$program" >/dev/null || { echo "$program is needed." >&2; exit 1; }
done
[ -f "$root/dist/cli.js" ] || { echo "dist/ is missing: npm run build" >&2; exit 1; }
[ -n "${REDIS_URL:-}" ] || start_own
export REDIS_URL

# Taken apart by the program's own parser of URLs; the password goes by the environment, so that no list of processes shows it.
parts=$(node -e '
  const url = new URL(process.env.REDIS_URL);
  const plain = text => decodeURIComponent(text);
  console.log([url.hostname.replace(/^\[|\]$/g, ""), url.port || 6379, url.protocol === "rediss:" ? "tls" : "", plain(url.username), plain(url.password), url.pathname.slice(1) || 0].join("\n"));
' 2>/dev/null) || { echo 'REDIS_URL is no Redis address, such as redis://user:password@host:6379' >&2; exit 1; }
{ read -r host; read -r port; read -r tls; read -r user; IFS= read -r password; read -r database; } <<<"$parts"
where=(-h "$host" -p "$port" -n "$database")
[ -n "$tls" ] && where+=(--tls)
[ -n "$tls" ] && [ -n "${REDIS_CA_FILE:-}" ] && where+=(--cacert "$REDIS_CA_FILE")
[ -n "$user" ] && where+=(--user "$user")
[ -n "$password" ] && export REDISCLI_AUTH="$password"

# Availability, connection and authentication
answers=
if [ "$(redis PING 2>"$work/error")" = PONG ]; then
  answers=yes
  ok availability "$host:$port answers: Redis $(info server redis_version)"
else
  bad availability "$host:$port: $(tr '\n' ' ' <"$work/error")"
fi
memory doctor --json >"$work/doctor" 2>"$work/error"
# What looks like an expansion is JavaScript.
# shellcheck disable=SC2016
found=$(json 'it.checks.filter(one => one.check === "redis" || one.check === "central").map(one => `${one.level}\t${one.message}${one.fix ? ` → ${one.fix}` : ""}`).join("\n")' <"$work/doctor")
while IFS=$'\t' read -r level message; do
  case $level in ok) ok connection "$message" ;; warn) printf 'warn  %-14s %s\n' connection "$message" ;; *) bad connection "${message:-$(cat "$work/error")}" ;; esac
done <<<"$found"
if [ -z "$answers" ]; then
  echo "$failures failed; the rest needs a Redis that answers."
  exit 1
fi
if [ -n "$password" ]; then
  refused=$(REDISCLI_AUTH="not-$password" redis PING 2>&1)
  case $refused in *WRONGPASS*) ok authentication 'another password is refused' ;; *) bad authentication "another password is taken: $refused" ;; esac
else
  ok authentication 'none is configured: for this machine, or a network of your own, only'
fi

# Memory and persistence
policy=$(info memory maxmemory_policy)
case $policy in
  allkeys-*) bad memory "drops what it likes when it is full ($policy): for caches only" ;;
  *) ok memory "$(info memory used_memory_human) of $(info memory maxmemory_human | sed 's/^0B$/no limit/'), $policy" ;;
esac
if [ "$(info persistence aof_enabled)" = 1 ]; then
  ok persistence "every change is appended (appendfsync $(setting appendfsync)), snapshots: $(setting save)"
else
  bad persistence 'changes are not appended: a crash loses what came after the last snapshot'
fi
check persistence 'its last writes to disk went well' 'it could not write to its disk' \
  is "$(info persistence aof_last_write_status)$(info persistence rdb_last_bgsave_status)" okok

# Isolation: prefixes, and numbered databases where there are any
redis SET "${prefix}isolated" one >/dev/null
check isolation 'another prefix does not see ours' 'a prefix sees another' \
  is "$(REDIS_PREFIX="${prefix}other:" memory list --json 2>/dev/null | json it.total)" 0
if redis -n 1 PING >/dev/null 2>&1; then
  check isolation 'database 1 does not see database 0' 'databases see each other' is "$(redis -n 1 EXISTS "${prefix}isolated")" 0
else
  ok isolation 'there is database 0 only, as in a Cluster; prefixes keep apart'
fi

# Memories and caches, as programs use them
id=$(memory store 'The trial of the central Redis' --json 2>"$work/error" | json it.id)
waiting=$(memory status --json 2>/dev/null | json 'it.central ? it.central.waiting : "none"')
check memories 'a memory is stored there, and nothing waits' "nothing is stored there: $(cat "$work/error")" is "$waiting" 0
second=$(MEMORY_CENTRAL_HOME="$work/second" memory get "$id" --json 2>/dev/null | json it.content)
check memories 'another machine has it' "another machine has it not: $second" is "$second" 'The trial of the central Redis'
memory cache-put --cache models --key trial --value '{"size": 7}' >/dev/null 2>"$work/error"
got=$(memory cache-get --cache models --key trial --json 2>>"$work/error" | json 'JSON.stringify(it.value)')
check caches 'a value is kept and found' "a value is not found: $got $(cat "$work/error")" is "$got" '{"size":7}'
stats=$(memory cache-stats --json 2>/dev/null | json 'it.caches.models?.entries')
check caches 'statistics count it' "statistics do not count it: $stats" is "$stats" 1
memory clear-cache --confirm >/dev/null 2>"$work/error"
stats=$(memory cache-stats --json 2>/dev/null | json 'it.caches.models?.entries ?? 0')
check caches 'cleared, it is gone' "it is still there: $stats $(cat "$work/error")" is "$stats" 0

# Figures, to compare: nothing is demanded of a machine that is not known.
now() { node -p 'Date.now()'; }
began=$(now)
for i in $(seq 1000); do echo "SET ${prefix}figure-$i $i"; done | redis >/dev/null
ok performance "1,000 writes through one connection: $(($(now) - began)) ms"
began=$(now)
for i in $(seq 1000); do echo "GET ${prefix}figure-$i"; done | redis >/dev/null
ok performance "1,000 reads through one connection: $(($(now) - began)) ms"
ok performance "one round trip, in ms (least, most, mean, count): $(timeout 2 redis-cli "${where[@]}" --latency -i 1 --raw 2>/dev/null | head -1)"

echo "$failures failed"
[ "$failures" = 0 ]
