# A target that becomes another at any point between the first look at it and
# the program.  What runs is in the state of before, or in that of after, or
# nothing runs: never in a mixture.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program turncoat
}

setup() {
	needs_root
	common_setup
	chmod 777 "$scratch"
	tell=$scratch/tell
	mkdir -p "$scratch/file.jail/inner" "$scratch/file.jail$scratch"
	cp "$turncoat" "$tell"
	cp "$turncoat" "$scratch/file.jail$tell"
	cp "$turncoat" "$scratch/file.setuid"
	chmod u+s "$scratch/file.setuid"
	export ASAN_OPTIONS=detect_leaks=0 # as strace traces it
}

teardown() {
	common_teardown
}

# What a target decides about the program: what `tell` says, without the program.
looks_like() {
	readlink "/proc/$1/ns/"*
	stat -L -c '%d %i' "/proc/$1/root" "/proc/$1/cwd"
	grep -E '^([UG]id|Groups)' "/proc/$1/status"
	cat "/proc/$1/cgroup"
}

has_turned() {
	[ "$(looks_like "$target")" != "$before" ]
}

# start_turncoat KIND: in a mnt namespace that root made; as the plain user where KIND is no work for root.
start_turncoat() {
	local as=()
	case $1 in
	user* | setuid) as=(setpriv "--reuid=$user" "--regid=$user" --clear-groups) ;;
	esac
	rm -f "$scratch/file"
	# A net namespace takes long to make, and is that of the caller where nothing changes it.
	start unshare --mount --uts "${as[@]}" "$tell" "$1" "$scratch/file"
	target=$pid
	wait_for test -s "$scratch/file"
	before=$(looks_like "$target")
}

# turn KIND
turn() {
	if [ "$1" = cgroup ]; then
		echo "$target" >"$cgroup/cgroup.procs"
	else
		kill -USR1 "$target"
	fi
	wait_for has_turned
}

# The calls from the first look at the target to the last before the program, as "CALL N": the Nth CALL of its process.
steps() { # steps TRACE
	awk '
		{
			pid = $1
			sub(/^[0-9]+ +/, "")
			if ($0 !~ /^[a-z0-9_]+\(/) next
			call = $0
			sub(/\(.*/, "", call)
			seen[pid, call]++
			if (call == "pidfd_open" || call == "openat" && $0 ~ /"ns"/) started = 1
			if (call == "execve" && started) exit
			if (!started || call ~ /^(close|brk|mmap|munmap|rt_sig.*|getpid|uname|prlimit64|v?fork|clone3?)$/) next
			print call, seen[pid, call]
		}' "$1"
}

stopped() {
	stopped_pids=$(sed -n 's/^\([0-9]*\) .*stopped by SIGSTOP.*/\1/p' "$scratch/trace" | sort -u)
	[ -n "$stopped_pids" ]
}

# Where the program's process stops, nsctl stops with it, perhaps a little later.
goes_on() {
	# shellcheck disable=SC2086 # numbers
	! stopped || kill -CONT $stopped_pids 2>/dev/null
	! kill -0 "$tracer" 2>/dev/null
}

ended_or_stopped() {
	stopped || ! kill -0 "$tracer" 2>/dev/null
}

# round KIND CALL N COMMAND…: stops it behind that step, lets the target turn, and goes on.
# Counts in $whole, $refused, $mixed.
round() {
	local kind=$1 call=$2 number=$3 as_before as_after status=0
	shift 3
	start_turncoat "$kind"
	as_before=$("$@" "$target" "$tell" tell 2>"$scratch/err") || as_before=none
	: >"$scratch/trace"
	strace -f -o "$scratch/trace" -e "inject=$call:signal=STOP:when=$number" \
		"$@" "$target" "$tell" tell >"$scratch/out" 2>"$scratch/err" </dev/null 3>&- &
	tracer=$!
	started+=("$tracer")
	wait_for ended_or_stopped
	turn "$kind"
	wait_for goes_on
	wait "$tracer" || status=$?
	as_after=$("$@" "$target" "$tell" tell 2>/dev/null) || as_after=none
	judge "$status" "$as_before" "$as_after" "$call $number"
	stop "$target"
}

# judge STATUS BEFORE AFTER STEP
judge() {
	local out
	out=$(cat "$scratch/out")
	if [ -n "$out" ] && [ "$1" -eq 0 ] && { [ "$out" = "$2" ] || [ "$out" = "$3" ]; }; then
		whole=$((whole + 1))
	elif [ -z "$out" ] && [ "$1" -ne 0 ]; then
		refused=$((refused + 1))
	else
		mixed=$((mixed + 1))
		printf '%s\n' "behind $4, status $1:" "$out" "before:" "$2" "after:" "$3" "$(cat "$scratch/err")" >&2
	fi
}

# turns KIND COMMAND…: at each step.  COMMAND takes a PID and a program.
turns() {
	local kind=$1 call number
	shift
	whole=0 refused=0 mixed=0
	start_turncoat "$kind"
	strace -f -o "$scratch/steps" "$@" "$target" "$tell" tell >"$scratch/out" 2>"$scratch/err" </dev/null
	stop "$target"
	steps "$scratch/steps" >"$scratch/list"
	while read -r call number <&4; do
		round "$kind" "$call" "$number" "$@"
	done 4<"$scratch/list"
	echo "$kind, $*: $whole whole, $refused refused, $mixed mixed" >&2
}

# turns_safely KIND COMMAND…: never a mixture; and the stop was where it matters.
turns_safely() {
	turns "$@"
	is "$mixed" 0
	[ "$whole" -gt 0 ]
	[ "$refused" -gt 0 ]
}

@test "the trap works: who joins without a second look gets a mixture" {
	turns user-mnt "$tell" naive
	[ "$mixed" -gt 0 ]
	turns root "$tell" naive
	[ "$mixed" -gt 0 ]
}

@test "a new user and mnt namespace" {
	turns_safely user-mnt "$nsctl" enter
	turns_safely user-mnt "$nsctl" enter -a -t
}

@test "a new user and mnt namespace, as nsenter" {
	turns_safely user-mnt "$as_nsenter" -a -r -w -t
	turns_safely user-mnt "$as_nsenter" -m -t
}

@test "a new user namespace alone" {
	turns_safely user "$nsctl" enter
}

@test "new mnt and uts namespaces" {
	turns_safely mnt-uts "$nsctl" enter
}

@test "new mnt and uts namespaces, one setns each" {
	turns_safely mnt-uts setarch --uname-2.6 "$nsctl" enter
}

@test "new net and ipc namespaces" {
	turns_safely net-ipc "$nsctl" enter -n -i -u -t
}

@test "another root and working directory" {
	turns_safely root "$nsctl" enter
	turns_safely root "$as_nsenter" -m -r -w -t
}

@test "another user and group" {
	turns_safely ids "$nsctl" enter -a -S follow -t
}

@test "a setuid program" {
	turns_safely setuid "$nsctl" enter -m -S follow -t
}

@test "a thread that becomes the leader" {
	turns_safely thread "$nsctl" enter
}

@test "another cgroup" {
	local hierarchy
	for hierarchy in /sys/fs/cgroup/pids /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[ -e "$hierarchy/cgroup.procs" ] || continue
		cgroup=$hierarchy/nsctl-turncoat-$unique
		mkdir "$cgroup"
		break
	done
	turns_safely cgroup "$nsctl" enter -m -c -t
	rmdir "$cgroup"
}
