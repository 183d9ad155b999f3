# SPDX-License-Identifier: GPL-2.0-or-later
# Namespaces that somebody tries to hide: each is listed, whoever holds it, and
# gone from the list when it is let go.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program hide
}

setup() {
	needs_root
	common_setup
	export NSCTL_ENGINE=bpf
	"$nsctl" sets >/dev/null || skip "no BPF iterators here: see nsctl features"
}

teardown() {
	common_teardown
}

# hide KIND TYPE: its number is in $pid, the inode in $ino, "TYPE NPROCS HOLDERS" in $row.
hide() {
	rm -f "$scratch/told"
	start "$hide" "$1" "$2" "$scratch/told"
	wait_for test -s "$scratch/told"
	ino=$(cat "$scratch/told")
}

row_of() { # row_of TYPE
	"$nsctl" list -t "$1" -rn -o NS,TYPE,NPROCS,HOLDERS | grep "^$ino " | cut -d' ' -f2-
}

is_gone() {
	[ -z "$(row_of "$1")" ]
}

# is_found KIND TYPE HOLDERS
is_found() {
	echo "$1 $2" >&2
	hide "$1" "$2"
	is "$(row_of "$2")" "$2 0 $3"
	[ "$1" = flip ] || is "$("$nsctl" list -P -rn -o NS -t "$2" | grep -cx "$ino")" 1
	stop "$pid"
	wait_for is_gone "$2"
}

all_types=(cgroup ipc mnt net pid time user uts)

# Linux 6.18 lists all types; before, net and ipc namespaces and mounts.
needs_all_types() {
	[ -n "$("$nsctl" list -t uts -rn -o NSID | head -n 1)" ] || skip "this kernel does not list all types"
}

@test "an open file" {
	local type
	for type in "${all_types[@]}"; do
		is_found fd "$type" file
	done
}

@test "an open file of a thread that has a table of descriptors of its own" {
	local type
	for type in "${all_types[@]}"; do
		is_found thread-fd "$type" file
	done
}

@test "the same, and the leading thread has exited" {
	is_found orphan-fd net file
	is_found orphan-fd uts file
	hide orphan-fd uts
	local engine
	for engine in bpf procfs; do
		is "$("$nsctl" why --engine="$engine" -rn -o HOLDER,PID "$ino")" "file $pid"
		[[ $("$nsctl" why --engine="$engine" -n -o WHAT "$ino") == *" of thread "* ]]
	done
}

@test "an open file in a message that nobody receives" {
	local type
	needs_all_types
	for type in "${all_types[@]}"; do
		is_found flight "$type" "kernel(file)"
	done
}

@test "a fixed file of an io_uring" {
	local type
	needs_all_types
	for type in "${all_types[@]}"; do
		is_found ring "$type" io_uring
	done
}

@test "a fixed file of an io_uring, beside a tree that is mounted nowhere" {
	needs_all_types
	hide detached ipc
	is_found ring uts io_uring
}

@test "as many fixed files as an io_uring may have at 1,000 descriptors" {
	needs_all_types
	hide full-ring uts
	is "$(row_of uts)" "uts 0 io_uring"
	local at=$ino
	is_found fd net file
	ino=$at
	is "$(row_of uts)" "uts 0 io_uring"
}

@test "a mount in a tree that is mounted nowhere" {
	local type
	for type in cgroup ipc net pid time user uts; do
		is_found detached "$type" detached
	done
}

@test "a socket, of the process and of a thread alone" {
	is_found socket net socket
	is_found thread-socket net socket
}

@test "an open file of /proc/net" {
	is_found proc-net net proc-net
}

@test "the mapped ring of a closed packet socket" {
	is_found mapped net kernel
}

@test "an attached segment of shared memory" {
	is_found shm ipc kernel
}

@test "a task that changes its nsproxy all the time is in every list" {
	local i missing=0 engine
	hide flip net
	for engine in bpf procfs; do
		for ((i = 0; i < 50; i++)); do
			"$nsctl" list --engine="$engine" -t net -rn -o NS | grep -qx "$ino" || missing=$((missing + 1))
		done
	done
	is "$missing" 0
}

# What is there throughout is never missed, though others come and go by thousands a second.
@test "a standing population is in every list of both engines while others make and drop" {
	local engine i type population=() missing=0
	needs_all_types
	for type in "${all_types[@]}"; do
		hide flight "$type"
		population+=("$ino $type")
		hide fd "$type"
		population+=("$ino $type")
	done
	start_unshared --uts --ipc --net
	population+=("$(inode_of "$pid" uts) uts" "$(inode_of "$pid" net) net")
	hide churn uts
	hide churn uts
	for engine in bpf procfs; do
		for ((i = 0; i < 10; i++)); do
			"$nsctl" list --engine="$engine" -rn -o NS,TYPE >"$scratch/list"
			for type in "${population[@]}"; do
				grep -qx "$type" "$scratch/list" || missing=$((missing + 1))
			done
		done
	done
	is "$missing" 0
}

@test "what nothing else leads to is shown, entered and explained by its inode" {
	needs_all_types
	hide ring uts
	is "$("$nsctl" enter "uts:[$ino]" readlink /proc/self/ns/uts)" "uts:[$ino]"
	"$nsctl" show "uts:[$ino]" | grep -q "uts:\[$ino\]"
	"$nsctl" ps "uts:[$ino]" >/dev/null
	"$nsctl" why "uts:[$ino]" | grep -q "io_uring.*$pid"
	stop "$pid"
	hide flight ipc
	is "$("$nsctl" enter "ipc:[$ino]" readlink /proc/self/ns/ipc)" "ipc:[$ino]"
	"$nsctl" why "ipc:[$ino]" | grep -q kernel
}

@test "the trap works: who only looks at the descriptors of processes finds none of these" {
	local kind
	for kind in thread-fd ring detached mapped; do
		hide "$kind" net
		! find /proc/[0-9]*/ns /proc/[0-9]*/fd -lname "net:?$ino?" 2>/dev/null | grep -q .
		stop "$pid"
	done
}
