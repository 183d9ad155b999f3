# SPDX-License-Identifier: GPL-2.0-or-later
# What docs/nsproxy.md says of the kernel.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program odd
}

setup() {
	needs_root
	common_setup
	"$nsctl" features -J | jq -e '.interfaces[] | select(.interface == "BPF iterators").permitted' >/dev/null ||
		skip "no BPF iterators here: see nsctl features"
}

teardown() {
	common_teardown
}

nsproxy() { # nsproxy PID COLUMNS
	"$nsctl" sets --nsproxy -rn -o "$2" "$1"
}

@test "threads share one, and are counted" {
	start_odd threads
	# The other left, and has one of its own.
	is "$(nsproxy "$told" REFS,NTASKS)" "1 1"
	rm "$scratch/told"
	start unshare --uts "$odd" crowd "$scratch/told"
	wait_for test -s "$scratch/told"
	is "$(nsproxy "$pid" REFS,NPROCS,NTASKS)" "4 1 4"
}

@test "forks share one, and are counted; who exits is not" {
	start unshare --uts sh -c 'sleep 1000 & sleep 1000 & wait'
	two() { [ "$(pgrep -cP "$pid")" -eq 2 ]; }
	wait_for two
	local children
	mapfile -t children < <(pgrep -P "$pid")
	started+=("${children[@]}")
	is "$(nsproxy "$pid" REFS,NPROCS)" "3 3"
	kill -STOP "$pid"
	kill -KILL "${children[0]}"
	# It is a zombie, as its parent does not look.
	fewer() { is "$(nsproxy "$pid" REFS,NPROCS)" "2 2"; }
	wait_for fewer
	kill -CONT "$pid"
}

@test "unshare makes a new one, the others unchanged" {
	start_unshared --uts
	[ "$(nsproxy "$pid" NSPROXY)" != "$(nsproxy self NSPROXY)" ]
	is "$("$nsctl" sets -J "$pid" | jq -c '.sets[] | [.host, .own]')" '[["cgroup","ipc","mnt","net","pid","time","user"],["uts"]]'
}

@test "setns makes another, also with the same namespaces in it" {
	start_unshared --uts
	local first=$pid
	start nsenter -u -t "$first" sleep 1000
	wait_for runs "$pid" sleep
	[ "$(nsproxy "$first" NSPROXY)" != "$(nsproxy "$pid" NSPROXY)" ]
	run -0 "$nsctl" compare "$first" "$pid"
	# Two rows on request, else one: as procfs, which cannot tell them apart.
	is "$("$nsctl" sets --nsproxy -rn -o PID,NTASKS,REFS "uts:[$(inode_of "$pid" uts)]")" "$(printf '%s 1 1\n' "$first" "$pid" | sort -n)"
	is "$("$nsctl" sets -rn -o PID,NTASKS,NSPROXY,REFS "$pid")" "$(printf '%s\n' "$first" "$pid" | sort -n | head -n 1) 2 - -"
	is "$("$nsctl" sets --engine=procfs -rn -o NTASKS "$first" 2>/dev/null)" 2
}

@test "the last exit frees it" {
	start_unshared --uts
	local lasting label
	lasting=$(lasting_name uts "$(inode_of "$pid" uts)")
	label=$(nsproxy "$pid" NSPROXY)
	"$nsctl" sets --nsproxy -rn -o NSPROXY | grep -q "^$label$"
	stop "$pid"
	run ! grep "^$label$" <("$nsctl" sets --nsproxy -rn -o NSPROXY)
	wait_for is_freed "$lasting"
}

@test "a pid namespace is for the children; the task stays where it is" {
	start_unshared --pid
	is "$(ns_of "$pid" pid)" "$(ns_of self pid)"
	[ "$(nsproxy "$pid" NSPROXY)" != "$(nsproxy self NSPROXY)" ]
	[[ $(nsproxy "$pid" PIDNS) =~ ^'->'[0-9]+$ ]]
}

@test "the user namespace is not in it" {
	start_unshared_as_user --user
	is "$(nsproxy "$pid" NSPROXY)" "$(nsproxy self NSPROXY)"
	is "$("$nsctl" sets -J "$pid" | jq -c '.sets[].own')" '["user"]'
	[ "$(nsproxy "$pid" USERNS)" = "$(inode_of "$pid" user)" ]
}

@test "the host's counts what is no task" {
	[[ $(nsproxy self REFS) =~ ^[0-9]+\+[0-9]+$ ]]
	"$nsctl" sets --nsproxy -J self | jq -e '.sets[] | .refs > .nsproxy_tasks'
}
