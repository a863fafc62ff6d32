#!/usr/bin/env bash
# A dump every night, of which the newest 30 are kept. Restore one with pg_restore, then run toroku verify on it.
set -euo pipefail
while true; do
  name="toroku-$(date -u +%Y%m%dT%H%M%SZ).dump"
  if pg_dump --host="$DATABASE_HOST" --username=toroku --dbname=toroku --format=custom --file="/dumps/$name.part"; then
    pg_restore --list "/dumps/$name.part" >/dev/null
    mv "/dumps/$name.part" "/dumps/$name"
    ls -1 /dumps/toroku-*.dump | sort -r | tail -n +31 | xargs -r rm --
  fi
  sleep 86400
done
