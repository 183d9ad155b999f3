# SPDX-License-Identifier: GPL-2.0-or-later
# What one user can pile up without end: the first hundred are listed, and the rest is counted.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program bomb
}

setup() {
	needs_root
	common_setup
	cp "$bomb" "$scratch/bomb"
	mkdir -m 777 "$scratch/told"
	as_user unshare --user true 2>/dev/null || skip "a plain user cannot make user namespaces"
}

teardown() {
	common_teardown
}

# start_bomb ARGUMENT…: see bomb.c; its PID is in $bomb.
start_bomb() {
	start setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- \
		unshare --user --map-root-user --fork --kill-child "$scratch/bomb" "$@" "$scratch/told/bomb"
	wait_for test -s "$scratch/told/bomb"
	bomb=$(child_of "$pid")
	started+=("$bomb")
}

# The inode of the namespace whose only holders are the bomb's, each of kind HOLDERS.
held_by() { # held_by HOLDERS
	"$nsctl" list -rn -t net -o NS,HOLDERS,ONS | sed -n "s/^\([0-9]*\) $1 $(inode_of "$bomb" user)$/\1/p"
}

# The number in "and N more".
more() {
	sed -n 's/.*and \([0-9]*\) more.*/\1/p' <<<"$1"
}

@test "3,000 mounts of one namespace" {
	local ns
	start_bomb mounts 3000 1
	ns=$(held_by mount)
	run -0 --separate-stderr "$nsctl" list -n -o NSFS "$ns"
	is "$(grep -c ddd <<<"$output")" 100
	is "$(more "$output")" 2900
	run -0 --separate-stderr "$nsctl" list --json -o NSFS "$ns"
	is "$(jq '.namespaces[0].nsfs | length' <<<"$output")" 100
	# Others may pile up mounts, too.
	[ "$(jq -r '.warnings[]' <<<"$output" | sed -n 's/.* \([0-9]*\) mount.*/\1/p')" -ge 2900 ]
	run -0 --separate-stderr "$nsctl" why -n -o HOLDER,WHAT "net:[$ns]"
	is "$(grep -c ^mount <<<"$output")" 100
	is "$(more "$output")" 2900
	# A name for each, from the first on.
	run -0 --separate-stderr "$nsctl" why -rn -o WHAT "net:[$ns]"
	is "$(cut -d, -f1 <<<"$output" | sort -u | wc -l)" 100
}

@test "mounts that are deeper than any path" {
	local ns
	start_bomb mounts 30 290
	ns=$(held_by mount)
	[ -n "$ns" ]
	run -0 --separate-stderr "$nsctl" list -n -o NS,NSFS "$ns"
	run -0 --separate-stderr "$nsctl" why -rn -o HOLDER "net:[$ns]"
	is "$(sort -u <<<"$output")" mount
	start_deeper
}

# Deeper than what the kernel tells at once.
start_deeper() {
	rm "$scratch/told/bomb"
	start_bomb mounts 3 400
	[ -n "$(held_by mount)" ]
}

@test "one table of descriptors as that of forty processes" {
	local ns kind engine=(--engine=procfs)
	for kind in table sockets; do
		rm -f "$scratch/told/bomb"
		start_bomb "$kind" 40 1000
		case $kind in table) ns=$(held_by file) ;; *) ns=$(held_by socket) ;; esac
		[ -n "$ns" ]
		run -0 --separate-stderr "$nsctl" why "${engine[@]}" -n -o HOLDER,PID,WHAT "net:[$ns]"
		# Each process has each descriptor.
		is "$(($(grep -cE '^(file|socket) ' <<<"$output") + $(more "$output")))" 41000
		grep -q "^[a-z]* *$bomb " <<<"$output"
		stop "$bomb"
	done
}
