# What the kernel command line says of network and root: in the kernel's own words
# (Documentation/admin-guide/nfs/nfsroot.rst) and in those of dracut.cmdline(7), so that the boot
# loaders' configurations for either kind of kernel work here.
#
# Everything in this file only reads its arguments and sets variables.

# The methods of ip= that ask somebody for an address, and those that do not.
is_method() {
	case $1 in
	dhcp | on | any | both | bootp | rarp | single-dhcp | dhcp6 | auto6 | either6 | link6 | off | none | static) ;;
	*) return 1 ;;
	esac
}

# fields TEXT: its parts between colons, with "|" between them instead. Colons within brackets
# (IPv6 addresses) stay, and the brackets go.
fields() {
	fields_rest=$1
	fields_text=
	while :; do
		case $fields_rest in
		'['*']'*)
			fields_part=${fields_rest#?}
			fields_part=${fields_part%%]*}
			fields_rest=${fields_rest#*]}
			;;
		*)
			fields_part=${fields_rest%%:*}
			fields_rest=${fields_rest#"$fields_part"}
			;;
		esac
		fields_text=$fields_text$fields_part
		case $fields_rest in
		:*)
			fields_text="$fields_text|"
			fields_rest=${fields_rest#:}
			;;
		*) break ;;
		esac
	done
	echo "$fields_text"
}

# prefix_of NETMASK: the length of the prefix that a netmask stands for. A length stays as it is.
prefix_of() {
	case $1 in
	*.*)
		prefix_length=0
		prefix_rest=$1.
		while [ -n "$prefix_rest" ]; do
			case ${prefix_rest%%.*} in
			255) prefix_length=$((prefix_length + 8)) ;;
			254) prefix_length=$((prefix_length + 7)) ;;
			252) prefix_length=$((prefix_length + 6)) ;;
			248) prefix_length=$((prefix_length + 5)) ;;
			240) prefix_length=$((prefix_length + 4)) ;;
			224) prefix_length=$((prefix_length + 3)) ;;
			192) prefix_length=$((prefix_length + 2)) ;;
			128) prefix_length=$((prefix_length + 1)) ;;
			esac
			prefix_rest=${prefix_rest#*.}
		done
		echo "$prefix_length"
		;;
	*) echo "$1" ;;
	esac
}

# mac_of TEXT: a MAC address as /sys shows it, of one as loaders write it: "01-52-54-00-AB-CD-EF" of
# pxelinux, where 01 stands for Ethernet, or with colons, with or without the 01.
mac_of() {
	mac_text=$(echo "$1" | tr 'ABCDEF-' 'abcdef:')
	case $mac_text in
	??:??:??:??:??:??:??) mac_text=${mac_text#??:} ;;
	esac
	echo "$mac_text"
}

# parse_ip VALUE: what one ip= says. Sets ip_device (empty: whichever there is), ip_method, and for an
# address that is given ip_address, ip_peer, ip_gateway, ip_prefix; ip_hostname, ip_nameservers,
# ip_mtu and ip_mac where they are given.
parse_ip() {
	ip_device='' ip_method='' ip_address='' ip_peer='' ip_gateway='' ip_prefix=''
	ip_hostname='' ip_nameservers='' ip_mtu='' ip_mac=''
	parse_value=$(fields "$1")
	parse_ifs=$IFS
	IFS='|'
	# shellcheck disable=SC2086
	set -f -- $parse_value
	set +f
	IFS=$parse_ifs
	if [ $# -eq 1 ]; then
		if is_method "$1"; then ip_method=$1; else ip_address=$1; fi
	elif is_method "$2"; then
		# dracut's DEVICE:METHOD[:MTU[:MAC]]. A MAC has colons of its own.
		ip_device=$1 ip_method=$2 ip_mtu=${3-}
		[ $# -lt 9 ] || ip_mac=$4:$5:$6:$7:$8:$9
	else
		# ADDRESS:SERVER:GATEWAY:NETMASK:HOSTNAME:DEVICE:METHOD, then name servers (kernel) or
		# MTU and MAC (dracut).
		ip_address=$1 ip_peer=$2 ip_gateway=${3-} ip_prefix=$(prefix_of "${4-}")
		ip_hostname=${5-} ip_device=${6-} ip_method=${7-}
		[ $# -lt 7 ] && shift $# || shift 7
		case ${1-} in
		'' | *[!0-9]*) ip_nameservers="${1-} ${2-}" ;;
		*)
			ip_mtu=$1
			[ $# -lt 7 ] || ip_mac=$2:$3:$4:$5:$6:$7
			;;
		esac
		ip_nameservers=$(echo $ip_nameservers)
	fi
	case $ip_method in
	'' | static) if [ -n "$ip_address" ]; then ip_method=none; else ip_method=dhcp; fi ;;
	on | any | both | bootp | rarp | single-dhcp) ip_method=dhcp ;;
	off) ip_method=none ;;
	esac
	# An address without a netmask has that of its class, as the kernel has it.
	if [ -n "$ip_address" ] && [ -z "$ip_prefix" ]; then
		case $ip_address in
		*:*) ip_prefix=64 ;;
		*)
			ip_prefix=24
			[ "${ip_address%%.*}" -ge 192 ] || ip_prefix=16
			[ "${ip_address%%.*}" -ge 128 ] || ip_prefix=8
			;;
		esac
	fi
}

# parse_vlan VALUE: "vlan5:eth0", "vlan0005:eth0", "eth0.5:eth0". Sets vlan_name, vlan_device, vlan_id.
parse_vlan() {
	vlan_name=${1%%:*}
	vlan_device=${1#*:}
	vlan_id=${vlan_name##*[!0-9]}
	while :; do
		case $vlan_id in
		0?*) vlan_id=${vlan_id#0} ;;
		*) break ;;
		esac
	done
}

# parse_bond VALUE: "NAME[:SLAVES[:OPTIONS[:MTU]]]" with commas between slaves and between options.
# Sets bond_name, bond_slaves, bond_options (both with spaces) and bond_mtu.
parse_bond() {
	bond_name=${1%%:*} bond_slaves='' bond_options='' bond_mtu=''
	case $1 in
	*:*:*:*) bond_mtu=${1##*:} ;;
	esac
	parse_rest=${1#"$bond_name"}
	parse_rest=${parse_rest#:}
	bond_slaves=$(echo "${parse_rest%%:*}" | tr , ' ')
	case $parse_rest in
	*:*)
		parse_rest=${parse_rest#*:}
		bond_options=$(echo "${parse_rest%%:*}" | tr ',' ' ')
		;;
	esac
	: "${bond_name:=bond0}" "${bond_slaves:=eth0 eth1}" "${bond_options:=mode=balance-rr}"
}

# parse_root VALUE: what is said of the root over NFS, in any of the forms "SERVER:/PATH,OPTIONS",
# "/PATH,OPTIONS" (nfsroot=, DHCP's option 17) and "SERVER:/PATH:OPTIONS" (dracut's root=nfs:).
# Sets root_server (perhaps empty), root_path, root_options.
parse_root() {
	root_server='' root_path='' root_options=''
	parse_rest=$1
	case $parse_rest in
	'['*']':*)
		root_server=${parse_rest%%]:*}]
		parse_rest=${parse_rest#*]:}
		;;
	/*) ;;
	*:*)
		root_server=${parse_rest%%:*}
		parse_rest=${parse_rest#*:}
		;;
	esac
	case $parse_rest in
	*,*)
		root_options=${parse_rest#*,}
		parse_rest=${parse_rest%%,*}
		;;
	*:*)
		root_options=${parse_rest##*:}
		parse_rest=${parse_rest%:*}
		;;
	esac
	# "SERVER:/PATH:OPTIONS" may have more than one option.
	case $parse_rest in
	*:*)
		root_options=${parse_rest##*:},$root_options
		parse_rest=${parse_rest%:*}
		;;
	esac
	root_path=$parse_rest
}

# parse_command_line TEXT: sets root, nfsroot, ips, vlans, bonds, names (ifname=), boot_mac,
# boot_device (bootdev=), nameservers, init, access (ro or rw), root_flags, shell and timeout. What
# may come several times has spaces between.
parse_command_line() {
	root='' nfsroot='' ips='' vlans='' bonds='' names='' boot_mac='' boot_device='' nameservers=''
	init='' access=ro root_flags='' shell='' timeout=300
	set -f
	for word in $1; do
		value=${word#*=}
		case $word in
		root=*) root=$value ;;
		nfsroot=*) nfsroot=$value ;;
		ip=*) ips="$ips $value" ;;
		vlan=*) vlans="$vlans $value" ;;
		bond=*) bonds="$bonds $value" ;;
		bond) bonds="$bonds bond0" ;;
		ifname=*) names="$names $value" ;;
		BOOTIF=*) boot_mac=$(mac_of "$value") ;;
		bootdev=*) boot_device=$value ;;
		nameserver=*) nameservers="$nameservers $value" ;;
		init=*) init=$value ;;
		ro | rw) access=$word ;;
		rootflags=*) root_flags=$value ;;
		rd.shell | rd.shell=1) shell=yes ;;
		rd.timeout=*) timeout=$value ;;
		esac
	done
	set +f
}
