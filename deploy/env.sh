#!/usr/bin/env bash
# Writes .env beside compose.yaml from .env.example, with fresh secrets; what is set already stays, so that it can be run again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

umask 077
touch .env
chmod 600 .env
while IFS= read -r line; do
  [[ $line =~ ^([A-Z0-9_]+)=(.*)$ ]] || continue
  name=${BASH_REMATCH[1]}
  value=${BASH_REMATCH[2]}
  if grep -q "^$name=" .env; then continue; fi
  case $name in
    *_PASSWORD) value=$(openssl rand -hex 24) ;;
    MEMORY_ENCRYPTION_KEY) value=$(openssl rand -base64 32) ;;
  esac
  echo "$name=$value" >>.env
done <.env.example
echo "$PWD/.env"
