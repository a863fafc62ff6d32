#!/usr/bin/env bash
# A dump once a day, of which the newest 30 are kept, and after it the attached files, which are only ever added.
# Restore one with pg_restore, then run toroku verify --files on it with a copy of the files.
set -euo pipefail
umask 077
while true; do
  name="toroku-$(date -u +%Y%m%dT%H%M%SZ).dump"
  if pg_dump --host="$DATABASE_HOST" --username=toroku --dbname=toroku --format=custom --file="/dumps/$name.part"; then
    pg_restore --list "/dumps/$name.part" >/dev/null
    cp --archive --update /files /dumps/
    mv "/dumps/$name.part" "/dumps/$name"
    ls -1 /dumps/toroku-*.dump | sort -r | tail -n +31 | xargs -r rm --
    sleep 86400
  else
    rm -f -- "/dumps/$name.part"
    sleep 600 # the database is lost, or on its way to another server
  fi
done
