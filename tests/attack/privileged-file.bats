# SPDX-License-Identifier: GPL-2.0-or-later
# A copy of nsctl with a set-user-ID bit or file capabilities: a root shell for anybody, if it ran.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	refusal="refusing to run with privileges that the caller does not have"
	# What a file system mounted nosuid takes away, nobody gets.
	cp "$(command -v id)" "$scratch/bin/id"
	chmod 4755 "$scratch/bin/id"
	[ "$(as_user "$scratch/bin/id" -u)" -eq 0 ] || skip "$scratch is on a file system without set-user-ID"
}

teardown() {
	common_teardown
}

@test "set-user-ID: refused by every command and name, before anything is done" {
	local command
	chmod 4755 "$nsctl"
	refuses 125 "$refusal" as_user "$nsctl" enter "$$" touch "$scratch/ran"
	refuses 125 "$refusal" as_user "$nsctl" enter --help
	refuses 1 "$refusal" as_user "$as_nsenter" -t "$$" -m touch "$scratch/ran"
	ln -s nsctl "$scratch/bin/lsns"
	refuses 1 "$refusal" as_user "$scratch/bin/lsns"
	for command in sets list show compare ps why features --help nosuch; do
		refuses 1 "$refusal" as_user "$nsctl" "$command"
	done
	refuses 1 "$refusal" as_user "$nsctl"
	[ ! -e "$scratch/ran" ]
}

@test "set-group-ID: refused" {
	chmod 2755 "$nsctl"
	refuses 125 "$refusal" as_user "$nsctl" enter self true
}

@test "file capabilities: refused" {
	command -v setcap || skip "no setcap here"
	setcap cap_sys_admin+ep "$nsctl"
	refuses 125 "$refusal" as_user "$nsctl" enter self true
}

@test "root, and a file without such bits, are not refused" {
	as_user "$nsctl" enter self true
	chmod 4755 "$nsctl"
	"$nsctl" enter self true
}
