#!/usr/bin/env bash
# Copies the first server once, then follows it.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  until pg_basebackup --host=primary --username=replica --pgdata="$PGDATA" --wal-method=stream --write-recovery-conf; do
    sleep 2
  done
  chmod 700 "$PGDATA"
fi
exec postgres -D "$PGDATA" -c hot_standby=on -c cluster_name=replica -c listen_addresses='*'
