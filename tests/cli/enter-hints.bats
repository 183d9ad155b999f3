# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl enter: what a message advises works when it is typed.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

@test "a user without the user namespace: -U, or --user-parent" {
	start_unshared_as_user --user --map-root-user --net --uts
	local type
	for type in net uts; do
		refuses 125 "the user namespace that owns it: add -U" as_user "$nsctl" enter "--$type" -t "$pid" echo ran
		is "$(as_user "$nsctl" enter -U "--$type" -t "$pid" readlink "/proc/self/ns/$type")" "$(ns_of "$pid" "$type")"
		refuses 125 "the user namespace that owns it: add --user-parent" \
			as_user "$nsctl" enter "$type:[$(inode_of "$pid" "$type")]" echo ran
		is "$(as_user "$nsctl" enter --user-parent "$type:[$(inode_of "$pid" "$type")]" readlink "/proc/self/ns/$type")" \
			"$(ns_of "$pid" "$type")"
	done
}

@test "a user with a namespace of a user namespace within his own: -U as well" {
	start_unshared_as_user --user --map-root-user unshare --user --map-root-user --uts
	refuses 125 "the user namespace that owns it: add -U" as_user "$nsctl" enter -u -t "$pid" echo ran
	is "$(as_user "$nsctl" enter -U -u -t "$pid" readlink /proc/self/ns/uts)" "$(ns_of "$pid" uts)"
}

@test "a namespace that the user's own does not own: the one that does is named" {
	start_unshared_as_user --user --map-root-user --uts unshare --user --map-root-user
	local owner
	owner=$("$nsctl" show "uts:[$(inode_of "$pid" uts)]" | grep -o 'user:\[[0-9]*\]' | head -1)
	refuses 125 "the user namespace that owns it: give $owner as a target, too" as_user "$nsctl" enter -u "$pid" echo ran
	is "$(as_user "$nsctl" enter -u "$pid" "$owner" -- readlink /proc/self/ns/uts)" "$(ns_of "$pid" uts)"
}

@test "root's own: nothing but root will do" {
	start_unshared --uts
	touch "$scratch/uts"
	mount --bind "/proc/$pid/ns/uts" "$scratch/uts"
	mounted+=("$scratch/uts")
	refuses 125 "the user namespace that owns it: run as root" as_user "$nsctl" enter "$scratch/uts" echo ran
}

# The sanitizer's search for leaks makes a process, too.
@test "a pid namespace whose first process has ended" {
	start_in --pid
	touch "$scratch/pid"
	mount --bind "/proc/$pid/ns/pid" "$scratch/pid"
	mounted+=("$scratch/pid")
	stop "$pid"
	local option
	for option in "$scratch/pid" "--pid=$scratch/pid"; do
		run -125 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 "$nsctl" enter --mount-proc "$option" echo ran
		is "$output" ""
		[[ $stderr == *"cannot fork: Cannot allocate memory; the first process of the pid namespace has ended: nothing can be started in it" ]]
	done
}

# refuses_and_advises TEXT ADVICE TARGET…: what is advised works.
refuses_and_advises() {
	local text=$1 advice=$2
	shift 2
	refuses 125 "$text" env ASAN_OPTIONS=detect_leaks=0 "$nsctl" enter "$@" echo ran
	# shellcheck disable=SC2086 # words
	is "$("$nsctl" enter $advice "$@" echo ran)" ran
}

@test "an id that the user namespace of a process or of a file lacks: those that it has" {
	local file=$scratch/user option
	touch "$file"
	start_unshared --user
	mount --bind "/proc/$pid/ns/user" "$file"
	mounted+=("$file")
	for option in "$pid" "$file"; do
		refuses_and_advises "; its uid_map is empty: use --preserve-credentials" \
			--preserve-credentials "$option"
	done
	echo "3 1000 5" >"/proc/$pid/uid_map"
	for option in "$pid" "$file"; do
		refuses_and_advises "; its gid_map is empty: use --preserve-credentials" \
			--preserve-credentials "$option"
	done
	echo "0 1000 1" >"/proc/$pid/gid_map"
	refuses_and_advises "user 0 does not exist in the user namespace of process $pid; use -S 3 -G 0" "-S 3 -G 0" "$pid"
	refuses_and_advises "cannot become user 0: Invalid argument: user 0 does not exist in the user namespace; use -S 3 -G 0" \
		"-S 3 -G 0" "$file"
	refuses 125 "group 7 does not exist in the user namespace; use -S 3 -G 0" "$nsctl" enter -S 3 -G 7 "$file" echo ran
	is "$("$nsctl" enter --preserve-credentials "$file" echo ran)" ran
	# In the caller's own.
	refuses 125 "cannot become user 5: Invalid argument: user 5 does not exist in the user namespace; use -S 0 -G 0" \
		setpriv --groups 0 -- unshare --user --map-root-user "$nsctl" enter -S 5 -G 0 self echo ran
}

# A target whose root has no shell.
start_without_shell() {
	mkdir "$scratch/empty"
	cp "$(command -v sleep)" "$scratch/empty/"
	ldd "$scratch/empty/sleep" | grep -o '/[^ ]*' | while read -r library; do
		cp --parents -L "$library" "$scratch/empty/"
	done
	# shellcheck disable=SC2016
	start unshare "$@" --mount --fork --kill-child sh -ec 'exec chroot "$1" /sleep 1000' sh "$scratch/empty"
	local parent=$pid
	wait_for child_of "$parent"
	pid=$(child_of "$parent")
	started+=("$pid")
	wait_for runs "$pid" sleep
}

@test "an image without a shell: what works is advised, and works" {
	local set advice
	for set in "--pid --uts --net" "--user --map-root-user --pid --uts --ipc --net --cgroup" "--net"; do
		# shellcheck disable=SC2086 # words
		start_without_shell $set
		refuses 127 "it has no shell; the caller's, in its other namespaces: nsctl enter -" "$nsctl" enter "$pid"
		advice=${stderr##*: nsctl enter }
		# shellcheck disable=SC2086 # words
		is "$("$nsctl" enter $advice <<<'readlink /proc/self/ns/net')" "$(ns_of "$pid" net)"
		stop "$pid"
		rm -rf "${scratch:?}/empty"
	done
	start_without_shell
	refuses 127 "it has no shell: name a program of it" "$nsctl" enter "$pid"
	is "$("$nsctl" enter "$pid" /sleep 0; echo "$?")" 0
}

@test "an environment that the target has overwritten: a warning, and the rest is used" {
	command -v perl || skip "no perl here"
	# shellcheck disable=SC2016
	start env -i A=1 B=2 PATH=/usr/bin perl -e '$0 = "x" x 4000; print "ready\n"; $| = 1; sleep 1000'
	wait_for grep -q xxxx "/proc/$pid/cmdline"
	run -0 --separate-stderr "$nsctl" enter -e "$pid" /usr/bin/env
	is "${#stderr_lines[@]}" 1
	[[ $stderr == *"warning: process $pid has overwritten its environment: a part of it is missing" ]]
	run -0 --separate-stderr "$as_nsenter" -e -t "$pid" /usr/bin/env
	is "$stderr" ""
	start env -i A=1 sleep 1000
	wait_for runs "$pid" sleep
	run -0 --separate-stderr "$nsctl" enter -e "$pid" /usr/bin/env
	is "$output:$stderr" A=1:
	start env -i sleep 1000
	wait_for runs "$pid" sleep
	run -0 --separate-stderr "$nsctl" enter -e "$pid" /usr/bin/env
	is "$output:$stderr" :
}
