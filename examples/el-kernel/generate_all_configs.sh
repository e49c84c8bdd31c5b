#!/bin/sh
# Gives the configs of this folder the names they have in a prepared tree:
# kernel-<cpu>[-variant]-<flavor>.config becomes kernel-<version>-<cpu>[-variant].config.
set -e

for config in kernel-*-"$FLAVOR".config; do
	rest=${config#kernel-}
	mv "$config" "kernel-$SPECVERSION-${rest%-"$FLAVOR".config}.config"
done
