# SPDX-License-Identifier: GPL-2.0-or-later
# Where a container engine's filter refuses newer system calls: nsctl does without them, and is as safe.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program refuse
}

setup() {
	needs_root
	common_setup
	groups=()
}

teardown() {
	teardown_with_groups
}

calls=(pidfd_open pidfd_send_signal openat2 close_range statx pidfd_getfd getsid)

# each_refusal FUNCTION: with each call refused alone, and all of them, by EPERM and by ENOSYS.
each_refusal() {
	local number set
	for number in 1 38; do
		for set in "${calls[@]}" "${calls[*]}"; do
			echo "$set: $number" >&2
			# shellcheck disable=SC2206 # words
			refused=("$refuse" "$number" $set --)
			"$1"
		done
	done
}

enters() {
	is "$("${refused[@]}" "$nsctl" enter "$pid" readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts})" "$(all_ns "$pid")"
	run -7 "${refused[@]}" "$nsctl" enter -S follow -c -e -r -w -a -t "$pid" sh -c 'exit 7'
	run -0 "${refused[@]}" "$as_nsenter" -t "$pid" -p true
	run -0 "${refused[@]}" "$as_nsenter" -t "$pid" -a -r -w true
	refuses 125 "no process or thread has the id" "${refused[@]}" "$nsctl" enter 4194303 echo ran
	is "$("${refused[@]}" "$nsctl" enter "$pid" sh -c '[ -e /proc/self/fd/7 ] || echo closed' 7</etc/passwd)" closed
}

@test "nsctl enter and nsenter work, into a pid namespace as well" {
	start_in --mount --uts --ipc --net --pid --cgroup --mount-proc
	each_refusal enters
	start_apart
	each_refusal enters
}

enters_as_user() {
	is "$(as_user "${refused[@]}" "$nsctl" enter "$pid" readlink /proc/self/ns/{net,user})" "$(ns_of "$pid" net; ns_of "$pid" user)"
	is "$(as_user "${refused[@]}" "$nsctl" enter self echo ran)" ran
}

@test "a user's own namespaces, with the root that he has already" {
	start_unshared_as_user --user --map-root-user --net
	each_refusal enters_as_user
}

ends_with_nsctl() {
	start env --default-signal "${refused[@]}" "$nsctl" enter --mount-proc "$target" sh -c 'echo ready >"$0"; sleep 1000' "$scratch/heard"
	wait_for grep -q ready "$scratch/heard"
	rm "$scratch/heard"
	local inner
	inner=$(child_of "$pid")
	started+=("$inner")
	kill -KILL "$pid"
	wait_for test ! -e "/proc/$inner"
}

@test "the program ends with nsctl" {
	start_in --pid --mount-proc
	target=$pid
	each_refusal ends_with_nsctl
}

ends_before_program() { # ends_before_program CALL OPTION…: its error ends the entering
	local number
	for number in 1 38; do
		echo "$1: $number" >&2
		refuses 125 "cannot " "$refuse" "$number" "$1" -- "$nsctl" enter -a "${@:2}" -t "$pid" echo ran
	done
}

@test "a call that entering needs: one line, and the program does not run" {
	local call
	start_unshared --user --mount --uts
	echo "0 100000 10" >"/proc/$pid/uid_map"
	echo "0 100000 10" >"/proc/$pid/gid_map"
	for call in setns chroot fchdir setgroups setresgid setresuid capget capset prctl mount unshare; do
		ends_before_program "$call" --mount-proc --keep-caps -S 5 -G 5 -r -w -c
	done
	# Without a user namespace the program is confined as the target is.
	start_in --pid --mount
	for call in capget capset pipe2; do
		ends_before_program "$call" -S follow
	done
}

# A PID with a pidfd that is of another process than the directory: see pid-reuse.bats for the race itself.
@test "a process that has ended is not taken for one that runs" {
	local number
	start_unshared --uts
	stop "$pid"
	for number in 1 38; do
		refuses 125 "no process or thread has the id $pid" "$refuse" "$number" pidfd_send_signal pidfd_open -- "$nsctl" enter "$pid" echo ran
		refuses 125 "no process or thread has the id $pid" "$refuse" "$number" pidfd_send_signal -- "$nsctl" enter "$pid" echo ran
	done
}

@test "without clone3(2) the program joins its cgroup v2 by itself" {
	local top group number
	top=$(mount_of cgroup2) && group=$top/nsctl-clone-$unique && mkdir "$group" || skip "no cgroup v2 can be made here"
	groups+=("$group")
	start_in --pid --cgroup
	echo "$pid" >"$group/cgroup.procs"
	for number in 1 38; do
		[[ $("$refuse" "$number" clone3 -- "$nsctl" exec "$pid" cat /proc/self/cgroup) == *"/nsctl-clone-$unique"* ]]
		[[ $("$refuse" "$number" clone3 -- "$nsctl" enter -c "$pid" cat /proc/self/cgroup) == *"/nsctl-clone-$unique"* ]]
	done
	[[ $("$nsctl" exec "$pid" cat /proc/self/cgroup) == *"/nsctl-clone-$unique"* ]]
}
