# SPDX-License-Identifier: GPL-2.0-or-later
# Processes and file systems that block whoever looks at them: nsctl leaves out what does not come, and says so.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program hang
}

setup() {
	needs_root
	common_setup
	cp "$hang" "$scratch/hang"
	# As it is on most machines.
	mknod -m 666 "$scratch/fuse" c 10 229
	: <>"$scratch/fuse" 2>/dev/null || skip "no FUSE here"
	as_user unshare --user true 2>/dev/null || skip "a plain user cannot make user namespaces"
	victims=0
}

teardown() {
	common_teardown
}

# start_hanging MODE: see hang.c; the PID of the process is in $victim.
start_hanging() {
	local as=(env "FUSE_DEVICE=$scratch/fuse") told
	victims=$((victims + 1))
	mkdir -m 777 "$scratch/$victims"
	mkdir -m 777 "$scratch/$victims/mount"
	told=$scratch/$victims/told
	case $1 in map | exec | later | private) as+=(setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all --) ;; esac
	start "${as[@]}" "$scratch/hang" "$1" "$scratch/$victims/mount" "$told"
	wait_for test -s "$told"
	victim=$(cat "$told")
}

# Reading it ends only by a signal, if at all.
blocks() { # blocks FILE
	local reader i
	cat "$1" >/dev/null 2>&1 3>&- &
	reader=$!
	for ((i = 0; i < 50; i++)); do
		sleep 0.01
		kill -0 "$reader" 2>/dev/null || break
	done
	[ "$i" -eq 50 ] || return 1
	# It may stay until the file system is gone: nobody waits for it.
	disown "$reader"
	kill -KILL "$reader"
}

# As wait_for, of what takes its time.
until_it() {
	local i
	for ((i = 0; i < 20; i++)); do
		if "$@"; then
			return 0
		fi
	done
	echo "never came true: $*" >&2
	return 1
}

# ends COMMAND…: by itself, with 0; what it prints is in $output and $stderr.
ends() {
	run -0 --separate-stderr timeout --signal=KILL 10 "$@"
}

# misses COUNT NOUN: the last line of standard error says that so many did not answer; others may be there.
misses() {
	printf '%s\n' "$stderr" >&2
	[[ ${stderr_lines[-1]} =~ "no answer in time: ".*" "([0-9]+)" $2" || ${stderr_lines[-1]} =~ " in time: "([0-9]+)" $2" ]]
	[ "${BASH_REMATCH[1]}" -ge "$1" ]
}

@test "mmap_lock: the row stays, with the name of the program" {
	local command ns
	start_hanging map
	until_it blocks "/proc/$victim/cmdline"
	ns=$(inode_of "$victim" uts)
	ends "$nsctl" list -rn -o NS,PID,COMMAND
	grep -qx "$ns $victim \[hang\]" <<<"$output"
	misses 1 "command line"
	ends "$nsctl" sets -rn -o PID,COMMAND
	grep -qx "$victim \[hang\]" <<<"$output"
	misses 1 "command line"
	ends "$nsctl" ps -rn -o PID,UID,COMMAND "uts:[$ns]"
	is "$output" "$victim $user [hang]"
	misses 1 "command line"
	ends "$nsctl" why -rn -o HOLDER,PID,WHAT "uts:[$ns]"
	is "$output" "process $victim [hang]"
	ends "$nsctl" list --json
	jq -r '.warnings[]' <<<"$output" | grep "^no answer in time: .*1 command line"
}

@test "mmap_lock: completions" {
	start_hanging map
	until_it blocks "/proc/$victim/cmdline"
	ends "$nsctl" --complete show "$victim"
	is "$output" "$victim"$'\t[hang]'
	ends "$nsctl" --complete why "$(inode_of "$victim" uts)"
	is "$output" "$(inode_of "$victim" uts)"$'\tuts, 1 process: [hang]'
}

@test "mmap_lock of ten processes" {
	local i list=()
	for ((i = 0; i < 10; i++)); do
		start_hanging map
		list+=("$victim")
	done
	for victim in "${list[@]}"; do
		until_it blocks "/proc/$victim/cmdline"
	done
	ends "$nsctl" list -rn -o NS,COMMAND
	misses 10 "command lines"
	for victim in "${list[@]}"; do
		grep -qx "$(inode_of "$victim" uts) \[hang\]" <<<"$output"
	done
	# All others answer.
	grep -q "^$(inode_of self uts) [^[]" <<<"$output"
}

@test "exec_update_lock: the namespaces of a process that executes a program" {
	local ns
	start_hanging exec
	until_it blocks "/proc/$victim/environ"
	ends "$nsctl" list -rn -o NS,TYPE,PID
	grep -q " uts $victim$" <<<"$output"
	ends "$nsctl" list --engine=procfs -rn -o NS,TYPE,PID
	ns=$(grep " uts $victim$" <<<"$output")
	ns=${ns%% *}
	misses 1 process # its open files
	ends "$nsctl" sets --engine=procfs -rn -o PID
	grep -qx "$victim" <<<"$output"
	ends "$nsctl" ps --engine=procfs -rn -o PID,UID "uts:[$ns]"
	is "$output" "$victim $user"
	ends "$nsctl" list -rn -o ONS,PNS,NETNSID "uts:[$ns]"
	ends "$nsctl" show "uts:[$ns]"
	# Since Linux 6.18; before, nothing of what these read blocks.
	if blocks "/proc/$victim/stat"; then
		refuses 1 "process $victim does not answer" "$nsctl" show "$victim"
		refuses 2 "process $victim does not answer" "$nsctl" compare "$victim" self
		refuses 1 "process $victim does not answer" "$nsctl" keep hangs "$victim"
		refuses 125 "process $victim does not answer" "$nsctl" enter -n -t "$victim" touch "$scratch/entered"
		refuses 125 "process $victim does not answer" "$nsctl" enter "$victim" touch "$scratch/entered"
		[ ! -e "$scratch/entered" ]
	fi
}

# tell_at NAME COMMAND…: once nsctl has opened a file of that name, it is held, and the victim executes; $! is nsctl.
tell_at() {
	local name=$1 log=$scratch/$victims/trace
	shift
	timeout --foreground --signal=INT 60 strace -qq -o "$log" -e trace=openat -e inject=openat:delay_exit=200000 \
		"$@" >"$scratch/output" 2>&1 3>&- &
	wait_for grep -q ", \"$name\"," "$log"
	kill -USR1 "$victim"
}

# What was found in order a moment ago is blocked by now: a deadline ends nsctl.
@test "exec_update_lock: a process that begins to execute while it is read" {
	local at args runs=()
	while read -r at args; do
		start_hanging later
		ends "$nsctl" show "$victim"
		# shellcheck disable=SC2086
		tell_at "$at" "$nsctl" ${args//PID/$victim}
		runs+=("$!")
	done <<-END
		statm enter -u -t PID touch $scratch/entered
		statm enter PID touch $scratch/entered
		status show PID
		ns compare self PID
	END
	for at in "${runs[@]}"; do
		status=0
		wait "$at" || status=$?
		blocks "/proc/$victim/stat" || skip "nothing of what nsctl reads waits before Linux 6.18"
		[ "$status" -eq 137 ]
	done
	[ ! -e "$scratch/entered" ]
}

@test "a root directory on a file system that does not answer: numbers for names" {
	local ns
	start_hanging root
	blocks "/proc/$victim/root/etc/passwd"
	ns=$(inode_of "$victim" uts)
	ends "$nsctl" ps -rn -o PID,NSUSER,NSUID "uts:[$ns]"
	is "$output" "$victim 0 0"
	misses 1 "user name"
	# What is left behind keeps nobody waiting.
	ends sh -c '"$1" ps "$2" 2>&1 | cat' sh "$nsctl" "uts:[$ns]"
	[[ $output == *"1 user name"* ]]
	ends "$nsctl" list -n
	ends "$nsctl" sets -n
}

@test "a root directory on a file system that refuses root: that is said, and no change" {
	start_hanging private
	refuses 125 "the file system of the root directory of process $victim refuses root: Permission denied; FUSE admits only" \
		"$nsctl" enter "$victim" touch "$scratch/entered"
	[[ $stderr != *STOP* ]]
	refuses 125 "refuses root" "$nsctl" enter -u -r -t "$victim" touch "$scratch/entered"
	refuses 125 "the file system of the working directory" "$nsctl" enter -u -w -t "$victim" touch "$scratch/entered"
	[ ! -e "$scratch/entered" ]
	# The option that it names.
	is "$("$nsctl" enter -u -t "$victim" readlink /proc/self/ns/uts)" "$(ns_of "$victim" uts)"
}

@test "a namespace below a file system that does not answer" {
	local point ns inode
	start_hanging bind
	point=$scratch/$victims/mount/file
	blocks "/proc/$victim/root$point"
	# Mounts may hold other uts namespaces of the machine, too.
	ns=$(awk -v point="$point" '$5 == point { print $4 }' "/proc/$victim/mountinfo")
	[[ $ns =~ ^uts:\[([0-9]+)\]$ ]]
	inode=${BASH_REMATCH[1]}
	ends "$nsctl" list -rn -o NS,TYPE,HOLDERS
	grep -q "^$inode uts .*mount" <<<"$output"
	ends "$nsctl" list --engine=procfs -rn -o NS,TYPE,HOLDERS,NSFS,ONS
	grep -q "^$inode uts [^ ]*mount " <<<"$output"
	ends "$nsctl" why -rn -o HOLDER,WHAT "$ns"
	grep -q "^mount $point" <<<"$output"
}
