# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl exec: the standard streams of a program without a terminal.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	start_in --pid --mount --mount-proc
	exec=("$nsctl" exec -i "$pid")
}

teardown() {
	common_teardown
}

@test "input and output pass unchanged, however much it is" {
	head -c 3000000 /dev/urandom >"$scratch/in"
	"${exec[@]}" cat <"$scratch/in" >"$scratch/out"
	cmp "$scratch/in" "$scratch/out"
	head -c 3000000 "$scratch/in" | "${exec[@]}" cat | cat >"$scratch/out"
	cmp "$scratch/in" "$scratch/out"
	"${exec[@]}" sh -c 'cat >&2' <"$scratch/in" 2>"$scratch/out"
	cmp "$scratch/in" "$scratch/out"
}

@test "output and error keep their order where they are one file" {
	local script='for i in 1 2 3 4 5 6 7 8 9; do echo out; echo err >&2; done'
	"${exec[@]}" sh -c "$script" >"$scratch/both" 2>&1 </dev/null
	is "$(cat "$scratch/both")" "$(sh -c "$script" 2>&1)"
	"${exec[@]}" sh -c "$script" >"$scratch/out" 2>"$scratch/err" </dev/null
	is "$(cat "$scratch/out")" "$(sh -c "$script" 2>/dev/null)"
	is "$(cat "$scratch/err")" "$(sh -c "$script" 2>&1 >/dev/null)"
}

@test "a file that is appended to stays so" {
	echo first >"$scratch/log"
	"${exec[@]}" echo second >>"$scratch/log"
	is "$(cat "$scratch/log")" "first
second"
}

@test "a program that does not read its input, or closes it, is not ended for that" {
	is "$(head -c 1000000 /dev/zero | "${exec[@]}" sh -c 'sleep 0.1; echo ended')" ended
	is "$(head -c 1000000 /dev/zero | "${exec[@]}" sh -c 'exec <&-; sleep 0.3; echo ended')" ended
}

@test "the end of the input reaches the program, and so does what comes late" {
	is "$( (echo one; sleep 0.2; echo two) | "${exec[@]}" cat)" "one
two"
	is "$("${exec[@]}" cat </dev/null)" ""
}

@test "a reader that goes away: the program gets SIGPIPE" {
	run -141 bash -c 'set -o pipefail; "$@" | head -n 1 >/dev/null' bash "${exec[@]}" yes
}

@test "output that cannot be written, and input that cannot be read: an error" {
	[ -e /dev/full ] || skip "no /dev/full here"
	run -125 bash -c '"$@" >/dev/full' bash "${exec[@]}" echo text
	[[ $output == *"cannot write standard output: No space left on device"* ]]
	run -125 bash -c '"$@" </' bash "${exec[@]}" cat
	[[ $output == *"cannot read standard input: Is a directory"* ]]
}

@test "what the program wrote at last is not lost, and what its children write later is not waited for" {
	is "$("${exec[@]}" sh -c 'head -c 60000 /dev/zero' | wc -c)" 60000
	is "$(timeout 20 "${exec[@]}" sh -c 'trap "" PIPE; echo first; (while echo more; do :; done) & :' | head -n 1)" first
	is "$(timeout 20 "${exec[@]}" sh -c 'sleep 1000 & echo first')" first
}

@test "without -i no input, with -d no stream at all" {
	is "$(echo text | "$nsctl" exec "$pid" cat)" ""
	is "$("$nsctl" exec -d "$pid" sh -c 'echo text; echo text >&2' 2>&1)" ""
}

@test "another user can open /dev/stdout anew" {
	is "$("$nsctl" exec -u "$user" "$pid" sh -c 'echo text >/proc/self/fd/1')" text
}

@test "signals reach a program whose output nobody takes" {
	mkfifo "$scratch/full"
	"${exec[@]}" sh -c 'trap "echo TERM >$0; exit 3" TERM; yes & echo ready >$0; wait' "$scratch/told" \
		0<>"$scratch/full" 1<>"$scratch/full" 3>&- &
	local nsctl_pid=$!
	started+=("$nsctl_pid")
	wait_for grep -q ready "$scratch/told"
	kill -TERM "$nsctl_pid"
	wait_for grep -q TERM "$scratch/told"
	# What it wrote waits for a reader, until another signal.
	wait_for has_no_child "$nsctl_pid"
	kill -TERM "$nsctl_pid"
	ends_with 3 "$nsctl_pid"
}

has_no_child() {
	! child_of "$1"
}
