# SPDX-License-Identifier: GPL-2.0-or-later
# CVE-2024-21626, CVE-2016-9962: what is open here must not be open inside.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	echo secret >"$scratch/secret"
}

teardown() {
	common_teardown
}

# The descriptors above 2 of the program inside.
inside() {
	"$nsctl" enter "$@" sh -c 'for fd in /proc/$$/fd/*; do [ "${fd##*/}" -le 2 ] || readlink "$fd"; done' || true
}

leak() { # leak COMMAND…: with a file, a directory and a FIFO of the caller open
	mkfifo "$scratch/fifo"
	"$@" 5<"$scratch/secret" 6<"$scratch" 7<>"$scratch/fifo"
}

@test "the trap works: the system's nsenter passes the directory on" {
	start_in --mount --pid
	run leak "$system_nsenter" -t "$pid" -m readlink /proc/self/fd/6
	[ "$output" = "$scratch" ]
}

@test "nothing of the caller's is open inside, with a fork" {
	start_in --mount --pid --mount-proc
	is "$(leak inside "$pid")" ""
}

@test "nothing of the caller's is open inside, without a fork" {
	start_unshared --uts
	is "$(leak inside "$pid")" ""
}

@test "nothing of nsctl's own is open inside" {
	start_apart
	is "$(inside -c -r -w -a -t "$pid")" ""
	is "$("$nsctl" enter "$pid" sh -c 'ls /proc/self/fd | wc -l')" 4
}

@test "--preserve-fds keeps as many as it says" {
	start_unshared --uts
	is "$("$nsctl" enter --preserve-fds 1 "$pid" sh -c 'cat <&3; [ ! -e /proc/self/fd/4 ] && echo closed' 3<"$scratch/secret" 4<"$scratch/secret")" \
		"secret
closed"
	refuses 125 "descriptor 4 is not open" "$nsctl" enter --preserve-fds 2 "$pid" touch "$scratch/ran" 3<"$scratch/secret" 4<&-
	[ ! -e "$scratch/ran" ]
}

@test "a standard descriptor that the caller closed is closed inside" {
	start_unshared --uts
	is "$("$nsctl" enter "$pid" sh -c '[ ! -e /proc/self/fd/0 ] && echo closed' <&-)" closed
	"$nsctl" enter "$pid" sh -c '[ ! -e /proc/self/fd/2 ]' 2>&-
}

@test "as nsenter: files stay for scripts, directories do not where the root changes" {
	start_in --mount --pid
	is "$(leak "$as_nsenter" -t "$pid" -m cat /proc/self/fd/5)" secret
	rm "$scratch/fifo"
	run leak "$as_nsenter" -t "$pid" -m readlink /proc/self/fd/6
	[ "$status" -ne 0 ]
}

# A mnt namespace with a root of its own.  The program of /script there is outside of it.
start_with_root() {
	mkdir -p "$scratch/root/proc"
	cp "$(command -v busybox)" "$scratch/root/sleep"
	cp "$(command -v busybox)" "$scratch/bin/echo"
	touch "$scratch/root/script"
	chmod 755 "$scratch/root/script"
	start_in --mount --pid sh -ec 'mount -t proc proc "$1/proc"; exec chroot "$1" /sleep 1000' sh "$scratch/root"
}

interpret_by() { # interpret_by PATH: of the root outside
	printf '#!%s%s/bin/echo\n' "$1" "$scratch" >"$scratch/root/script"
}

# find_way_out COMMAND…: which executes /script; says which descriptor leads out, and how.
find_way_out() {
	local fd up
	for fd in {0..24}; do
		for up in . .. ../.. ../../.. ../../../.. 1/root ../1/root; do
			interpret_by "/proc/self/fd/$fd/$up"
			[ "$("$@" /script 2>/dev/null)" != /script ] || echo "$fd $up"
		done
	done
}

@test "the trap works: a script finds its interpreter through a descriptor that is passed on" {
	start_with_root
	is "$(find_way_out "$nsctl" enter --preserve-fds 1 "$pid" 3</ | head -n 1)" "3 ."
}

@test "what nsctl has open is closed before the program and its interpreter are looked up" {
	start_with_root
	is "$(find_way_out "$nsctl" enter "$pid")" ""
	is "$(find_way_out "$nsctl" enter --no-fork --wd=/ -c -a -r "-t$pid" <&-)" ""
	is "$(find_way_out "$as_nsenter" -t "$pid" -a -r -w 5</)" ""
}

@test "the same for new" {
	start_with_root
	is "$(find_way_out "$nsctl" new -R "$scratch/root" -m -p --mount-proc </dev/null)" ""
	is "$(find_way_out "$nsctl" new -R "$scratch/root" -m -p --mount-proc --init <&-)" ""
}
