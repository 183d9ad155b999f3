# Cgroups: as a column.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	top=$(findmnt -rnfo TARGET -t cgroup2) || skip "no mount of cgroup v2"
	group=/nsctl-test-$$-$BATS_TEST_NUMBER
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
