# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever system call fails between the plan and the exec: the program does not run, and the message names the step.
bats_require_minimum_version 1.5.0
load ../lib

# No failure of theirs can matter: they only look, or release what the exit releases as well.  The first close_range
# only tries whether it is permitted.
harmless='close|close_range|getpid|gettid|getsid|wait4|rt_sigtimedwait|exit_group|brk|uname|getuid|geteuid|rt_sigreturn'

setup() {
	needs_root
	common_setup
}

teardown() {
	local group
	common_teardown
	for group in /sys/fs/cgroup/*/"nsctl-atomic-$unique" /sys/fs/cgroup/"nsctl-atomic-$unique"; do
		[ ! -d "$group" ] || rmdir "$group"
	done
}

# The calls from the first that the plan leads to, as "CALL N": the Nth CALL of its process.
steps() { # steps TRACE
	awk -v harmless="^($harmless)\$" '
		{
			pid = $1
			sub(/^[0-9]+ +/, "")
			if ($0 !~ /^[a-z0-9_]+\(/) next
			call = $0
			sub(/\(.*/, "", call)
			seen[pid, call]++
			if (call == "prctl" && $0 ~ /SET_DUMPABLE/) started = 1
			if (call == "write" && $0 ~ /, "0", 1\)/) started = 1
			if (!started || call ~ harmless) next
			print call, seen[pid, call]
			if (call == "execve") exit
		}' "$1" | awk '!seen[$0]++'
}

# Every step of this command line fails once.
each_step_fails() { # each_step_fails COMMAND…: which would run touch
	local call number code failed=0 tried=0
	strace -f -o "$scratch/trace" "$@" touch "$scratch/ran"
	[ -e "$scratch/ran" ]
	rm "$scratch/ran"
	steps "$scratch/trace" >"$scratch/steps"
	while read -r call number; do
		[ "$call" != execve ] || continue
		tried=$((tried + 1))
		code=0
		strace -f -o /dev/null -e "inject=$call:error=EPERM:when=$number" "$@" touch "$scratch/ran" \
			>"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
		if [ "$code" -ne 125 ] || [ -e "$scratch/ran" ] || [ "$(grep -c '^nsctl enter: cannot' "$scratch/err")" -ne 1 ]; then
			echo "$call $number: $(cat "$scratch/err")" >&2
			rm -f "$scratch/ran"
			failed=1
		fi
	done <"$scratch/steps"
	echo "$tried steps" >&2
	[ "$tried" -ge 2 ] && [ "$failed" -eq 0 ]
}

@test "one namespace, no fork" {
	start_unshared --uts
	each_step_fails "$nsctl" enter "$pid"
}

@test "all namespaces, with a fork" {
	start_in --mount --uts --ipc --net --pid --cgroup --time
	each_step_fails "$nsctl" enter "$pid"
}

@test "a user namespace, with capabilities kept" {
	start_apart
	each_step_fails "$nsctl" enter --keep-caps "$pid"
}

@test "another user and group, with root and working directory" {
	chmod 777 "$scratch"
	start_in --mount --pid
	each_step_fails "$nsctl" enter -S "$user" -m -p -r -w -t "$pid"
}

@test "a /proc of its own" {
	start_in --pid
	each_step_fails "$nsctl" enter --mount-proc "$pid"
}

@test "one namespace after the other" {
	start_in --mount --uts --pid
	each_step_fails setarch --uname-2.6 "$nsctl" enter "$pid"
}

@test "the target's cgroups" {
	local hierarchy
	start_unshared --uts
	for hierarchy in /sys/fs/cgroup/pids /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[ -e "$hierarchy/cgroup.procs" ] || continue
		mkdir "$hierarchy/nsctl-atomic-$unique"
		echo "$pid" >"$hierarchy/nsctl-atomic-$unique/cgroup.procs"
		break
	done
	each_step_fails "$nsctl" enter -c "$pid"
	stop "$pid"
}

@test "a program that cannot be executed: 126 and 127" {
	start_in --pid --mount
	refuses 127 "cannot execute 'no-such-program': No such file" "$nsctl" enter "$pid" no-such-program
	refuses 126 "cannot execute '/etc/passwd': Permission denied" "$nsctl" enter "$pid" /etc/passwd
}
