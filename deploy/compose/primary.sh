#!/usr/bin/env bash
# Run once, when the first server is made: the replica may copy it and follow it.
set -euo pipefail
psql --username toroku --dbname toroku --set password="$POSTGRES_PASSWORD" <<'SQL'
create role replica with replication login password :'password';
SQL
echo 'host replication replica samenet scram-sha-256' >>"$PGDATA/pg_hba.conf"
# Wait for the replica before a change is acknowledged (and stop when it does):
# echo "synchronous_standby_names = 'replica'" >>"$PGDATA/postgresql.conf"
