# SPDX-License-Identifier: GPL-2.0-or-later
# CVE-2022-36109: a program must not keep groups of this side that nobody gave it.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

# "uid gid groups", of root with two groups of its own that enters with these options.
who() {
	setpriv --groups 4,27 "$nsctl" enter "$@" sh -c 'echo "$(id -u) $(id -g) $(grep ^Groups: /proc/self/status | cut -f2)"' | sed 's/ *$//'
}

@test "-S: the user's own group and no other" {
	start_unshared --uts
	is "$(who -S 61234 "$pid")" "61234 61234 61234"
	is "$(who -S 61234 -G 7 "$pid")" "61234 7 7"
	is "$(who -G 7 "$pid")" "0 7 7"
}

@test "the trap works: the system's nsenter keeps root's groups" {
	start_unshared --uts
	is "$(setpriv --groups 4,27 "$system_nsenter" -t "$pid" -u -S 61234 grep ^Groups: /proc/self/status | tr -d '\t ')" "Groups:427"
}

@test "-S: the group of the passwd entry in the target's root" {
	mkdir -p "$scratch/root/etc"
	for dir in bin sbin lib lib64 usr proc; do
		mkdir -p "$scratch/root/$dir"
	done
	printf 'app:x:61234:4321::/:/bin/sh\n' >"$scratch/root/etc/passwd"
	start unshare --mount sh -ec 'for d in bin sbin lib lib64 usr; do mount --rbind "/$d" "$1/$d"; done
		mount -t proc proc "$1/proc"; exec chroot "$1" sleep 1000' sh "$scratch/root"
	wait_for runs "$pid" sleep
	is "$(who -S 61234 "$pid")" "61234 4321 4321"
	is "$(who -S 61234 -m -r -t "$pid")" "61234 4321 4321"
}

@test "follow: the target's user, group and all its groups" {
	start setpriv --reuid=1234 --regid=77 --groups=5,6 sleep 1000
	wait_for runs "$pid" sleep
	is "$(who -S follow "$pid")" "1234 77 5 6"
	is "$(who -S follow -G follow "$pid")" "1234 77 5 6"
}

@test "a user namespace that denies setgroups: root's groups are dropped before" {
	start_apart
	is "$(cat "/proc/$pid/setgroups")" deny
	is "$(who "$pid")" "0 0"
	is "$(who --user="/proc/$pid/ns/user")" "0 0"
}

@test "an id that does not exist inside is refused, and nothing is run" {
	start_apart
	refuses 125 "user 1000 does not exist in the user namespace" "$nsctl" enter -S 1000 "$pid" touch "$scratch/ran"
	refuses 125 "group 1000 does not exist in the user namespace" "$nsctl" enter -G 1000 "$pid" touch "$scratch/ran"
	[ ! -e "$scratch/ran" ]
}

@test "as nsenter: group and groups stay as util-linux leaves them" {
	start_unshared --uts
	for nsenter in "$as_nsenter" "$system_nsenter"; do
		setpriv --groups 4,27 "$nsenter" -t "$pid" -u -S 61234 grep -E '^(Uid|Gid|Groups):' /proc/self/status >"$scratch/${nsenter//\//_}"
	done
	is "$(cat "$scratch/${as_nsenter//\//_}")" "$(cat "$scratch/${system_nsenter//\//_}")"
}
