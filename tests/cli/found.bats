# SPDX-License-Identifier: GPL-2.0-or-later
# What is found: each case makes one namespace with one holder and nothing
# else; list shows it, why explains it, and both forget it when it is let go.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program odd
}

setup() {
	needs_root
	common_setup
	declare -gA lasting=()
}

teardown() {
	local i
	for ((i = ${#mounted_in[@]} - 1; i >= 0; i--)); do
		ip netns del "${mounted_in[i]}" 2>/dev/null
	done
	common_teardown
}

# row INODE COLUMNS: of list
row() {
	"$nsctl" list -rn -o "$2" 2>/dev/null | grep "^$1 " || true
}

# remember INODE TYPE: for is_gone.
remember() {
	lasting[$1]=$(lasting_name "$2" "$1")
}

# found INODE TYPE HOLDERS: it is one row, of this type, without processes, held by these.
found() {
	remember "$1" "$2"
	is "$(row "$1" NS,TYPE,NPROCS,HOLDERS)" "$1 $2 0 $3"
	is "$("$nsctl" list -rn -o NS,TYPE,HOLDERS "$2:[$1]" 2>/dev/null)" "$1 $2 $3"
}

# holders INODE COLUMNS
holders() {
	"$nsctl" why -rn -o "$2" "$1" 2>/dev/null
}

is_gone() { # is_gone INODE
	wait_for is_freed "${lasting[$1]}"
}

# A namespace of a type, by a bind mount at $scratch/kept; its inode in $kept.
keep() {
	touch "$scratch/kept"
	unshare "--$1=$scratch/kept" true
	mounted+=("$scratch/kept")
	kept=$(stat -c %i "$scratch/kept")
}

# on_any_cpu COMMAND…: until it succeeds.  Linux 6.18 refuses to mount a mnt namespace
# whose number is lower than that of the caller's, and has numbers for each CPU.
on_any_cpu() {
	local cpu
	for cpu in $(seq 0 $(($(nproc) - 1))); do
		if taskset -c "$cpu" "$@" 2>>"$scratch/refused"; then
			return 0
		fi
	done
	cat "$scratch/refused" >&2
	return 1
}

@test "a process" {
	start_unshared --uts
	local ino
	ino=$(inode_of "$pid" uts)
	remember "$ino" uts
	is "$(row "$ino" NS,TYPE,NPROCS,NTASKS,PID,HOLDERS,COMMAND)" "$ino uts 1 1 $pid - sleep\\x201000"
	is "$(holders "$ino" HOLDER,PID,RELEASE,WHAT)" "process $pid kill\\x20$pid sleep\\x201000"
	stop "$pid"
	is_gone "$ino"
}

@test "a thread that left its leader's" {
	start_odd threads
	local ino
	ino=$(inode_of "$told" net)
	found "$ino" net thread
	is "$(row "$ino" NS,NTASKS,PID,PATH)" "$ino 1 $pid /proc/$pid/task/$told/ns/net"
	is "$(holders "$ino" HOLDER,PID,TID,RELEASE)" "thread $pid $told kill\\x20$pid"
	stop "$pid"
	is_gone "$ino"
}

@test "a thread of a zombie" {
	start_odd leaderless
	local ino
	wait_for grep -q '^State:.Z' "/proc/$pid/status"
	ino=$(inode_of "$told" net)
	found "$ino" net thread
	is "$(holders "$ino" HOLDER,PID,TID)" "thread $pid $told"
	stop "$pid"
	is_gone "$ino"
}

@test "what a process's children will be in: time, that nobody entered" {
	start_odd expecting
	found "$told" time for-children
	is "$(row "$told" NS,PATH)" "$told /proc/$pid/ns/time_for_children"
	is "$(holders "$told" HOLDER,PID,RELEASE)" "for-children $pid kill\\x20$pid"
	stop "$pid"
	is_gone "$told"
}

@test "what a process's children would be in: pid, whose first process ended" {
	start_odd bereft
	found "$told" pid for-children
	is "$(holders "$told" HOLDER,PID)" "for-children $pid"
	stop "$pid"
	is_gone "$told"
}

@test "an open file" {
	start_unshared --uts
	local member=$pid
	kept=$(inode_of "$pid" uts)
	start sleep 1000 9<"/proc/$member/ns/uts"
	wait_for runs "$pid" sleep
	is "$(holders "$kept" HOLDER,PID)" "process $member
file $pid"
	stop "$member"
	found "$kept" uts file
	is "$(holders "$kept" HOLDER,PID,FD,RELEASE,COMMAND)" "file $pid 9 kill\\x20$pid sleep\\x201000"
	stop "$pid"
	is_gone "$kept"
}

@test "an open file of a bind mount that was detached: its link has no inode in it" {
	keep ipc
	start sleep 1000 9<"$scratch/kept"
	wait_for runs "$pid" sleep
	umount -l "$scratch/kept"
	mounted=()
	[[ $(readlink "/proc/$pid/fd/9") != ipc* ]]
	found "$kept" ipc file
	is "$(holders "$kept" HOLDER,PID,FD)" "file $pid 9"
	[[ $("$nsctl" why -n -o WHAT "$kept" 2>/dev/null) == "descriptor 9, ipc:[$kept], no longer mounted, of "* ]]
	stop "$pid"
	is_gone "$kept"
}

@test "a socket" {
	start_odd socket
	found "$told" net socket
	is "$(holders "$told" HOLDER,PID,FD,RELEASE)" "socket $pid 3 kill\\x20$pid"
	[[ $("$nsctl" why -n -o WHAT "$told" 2>/dev/null) == *"descriptor 3, udp 0.0.0.0:0, of "* ]]
	stop "$pid"
	is_gone "$told"
}

@test "a socket that listens: its address" {
	start_odd listening
	found "$told" net socket
	[[ $("$nsctl" why -n -o WHAT "$told" 2>/dev/null) == *"descriptor 3, tcp 127.0.0.1:7 listening, of "* ]]
	stop "$pid"
	is_gone "$told"
}

@test "a bind mount" {
	keep net
	found "$kept" net mount
	is "$(row "$kept" NS,NSFS | sed "s/,.*//")" "$kept $scratch/kept"
	is "$(holders "$kept" HOLDER,RELEASE)" "mount umount\\x20$scratch/kept"
	umount "$scratch/kept"
	mounted=()
	is_gone "$kept"
}

@test "a bind mount at a name with blanks, quotes and escape sequences" {
	local point=$scratch/$'it\'s a\tname\e[31m'
	touch "$point"
	unshare "--uts=$point" true
	kept=$(stat -c %i "$point")
	found "$kept" uts mount
	local release
	release=$("$nsctl" why -J "$kept" 2>/dev/null | jq -r '.holders[0].release')
	is_clean "$release"
	is_clean "$("$nsctl" why "$kept" 2>&1)"
	is_safe "$("$nsctl" list -o +NSFS 2>&1)"
	umount "$point"
	is_gone "$kept"
}

@test "a name of ip netns" {
	local name=nsctl-test-$unique
	mounted_in+=("$name")
	ip netns add "$name"
	kept=$(stat -c %i "/run/netns/$name")
	found "$kept" net mount
	# Whoever unshared a mnt namespace meanwhile has a copy.
	is "$(holders "netns:$name" WHAT | sed 's/,.*//')" "/run/netns/$name"
	is "$(holders "/run/netns/$name" WHAT | sed 's/,.*//')" "/run/netns/$name"
	ip netns del "$name"
	is_gone "$kept"
}

@test "a bind mount at a path below /proc/PID" {
	start_unshared --uts
	keep net
	mount --move "$scratch/kept" "/proc/$pid/environ" 2>/dev/null || mount --bind "$scratch/kept" "/proc/$pid/environ"
	mounted+=("/proc/$pid/environ")
	umount "$scratch/kept" 2>/dev/null || true
	mounted=("/proc/$pid/environ")
	found "$kept" net mount
	is "$(holders "$kept" HOLDER,WHAT | sed 's/,.*//')" "mount /proc/$pid/environ"
	umount "/proc/$pid/environ"
	mounted=()
	is_gone "$kept"
}

@test "a bind mount in another mnt namespace, found without entering it" {
	touch "$scratch/kept"
	start unshare --mount --propagation private sh -c 'unshare --uts="$1" true; exec sleep 1000' sh "$scratch/kept"
	wait_for runs "$pid" sleep
	kept=$(nsenter -t "$pid" -m stat -c %i "$scratch/kept")
	found "$kept" uts mount
	is "$(row "$kept" NS,NSFS)" "$kept /proc/$pid/root$scratch/kept"
	is "$(holders "$kept" HOLDER,PID,NS,RELEASE)" \
		"mount $pid $(ns_of "$pid" mnt) umount\\x20-N\\x20$pid\\x20$scratch/kept"
	# And it can be entered.
	is "$("$nsctl" enter "uts:[$kept]" readlink /proc/self/ns/uts)" "uts:[$kept]"
	# What it says lets it go.
	PATH=$scratch/bin:$PATH sh -c "$("$nsctl" why -n -o RELEASE "$kept" 2>/dev/null)"
	is_gone "$kept"
}

@test "a bind mount in a mnt namespace that has no process" {
	touch "$scratch/kept" "$scratch/world"
	mkdir "$scratch/private"
	mount --bind "$scratch/private" "$scratch/private"
	mounted+=("$scratch/private")
	mount --make-private "$scratch/private"
	touch "$scratch/private/world"
	on_any_cpu unshare "--mount=$scratch/private/world" --propagation private unshare "--uts=$scratch/kept" true
	mounted+=("$scratch/private/world")
	local world
	world=$(stat -c %i "$scratch/private/world")
	found "$world" mnt mount
	kept=$(nsenter "--mount=$scratch/private/world" stat -c %i "$scratch/kept")
	found "$kept" uts mount
	is "$(holders "$kept" HOLDER,NS)" "mount mnt:[$world]"
	umount "$scratch/private/world"
	unset 'mounted[1]'
	is_gone "$world"
	is_gone "$kept"
}

@test "known as a parent only: user" {
	start setpriv --reuid="$user" --regid="$user" --clear-groups -- \
		unshare --user --map-root-user unshare --user sleep 1000
	wait_for runs "$pid" sleep
	local outer
	outer=$("$nsctl" show -J "$pid" | jq '.namespaces[] | select(.link == "user").parent')
	found "$outer" user child
	is "$(holders "$outer" HOLDER,NS,RELEASE)" \
		"child $(ns_of "$pid" user) nsctl\\x20why\\x20'$(ns_of "$pid" user)'"
	# Who made it is its user.
	is "$(row "$outer" NS,UID)" "$outer $user"
	is "$("$nsctl" enter "user:[$outer]" readlink /proc/self/ns/user)" "user:[$outer]"
	stop "$pid"
	is_gone "$outer"
}

@test "known as a parent only: pid" {
	# The inner one is kept by a file when the first process of the outer ends.
	touch "$scratch/kept"
	start unshare --pid --fork --kill-child sh -c 'unshare --pid --fork sleep 1000 & echo $! >"$1"; wait' sh "$scratch/number"
	local outer=$pid inner
	inner_runs() { inner=$(pgrep -P "$(pgrep -P "$(child_of "$outer")")") && [ "$(cat "/proc/$inner/comm")" = sleep ]; }
	wait_for inner_runs
	inner=$(pgrep -P "$(pgrep -P "$(child_of "$outer")")")
	local outer_ino inner_ino
	outer_ino=$(inode_of "$(child_of "$outer")" pid)
	inner_ino=$(inode_of "$inner" pid)
	mount --bind "/proc/$inner/ns/pid" "$scratch/kept"
	mounted+=("$scratch/kept")
	stop "$outer"
	nobody_left() { [ "$(row "$outer_ino" NS,NPROCS)" = "$outer_ino 0" ]; }
	wait_for nobody_left
	found "$inner_ino" pid mount
	found "$outer_ino" pid child
	is "$(holders "$outer_ino" HOLDER,NS)" "child pid:[$inner_ino]"
	umount "$scratch/kept"
	mounted=()
	is_gone "$outer_ino"
}

@test "known as an owner only" {
	touch "$scratch/kept"
	start_unshared --user --net
	local owner
	owner=$(inode_of "$pid" user)
	mount --bind "/proc/$pid/ns/net" "$scratch/kept"
	mounted+=("$scratch/kept")
	kept=$(stat -c %i "$scratch/kept")
	stop "$pid"
	found "$kept" net mount
	found "$owner" user owned
	is "$(holders "$owner" HOLDER,NS)" "owned net:[$kept]"
	is "$(row "$kept" NS,ONS)" "$kept $owner"
	umount "$scratch/kept"
	mounted=()
	is_gone "$owner"
}

@test "the number that the network has for a net namespace" {
	local name=nsctl-test-$unique
	mounted_in+=("$name")
	ip netns add "$name"
	kept=$(stat -c %i "/run/netns/$name")
	is "$(row "$kept" NS,NETNSID)" "$kept unassigned"
	ip netns set "$name" 4711
	is "$(row "$kept" NS,NETNSID)" "$kept 4711"
}

@test "what was freed is said to be gone, by inode, by id" {
	start_unshared --uts
	local ino id
	ino=$(inode_of "$pid" uts)
	id=$("$nsctl" list -rn -o NSID "$ino" 2>/dev/null)
	remember "$ino" uts
	stop "$pid"
	is_gone "$ino"
	[ "$id" = - ] || refuses 1 "is gone" "$nsctl" why ":$id"
}
