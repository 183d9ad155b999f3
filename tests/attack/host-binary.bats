# SPDX-License-Identifier: GPL-2.0-or-later
# CVE-2019-5736: a program inside that is "#!/proc/self/exe" makes the kernel execute the program that came in,
# and a process inside writes to that program, a file of the host's.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program overwrite
	use_program swap
}

setup() {
	needs_root
	common_setup
	# What is overwritten here are copies.
	cp "$overwrite" "$scratch/bin/victim"
	root=$scratch/root
	mkdir -p "$root"/{bin,proc}
	cp "$(command -v busybox)" "$root/bin/busybox"
	cp "$overwrite" "$root/bin/overwrite"
	# As nsctl it executes itself again and again, and is there until somebody has seen it.
	printf '#!/proc/self/exe new\n' >"$root/bin/sh"
	chmod 755 "$root/bin/sh"
	touch "$root/log"
	chmod 666 "$root/log"
}

teardown() {
	common_teardown
}

# A container in which somebody waits for who comes in; the first process is $pid.
start_hostile() { # start_hostile COMMAND…: which forks it into new namespaces
	start "$@" sh -ec 'mount -t proc proc "$1/proc"; exec chroot "$1" /bin/overwrite attack /log' sh "$root"
	local parent=$pid
	wait_for child_of "$parent"
	pid=$(child_of "$parent")
	started+=("$pid")
	wait_for grep -q 'attack: begins' "$root/log"
}

hostile=(unshare --fork --kill-child --mount --pid)

# The attack works: a program that comes in without a thought is overwritten.  nsctl is not.
is_whole() { # is_whole COMMAND…: which the naive program is run by
	start "$@" "$scratch/bin/victim" naive "$pid" /bin/sh
	wait_for grep -q 'victim: overwritten' "$root/log"
	is "$("$scratch/bin/victim")" overwritten
	cat "$root/log"
	is "$(grep -c ': overwritten' "$root/log")" 1
	cmp "$nsctl" "$NSCTL"
}

# seen_inside COMMAND…: again and again, until the attack has been tried on the file in the place of nsctl's.
seen_inside() {
	local i
	for ((i = 0; i < 200; i++)); do
		timeout -s KILL 20 "$@" </dev/null >/dev/null 2>&1 || true
		! grep -q '^/memfd:nsctl (deleted): Operation not permitted' "$root/log" || return 0
	done
	echo "never seen: $*" >&2
	return 1
}

@test "enter: what somebody inside finds is no file of the host's, and cannot be written to" {
	start_hostile "${hostile[@]}"
	seen_inside "$nsctl" enter "$pid" /bin/sh
	is_whole
}

@test "enter, before it has become the program" {
	start_hostile "${hostile[@]}"
	run -137 --separate-stderr strace -f -o /dev/null -e inject=execve:delay_enter=1000000:when=1 --seccomp-bpf \
		"$nsctl" enter "$pid" /bin/busybox true
	wait_for grep -q '^/memfd:nsctl (deleted): Operation not permitted' "$root/log"
	is_whole
}

@test "enter without a fork; nsenter; by namespaces and a root" {
	start_hostile unshare --fork --kill-child --mount
	seen_inside "$nsctl" enter "$pid" /bin/sh
	: >"$root/log"
	seen_inside "$as_nsenter" -t "$pid" -a -r /bin/sh
	: >"$root/log"
	seen_inside "$nsctl" enter -m -r "-t$pid" /bin/sh
	: >"$root/log"
	seen_inside "$nsctl" enter "--mount=/proc/$pid/ns/mnt" "--root=$root" /bin/sh
	is_whole
}

# Its user 0 is the host's: a user namespace alone protects no file.
@test "root, into a user namespace" {
	start_hostile "${hostile[@]}" --user --map-root-user
	run -126 timeout -s KILL 20 "$nsctl" enter "$pid" /bin/sh
	run -126 timeout -s KILL 20 "$as_nsenter" -t "$pid" -a -r /bin/sh
	is_whole
}

@test "a user with a nsctl of his own, into his own container" {
	chown "$user" "$scratch/bin/"{nsctl,victim}
	start_hostile setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- \
		"${hostile[@]}" --user --map-root-user
	run -126 as_user timeout -s KILL 20 "$nsctl" enter "$pid" /bin/sh
	is "$(as_user "$nsctl" enter "$pid" /bin/busybox readlink /proc/self/exe)" /bin/busybox
	is_whole setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all --
}

@test "new: a tree with such a program" {
	start_hostile "${hostile[@]}"
	run -126 timeout -s KILL 20 "$nsctl" new -R "$root" -m -p --mount-proc /bin/sh
	run -126 timeout -s KILL 20 "$nsctl" new -R "$root" -U -r -m -p --mount-proc /bin/sh
	run -126 timeout -s KILL 20 "$nsctl" new -R "$root" --all --init /bin/sh
	is_whole
}

@test "new: the first process of a container, as root and as another user" {
	is "$("$nsctl" new -m -p --mount-proc --init readlink /proc/1/exe)" "/memfd:nsctl (deleted)"
	chown "$user" "$nsctl"
	is "$(as_user "$nsctl" new --all --init readlink /proc/1/exe)" "/memfd:nsctl (deleted)"
	run -1 as_user "$nsctl" new --all --init busybox sh -c 'echo evil >/proc/1/exe'
	cmp "$nsctl" "$NSCTL"
}

@test "a /proc inside that is none, as root and as a user who can replace the file only inside" {
	mkdir "$root/proc/self"
	chown -R "$user" "$root" "$nsctl"
	start "${hostile[@]}" sh -ec 'mount -t tmpfs none "$1/proc"; mkdir "$1/proc/self"; ln -s /bin/overwrite "$1/proc/self/exe"
		exec chroot "$1" /bin/busybox sleep 1000' sh "$root"
	wait_for child_of "$pid"
	pid=$(child_of "$pid")
	wait_for runs "$pid" busybox
	is "$("$nsctl" enter "$pid" /bin/busybox readlink /proc/self/exe)" /bin/overwrite
	start setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- "${hostile[@]}" --user --map-root-user \
		sh -ec 'mount -t tmpfs none "$1/proc"; mkdir "$1/proc/self"; ln -s /bin/overwrite "$1/proc/self/exe"
			exec chroot "$1" /bin/busybox sleep 1000' sh "$root"
	wait_for child_of "$pid"
	pid=$(child_of "$pid")
	wait_for runs "$pid" busybox
	is "$(as_user "$nsctl" enter "$pid" /bin/busybox readlink /proc/self/exe)" /bin/overwrite
}

@test "a program that is exchanged for a script all the time" {
	printf '#!/bin/busybox true\n' >"$root/bin/other"
	chmod 755 "$root/bin/other"
	start_hostile "${hostile[@]}"
	local i target=$pid
	start "$swap" rename "$root/bin/sh" "$root/bin/other"
	for ((i = 0; i < 100; i++)); do
		timeout -s KILL 20 "$nsctl" enter "$target" /bin/sh </dev/null >/dev/null 2>&1 || true
	done
	stop "$pid"
	pid=$target
	printf '#!/proc/self/exe new\n' >"$root/bin/sh"
	is_whole
}

@test "where no memfd may be executed, it is said" {
	[ -e /proc/sys/vm/memfd_noexec ] || skip "the kernel has no vm.memfd_noexec"
	run -125 --separate-stderr unshare --pid --fork --kill-child --mount-proc sh -c '
		echo 2 >/proc/sys/vm/memfd_noexec || exit 7
		unshare --mount sleep 1000 &
		while [ "$(cat /proc/$!/comm)" != sleep ]; do sleep 0.01; done
		"$1" enter $! touch "$2"' sh "$nsctl" "$scratch/ran"
	[[ $stderr == *"vm.memfd_noexec"* ]]
	[ ! -e "$scratch/ran" ]
}

@test "where it cannot be done, nothing is run" {
	local call
	start_in --mount --pid
	for call in memfd_create:error=EPERM:when=1 mremap:error=ENOMEM:when=1 munmap:error=EPERM:when=1 \
		prctl:error=EPERM:when=1..2; do
		echo "$call" >&2
		run -125 --separate-stderr strace -f -o /dev/null -e "inject=$call" "$nsctl" enter "$pid" touch "$scratch/ran"
		[[ $stderr == *"cannot "*" of nsctl"* ]]
		[ ! -e "$scratch/ran" ]
	done
}

@test "other users than root need it only if they may write to the file" {
	start_in --user --map-root-user --mount --pid
	start setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- \
		unshare --user --map-root-user --mount sleep 1000
	wait_for runs "$pid" sleep
	chown "$user" "$scratch"
	as_user strace -f -o "$scratch/trace" "$nsctl" enter "$pid" true
	run ! grep -q memfd_create "$scratch/trace"
	chmod 777 "$nsctl"
	as_user strace -f -o "$scratch/trace2" "$nsctl" enter "$pid" true
	grep -q memfd_create "$scratch/trace2"
}

@test "a command line and environment stay readable, and the memory of nsctl usable" {
	start_in --mount --pid
	start "$nsctl" enter "$pid" sleep 1000
	wait_for child_of "$pid"
	wait_for runs "$(child_of "$pid")" sleep
	is "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "$nsctl enter $(cut -d' ' -f 3 <(tr '\0' ' ' <"/proc/$pid/cmdline")) sleep 1000 "
	is "$(tr '\0' '\n' <"/proc/$pid/environ" | grep ^NSCTL=)" "NSCTL=$NSCTL"
	is "$(cut -d' ' -f 2 "/proc/$pid/stat")" "(nsctl)"
}
