# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl exec: through its standard streams a program of root's container has nothing of the caller's files.
bats_require_minimum_version 1.5.0
load ../lib
load ../screen

setup() {
	needs_root
	common_setup
	start_container
	mkdir -m 700 "$scratch/private"
}

teardown() {
	close_screen
	common_teardown
}

@test "the trap works: through enter's streams the program changes the files of the caller" {
	echo 'echo mine' >"$scratch/private/script"
	"$nsctl" enter "$target" sh -c 'echo "echo theirs" >/proc/self/fd/0; chmod 4755 /proc/self/fd/1' \
		<"$scratch/private/script" >"$scratch/private/out"
	is "$(sh "$scratch/private/script")" theirs
	is "$(stat -c %a "$scratch/private/out")" 4755
}

@test "an input is not written to" {
	echo 'echo mine' >"$scratch/private/script"
	"$nsctl" exec -i "$target" sh -c 'echo "echo theirs" >/proc/self/fd/0' <"$scratch/private/script" || true
	is "$(sh "$scratch/private/script")" mine
}

@test "an output keeps its mode, its owner and what was in it" {
	(umask 077 && echo secret >"$scratch/private/log")
	"$nsctl" exec "$target" sh -c 'chmod 4755 /proc/self/fd/1; chown 1:1 /proc/self/fd/2' \
		>>"$scratch/private/log" 2>&1 || true
	is "$(stat -c '%a %u' "$scratch/private/log")" "600 0"
	is "$("$nsctl" exec "$target" sh -c 'timeout 2 cat /proc/self/fd/1 >&2' 2>&1 >>"$scratch/private/log")" ""
	is "$(head -n 1 "$scratch/private/log")" secret
}

@test "a directory is no way out" {
	run ! "$nsctl" exec -i "$target" sh -c 'cd /proc/self/fd/0 && ls' <"$scratch/private"
}

@test "a terminal that is an output is not read, nor changed" {
	open_screen
	line "\$N exec \$T sh -c 'chmod 666 /proc/self/fd/2; timeout 3 head -n 1 /proc/self/fd/2 >$scratch/read' | cat; echo yes >\$O/tried"
	sleep 0.5
	line 'echo secret'
	says tried yes
	run ! "$system_nsenter" -t "$target" -m grep secret "$scratch/read"
	line 'stat -Lc %a /proc/self/fd/2 >$O/mode; stat -Lc %t:%T /proc/self/fd/2 >$O/device'
	wait_for test -s "$scratch/device"
	run ! grep -q 666 "$scratch/mode"
}
