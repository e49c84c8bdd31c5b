#!/bin/sh
# modprobe, for the kernel and for init. The drivers in an initramfs are packed one by one, so that a
# machine unpacks no others than its own: what is about to be loaded is unpacked first.

busybox modprobe -D "$@" 2>/dev/null | while read -r _ file _; do
	if [ ! -e "$file" ] && [ -e "$file.xz" ]; then
		# Under a name of its own, since several may want the same one at once.
		unxz -c "$file.xz" >"$file.$$" && mv "$file.$$" "$file"
	fi
done
exec busybox modprobe "$@"
