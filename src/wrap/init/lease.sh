#!/bin/sh
# Called by udhcpc with what has come of its asking. It only writes down the lease, for init to take:
# a file that is there is whole.

[ "$1" = bound ] || exit 0

# line NAME VALUE: a shell assignment, whatever the server has put into the value: one with a quote
# is none.
line() {
	case $2 in
	*"'"*) ;;
	*) echo "$1='$2'" ;;
	esac
}

# shellcheck disable=SC2154
{
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
} >"/run/bootwright/$interface.part"
mv "/run/bootwright/$interface.part" "/run/bootwright/$interface.lease"
