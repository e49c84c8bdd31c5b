#!/bin/sh
# Called by udhcpc and udhcpc6 with what has come of their asking. It only writes down the lease, for
# init to take: a file that is there is whole.

[ "$1" = bound ] || exit 0

# line NAME VALUE: a shell assignment, whatever the server has put into the value: one with a quote
# is none.
line() {
	case $2 in
	*"'"*) ;;
	*) echo "$1='$2'" ;;
	esac
}

# lease4: what udhcpc was told.
# shellcheck disable=SC2154
lease4() {
	line lease_address "$ip"
	line lease_netmask "${mask:-$subnet}"
	line lease_gateway "${router%% *}"
	line lease_routes "$staticroutes"
	line lease_nameservers "$dns"
	line lease_domain "$domain"
	line lease_hostname "$hostname"
	line lease_mtu "$mtu"
	line lease_root "$rootpath"
	line lease_server "${siaddr:-$serverid}"
	line lease_dhcp_server "$serverid"
}

# lease6: what udhcpc6 was told.
# shellcheck disable=SC2154
lease6() {
	line lease6_address "$ipv6"
	line lease6_nameservers "$dns"
	line lease6_domain "${search%% *}"
}

# Only udhcpc6 sets ipv6. A device may have a lease of each kind.
# shellcheck disable=SC2154
if [ -n "$ipv6" ]; then
	lease=/run/bootwright/$interface.lease6
	lease6 >"$lease.part"
else
	lease=/run/bootwright/$interface.lease
	lease4 >"$lease.part"
fi
mv "$lease.part" "$lease"
