#!/bin/sh
# What `npm run demo`, `npm test` and their like start: sets up what is missing, then runs the job.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
job=${1:?usage: run.sh demo|test|test-fast|bench|fuzz [ARG ...]}
shift
case $job in
demo) purpose=demo ;;
test | test-fast | bench | fuzz) purpose=test ;;
*)
  echo "run.sh: unknown job \"$job\"" >&2
  exit 2
  ;;
esac
. "$root/setup/packages.sh"
. "$root/setup/node.sh"
PATH=$(dirname "$node"):$PATH
export PATH
cd "$root"
case $job in
demo) exec "$node" --disable-warning=ExperimentalWarning scripts/demo.ts "$@" ;;
test) exec "$node" --disable-warning=ExperimentalWarning scripts/test.ts "$@" ;;
test-fast) exec "$node" --disable-warning=ExperimentalWarning scripts/test.ts --fast "$@" ;;
bench) exec "$node" --disable-warning=ExperimentalWarning bench/main.ts "$@" ;;
fuzz) exec "$node" --disable-warning=ExperimentalWarning fuzz/main.ts "$@" ;;
esac
