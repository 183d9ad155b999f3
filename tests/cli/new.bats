# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl new: what it creates, for whom, and what is left when it fails.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

# The types in which the program is not where the caller is, of its ten links.
own_links() { # own_links OPTION...
	"$nsctl" new "$@" readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts} |
		diff --unchanged-line-format= --old-line-format= --new-line-format='%L' \
			<(readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts}) - |
		cut -d: -f1 | paste -sd' ' -
}

@test "one namespace for each option, short and long" {
	local option
	for option in mount:m:mnt uts:u:uts ipc:i:ipc net:n:net cgroup:C:cgroup time:T:time pid:p:pid user:U:user; do
		IFS=: read -r long short type <<<"$option"
		is "$(own_links "-$short")" "$type"
		is "$(own_links "--$long")" "$type"
	done
	is "$(own_links)" ""
	is "$(own_links -a)" "cgroup ipc mnt net pid time user uts"
}

@test "as a user: with a user namespace, and the reason without one" {
	is "$(as_user "$nsctl" new -rn id -u)" 0
	is "$(as_user "$nsctl" new -c id -u)" "$user"
	is "$(as_user "$nsctl" new -a sh -c 'id -u; echo $$; hostname new && hostname')" $'0\n1\nnew'
	refuses 125 "add -U" as_user "$nsctl" new -n true
}

@test "--like: the types in which the target has its own" {
	start_in --uts --net
	is "$(own_links --like "$pid")" "net uts"
	is "$(own_links --like "uts:[$(inode_of "$pid" uts)]")" uts
	refuses 125 "has no namespace of its own" "$nsctl" new --like self true
	refuses 125 "999999" "$nsctl" new --like 999999 true
}

@test "a pid namespace: the program is process 1, and /proc shows it" {
	is "$("$nsctl" new -p --mount-proc readlink /proc/self)" 1
	is "$("$nsctl" new -p --mount-proc sh -c 'echo /proc/[0-9]*')" /proc/1
	# The caller's mounts are as they were.
	[ -d "/proc/$BASHPID/ns" ]
	# As unshare does without a fork: its children alone are inside.
	is "$("$nsctl" new -p --no-fork sh -c 'sh -c "echo \$\$"')" 1
}

@test "--init: orphans are collected, signals reach the program, its status is the status" {
	is "$("$nsctl" new --init --mount-proc sh -c 'echo $$; (sh -c "sleep 0.01 & :" &); sleep 0.2; ps -o stat= ax | grep -c Z')" $'2\n0'
	run -7 "$nsctl" new --init sh -c 'exit 7'
	run -143 "$nsctl" new --init sh -c 'kill -TERM $$'
	run -127 "$nsctl" new --init /nonexistent
	start "$nsctl" new --init sh -c 'trap "exit 9" TERM; echo >"$0"; while :; do sleep 0.01; done' "$scratch/ready"
	wait_for test -s "$scratch/ready"
	kill "$pid"
	ends_with 9 "$pid"
}

@test "--net=up, --hostname" {
	is "$("$nsctl" new --net=up sh -c 'cat /sys/class/net/lo/flags /proc/net/dev | grep -c lo:')" 1
	"$nsctl" new --net=up ip -o link show lo | grep -q 'LOOPBACK,UP'
	as_user "$nsctl" new -r --net=up ip -o link show lo | grep -q 'LOOPBACK,UP'
	local before
	before=$(uname -n)
	is "$("$nsctl" new --hostname "new-$unique" uname -n)" "new-$unique"
	is "$(uname -n)" "$before"
	refuses 125 "64 bytes" "$nsctl" new --hostname "$(printf 'x%.0s' {1..65})" true
}

@test "--time-limit: SIGTERM, then SIGKILL, status 124" {
	run -124 "$nsctl" new -u --time-limit 1 sleep 1000
	run -124 "$nsctl" new -p --time-limit 1s sh -c 'trap "" TERM; while :; do sleep 0.1; done'
	run -5 "$nsctl" new -u --time-limit 1d sh -c 'exit 5'
	refuses 2 "not a span of time" "$nsctl" new -u --time-limit 1w true
	refuses 2 "not a span of time" "$nsctl" new -u --time-limit 0 true
}

@test "--die-with-parent: in place and in a child" {
	local fork
	for fork in -u -f -p; do
		start sh -c '"$@" & wait' sh "$nsctl" new "$fork" --die-with-parent sh -c 'echo $$ >"$0"; exec sleep 1000' "$scratch/inside"
		local parent=$pid
		wait_for test -s "$scratch/inside"
		local nsctl_pid
		nsctl_pid=$(child_of "$parent")
		wait_for [ -e "/proc/$nsctl_pid/comm" ]
		local program
		program=$(child_of "$nsctl_pid") || program=$nsctl_pid
		stop "$parent"
		wait_for [ ! -e "/proc/$program" ]
		wait_for [ ! -e "/proc/$nsctl_pid" ]
		rm "$scratch/inside"
	done
}

@test "--json-status: what was created, before the program starts, and how it ended" {
	"$nsctl" new -un --init --json-status 7 sh -c 'readlink /proc/self/ns/net >"$0"; exit 3' "$scratch/net" 7>"$scratch/status" && false
	is "$(jq -rs '.[1].exit_status' "$scratch/status")" 3
	is "$(jq -rs '.[0].namespaces | map(.type) | join(" ")' "$scratch/status")" "net pid uts"
	is "net:[$(jq -rs '.[0].namespaces[] | select(.type == "net").ns' "$scratch/status")]" "$(cat "$scratch/net")"
	is "$(jq -rs '.[0].pid_inside' "$scratch/status")" 1
	run -137 "$nsctl" new -f --json-status 7 sh -c 'kill -KILL $$' 7>"$scratch/status"
	is "$(jq -cs '.[1] | [.exit_status, .signal]' "$scratch/status")" "[null,9]"
	refuses 2 "descriptor 77" "$nsctl" new -u --json-status 77 true
	refuses 2 "not open for writing" "$nsctl" new -f --json-status 7 true 7</dev/null
	run -125 "$nsctl" new -f --json-status 7 true 7>/dev/full
	[[ $output == *"cannot write to descriptor 7"* ]]
}

@test "--wait: the program starts when the pipe is closed" {
	mkfifo "$scratch/go"
	local mode
	for mode in -u -fu; do
		rm -f "$scratch/started"
		exec 8<>"$scratch/go"
		start "$nsctl" new "$mode" --wait 7 touch "$scratch/started" 7<"$scratch/go" 8>&-
		wait_for runs "$pid" nsctl
		sleep 0.1
		[ ! -e "$scratch/started" ]
		exec 8>&-
		ends_with 0 "$pid"
		[ -e "$scratch/started" ]
	done
	refuses 2 "descriptor 77" "$nsctl" new -u --wait 77 true
}

@test "=FILE: made where it does not exist, entered afterwards, gone after an error" {
	local type
	mount --bind "$scratch" "$scratch"
	mounted+=("$scratch")
	mount --make-private "$scratch"
	for type in cgroup ipc mnt net time user uts; do
		local option=$type
		[ "$type" != mnt ] || option=mount
		"$nsctl" new "--$option=$scratch/$type" true
		mounted+=("$scratch/$type")
		"$nsctl" enter --preserve-credentials "$scratch/$type" true
	done
	"$nsctl" new -un="$scratch/net2" true
	mounted+=("$scratch/net2")
	is "$("$nsctl" enter "$scratch/net2" true)" ""
	run -127 "$nsctl" new "--uts=$scratch/again" /nonexistent
	[ ! -e "$scratch/again" ]
	refuses 125 "$scratch/no/such" "$nsctl" new "--uts=$scratch/uts2" "--net=$scratch/no/such" true
	[ ! -e "$scratch/uts2" ]
}

@test "a mnt namespace can be mounted each time: ids may be out of order (Linux 6.18)" {
	mount --bind "$scratch" "$scratch"
	mounted+=("$scratch")
	mount --make-private "$scratch"
	local i
	for ((i = 0; i < 20; i++)); do
		unshare --mount --propagation private "$nsctl" new "--mount=$scratch/mnt" true
		unshare --mount --propagation private sh -c '
			"$0" new --mount="$1" true && exec "$0" enter "$1" true' "$nsctl" "$scratch/mnt-$i"
	done
}

# The children that use up the ids of a processor must be in no namespace of the program's.
@test "a mnt namespace with a lower id, beside namespaces that the next child enters" {
	taskset -c 0 true && taskset -c 1 true || skip "needs processors 0 and 1"
	mount --bind "$scratch" "$scratch"
	mounted+=("$scratch")
	mount --make-private "$scratch"
	local options cpus i=0
	for options in "-p --mount-proc" "-T --boottime 5"; do
		# Once in both directions: afterwards each one finds lower ids.
		for cpus in "0 1" "1 0"; do
			# shellcheck disable=SC2086 # words
			taskset -c "${cpus% *}" unshare --mount --propagation private \
				taskset -c "${cpus#* }" "$nsctl" new $options --mount="$scratch/mnt-$((i++))" true
		done
	done
}

@test "--dry-run: what would be done, whether it is permitted, and nothing is left" {
	is "$("$nsctl" new -un --dry-run touch "$scratch/ran")" "namespaces net uts
program    touch
permitted  yes"
	[ ! -e "$scratch/ran" ]
	local mode
	for mode in -u -fu; do
		run -125 --separate-stderr "$nsctl" new "$mode" --dry-run nonexistent
		[[ $stderr == *"cannot execute 'nonexistent'"* ]]
		run -125 --separate-stderr "$nsctl" new "$mode" --dry-run /etc/passwd
		[[ $stderr == *"Permission denied"* ]]
	done
	is "$("$nsctl" new -rp --name "new-$unique" --dry-run true)" "namespaces pid user
uid map    0 0 1 (written by nsctl, inside)
gid map    0 0 1 (written by nsctl, inside)
kept as    keep:new-$unique
program    true, as process 1
permitted  yes"
	run -125 --separate-stderr as_user "$nsctl" new -n --dry-run true
	is "$output" $'namespaces net\nprogram    true'
	[[ $stderr == *"add -U"* ]]
	"$nsctl" new "--uts=$scratch/file" --dry-run | grep -qx "mounted    uts on $scratch/file"
	[ ! -e "$scratch/file" ]
}

@test "--clear-env, --whitelist-env" {
	is "$(A=1 B=2 "$nsctl" new -u --clear-env /usr/bin/env)" ""
	is "$(A=1 B=2 C=3 "$nsctl" new -u --clear-env --whitelist-env A,C /usr/bin/env | sort)" $'A=1\nC=3'
	refuses 2 "without --clear-env" "$nsctl" new --whitelist-env A true
}

@test "status: the program's, signals, not found, not executable" {
	run -3 "$nsctl" new -u sh -c 'exit 3'
	run -137 "$nsctl" new -fu sh -c 'kill -KILL $$'
	refuses 127 "cannot execute '/nonexistent'" "$nsctl" new -u /nonexistent
	refuses 126 "cannot execute '/'" "$nsctl" new -fu /
	refuses 2 "-T" "$nsctl" new --boottime 5 true
	refuses 2 "unknown signal" "$nsctl" new --kill-child=NONE true
	refuses 2 "--setgroups=allow" "$nsctl" new -r --setgroups allow true
	refuses 2 "--like" "$nsctl" new --like nonsense true
	refuses 2 "is empty" "$nsctl" new --net= true
	refuses 2 "not open for reading" "$nsctl" new -u --wait 7 true 7>/dev/null
	refuses 127 "looked up below" "$nsctl" new -m -R "$scratch" sh
	is "$(as_user "$nsctl" new --owner "$user:$user" sh -c 'cat /proc/self/uid_map')" ""
}

@test "killing nsctl ends the program with --kill-child, and leaves it without" {
	start "$nsctl" new -f --kill-child sleep 1000
	wait_for child_of "$pid"
	local program
	program=$(child_of "$pid")
	stop "$pid"
	wait_for [ ! -e "/proc/$program" ]
	start "$nsctl" new -f sleep 1000
	wait_for child_of "$pid"
	program=$(child_of "$pid")
	started+=("$program")
	wait_for runs "$program" sleep
	stop "$pid"
	runs "$program" sleep
}

@test "no process of nsctl's is left behind a program that runs" {
	start "$nsctl" new -fn "--uts=$scratch/uts" sleep 1000
	mounted+=("$scratch/uts")
	only_sleeps() {
		[ "$(wc -w <"/proc/$pid/task/$pid/children")" -eq 1 ] && runs "$(child_of "$pid")" sleep
	}
	wait_for only_sleeps
}
