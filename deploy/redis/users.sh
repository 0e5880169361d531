#!/usr/bin/env bash
# The users of the central Redis, as a file for its `aclfile`, with hashes in place of passwords:
#   users.sh >users.acl && redis-cli ACL LOAD
# Passwords come from the environment; who has none is left out. docs/operations.md says what each command is for.
#   REDIS_PASSWORD           default, who may do all: for people and scripts of the host
#   REDIS_SERVER_PASSWORD    memory-central: the server, and machines of the LAN that open the memory by themselves
#   REDIS_WORKER_PASSWORD    memory-worker: the same, of the worker
#   REDIS_METRICS_PASSWORD   metrics: figures, no key
#   REDIS_BACKUP_PASSWORD    backup: a copy of everything, and no change of anything
#   REDIS_SEARCH=no          a Redis without RediSearch, which knows no such commands
#   REDIS_PREFIX             what all keys and channels begin with, where others share this Redis
set -euo pipefail

: "${REDIS_PASSWORD:?set it, or anybody who reaches this Redis may do all}"
prefix=${REDIS_PREFIX:-}
keys=("~$prefix*" "&$prefix*")

everybody=(
  +ping '+client|setname' +evalsha +eval +time +exists +type +unlink +pexpire +pttl +scan +info
  +get +getex +mget +set +setnx +hget +hmget +hgetall +hexists +hkeys +hvals +hset +hdel +hincrby +hlen +llen +lrange +ltrim +rpush
  +sadd +srem +sismember +smembers +zadd +zrem +zscore +zcard +zcount +zinter +zintercard +zrange +zrangebyscore +zrevrange +zremrangebyscore
  +xadd +xdel +xlen +xrange +xrevrange +xread +xreadgroup +xack +xautoclaim +xpending '+xinfo|groups'
  '+xgroup|create' +xtrim +publish +multi +exec
)
jobs=(
  +bzpopmin +zpopmin +zrevrangebyscore +zremrangebyrank +scard +incr +del +hmset +rename +lindex +lpush +lrem +lset +rpop +rpoplpush
)
search=('+ft.create' '+ft.search' '+ft.info' '+ft.dropindex' '+ft._list' +scard +sscan +zcount)
[ "${REDIS_SEARCH:-yes}" = yes ] || search=()
doctor=('+config|get' '+acl|getuser')
database=(+select)
metrics=(+ping +info '+client|setname' '+slowlog|len' '+latency|latest')
backup=(+ping +info '+config|get' +bgsave +lastsave '+module|list' +sync +psync +replconf)

hash() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
# user <name> <password> <rules…>
user() {
  local name=$1 password=$2
  shift 2
  [ -n "$password" ] || return 0
  echo "user $name on #$(hash "$password") resetkeys resetchannels -@all $*"
}

echo "user default on #$(hash "$REDIS_PASSWORD") ~* &* +@all"
program=("${keys[@]}" "${everybody[@]}" "${jobs[@]}" "${search[@]}" "${database[@]}")
user memory-central "${REDIS_SERVER_PASSWORD:-}" "${program[@]}" "${doctor[@]}"
user memory-worker "${REDIS_WORKER_PASSWORD:-}" "${program[@]}"
user metrics "${REDIS_METRICS_PASSWORD:-}" "${metrics[@]}"
user backup "${REDIS_BACKUP_PASSWORD:-}" "${backup[@]}"
