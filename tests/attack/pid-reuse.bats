# SPDX-License-Identifier: GPL-2.0-or-later
# A process that ends, and another one that gets its PID, while nsctl enters it.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program reuse
}

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

# The limit belongs to a pid namespace since Linux 6.14; before, it is the machine's.
needs_own_pid_max() {
	local before after
	before=$(cat /proc/sys/kernel/pid_max)
	unshare --fork --pid --mount-proc --kill-child sh -c 'echo 330 >/proc/sys/kernel/pid_max' || true
	after=$(cat /proc/sys/kernel/pid_max)
	[ "$after" -eq "$before" ] || {
		echo "$before" >/proc/sys/kernel/pid_max
		skip "kernel.pid_max is the whole machine's here"
	}
}

# race ROUNDS plain|pinned COMMAND…: what came of it is in $entered, $other,
# $refused, $mixed, $odd and $reused.
race() {
	local rounds=$1 how=$2 counts
	shift 2
	mkdir -p "$scratch/mark"
	run -0 timeout --signal=KILL 100 unshare --fork --pid --mount-proc --kill-child \
		"$reuse" race "$scratch/mark" "$rounds" "$how" "$@" "$reuse" tell "$scratch/mark"
	printf '%s\n' "$output" >&2
	counts=${lines[-1]}
	[[ $counts =~ ^(([a-z]+=[0-9]+ ?){6})$ ]]
	eval "$counts"
	# shellcheck disable=SC2154 # set by eval
	is "$((entered + other + refused + mixed + odd))" "$rounds"
}

@test "1000 rounds of a PID that changes hands: all of one process, never a mixture" {
	needs_own_pid_max
	race 1000 plain "$nsctl" enter @
	is "$mixed $odd" "0 0"
	[ "$entered" -gt 0 ]
	[ "$reused" -gt 0 ]
	[ "$((other + refused))" -gt 0 ]
}

@test "1000 rounds of PID:INODE: that process, or a refusal" {
	needs_own_pid_max
	race 1000 pinned "$nsctl" enter -t @ --all --wd --root
	[ "$entered" -gt 0 ] || skip "no inode of a pidfd is unique here" # before Linux 6.9
	is "$other $mixed $odd" "0 0 0"
	[ "$reused" -gt 0 ]
	[ "$refused" -gt 0 ]
}

@test "500 rounds without the setns of a pidfd: never a mixture either" {
	needs_own_pid_max
	race 500 plain setarch --uname-2.6 "$nsctl" enter @
	is "$mixed $odd" "0 0"
	[ "$entered" -gt 0 ]
	[ "$reused" -gt 0 ]
	race 500 pinned setarch --uname-2.6 "$nsctl" enter @
	is "$mixed $odd" "0 0"
}

@test "the trap works: who only remembers the PID gets a mixture" {
	local i
	needs_own_pid_max
	for i in 1 2 3 4 5; do
		race 300 plain "$reuse" naive @
		[ "$mixed" -eq 0 ] || return 0
	done
	false
}

# in_setns PARENT: its child is in its first setns(2).
in_setns() {
	child=$(child_of "$1") || return
	[ "$(cut -d' ' -f1 "/proc/$child/syscall")" = "$setns_number" ]
}

# delayed COMMAND…: ends process $victim when it is at its first setns(2); $status is what comes of it.
delayed() {
	case $(uname -m) in
	x86_64) setns_number=308 ;;
	aarch64 | riscv64) setns_number=268 ;;
	*) skip "the number of setns(2) is not known here" ;;
	esac
	ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null -e trace=setns -e inject=setns:delay_enter=1000000:when=1 \
		"$@" </dev/null >"$scratch/out" 2>"$scratch/err" 3>&- &
	local tracer=$!
	started+=("$tracer")
	wait_for in_setns "$tracer"
	stop "$victim"
	wait_for no_process "$victim"
	status=0
	wait "$tracer" || status=$?
}

no_process() {
	[ ! -e "/proc/$1" ]
}

# A sleep whose namespaces are nobody else's; not $pid alone, for what runs meanwhile.
start_victim() {
	start_unshared --uts --ipc --net
	victim=$pid
}

@test "the target ends between the plan and the setns: a refusal, and nothing runs" {
	local how
	for how in "" "--all -t" "--all --wd --root -t"; do
		start_victim
		# shellcheck disable=SC2086 # words
		delayed "$nsctl" enter $how "$victim" sh -c "echo ran; echo ran >$scratch/ran"
		is "$status" 125
		is "$(cat "$scratch/out")" ""
		is "$(wc -l <"$scratch/err")" 1
		grep -q "process $victim.* has ended" "$scratch/err"
		[ ! -e "$scratch/ran" ]
	done
}

@test "the trap works: under the same delay who opened files only runs in what is left" {
	start_victim
	delayed "$reuse" naive "$victim" echo ran
	is "$status" 0
	is "$(cat "$scratch/out")" ran
}
