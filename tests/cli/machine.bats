# SPDX-License-Identifier: GPL-2.0-or-later
# What only the pid namespace of the machine shows: kernel threads, and all processes.
# The others run in namespaces of their own: see ../in-namespaces.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program odd
}

setup() {
	needs_root
	[ "$(cat /proc/2/comm)" = kthreadd ] || skip "these tests run in a pid namespace that has no kernel threads"
	common_setup
}

teardown() {
	common_teardown
}

@test "show: a kernel thread" {
	is "$("$nsctl" show -J 2 | jq -c '[.pid, .kind, .name, .uid_map[0].count]')" '[2,"kernel thread","kthreadd",4294967295]'
	is "$("$nsctl" show -rn -o LINK,NS 2 | grep '^net ')" "net $(inode_of 2 net)"
	is "$("$nsctl" show 2 | head -1)" "kernel thread 2"
}

@test "why: kernel threads are not to be killed" {
	is "$("$nsctl" why -rn -o HOLDER,PID,RELEASE "uts:[$(inode_of 2 uts)]" 2>/dev/null | grep '^process 2 ')" "process 2 -"
}

@test "list and why: a mnt namespace that the kernel lists, and nothing that can be seen holds" {
	start_odd in-flight
	"$nsctl" list -rn -o NS 2>/dev/null | grep -q "^$told$" || skip "this kernel lists no mnt namespaces (Linux 6.12)"
	is "$("$nsctl" list -rn -o NS,TYPE,NPROCS,HOLDERS "mnt:[$told]")" "$told mnt 0 kernel(file)"
	[[ $("$nsctl" why -n -o WHAT "$told" 2>/dev/null) == "only the kernel knows by what: an open file"* ]]
	is "$("$nsctl" enter "mnt:[$told]" readlink /proc/self/ns/mnt)" "mnt:[$told]"
	local lasting
	lasting=$(lasting_name mnt "$told")
	stop "$pid"
	wait_for is_freed "$lasting"
}

# Processes that start or end meanwhile are in one of two looks at /proc, not in both.
@test "ps: every process of the machine that stays, by both engines" {
	local engine ns
	ns=$(ns_of self user | sed 's/[][]/\\&/g')
	there() { find /proc/[0-9]*/ns/user -printf '%p %l\n' 2>/dev/null | sed -n "s,^/proc/\([0-9]*\)/ns/user $ns\$,\1,p" | sort; }
	for engine in procfs auto; do
		there >"$scratch/before"
		"$nsctl" ps --engine="$engine" -rn -o PID "$(ns_of self user)" 2>/dev/null | sort >"$scratch/shown"
		there >"$scratch/after"
		comm -12 "$scratch/before" "$scratch/after" >"$scratch/stayed"
		[ "$(wc -l <"$scratch/stayed")" -gt 2 ]
		is "$(comm -23 "$scratch/stayed" "$scratch/shown")" ""
	done
}

@test "completions leave out kernel threads, which are many and in the host's namespaces" {
	is "$("$nsctl" --complete show 1 | grep -c $'^1\t')" 1
	is "$("$nsctl" --complete show 2 | grep -c $'^2\t')" 0
}
