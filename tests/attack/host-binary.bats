# SPDX-License-Identifier: GPL-2.0-or-later
# CVE-2019-5736: a program inside that is "#!/proc/self/exe" makes the kernel execute the program that came in,
# and a process inside writes to that program, a file of the host's.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program overwrite
}

setup() {
	needs_root
	common_setup
	# What is overwritten here is a copy.
	cp "$overwrite" "$scratch/bin/victim"
	root=$scratch/root
	mkdir -p "$root"/{bin,proc}
	cp "$(command -v busybox)" "$root/bin/busybox"
	cp "$overwrite" "$root/bin/overwrite"
	ln -s busybox "$root/bin/echo"
	# As nsctl it executes itself again and again, and is there until somebody has seen it.
	printf '#!/proc/self/exe new\n' >"$root/bin/sh"
	chmod 755 "$root/bin/sh"
	start_hostile --mount --pid
}

teardown() {
	common_teardown
}

# A container in which somebody waits for who comes in; the first process is $pid.
start_hostile() { # start_hostile UNSHARE-OPTION…
	# shellcheck disable=SC2016 # expanded inside
	start unshare --fork --kill-child "$@" busybox sh -ec '
		mount -t proc proc "$1/proc"
		exec chroot "$1" /bin/overwrite attack /log' sh "$root"
	local parent=$pid
	wait_for child_of "$parent"
	pid=$(child_of "$parent")
	started+=("$pid")
	wait_for test -s "$root/log"
}

# The attack has been tried: on the file in the place of nsctl's.
is_whole() {
	wait_for grep -q '^/memfd:nsctl (deleted): Operation not permitted' "$root/log"
	run ! grep -q overwritten "$root/log"
	cmp "$nsctl" "$NSCTL"
}

# seen_from_inside COMMAND…: again and again, until somebody inside has seen it.
seen_from_inside() {
	local i
	for ((i = 0; i < 100; i++)); do
		run timeout -s KILL 20 "$@"
		! grep -q memfd "$root/log" || return 0
		cmp "$nsctl" "$NSCTL"
	done
	echo "never seen: $*" >&2
	return 1
}

@test "the trap works: a program that comes in without a thought is overwritten" {
	start "$scratch/bin/victim" naive "$pid" /bin/sh
	wait_for grep -q 'victim: overwritten' "$root/log"
	is "$("$scratch/bin/victim")" overwritten
}

@test "enter" {
	seen_from_inside "$nsctl" enter "$pid" /bin/sh
	is_whole
}
