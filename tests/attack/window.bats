# SPDX-License-Identifier: GPL-2.0-or-later
# CVE-2016-9962: between the first setns and the exec nobody inside may look into nsctl, or trace it.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	start_in --user --map-root-user --mount --pid --mount-proc --uts
	target=$pid
}

teardown() {
	common_teardown
}

# hold COMMAND…: in the target's namespaces, and before its exec; its number inside is in $held.
hold() {
	start strace -f -o "$scratch/trace" -e trace=execve,setns -e inject=execve:delay_enter=4000000:when=1 \
		--seccomp-bpf "$@"
	wait_for held_inside
	held=$(held_inside)
}

# As the target sees it: the one process that is neither it nor a helper of this test.
held_inside() {
	"$system_nsenter" -t "$target" -U -m -p --preserve-credentials sh -c '
		for p in /proc/[0-9]*; do
			n=${p#/proc/}
			[ "$n" -eq 1 ] || [ "$n" -eq $$ ] || grep -q "^PPid:.$$" "$p/status" || echo "$n"
		done' | grep .
}

# What the target's root can open of it: the names, apart by blanks.
open_from_inside() {
	# shellcheck disable=SC2016
	"$system_nsenter" -t "$target" -U -m -p sh -c '
		for f in environ maps mem; do
			head -c 1 "/proc/$1/$f" >/dev/null 2>&1 && echo "$f"
		done
		for f in root cwd exe ns/net fd/0; do
			readlink "/proc/$1/$f" >/dev/null 2>&1 && echo "$f"
		done
		true' sh "$1" | paste -sd ' '
}

@test "the trap works: a program inside can be looked into" {
	start "$nsctl" enter "$target" sleep 1000
	wait_for held_inside
	[[ $(open_from_inside "$(held_inside)") == *environ*root* ]]
}

@test "nsctl cannot, before it has become the program" {
	hold "$nsctl" enter "$target" true
	[ -n "$held" ]
	is "$(open_from_inside "$held")" ""
	run ! grep -q exited "$scratch/trace"
}
