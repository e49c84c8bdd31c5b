#!/bin/sh
# The first process of a stock kernel that is booted from the network. It loads the drivers of the
# machine's network cards, gets an address, mounts the root over NFS and hands over to its init. What
# it is told, it is told by the kernel command line.
#
# The lines "bootwright-init: ..." on the console tell how far it is.

export PATH=/bin:/sbin

# say TEXT: tells a person.
say() {
	echo "bootwright-init: $*" 2>/dev/null >/dev/console
}

# mark STAGE TEXT: tells that a stage of the boot is reached, once.
mark() {
	case $marks in
	*"|$*|"*) return ;;
	esac
	marks="$marks|$*|"
	say "$1: $2"
}

# uptime_seconds: whole seconds since the kernel started.
uptime_seconds() {
	read -r seconds _ </proc/uptime
	echo "${seconds%%.*}"
}

# fail WHAT WHY HINT: tells what has happened and does what was asked for that case: a shell, or what
# panic= says, as the kernel would.
fail() {
	say "FAILED: $1"
	say "why: $2"
	say "what to do: $3"
	tell_cards
	if [ "$shell" = yes ]; then
		say 'a shell, as rd.shell asks for; when it ends, the machine starts again'
		setsid cttyhack sh
		reboot -f
	fi
	read -r panic </proc/sys/kernel/panic
	if [ "$panic" -ne 0 ]; then
		say 'starting again, as panic= says'
		sleep "${panic#-}"
		reboot -f
	fi
	say 'the machine stays like this; rd.shell gives a shell, panic=SECONDS starts it again'
	while :; do sleep 3600; done
}

# shellcheck source=command-line.sh
. /lib/bootwright/command-line.sh
# shellcheck source=drivers.sh
. /lib/bootwright/drivers.sh
# shellcheck source=network.sh
. /lib/bootwright/network.sh
# shellcheck source=root.sh
. /lib/bootwright/root.sh

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
# A machine may have no console at all; that is no reason to stop.
if true 2>/dev/null >/dev/console; then exec </dev/console >/dev/console 2>&1; fi
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir "$run"

parse_command_line "$(cat /proc/cmdline)"
marks='' settled='' asking='' asking6='' leased6='' hostname='' known_devices='' mode=first
lease_address='' lease_server='' lease_root='' lease_domain='' lease6_domain='' client='' boot_interface=''

case $root in
'' | /dev/nfs | /dev/nfs4 | nfs:* | nfs4:* | dhcp) ;;
*)
	fail "root=$root is not a root over NFS." 'This initramfs mounts no disk.' \
		'Give root=/dev/nfs with nfsroot=SERVER:/PATH, root=nfs:SERVER:/PATH, or root=dhcp.'
	;;
esac

# Until there is an address: new devices are looked for all the time, since buses, links and switches
# take theirs. What the loader said of the card that it was booted from holds for the first while.
deadline=$(($(uptime_seconds) + timeout))
patience=$(($(uptime_seconds) + 20))
load_drivers
name_cards
until settle_all "$mode"; do
	load_drivers || sleep 0.1
	name_cards
	now=$(uptime_seconds)
	if [ "$mode" = first ] && [ "$now" -ge "$patience" ]; then
		mode=all
		[ -z "$boot_mac$boot_device" ] ||
			say 'no address yet by the card that the loader named: the others are asked too'
		if [ -z "$(cards)" ]; then
			say 'no network card has a driver yet'
			tell_cards
		fi
	fi
	[ "$timeout" -eq 0 ] || [ "$now" -lt "$deadline" ] || break
done
stop_asking
if [ -z "$client" ]; then
	if [ -z "$(cards)" ]; then
		fail 'There is no network card.' \
			'None is in the machine, or none of the drivers in this initramfs is for it.' \
			'See "bootwright coverage BUNDLE --lspci FILE" for what this initramfs serves.'
	elif [ -n "$settled" ]; then
		fail 'No card was to get an address.' 'ip= says so (off or none, without an address).' \
			'Give ip=dhcp, or an address.'
	elif [ -z "$asking$asking6" ]; then
		fail 'No network card has a link.' \
			'No cable is plugged in, its other end is off, or what ip=, vlan= or bond= names is not there.' \
			'Look at the cable and the switch; raise rd.timeout= if the link takes long.'
	else
		fail "Nobody gave an address to$asking$asking6." \
			'No DHCP server answers on that network, or the switch drops the first packets.' \
			'Look at the log of the DHCP server; ip=ADDRESS::GATEWAY:NETMASK::DEVICE:none gives an address by hand.'
	fi
fi
write_resolver
echo "$boot_interface" >"$run/interface"

choose_root ||
	fail 'Nobody says where the root is.' \
		'The command line has neither nfsroot= nor root=nfs:..., and DHCP no root-path (option 17).' \
		'Give nfsroot=SERVER:/PATH to the kernel.'
# The kernel asks for the version that it wants by itself.
modprobe -q nfs
mkdir -p "$new_root"
deadline=$(($(uptime_seconds) + 90))
told=
until mount_root; do
	if [ "$told" != "$root_error" ]; then
		say "root: $root_error; trying again"
		told=$root_error
	fi
	if [ "$(uptime_seconds)" -ge "$deadline" ]; then
		fail "The root $root_server:$root_path cannot be mounted: $root_error" \
			'The NFS server does not run, does not export that path to this machine, or not in that version of NFS.' \
			'Look at the server: showmount -e, its log; try vers=4 or vers=3 in nfsroot=.'
	fi
	sleep 1
done
mark root-mounted "$root_server:$root_path is mounted ($options)"

find_init ||
	fail "The root has no init${init:+ $init}." 'It is empty, or the wrong folder is exported.' \
		'Look what the server exports; init=PATH names another program.'
say "handing over to $program"
hand_over
