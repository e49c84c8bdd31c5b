#!/bin/bash
# Completes every config of this folder by the tree's own olddefconfig, and puts
# the architecture's name for make into its first line. Foreign architectures are
# configured with the tree's stand-ins for a cross compiler.
#
# usage: process_configs.sh [-n] VERSION
#   -n  fail when the tree has an option that a config says nothing about
set -e

new_options_are_errors=
if [[ "$1" == -n ]]; then
	new_options_are_errors=yes
	shift
fi
version=$1
configs=$(cd "$(dirname "$0")" && pwd)
tree=$(dirname "$configs")
failed=

for config in "$configs/kernel-$version"-*.config; do
	arch=$(head -1 "$config" | cut -b 3-)
	work=$config.work
	cp "$config" "$work"
	make=(make -s -C "$tree" "ARCH=$arch" "KCONFIG_CONFIG=$work")
	if [[ "$arch" != x86_64 || $(uname -m) != x86_64 ]]; then
		make+=("CROSS_COMPILE=scripts/dummy-tools/")
	fi
	echo "Processing $(basename "$config") ..."
	if [[ -n "$new_options_are_errors" ]]; then
		new=$("${make[@]}" listnewconfig | grep '^CONFIG_' || true)
		if [[ -n "$new" ]]; then
			echo "Found options that $(basename "$config") does not set:"
			echo "$new"
			failed=yes
		fi
	fi
	"${make[@]}" olddefconfig > /dev/null
	{
		echo "# $arch"
		cat "$work"
	} > "$config"
	rm -f "$work" "$work.old"
done

[[ -z "$failed" ]]
