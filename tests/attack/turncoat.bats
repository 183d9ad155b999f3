# SPDX-License-Identifier: GPL-2.0-or-later
# A target that becomes another at any point between the first look at it and
# the program.  What runs is in the state of before, or in that of after, or
# nothing runs: never in a mixture.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program turncoat
	use_program turn_at
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
	export ASAN_OPTIONS=detect_leaks=0 # it is traced
}

teardown() {
	common_teardown
}

# turns KIND COMMAND…: behind each call.  COMMAND takes a PID and a program.  Counts in $whole, $refused, $mixed, $missed.
turns() {
	local kind=$1 counts
	shift
	counts=$("$turn_at" "$scratch/file" "$tell" "$kind" "${cgroup:-none}" "$@")
	[[ $counts =~ ^whole=[0-9]+\ refused=[0-9]+\ mixed=[0-9]+\ missed=[0-9]+$ ]]
	eval "$counts"
	echo "$kind, $*: $counts" >&2
}

# turns_safely KIND COMMAND…: never a mixture; and the stop was where it matters.
turns_safely() {
	turns "$@"
	is "$mixed" 0
	[ "$missed" -le 3 ]
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

# refuses_target TEXT PID: by every way to enter all namespaces and the root.
refuses_target() {
	local command
	for command in "$nsctl enter" "$nsctl enter -a -r -t" "$as_nsenter -a -r -t" "setarch --uname-2.6 $nsctl enter"; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr $command "$2" touch "$scratch/ran"
		[ "$status" -ne 0 ]
		[[ $stderr == *"$1"* ]]
		[ ! -e "$scratch/ran" ]
	done
}

# As a process that is preempted within unshare(2), between its new mnt and its new user namespace.
@test "a mnt namespace of a user namespace that the process is not in" {
	start_unshared_as_user --user --map-root-user --mount
	local owner=$pid
	start nsenter -t "$owner" -m sleep 1000
	wait_for runs "$pid" sleep
	refuses_target "the mnt namespace of process $pid belongs to a user namespace below that of the process" "$pid"
	# Types that are named are entered, and so is the owner itself.
	run -0 "$nsctl" enter -m -t "$pid" true
	run -0 "$nsctl" enter "$owner" true
}

@test "the same among the processes of a container" {
	local owner
	# shellcheck disable=SC2016 # expanded inside
	start setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- unshare --user --map-root-user sh -c 'unshare --user --map-root-user --mount sleep 1000 &
		echo $! >"$1"
		while [ "$(cat "/proc/$!/comm")" != sleep ]; do sleep 0.1; done
		exec nsenter -t $! -m sleep 1000' sh "$scratch/owner"
	wait_for runs "$pid" sleep
	owner=$(cat "$scratch/owner")
	started+=("$owner")
	[ "$(ns_of "$pid" user)" != "$(ns_of "$owner" user)" ]
	[ "$(ns_of "$pid" user)" != "$(ns_of self user)" ]
	refuses_target "the mnt namespace of process $pid belongs to a user namespace below that of the process" "$pid"
	# A user namespace below that of the mnt namespace is what unshare -U makes.
	run -0 "$nsctl" enter "$owner" true
	start_unshared_as_user --user --map-root-user
	run -0 "$nsctl" enter "$pid" true
}

# As a process that is preempted within unshare(2), between its new mnt namespace and its new root.
@test "a root outside the mnt namespace, or deleted" {
	start_unshared --mount
	start "$turncoat" stray "$pid" "$scratch/file"
	wait_for test -s "$scratch/file"
	refuses_target "the root directory of process $pid lies outside its mnt namespace" "$pid"
	run -0 "$nsctl" enter --root=/ "$pid" true
	mkdir "$scratch/root"
	rm "$scratch/file"
	start unshare --mount "$turncoat" jailed "$scratch/root" "$scratch/file"
	wait_for test -s "$scratch/file"
	run -127 "$nsctl" enter "$pid" true
	rmdir "$scratch/root"
	refuses_target "the root directory of process $pid was deleted" "$pid"
}
