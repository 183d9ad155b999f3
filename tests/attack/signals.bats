# SPDX-License-Identifier: GPL-2.0-or-later
# A program inside must not be lost: signals reach it, and it ends when nsctl does.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	start_in --pid --mount-proc
	target=$pid
}

teardown() {
	common_teardown
}

# enter OPTION…: a shell inside that writes down each signal; its number here is in $inner, nsctl's in $pid.
enter() {
	# shellcheck disable=SC2016
	start env --default-signal "$nsctl" enter "$@" "$target" sh -c '
		for s in TERM INT HUP USR1 QUIT; do trap "echo $s >>\"$0\"" $s; done
		echo ready >"$0"
		while :; do sleep 0.05; done' "$scratch/heard"
	chmod 666 "$scratch/heard" 2>/dev/null || true
	wait_for grep -q ready "$scratch/heard"
	inner=$(child_of "$pid")
	started+=("$inner")
}

gone() {
	[ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"
}

@test "TERM, INT, HUP, USR1 and QUIT reach the program, once each" {
	enter
	for signal in TERM INT HUP USR1 QUIT; do
		kill -"$signal" "$pid"
		wait_for grep -q "$signal" "$scratch/heard"
	done
	is "$(sort "$scratch/heard" | paste -sd ' ')" "HUP INT QUIT TERM USR1 ready"
}

@test "the trap works: the system's nsenter leaves the program behind" {
	start "$system_nsenter" -t "$target" -p sleep 2000
	wait_for child_of "$pid"
	inner=$(child_of "$pid")
	started+=("$inner")
	kill -TERM "$pid"
	wait_for gone "$pid"
	run ! gone "$inner"
}

@test "SIGALRM of alarm(2) reaches the program, as nsenter as well" {
	command -v perl || skip "no perl here"
	run -142 timeout -s KILL 20 perl -e 'alarm 1; exec @ARGV' -- "$nsctl" enter "$target" sleep 30
	run -142 timeout -s KILL 20 perl -e 'alarm 1; exec @ARGV' -- "$as_nsenter" -t "$target" -p sleep 30
}

@test "SIGHUP of a terminal that hangs up reaches the program, though nsctl leads the session" {
	command -v script || skip "no script here"
	# shellcheck disable=SC2016
	start script -qefc "exec $nsctl enter $target sh -c 'trap \"echo HUP >>$scratch/heard\" HUP
		echo ready >>$scratch/heard; while :; do sleep 0.05; done'" /dev/null
	wait_for grep -q ready "$scratch/heard"
	local outer
	outer=$(child_of "$pid")
	started+=("$outer")
	kill -KILL "$pid"
	wait_for grep -q HUP "$scratch/heard"
	kill -KILL "$outer"
}

@test "killing nsctl ends the program" {
	enter
	kill -KILL "$pid"
	wait_for gone "$inner"
}

@test "killing nsctl ends the program, also when its user was changed" {
	touch "$scratch/heard"
	chmod 666 "$scratch/heard"
	enter -S "$user"
	kill -KILL "$pid"
	wait_for gone "$inner"
}

@test "as nsenter: TERM ends the program and nsenter alike" {
	start env --default-signal "$as_nsenter" -t "$target" -p sleep 2000
	wait_for child_of "$pid"
	inner=$(child_of "$pid")
	started+=("$inner")
	wait_for runs "$inner" sleep
	kill -TERM "$pid"
	ends_with 143 "$pid"
	gone "$inner"
}

@test "a caller that ignores SIGCHLD gets the program's status" {
	run env --ignore-signal=CHLD "$nsctl" enter "$target" sh -c 'exit 7'
	[ "$status" -eq 7 ]
}

@test "a program that stops stops nsctl, and both go on together" {
	enter
	kill -STOP "$inner"
	wait_for grep -q '^State:.T' "/proc/$pid/status"
	kill -CONT "$pid"
	wait_for grep -q '^State:.S' "/proc/$inner/status"
}
