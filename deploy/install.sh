#!/usr/bin/env bash
# Installs the server as services of systemd, from this repository; run again, it updates the program and keeps every setting.
#   sudo deploy/install.sh && sudo systemctl start memory-central
#   --root <folder>       another root than /, for images and tests
#   --program <folder>    what `npm run stage -- <folder>` made elsewhere; default: it is made here, after `npm ci`
# Node 20.18 or newer in /usr/bin comes first.
set -euo pipefail

fail() {
  echo "$*" >&2
  exit 1
}
root=
staged=
while [ "$#" -gt 0 ]; do
  case $1 in
    --root) root=${2:?'--root <folder>'} ;;
    --program) staged=${2:?'--program <folder>'} ;;
    *) fail 'usage: install.sh [--root <folder>] [--program <folder>]' ;;
  esac
  shift 2
done
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$root/opt/memory-central
units=$root/etc/systemd/system
settings=$root/etc/memory-central

[ "$(id -u)" = 0 ] || fail 'It makes users and services: run it as root.'
[ -n "$staged" ] || [ -d "$source/node_modules" ] || fail "There are no packages yet: cd $source && npm ci --ignore-scripts"
node -e 'const [a,b]=process.versions.node.split(".");process.exit(a>20||(a==20&&b>=18)?0:1)' || fail 'Node is too old: install 20.18 or newer.'

# The program, made aside, so that a running one is whole until it is replaced.
rm -rf "$program.new"
mkdir -p "${program%/*}"
if [ -n "$staged" ]; then
  cp -r "$staged" "$program.new"
else
  (cd "$source" && node --import tsx src/build/stage.ts "$program.new")
fi
rm -rf "$program.new/deploy"
cp -r "$source/deploy" "$program.new/deploy"
cp "$source/docs/operations.md" "$program.new/deploy/operations.md"
rm -f "$program.new/deploy/.env"
chmod -R u=rwX,go=rX "$program.new"
rm -rf "$program.old"
if [ -d "$program" ]; then mv "$program" "$program.old"; fi
mv "$program.new" "$program"
rm -rf "$program.old"

install -d -m 755 "$units" "$settings" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d"
install -m 644 "$source/deploy/systemd/sysusers.conf" "$root/usr/lib/sysusers.d/memory-central.conf"
install -m 644 "$source/deploy/systemd/tmpfiles.conf" "$root/usr/lib/tmpfiles.d/memory-central.conf"
for unit in "$source"/deploy/systemd/*.{service,timer}; do install -m 644 "$unit" "$units/"; done
# Settings are made once, and are nobody else's to read.
for name in memory-central backup; do
  if [ ! -e "$settings/$name.env" ]; then
    install -m 640 "$source/deploy/systemd/$name.env" "$settings/$name.env"
    if [ "$name" = memory-central ]; then
      sed -i "s|^MEMORY_ENCRYPTION_KEY=$|MEMORY_ENCRYPTION_KEY=$(openssl rand -base64 32)|" "$settings/$name.env"
    fi
  fi
done
systemd-sysusers ${root:+--root="$root"} memory-central.conf
systemd-tmpfiles ${root:+--root="$root"} --create memory-central.conf

if [ -z "$root" ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable memory-central.service
fi
cat <<END
Installed in ${root:-/}. Settings: $settings/memory-central.env
  systemctl start memory-central                       the server: REST on 8000, MCP on 9000
  systemctl enable --now memory-central-worker         background work, beside a central Redis
  systemctl enable --now memory-central-backup.timer   a copy of Redis each day (settings: $settings/backup.env)
END
