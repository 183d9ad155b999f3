# SPDX-License-Identifier: GPL-2.0-or-later
# In which order namespaces are entered, by whom, and who may.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	as_user unshare --user true 2>/dev/null || skip "a plain user cannot make user namespaces"
}

teardown() {
	common_teardown
}

# The links as the program finds them.  /proc may be of another pid namespace: then nsctl warns.
inside() { # inside COMMAND…: COMMAND is "nsctl enter TARGET", with what is before it
	"$@" readlink /proc/self/ns/{cgroup,ipc,mnt,net,time,user,uts} 2>/dev/null
}

links_of() {
	readlink "/proc/$1/ns/"{cgroup,ipc,mnt,net,time,user,uts}
}

# start_nested OUTER INNER: a sleep of the plain user in a user namespace
# with these others, and within it in a second one with those.
start_nested() {
	# shellcheck disable=SC2086 # words
	start_unshared_as_user --user --map-root-user $1 unshare --user --map-root-user $2
}

# outer namespaces, then inner ones
mixtures=(
	"--uts|--mount" "--mount|--uts" "--mount --uts --ipc|--net" "--net|--mount --ipc --uts"
	"--ipc --cgroup|--uts --mount" "--uts --ipc --net --mount --cgroup|" "|--uts --ipc --net --mount --cgroup"
	"--mount --uts|--mount --uts" "|" "--net --uts|--net"
)

each_mixture() { # each_mixture FUNCTION
	local mixture
	for mixture in "${mixtures[@]}"; do
		echo "outer ${mixture%|*}, inner ${mixture#*|}" >&2
		start_nested "${mixture%|*}" "${mixture#*|}"
		"$1"
		stop "$pid"
	done
}

enters_nested_as_user() {
	is "$(inside as_user "$nsctl" enter "$pid")" "$(links_of "$pid")"
	is "$(inside as_user "$nsctl" enter -a -t "$pid")" "$(links_of "$pid")"
}

enters_nested_as_root() {
	is "$(inside "$nsctl" enter "$pid")" "$(links_of "$pid")"
}

sequence_as_user() {
	is "$(inside as_user setarch --uname-2.6 "$nsctl" enter "$pid")" "$(links_of "$pid")"
}

sequence_as_root() {
	is "$(inside setarch --uname-2.6 "$nsctl" enter "$pid")" "$(links_of "$pid")"
}

files_as_root() {
	local files=() type
	for type in uts net cgroup ipc user mnt; do
		files+=("/proc/$pid/ns/$type")
	done
	is "$(inside "$nsctl" enter "${files[@]}" --)" "$(links_of "$pid")"
}

files_as_user() {
	local files=() type
	for type in uts net cgroup ipc user mnt; do
		files+=("/proc/$pid/ns/$type")
	done
	is "$(inside as_user "$nsctl" enter "${files[@]}" --)" "$(links_of "$pid")"
}

@test "nested user namespaces, entered by their owner" {
	each_mixture enters_nested_as_user
}

@test "nested user namespaces, entered by root" {
	each_mixture enters_nested_as_root
}

@test "one after the other comes to the same as all at once, as root" {
	each_mixture sequence_as_root
}

@test "several FILEs come to the same as the process, as root" {
	each_mixture files_as_root
}

# With one setns(2) for each, what the outer user namespace owns can only be
# entered with power over it: from outside nobody but root has it beforehand.
# These have nothing owned by the outer one.
@test "one after the other and as FILEs, by their owner" {
	local inner
	for inner in "" --mount "--uts --ipc --net --mount --cgroup"; do
		start_nested "" "$inner"
		sequence_as_user
		files_as_user
		stop "$pid"
		# shellcheck disable=SC2086 # words
		start_unshared_as_user --user --map-root-user $inner
		sequence_as_user
		files_as_user
		stop "$pid"
	done
}

@test "where nsenter --all fails: namespaces shared with the caller are skipped" {
	start_unshared_as_user --user --map-root-user --uts
	run as_user "$system_nsenter" -a -t "$pid" true
	[ "$status" -ne 0 ]
	[[ $output == *"Operation not permitted"* ]]
	is "$(inside as_user "$nsctl" enter -a -t "$pid")" "$(links_of "$pid")"
	is "$(inside as_user "$nsctl" enter "$pid")" "$(links_of "$pid")"
}

@test "only what differs is entered, and all of it at once" {
	start_unshared_as_user --user --map-root-user --uts
	ASAN_OPTIONS=detect_leaks=0 as_user strace -qq -e trace=setns "$nsctl" enter "$pid" true 2>"$scratch/log"
	cat "$scratch/log" >&2
	is "$(wc -l <"$scratch/log")" 1
	grep -Eq 'CLONE_NEWUTS\|CLONE_NEWUSER|CLONE_NEWUSER\|CLONE_NEWUTS' "$scratch/log"
	run ! grep -Eq 'CLONE_NEW(NET|NS|IPC|PID|CGROUP|TIME)' "$scratch/log"
}

@test "one's own user namespace is never entered again" {
	start_unshared --uts
	local log="ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o $scratch/log -e trace=setns"
	local words
	for words in "$pid" "-a -t $pid" "-U -u -t $pid" "/proc/$pid/ns/user /proc/$pid/ns/uts --" "/proc/self/ns/user"; do
		# shellcheck disable=SC2086 # words
		env $log "$nsctl" enter $words true
		! grep -q CLONE_NEWUSER "$scratch/log"
	done
}

@test "the namespace that refused is named" {
	local type option
	for type in uts ipc net; do
		start_unshared "--$type"
		refuses 125 "$type:[$(inode_of "$pid" "$type")]" as_user "$nsctl" enter "$type:[$(inode_of "$pid" "$type")]" echo ran
		stop "$pid"
		# Of a process that may be looked at: its user namespace is the user's, this one is root's.
		option=$("$system_nsenter" "--$type=/proc/self/ns/$type" true && echo "--$type")
		start unshare "$option" setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- \
			unshare --user --map-root-user sleep 1000
		wait_for runs "$pid" sleep
		refuses 125 "cannot enter the $type namespace of process $pid" as_user "$nsctl" enter "$pid" echo ran
		refuses 125 "cannot enter the $type namespace of process $pid" as_user setarch --uname-2.6 "$nsctl" enter "$pid" echo ran
		stop "$pid"
	done
}
