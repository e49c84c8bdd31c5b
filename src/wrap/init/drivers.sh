# Finds the hardware and loads its drivers, as udev would: each device that the kernel has found tells
# by its modalias which modules are for it.

# modprobe NAME...: not busybox's own, which knows nothing of packed modules; a shell that has its
# programs in itself would take that one.
modprobe() {
	/sbin/modprobe "$@"
}

# load_drivers: loads the modules of the devices that are there. Fails if none has come since the last
# time: a bus that was loaded (USB, a switch) shows its devices a little later.
load_drivers() {
	found=$(cat /sys/bus/*/devices/*/modalias 2>/dev/null | sort -u)
	[ "$found" != "$known_devices" ] || return 1
	known_devices=$found
	set -f
	# shellcheck disable=SC2086
	modprobe -a -b -q $found 2>/dev/null
	set +f
	return 0
}

# cards: the names of the network interfaces that stand for a device.
cards() {
	for card in /sys/class/net/*/device; do
		[ -e "$card" ] || continue
		card=${card%/device}
		echo "${card##*/}"
	done
}

# card_with MAC: the name of the interface of a card with that address.
card_with() {
	for card in $(cards); do
		if [ "$(cat "/sys/class/net/$card/address")" = "$1" ]; then
			echo "$card"
			return 0
		fi
	done
	return 1
}

# has_device NAME: whether there is an interface of that name.
has_device() {
	[ -e "/sys/class/net/$1" ]
}

# driver_of INTERFACE: what drives it.
driver_of() {
	basename "$(readlink "/sys/class/net/$1/device/driver" 2>/dev/null)" 2>/dev/null
}

pci_devices=/sys/bus/pci/devices

# describe_cards: a line for each card, for a person. Why a driver was not loaded, it says only when it
# is asked for once more.
describe_cards() {
	for card in $(cards); do
		carrier=$(cat "/sys/class/net/$card/carrier" 2>/dev/null)
		case $carrier in
		1) carrier='link is up' ;;
		*) carrier='no link' ;;
		esac
		echo "$card $(cat "/sys/class/net/$card/address") $(driver_of "$card"), $carrier"
	done
	for device in "$pci_devices"/*; do
		case $(cat "$device/class" 2>/dev/null) in
		0x02*)
			[ ! -e "$device/driver" ] || continue
			alias=$(cat "$device/modalias")
			why=$(modprobe -b "$alias" 2>&1)
			echo "${device##*/} $alias has no driver${why:+: $why}"
			;;
		esac
	done
}

# tell_cards: tells a person of each card.
tell_cards() {
	describe_cards | while read -r line; do say "card: $line"; done
}
