# Brings the network up: names, bonds and VLANs, then an address for each device that is to have one.

run=/run/bootwright

# name_cards: gives cards the names that ifname=NAME:MAC wants.
name_cards() {
	for entry in $names; do
		wanted=${entry%%:*}
		card=$(card_with "$(mac_of "${entry#*:}")") || continue
		[ "$card" != "$wanted" ] || continue
		ip link set dev "$card" down
		ip link set dev "$card" name "$wanted" && say "$card is $wanted"
	done
}

# make_bonds: makes what bond= asks for. The mode has to be set before there are slaves, and a slave
# has to be down (Documentation/networking/bonding.rst).
make_bonds() {
	for entry in $bonds; do
		parse_bond "$entry"
		has_device "$bond_name" && continue
		for slave in $bond_slaves; do
			has_device "$slave" || return 1
		done
		modprobe bonding max_bonds=0 2>/dev/null
		echo "+$bond_name" >/sys/class/net/bonding_masters || return 1
		settings=/sys/class/net/$bond_name/bonding
		for option in $bond_options; do
			echo "${option#*=}" >"$settings/${option%%=*}" || say "bond=: $option is not taken"
		done
		[ -z "$bond_mtu" ] || ip link set dev "$bond_name" mtu "$bond_mtu"
		for slave in $bond_slaves; do
			ip link set dev "$slave" down
			echo "+$slave" >"$settings/slaves" || say "bond=: $slave cannot be a part of $bond_name"
		done
		ip link set dev "$bond_name" up
		say "$bond_name is made of $bond_slaves"
	done
}

# make_vlans: makes what vlan= asks for.
make_vlans() {
	for entry in $vlans; do
		parse_vlan "$entry"
		has_device "$vlan_name" && continue
		has_device "$vlan_device" || return 1
		modprobe -q 8021q
		ip link set dev "$vlan_device" up
		ip link add link "$vlan_device" name "$vlan_name" type vlan id "$vlan_id" || return 1
		say "$vlan_name is VLAN $vlan_id of $vlan_device"
	done
}

# is_part DEVICE: whether another device stands on it, which has the address then.
is_part() {
	for entry in $bonds; do
		parse_bond "$entry"
		case " $bond_slaves " in
		*" $1 "*) return 0 ;;
		esac
	done
	for entry in $vlans; do
		parse_vlan "$entry"
		[ "$vlan_device" != "$1" ] || return 0
	done
	return 1
}

# devices_to_ask: where an address may be asked for if ip= names no device: the card that was booted
# from, if the loader has said which (BOOTIF), then whatever there is. What stands on other devices
# comes in their place.
devices_to_ask() {
	if [ -n "$vlans$bonds" ]; then
		for entry in $vlans; do
			parse_vlan "$entry"
			echo "$vlan_name"
		done
		for entry in $bonds; do
			parse_bond "$entry"
			is_part "$bond_name" || echo "$bond_name"
		done
		return
	fi
	if [ -n "$boot_device" ] && [ "$1" != all ]; then
		echo "$boot_device"
	elif [ -n "$boot_mac" ] && [ "$1" != all ]; then
		card_with "$boot_mac"
	else
		cards
	fi
}

# has_link DEVICE: whether a cable is in it, and its other end is awake.
has_link() {
	[ "$(cat "/sys/class/net/$1/carrier" 2>/dev/null)" = 1 ]
}

# ask DEVICE: asks for an address by DHCP, beside everything else; a lease lands in a file.
ask() {
	case " $asking " in
	*" $1 "*) return ;;
	esac
	asking="$asking $1"
	mark link "$1"
	udhcpc -i "$1" -f -q -t 60 -T 2 -A 2 -p "$run/$1.pid" -s /lib/bootwright/lease.sh \
		-O rootpath -O mtu -O staticroutes -O serverid >/dev/null 2>&1 &
}

# stop_asking: the others need not ask any more.
stop_asking() {
	for pid in "$run"/*.pid "$run"/*.pid6; do
		[ ! -e "$pid" ] || kill "$(cat "$pid")" 2>/dev/null
	done
}

# take_lease DEVICE: gives a device what DHCP has for it.
take_lease() {
	# shellcheck disable=SC1090
	. "$run/$1.lease"
	[ -z "$lease_mtu" ] || ip link set dev "$1" mtu "$lease_mtu" 2>/dev/null
	ip -4 addr add "$lease_address/$(prefix_of "$lease_netmask")" broadcast + dev "$1" || return 1
	if [ -n "$lease_routes" ]; then
		# Option 121 (RFC 3442): destination and gateway by turns; it replaces the router.
		# shellcheck disable=SC2086
		set -- "$1" $lease_routes
		while [ $# -ge 3 ]; do
			device=$1 destination=$2 gateway=$3
			shift 3
			case $gateway in
			0.0.0.0) ip -4 route add "$destination" dev "$device" ;;
			*) ip -4 route add "$destination" via "$gateway" dev "$device" ;;
			esac 2>/dev/null
			set -- "$device" "$@"
		done
	elif [ -n "$lease_gateway" ]; then
		ip -4 route add default via "$lease_gateway" dev "$1"
	fi
	: "${hostname:=$lease_hostname}"
	nameservers="$nameservers $lease_nameservers"
	client=$lease_address
	mark address "$1 $lease_address from $lease_dhcp_server"
}

# give_address DEVICE: the address that ip= has for it.
give_address() {
	case $ip_address in
	*:*)
		ip -6 addr add "$ip_address/$ip_prefix" dev "$1" nodad 2>/dev/null ||
			ip -6 addr add "$ip_address/$ip_prefix" dev "$1" || return 1
		[ -z "$ip_gateway" ] || ip -6 route add default via "$ip_gateway" dev "$1"
		;;
	*)
		ip -4 addr add "$ip_address/$ip_prefix" broadcast + dev "$1" || return 1
		[ -z "$ip_gateway" ] || ip -4 route add default via "$ip_gateway" dev "$1"
		;;
	esac
	client=$ip_address
	mark address "$1 $ip_address, as ip= says"
}

# has_address6 DEVICE SCOPE [PREFIX]: whether it has an IPv6 address that nobody else has, and the
# kernel knows that nobody has; sets address6.
has_address6() {
	address6=$(ip -6 -o addr show dev "$1" scope "$2" 2>/dev/null |
		awk -v prefix="$3" '/tentative|dadfailed/ || (prefix && $4 !~ "/" prefix "$") { next }
			{ sub("/.*", "", $4); print $4; exit }')
	[ -n "$address6" ]
}

# ask_router DEVICE: the kernel does it by itself.
ask_router() {
	case " $asking6 " in
	*" $1 "*) return ;;
	esac
	asking6="$asking6 $1"
	mark link "$1"
	[ "$ip_method" != dhcp6 ] ||
		say "$1: this busybox knows no DHCPv6 (udhcpc6); a router's prefix is waited for"
}

# ask_dhcp6 DEVICE: asks for an address by DHCPv6, beside everything else; a lease lands in a file.
# Who asks needs the address that the kernel makes for this cable alone (RFC 8415, section 5).
ask_dhcp6() {
	case " $asking6 " in
	*" $1 "*) return ;;
	esac
	has_address6 "$1" link || return
	asking6="$asking6 $1"
	mark link "$1"
	udhcpc6 -i "$1" -f -q -t 60 -T 2 -A 2 -p "$run/$1.pid6" -s /lib/bootwright/lease.sh \
		>/dev/null 2>&1 &
}

# take_lease6 DEVICE: gives a device what DHCPv6 has for it; fails until the address is its own. Which
# addresses are on this cable, and which router is there, the router says (RFC 5942, section 4).
take_lease6() {
	case " $leased6 " in
	*" $1 "*) ;;
	*)
		# shellcheck disable=SC1090
		. "$run/$1.lease6"
		ip -6 addr add "$lease6_address/128" dev "$1" || return 1
		leased6="$leased6 $1"
		nameservers="$nameservers $lease6_nameservers"
		;;
	esac
	has_address6 "$1" global 128
}

# settle DEVICE: gets the address of a device that is there; fails as long as it has none.
settle() {
	has_device "$1" || return 1
	ip link set dev "$1" up
	[ -z "$ip_mtu" ] || ip link set dev "$1" mtu "$ip_mtu"
	has_link "$1" || return 1
	case $ip_method in
	none)
		mark link "$1"
		[ -z "$ip_address" ] || give_address "$1"
		;;
	dhcp6 | auto6 | link6)
		if [ "$ip_method" = dhcp6 ] && command -v udhcpc6 >/dev/null; then
			ask_dhcp6 "$1"
			[ -e "$run/$1.lease6" ] || return 1
			take_lease6 "$1" || return 1
			client=$address6
			mark address "$1 $address6, by DHCPv6"
		else
			ask_router "$1"
			has_address6 "$1" global || return 1
			client=$address6
			mark address "$1 $address6, from a router's prefix"
		fi
		;;
	*)
		ask "$1"
		[ -e "$run/$1.lease" ] || return 1
		take_lease "$1"
		;;
	esac
}

# settle_any MODE: the first that gets an address has it. With "all", not only where it was booted from.
settle_any() {
	for device in $(devices_to_ask "$1"); do
		has_device "$device" && ip link set dev "$device" up
	done
	for device in $(devices_to_ask "$1"); do
		settle "$device" || continue
		boot_interface=$device
		return 0
	done
	return 1
}

# settle_all: each device that an ip= names, or whichever there is. Fails as long as one is missing.
settle_all() {
	make_bonds || return 1
	make_vlans || return 1
	missing=no
	for entry in ${ips:-dhcp}; do
		case " $settled " in
		*" $entry "*) continue ;;
		esac
		parse_ip "$entry"
		# A device of its own leaves nothing to do for the one ip=dhcp that stands before it.
		if [ -z "$ip_device" ] && names_device; then continue; fi
		: "${hostname:=$ip_hostname}"
		if [ -n "$ip_device" ]; then
			settle "$ip_device" && boot_interface=$ip_device
		else
			settle_any "$1"
		fi
		# shellcheck disable=SC2181
		if [ $? -eq 0 ]; then
			settled="$settled $entry"
			nameservers="$nameservers $ip_nameservers"
		else
			missing=yes
		fi
	done
	[ "$missing" = no ]
}

# names_device: whether some ip= names the device that it is for.
names_device() {
	for other in $ips; do
		(parse_ip "$other" && [ -n "$ip_device" ]) && return 0
	done
	return 1
}

# write_resolver: what was learned of names, for the system that comes.
write_resolver() {
	for server in $nameservers; do
		echo "nameserver $server"
	done >"$run/resolv.conf"
	domain=${lease_domain:-$lease6_domain}
	[ -z "$domain" ] || echo "search $domain" >>"$run/resolv.conf"
	[ -z "$hostname" ] || hostname "$hostname"
}
