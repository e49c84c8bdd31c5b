#!/bin/sh
# The first process of a guest that is being proved. Its root is the NFS export
# that the kernel mounted by itself. It finds out what it is running on, posts
# that as JSON, and switches the machine off.
#
# Runs in busybox, from a read-only root; whatever fails must not keep it from
# reporting. The console lines "bootwright-guest: ..." mark the stages.

export PATH=/bin:/sbin

say() {
	echo "bootwright-guest: $*" >/dev/console
}

if [ "$1" != overlaid ]; then
	# Not even the console can be opened on a read-only export: the kernel may have started this
	# without standard streams. Until there is a /dev, nothing is redirected.
	mount -t proc proc /proc
	case $(cat /proc/mounts) in
	*' /dev devtmpfs '*) ;;
	*)
		if ! mount -t devtmpfs devtmpfs /dev; then
			mount -t tmpfs tmpfs /dev
			mknod -m 600 /dev/console c 5 1
			mknod -m 666 /dev/null c 1 3
		fi
		;;
	esac
	exec </dev/console >/dev/console 2>&1
	say init
	mount -t tmpfs tmpfs /run
	# What was loaded before anything could have been loaded on purpose.
	awk '{ print $1 }' /proc/modules >/run/modules-at-start 2>/dev/null

	# An overlay over the root, in memory: it becomes the root, and this starts again from it.
	if [ -e /etc/bootwright/overlay ]; then
		mkdir /run/upper /run/work /run/root
		modprobe -q overlay
		if mount -t overlay -o lowerdir=/,upperdir=/run/upper,workdir=/run/work overlay /run/root; then
			for folder in proc dev; do
				mount -o move "/$folder" "/run/root/$folder"
			done
			mount -o bind /run /run/root/run
			# The export stays in /mnt, where the report finds it.
			cd /run/root && pivot_root . mnt &&
				exec chroot . /sbin/init overlaid </dev/console >/dev/console 2>&1
		fi
		say 'no overlay'
	fi
fi

mount -t sysfs sysfs /sys

report=/run/report.json

# Standard input as one JSON string. awk works byte by byte here, so UTF-8 passes through.
json_string() {
	awk '
		BEGIN {
			for (i = 1; i < 32; i++) escape[sprintf("%c", i)] = sprintf("\\u%04x", i)
			escape["\\"] = "\\\\"; escape["\""] = "\\\""; escape["\t"] = "\\t"; escape["\n"] = "\\n"
			printf "\""
		}
		{
			if (NR > 1) printf "\\n"
			count = length($0)
			for (i = 1; i <= count; i++) {
				c = substr($0, i, 1)
				printf "%s", (c in escape) ? escape[c] : c
			}
		}
		END { printf "\"" }
	'
}

# json_text NAME VALUE: a member whose value is a string.
json_text() {
	printf '"%s":' "$1"
	printf '%s' "$2" | json_string
}

# json_file NAME FILE: a member with the text of a file, or null.
json_file() {
	if [ -r "$2" ]; then
		printf '"%s":' "$1"
		json_string <"$2" 2>/dev/null
	else
		printf '"%s":null' "$1"
	fi
}

# The name that a link ends in, or nothing.
link_name() {
	[ -e "$1" ] && basename "$(readlink -f "$1")"
}

interfaces() {
	separator=
	for interface in /sys/class/net/*; do
		# Only what stands for hardware: bridges, tunnels and lo have no device.
		[ -e "$interface/device" ] || continue
		name=${interface##*/}
		printf '%s{' "$separator"
		json_text name "$name"
		printf ','
		json_file mac "$interface/address"
		printf ','
		json_text address "$(ip -4 -o addr show dev "$name" 2>/dev/null |
			awk '{ for (i = 1; i < NF; i++) if ($i == "inet") { sub("/.*", "", $(i + 1)); print $(i + 1); exit } }')"
		printf ','
		json_text driver "$(link_name "$interface/device/driver")"
		printf ','
		json_text module "$(link_name "$interface/device/driver/module")"
		printf '}'
		separator=,
	done
}

# load NAME: loads a module, and says what came of it.
load() {
	output=$(modprobe "$1" 2>&1)
	status=$?
	printf '%s{' "$separator"
	json_text name "$1"
	printf ',"status":%d,' "$status"
	json_text output "$output"
	printf '}'
	separator=,
	return "$status"
}

# Loads each module that the lab asks for, and of a sample as many as it asks for.
modules() {
	separator=
	while read -r name; do
		[ -n "$name" ] && load "$name"
	done </etc/bootwright/modules
	[ -e /etc/bootwright/sample ] || return
	wanted=$(cat /etc/bootwright/sample-count)
	while [ "$wanted" -gt 0 ] && read -r name; do
		load "$name" && wanted=$((wanted - 1))
	done </etc/bootwright/sample
}

pci_devices() {
	separator=
	for device in /sys/bus/pci/devices/*; do
		[ -e "$device/modalias" ] || continue
		printf '%s{' "$separator"
		json_text slot "${device##*/}"
		printf ','
		json_file modalias "$device/modalias"
		printf ','
		json_text driver "$(link_name "$device/driver")"
		printf '}'
		separator=,
	done
}

dmi() {
	separator=
	for name in sys_vendor product_name product_version product_uuid bios_vendor bios_version; do
		[ -r "/sys/class/dmi/id/$name" ] || continue
		printf '%s' "$separator"
		json_file "$name" "/sys/class/dmi/id/$name"
		separator=,
	done
}

# Whether what is written into the root is there afterwards, in a file that was there and a new one.
root_takes_writes() {
	if echo written 2>/dev/null >/etc/bootwright/new && echo more 2>/dev/null >>/etc/bootwright/modules &&
		[ "$(cat /etc/bootwright/new)" = written ] && grep -q '^more$' /etc/bootwright/modules; then
		echo true
	else
		echo false
	fi
}

write_report() {
	printf '{"schema":1,'
	json_text release "$(uname -r)"
	printf ','
	json_text version "$(uname -v)"
	printf ','
	json_text machine "$(uname -m)"
	printf ','
	json_file commandLine /proc/cmdline
	printf ','
	# 3: the firmware does Secure Boot, 2: it does not (zero-page.rst, 1EC); older kernels have no such file.
	printf '"secureBoot":%s,' "$(od -An -tu1 -j 492 -N 1 /sys/kernel/boot_params/data 2>/dev/null | grep -o '[0-9]*' || echo null)"
	json_text root "$(awk '($2 == "/" || $2 == "/mnt") && $3 ~ /^nfs/ { print $1, $3, $4; exit }' /proc/mounts)"
	printf ','
	json_text rootType "$(awk '$2 == "/" && $1 != "rootfs" { type = $3 } END { print type }' /proc/mounts)"
	printf ',"rootTakesWrites":%s' "$(root_takes_writes)"
	printf ','
	json_text modulesAtStart "$(cat /run/modules-at-start)"
	printf ',"interfaces":['
	interfaces
	printf '],'
	json_file signatureEnforcement /sys/module/module/parameters/sig_enforce
	printf ',"modules":[%s],' "$modules_tried"
	json_text modulesAtEnd "$(awk '{ print $1 }' /proc/modules 2>/dev/null)"
	printf ','
	json_file tainted /proc/sys/kernel/tainted
	printf ',"hardware":{"pci":['
	pci_devices
	printf '],"dmi":{'
	dmi
	printf '},'
	json_text processor "$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)"
	printf ',"processors":%d,' "$(grep -c '^processor' /proc/cpuinfo)"
	printf '"memoryKiB":%d},' "$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)"
	# Levels 0 to 3: emergencies, alerts, critical conditions and errors.
	json_text kernelErrors "$(dmesg -r 2>/dev/null | awk '/^<[0-3]>/')"
	printf '}\n'
}

modules_tried=$(modules)
say modules
write_report >"$report"

sent=no
for _ in 1 2 3; do
	if wget -q -O /dev/null --header 'Content-Type: application/json' --post-file "$report" \
		"$(cat /etc/bootwright/report-url)" 2>/run/wget.log; then
		sent=yes
		break
	fi
	sleep 1
done
if [ "$sent" = yes ]; then
	say reported
else
	say "report not posted: $(cat /run/wget.log)"
	say report-begin
	cat "$report" >/dev/console
	say report-end
fi

sync
say off
poweroff -f
