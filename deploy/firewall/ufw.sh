#!/usr/bin/env bash
# Lets the LAN reach the memory, and nobody else: REST 8000, MCP 9000, Redis 16379, and SSH so that nobody locks himself out.
#   sudo LAN=10.10.20.0/24 deploy/firewall/ufw.sh            adds the rules; run again, it changes nothing
#   ufw.sh --dry-run          says what ufw would write, and changes nothing        ufw.sh --enable     switches ufw on afterwards
#   PORTS='8000 9000'         where machines of the LAN use the server only, and do not open Redis themselves
# Ports that Docker publishes pass by ufw: there LAN_BIND and REDIS_BIND of deploy/.env keep them to an address.
set -euo pipefail

LAN=${LAN:-10.10.20.0/24}
PORTS=${PORTS:-22 8000 9000 16379}
dry=()
enable=no
for argument; do
  case $argument in
    --dry-run) dry=(--dry-run) ;;
    --enable) enable=yes ;;
    *)
      echo "usage: ufw.sh [--dry-run] [--enable]" >&2
      exit 2
      ;;
  esac
done
command -v ufw >/dev/null || {
  echo 'There is no ufw: apt-get install ufw' >&2
  exit 1
}

ufw "${dry[@]}" default deny incoming
for port in $PORTS; do
  ufw "${dry[@]}" allow proto tcp from "$LAN" to any port "$port" comment 'memory-central'
done
if [ "$enable" = yes ]; then ufw "${dry[@]}" --force enable; fi
