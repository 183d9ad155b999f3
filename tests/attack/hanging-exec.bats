# SPDX-License-Identifier: GPL-2.0-or-later
# A program on a file system that never answers: signals still reach it, and nsctl does not hang with it.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program hang
}

setup() {
	needs_root
	common_setup
	[ -e /dev/fuse ] || skip "no /dev/fuse here"
	mkdir "$scratch/fuse"
	# Nobody reads what the kernel asks there.
	start unshare --mount --propagation private --pid --fork --kill-child sh -ec '
		exec 9<>/dev/fuse
		mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 none "$1"
		mount -t proc proc /proc
		exec sleep 1000' sh "$scratch/fuse"
	local parent=$pid
	wait_for child_of "$parent"
	target=$(child_of "$parent")
	started+=("$target")
	wait_for runs "$target" sleep
}

teardown() {
	common_teardown
}

# The child of nsctl has not become another program, and waits in its exec.
is_in_exec() {
	local child
	child=$(child_of "$1")
	[ -n "$child" ] && grep -Eq '^(59|221) ' "/proc/$child/syscall"
}

hang() {
	start env --default-signal "$@" "$target" "$scratch/fuse/program"
	wait_for is_in_exec "$pid"
	inner=$(child_of "$pid")
	started+=("$inner")
}

gone() {
	[ ! -e "/proc/$1" ]
}

@test "SIGTERM, SIGINT, SIGHUP end it: 128+N, and nothing is left" {
	local signal
	for signal in TERM INT HUP; do
		hang "$nsctl" enter
		kill -"$signal" "$pid"
		wait_for gone_or_zombie "$pid"
		ends_with $((128 + $(kill -l "$signal"))) "$pid"
		gone "$inner"
	done
}

gone_or_zombie() {
	gone "$1" || grep -q '^State:.Z' "/proc/$1/status"
}

@test "SIGALRM of alarm(2) ends it as well" {
	command -v perl || skip "no perl here"
	hang perl -e 'alarm 3; exec @ARGV' -- "$nsctl" enter
	wait_for gone_or_zombie "$pid"
	ends_with 142 "$pid"
	gone "$inner"
}

@test "killing nsctl ends it" {
	hang "$nsctl" enter
	kill -KILL "$pid"
	wait_for gone "$inner"
}

@test "as nsenter: the same" {
	start env --default-signal "$as_nsenter" -m -p -t "$target" "$scratch/fuse/program"
	wait_for is_in_exec "$pid"
	inner=$(child_of "$pid")
	kill -TERM "$pid"
	wait_for gone_or_zombie "$pid"
	ends_with 143 "$pid"
	gone "$inner"
}

@test "a server that has taken the request: the child cannot be killed, and nsctl leaves it" {
	local command
	mkdir "$scratch/hung"
	start env FUSE_DEVICE=/dev/fuse "$hang" bind "$scratch/hung" "$scratch/told"
	wait_for test -s "$scratch/told"
	target=$(cat "$scratch/told")
	for command in "exec" "exec -d"; do
		# shellcheck disable=SC2086 # words
		start env --default-signal "$nsctl" $command "$target" "$scratch/hung/other"
		wait_for is_in_exec "$pid"
		kill -TERM "$pid"
		ends_with 143 "$pid"
	done
}
