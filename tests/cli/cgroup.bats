# SPDX-License-Identifier: GPL-2.0-or-later
# Cgroups: as a column, and as a target.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	top=$(findmnt -rnfo TARGET -t cgroup2) || skip "no mount of cgroup v2"
	group=/nsctl-test-$unique-$BATS_TEST_NUMBER
	mkdir "$top$group" || skip "no cgroup can be made here"
}

teardown() {
	common_teardown
	local made
	for made in "$top$group/below" "$top$group"; do
		[ ! -d "$made" ] || wait_for rmdir "$made"
	done
}

# start_in_group [GROUP]: a process in a uts namespace and a cgroup of its own.
start_in_group() {
	start_unshared --uts
	echo "$pid" >"$top${1:-$group}/cgroup.procs"
}

@test "the column CGROUP of sets, list and ps" {
	start_in_group
	local uts
	uts=$(inode_of "$pid" uts)
	is "$("$nsctl" sets -rn -o PID,CGROUP 2>/dev/null | grep "^$pid ")" "$pid $group"
	is "$("$nsctl" list -rn -o NS,CGROUP "uts:[$uts]" 2>/dev/null)" "$uts $group"
	is "$("$nsctl" ps -rn -o PID,CGROUP "$pid" 2>/dev/null)" "$pid $group"
	is "$("$nsctl" ps -J "$pid" 2>/dev/null | jq -r '.processes[0].cgroup')" "$group"
	is "$("$nsctl" sets -rn -o PID -Q "CGROUP == '$group'" 2>/dev/null)" "$pid"
}

@test "cgroup:PATH: the processes in it and below, of ps and sets" {
	start_in_group
	local first=$pid
	mkdir "$top$group/below"
	start_in_group "$group/below"
	is "$("$nsctl" ps -rnl -o PID "cgroup:$group" 2>/dev/null | sort -n)" "$(printf '%s\n' "$first" "$pid" | sort -n)"
	is "$("$nsctl" ps -rnl -o PID "cgroup:$group/" 2>/dev/null | wc -l)" 2
	is "$("$nsctl" ps -rnl -o PID "cgroup:$group/below" 2>/dev/null)" "$pid"
	is "$("$nsctl" sets -rn -o PID "cgroup:$group" 2>/dev/null | sort -n)" "$(printf '%s\n' "$first" "$pid" | sort -n)"
	refuses 1 "is 2 processes, not one; \`nsctl ps cgroup:$group\` lists them" "$nsctl" show "cgroup:$group"
	refuses 125 "is 2 processes, not one" "$nsctl" enter "cgroup:$group" touch "$scratch/ran"
	refuses 1 "names processes, not a namespace; nsctl sets cgroup:$group" "$nsctl" list "cgroup:$group"
	[ ! -e "$scratch/ran" ]
}

@test "cgroup:PATH of a single process is that process" {
	start_in_group
	is "$("$nsctl" show -rn -o LINK,NS "cgroup:$group" | grep '^uts ')" "uts $(inode_of "$pid" uts)"
	is "$("$nsctl" enter "cgroup:$group" readlink /proc/self/ns/uts)" "uts:[$(inode_of "$pid" uts)]"
	run -1 "$nsctl" compare -q -t uts self "cgroup:$group"
}

@test "cgroup:PATH: what is none" {
	refuses 1 "no process is in the cgroup '$group'; \`nsctl sets -o +CGROUP\` shows the cgroups of sets" "$nsctl" show "cgroup:$group"
	refuses 1 "no process is in the cgroup '$group'" "$nsctl" ps "cgroup:$group"
	# Not a part of a name.
	start_in_group
	refuses 1 "no process is in the cgroup '${group%?}'" "$nsctl" ps "cgroup:${group%?}"
	refuses 2 "is not a target" "$nsctl" ps cgroup:
	refuses 2 "is not a target" "$nsctl" ps cgroup:x
	# A namespace is written alike.
	[ "$("$nsctl" ps -rnl -o PID "$(ns_of self cgroup)" 2>/dev/null | wc -l)" -gt 1 ]
}
