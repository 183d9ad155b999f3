# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl enter: what is mounted for the program alone.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	etc=
}

teardown() {
	common_teardown
}

# with_netns COMMAND…: in a mnt namespace with an /etc and a /run/netns of its own, where net namespace "blue" has files.
with_netns() {
	unshare --mount --propagation private sh -ec '
		cp -a /etc/. "$1/etc"
		mount --bind "$1/etc" /etc
		mkdir -p /run/netns /etc/netns/blue/dir
		mount -t tmpfs run /run/netns
		touch /run/netns/blue
		unshare --net sh -c "mount --bind /proc/self/ns/net /run/netns/blue; ip link add odd0 type bridge"
		rm -f /etc/resolv.conf
		echo "nameserver 10.0.0.1" >/etc/resolv.conf
		echo plain >/etc/nsctl-file
		mkdir -p /etc/nsctl-dir
		eval "$2"
		shift 2
		exec "$@"' sh "$@"
}

blue() { # blue PREPARATION COMMAND…
	mkdir -p "$scratch/etc"
	with_netns "$scratch" "$@"
}

@test "netns:NAME: the files of /etc/netns/NAME, as ip netns exec" {
	local files='echo "nameserver 10.9.8.7" >/etc/netns/blue/resolv.conf; mkdir /etc/netns/blue/nsctl-dir
		echo in >/etc/netns/blue/nsctl-dir/x; rmdir /etc/netns/blue/dir' command
	for command in "$nsctl enter netns:blue" "ip netns exec blue"; do
		# shellcheck disable=SC2086 # words
		is "$(blue "$files" $command cat /etc/resolv.conf /etc/nsctl-dir/x /etc/nsctl-file)" "nameserver 10.9.8.7
in
plain"
		rm -rf "${scratch:?}/etc"
	done
}

@test "netns:NAME: the caller's /etc stays as it is" {
	# shellcheck disable=SC2016
	is "$(blue 'echo "nameserver 10.9.8.7" >/etc/netns/blue/resolv.conf; rmdir /etc/netns/blue/dir' sh -c \
		'"$1" enter netns:blue true; cat /etc/resolv.conf; grep -cF 10.9 /proc/self/mountinfo' sh "$nsctl")" "nameserver 10.0.0.1
0"
}

@test "netns:NAME: /sys is of that net namespace" {
	is "$(blue 'rmdir /etc/netns/blue/dir' "$nsctl" enter netns:blue ls /sys/class/net)" "lo
odd0"
	[ "$(ls /sys/class/net)" != "lo
odd0" ]
}

@test "netns:NAME: what has no counterpart in /etc is left out, and said" {
	run --separate-stderr blue 'echo x >/etc/netns/blue/nsctl-dir; echo y >/etc/netns/blue/nsctl-none' "$nsctl" enter netns:blue ls /etc/nsctl-dir
	is "$status:$output" 0:
	is "${#stderr_lines[@]}" 1
	[[ $stderr == *"warning: /etc/netns/blue/"*" has no counterpart in /etc, and is left out"* ]]
}

@test "netns:NAME with a link for resolv.conf: what it leads to is covered" {
	is "$(blue 'rmdir /etc/netns/blue/dir; mv /etc/resolv.conf /etc/real; ln -s real /etc/resolv.conf
		echo new >/etc/netns/blue/resolv.conf' "$nsctl" enter netns:blue cat /etc/resolv.conf)" new
}

@test "netns:NAME and a mnt namespace: its own /etc" {
	start_unshared --mount --uts
	run --separate-stderr blue 'echo x >/etc/netns/blue/nsctl-file' "$nsctl" enter "$pid" netns:blue -- cat /etc/nsctl-file
	[ "$status" -ne 0 ]
	[[ $stderr == *"/etc/nsctl-file"* ]]
}

@test "the file of the same net namespace brings no files of /etc" {
	is "$(blue 'echo x >/etc/netns/blue/nsctl-file' "$nsctl" enter /run/netns/blue cat /etc/nsctl-file)" plain
	is "$(blue 'echo x >/etc/netns/blue/nsctl-file' "$as_nsenter" -n/run/netns/blue cat /etc/nsctl-file)" plain
}

@test "--mount-sys: a /sys of the net namespace, for the program alone" {
	start_unshared --net
	is "$("$nsctl" enter -n --mount-sys "$pid" ls /sys/class/net)" lo
	is "$("$nsctl" enter --mount-sys "net:[$(inode_of "$pid" net)]" ls /sys/class/net)" lo
	is "$("$nsctl" enter -n "$pid" ls /sys/class/net)" "$(ls /sys/class/net)"
	start_in --pid --net
	is "$("$nsctl" enter --mount-sys --mount-proc "$pid" sh -c 'ls /sys/class/net; cat /proc/1/comm')" "lo
sleep"
}

@test "--mount-sys in a user's own namespaces" {
	start_unshared_as_user --user --map-root-user --net
	is "$(as_user "$nsctl" enter --mount-sys "$pid" ls /sys/class/net)" lo
}

# A process with a net and a mnt namespace of its own, and these files in its /etc.
start_with_dns() { # start_with_dns SCRIPT
	mkdir "$scratch/target"
	start unshare --net --mount --propagation private sh -ec 'cp -a /etc/. "$1"; mount --bind "$1" /etc
		rm -f /etc/resolv.conf /etc/hosts; '"$1"'; exec sleep 1000' sh "$scratch/target"
	wait_for runs "$pid" sleep
}

# In an /etc of the test's own: that of the machine may have no such files.
with_files() {
	mkdir -p "$scratch/etc"
	unshare --mount --propagation private sh -ec 'cp -a /etc/. "$1"; mount --bind "$1" /etc; rm -f /etc/resolv.conf /etc/hosts
		echo mine >/etc/resolv.conf; echo mine >/etc/hosts; shift; exec "$@"' sh "$scratch/etc" "$@"
}

@test "--dns: the target's resolv.conf and hosts, and this side's everything else" {
	start_with_dns 'echo its >/etc/resolv.conf; echo hosts >/etc/hosts; echo its >/etc/nsctl-file'
	is "$(with_files "$nsctl" enter -n --dns "$pid" sh -c 'cat /etc/resolv.conf /etc/hosts; ls /etc/nsctl-file 2>&1; stat -c %a /etc/hosts; cat /proc/self/comm')" \
		"its
hosts
ls: cannot access '/etc/nsctl-file': No such file or directory
644
cat"
	is "$(with_files "$nsctl" enter -n "$pid" cat /etc/resolv.conf)" mine
}

@test "--dns: a file that the target does not have is empty" {
	start_with_dns true
	is "$(with_files "$nsctl" enter -n --dns "$pid" sh -c 'wc -c </etc/resolv.conf; wc -c </etc/hosts')" "0
0"
}

@test "--dns: links out of the target's root and devices are not followed or read" {
	start_with_dns 'ln -s /dev/zero /etc/resolv.conf'
	refuses 125 "cannot copy '/etc/resolv.conf' of process $pid" with_files timeout -s KILL 10 "$nsctl" enter -n --dns "$pid" echo ran
}

@test "--dns: a file that is too long" {
	start_with_dns 'truncate -s 100M /etc/hosts'
	refuses 125 "cannot copy '/etc/hosts' of process $pid: File too large" with_files "$nsctl" enter -n --dns "$pid" echo ran
}

@test "--dns needs a process" {
	refuses 125 "--dns needs a process" "$nsctl" enter --dns "net:[$(inode_of self net)]" echo ran
}

@test "in a chroot nothing is mounted for the caller" {
	mkdir -p "$scratch/root"/{usr,proc,sys,etc}
	local dir
	for dir in bin sbin lib lib64; do
		[ ! -L "/$dir" ] || cp -P "/$dir" "$scratch/root/$dir"
	done
	cp "$nsctl" "$scratch/root/etc/nsctl"
	echo mine >"$scratch/root/etc/resolv.conf"
	echo mine >"$scratch/root/etc/hosts"
	start_unshared --net
	# shellcheck disable=SC2016
	run -0 unshare --mount --propagation shared sh -ec 'mount --rbind /usr "$1/usr"; mount -t proc proc "$1/proc"
		for option in --mount-sys --dns; do
			chroot "$1" /etc/nsctl enter -n $option "$2" echo ran 2>&1 || echo "$?"
		done
		grep -c "$1/etc\|$1/sys" /proc/self/mountinfo || true' sh "$scratch/root" "$pid"
	is "${lines[0]}" "nsctl enter: cannot separate '/sys' from the caller's mounts: Invalid argument; in a chroot it has to be a mount point"
	is "${lines[1]}" 125
	is "${lines[3]}" 125
	is "${lines[4]}" 0
}

# At a terminal: what it shows.
at_terminal() {
	script -qec "$(printf '%q ' "$@")" /dev/null </dev/null 2>&1
}

@test "at a terminal, a net namespace alone: a warning about what stays the caller's; elsewhere none" {
	start_unshared --net
	[[ $(at_terminal "$nsctl" enter -n "$pid" true) == *"warning: /sys and /etc/resolv.conf are the caller's"*"use --mount-sys, and --dns"* ]]
	[[ $(at_terminal "$nsctl" enter "net:[$(inode_of "$pid" net)]" true) == *"warning: /sys is the caller's"* ]]
	is "$(at_terminal "$nsctl" enter -n --mount-sys "$pid" true)" ""
	is "$(at_terminal "$as_nsenter" -n -t "$pid" true)" ""
	is "$("$nsctl" enter -n "$pid" true 2>&1)" ""
	start_unshared --net --mount
	is "$(at_terminal "$nsctl" enter "$pid" true)" ""
}

@test "at a terminal, a cgroup namespace without its cgroup: said; where it is joined, or the caller's own, not" {
	local top group
	top=$(findmnt -rno TARGET -t cgroup2 | head -1)
	[ -n "$top" ] || skip "no cgroup v2 here"
	start_unshared --cgroup
	is "$(at_terminal "$nsctl" enter "$pid" true)" ""
	group=$top/nsctl-mounts-$unique
	mkdir "$group"
	start sh -c 'echo $$ >"$1/cgroup.procs"; exec unshare --cgroup sleep 1000' sh "$group"
	wait_for runs "$pid" sleep
	local said joined
	said=$(at_terminal "$nsctl" enter --no-join-cgroup "$pid" true)
	joined=$(at_terminal "$nsctl" enter "$pid" cat /proc/self/cgroup)
	stop "$pid"
	wait_for rmdir "$group"
	[[ $said == *"warning: the program stays in the caller's cgroup"* ]]
	[[ $joined != *warning* && $joined == *0::/* ]]
}
