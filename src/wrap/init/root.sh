# Finds out what the root is, mounts it and hands over.

new_root=/sysroot

# choose_root: sets root_server, root_path, root_options and root_kind by the command line, or by what
# DHCP has said (option 17). Fails if nobody has named a root.
choose_root() {
	root_kind=nfs
	case $root in
	nfs4:*) root_kind=nfs4 ;;
	/dev/nfs4) root_kind=nfs4 ;;
	esac
	case $root in
	nfs:* | nfs4:*) parse_root "${root#*:}" ;;
	*)
		if [ -n "$nfsroot" ]; then
			parse_root "$nfsroot"
		elif [ -n "$lease_root" ]; then
			parse_root "${lease_root#nfs:}"
		else
			return 1
		fi
		;;
	esac
	: "${root_server:=$lease_server}"
	[ -z "$root_flags" ] || root_options=$root_options,$root_flags
	# %s is the client's address, as in the kernel's own nfsroot=.
	case $root_path in
	*%s*) root_path=${root_path%%%s*}$client${root_path#*%s} ;;
	esac
	[ -n "$root_server" ] && [ -n "$root_path" ]
}

# versions_to_try: the versions of NFS that are tried in turn: what is asked for, or 3, which is what
# the kernel's own nfsroot= begins with, and then 4.
versions_to_try() {
	case ",$root_options," in
	*,vers=* | *,nfsvers=* | *,v3,* | *,v4,* | *,v4.?,*) echo asked ;;
	*)
		[ "$root_kind" = nfs4 ] || echo 3
		echo 4
		;;
	esac
}

# nfs_options VERSION: what the kernel is told. Nobody runs statd before there is a root, so locks of
# version 3 stay local unless somebody asks for them.
nfs_options() {
	options=$access,$root_options
	[ "$1" = asked ] || options=$options,vers=$1
	case ",$options," in
	*,lock,* | *,nolock,* | *,vers=4* | *,nfsvers=4* | *,v4*) ;;
	*) options=$options,nolock ;;
	esac
	# Commas that stand for nothing are an error to the kernel.
	echo "$options" | sed 's/,,*/,/g; s/^,//; s/,$//'
}

# mount_root: mounts it, or says why not in root_error.
mount_root() {
	for version in $(versions_to_try); do
		options=$(nfs_options "$version")
		if root_error=$(mount -t nfs -o "$options" "$root_server:$root_path" "$new_root" 2>&1); then
			return 0
		fi
	done
	return 1
}

# is_init PATH: whether the new root has a program there. A link may be an absolute one, which leads
# nowhere from here.
is_init() {
	[ -x "$new_root$1" ] || [ -L "$new_root$1" ]
}

# find_init: sets program to the first there is, in the kernel's order.
find_init() {
	for program in ${init:-/sbin/init /etc/init /bin/init /bin/sh}; do
		is_init "$program" && return 0
	done
	return 1
}

# hand_over: this becomes the new system's init, which finds /dev, /proc, /sys and /run mounted.
hand_over() {
	for folder in dev proc sys run; do
		if [ -d "$new_root/$folder" ]; then
			mount -o move "/$folder" "$new_root/$folder"
		fi
	done
	exec switch_root "$new_root" "$program"
}
