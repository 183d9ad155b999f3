# SPDX-License-Identifier: GPL-2.0-or-later
# The id maps of nsctl new, beside those of the system's unshare and newuidmap.
bats_require_minimum_version 1.5.0
load ../lib

# A user with ranges of his own, and one without.
alice=61001
bob=61002

# Only this test's mnt namespace sees these files.
setup() {
	needs_root
	common_setup
	cp "${TEST_PROGRAMS:?the directory of the programs}/make_maps" "$scratch/bin/"
	make_maps=$scratch/bin/make_maps
	command -v newuidmap >/dev/null || skip "no newuidmap here: package uidmap"
	printf 'root:500000:65536\nalice:100000:65536\nalice:300000:1000\n' >"$scratch/subuid"
	printf 'root:600000:1000\nalice:200000:65536\n' >"$scratch/subgid"
	{
		cat /etc/passwd
		echo "alice:x:$alice:$alice::/:/bin/sh"
		echo "bob:x:$bob:$bob::/:/bin/sh"
	} >"$scratch/passwd"
	local file
	for file in passwd subuid subgid; do
		[ -e "/etc/$file" ] || skip "no /etc/$file here"
		mount --bind "$scratch/$file" "/etc/$file"
		mounted+=("/etc/$file")
	done
}

teardown() {
	common_teardown
}

as() { # as UID COMMAND…
	setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"
}

# assert_same UID OPTION…: maps, setgroups and status are those of the system's unshare.
assert_same() {
	local uid=$1 theirs ours
	shift
	# shellcheck disable=SC2016 # expanded inside
	theirs=$(as "$uid" unshare "$@" sh -c \
		'cat /proc/self/uid_map /proc/self/gid_map; echo $(cat /proc/self/setgroups)') || theirs+=failed
	ours=$(as "$uid" "$make_maps" "$@") || ours+=failed
	diff <(echo "$theirs") <(echo "$ours") || {
		echo "differs as $uid: $*" >&2
		return 1
	}
}

@test "single ids are mapped as unshare maps them" {
	local uid
	for uid in 0 "$alice"; do
		assert_same "$uid" -r
		assert_same "$uid" -c
		assert_same "$uid" --map-user=5
		assert_same "$uid" --map-group=5
		assert_same "$uid" --map-user=5 --map-group=7
		assert_same "$uid" -U --setgroups=deny
		assert_same "$uid" -r --setgroups=allow 2>/dev/null
	done
}

@test "ranges are mapped as unshare maps them" {
	assert_same 0 --map-auto
	assert_same "$alice" --map-auto
	assert_same "$alice" --map-users=100000,0,10 --map-user=10
	assert_same "$alice" --map-users=100000,0,10 -r
	assert_same "$alice" --map-groups=200000,0,10 -r
	assert_same "$alice" --map-groups=nonsense 2>/dev/null
}

# Before util-linux 2.42 unshare left out the last id.
@test "a range of /etc/subuid makes room for the caller, and keeps its length" {
	run -0 as "$alice" "$make_maps" --map-auto -r
	[[ "${lines[0]}" =~ ^\ +0\ +$alice\ +1$ ]]
	[[ "${lines[1]}" =~ ^\ +1\ +100000\ +65536$ ]]
	run -0 "$make_maps" --map-auto --map-user=1000
	[[ "${lines[0]}" =~ ^\ +1000\ +0\ +1$ ]]
	[[ "${lines[1]}" =~ ^\ +0\ +500000\ +1000$ ]]
	[[ "${lines[2]}" =~ ^\ +1001\ +501000\ +64536$ ]]
}

@test "all and subids are mapped to themselves" {
	run -0 "$make_maps" --map-users=all --map-groups=all
	[ "${lines[0]}" = "$(cat /proc/self/uid_map)" ]
	[ "${lines[1]}" = "$(cat /proc/self/gid_map)" ]
	run -0 as "$alice" "$make_maps" --map-users=subids --map-groups=subids -r
	[[ "${lines[0]}" =~ ^\ +0\ +$alice\ +1$ ]]
	[[ "${lines[1]}" =~ ^\ +100000\ +100000\ +65536$ ]]
	[[ "${lines[3]}" =~ ^\ +200000\ +200000\ +65536$ ]]
}

@test "the owner is another, and its maps are written from outside" {
	run -0 "$make_maps" --owner="$alice:$alice" -r
	[[ "${lines[0]}" =~ ^\ +0\ +0\ +1$ ]]
	run -0 "$make_maps" --owner="$alice:$alice" --map-users=0:100000:5
	[[ "${lines[0]}" =~ ^\ +0\ +100000\ +5$ ]]
}

@test "setgroups is denied beside a map of groups" {
	run -0 "$make_maps" --map-users=all --map-groups=all --setgroups=deny
	[ "${lines[2]}" = deny ]
	run -0 as "$alice" "$make_maps" --map-groups=auto --setgroups=deny
	[ "${lines[1]}" = deny ]
}

@test "root gets no range of another user" {
	printf 'alice:100000:65536\n' >"$scratch/subuid"
	run -1 "$make_maps" --map-auto
	[[ "$output" == *"/etc/subuid has no line for root"*"add the line 'root:165536:65536'" ]]
}

@test "a user without ranges is told which line would help" {
	run -1 as "$bob" "$make_maps" --map-auto
	[[ "$output" == *"/etc/subuid has no line for bob"*"add the line 'bob:565536:65536'" ]]
}

@test "a range that is not granted: newuidmap's reason, and the line that would grant it" {
	run -1 as "$alice" "$make_maps" --map-users=0:900000:10
	[[ "$output" == *"newuidmap refuses the map: "*"not allowed; "*"add the line 'alice:900000:10'" ]]
	run -1 as "$alice" "$make_maps" --map-users=0:0:10
	[[ "$output" == *"should not, as they are others'"* ]]
}

@test "ranges that overlap, and ids that do not exist above" {
	run -1 "$make_maps" --map-users=0:100000:10 --map-users=5:100020:10
	[[ "$output" == *"cannot write uid_map: Invalid argument: the ranges 0:100000:10 and 5:100020:10 overlap inside"* ]]
	run -1 unshare -r "$make_maps" --map-users=0:0:2
	[[ "$output" == *"cannot write uid_map: Operation not permitted: user 1 does not exist in the caller's user namespace"* ]]
}

@test "no newuidmap, or one without privileges" {
	mount --bind "$scratch/subuid" /usr/bin/newuidmap
	mounted+=(/usr/bin/newuidmap)
	chmod 644 "$scratch/subuid"
	run -1 as "$alice" "$make_maps" --map-auto
	[[ "$output" == *"requires CAP_SETUID or the program newuidmap, which is not installed; install the package uidmap"* ]]
	run -0 --separate-stderr as "$alice" "$make_maps" --rootless
	[ "$stderr" = "maps the caller alone, to root: newuidmap is not installed; install the package uidmap (shadow-utils)" ]
	umount /usr/bin/newuidmap
	unset 'mounted[-1]'
	run -0 --separate-stderr as "$alice" setpriv --no-new-privs "$make_maps" --rootless
	[[ "$stderr" == "maps the caller alone, to root: no_new_privs is set"* ]]
}

@test "--rootless takes the best map" {
	run -0 --separate-stderr "$make_maps" --rootless
	[ "$stderr" = "maps all users and groups to themselves, as the caller is root" ]
	[ "${lines[0]}" = "$(cat /proc/self/uid_map)" ]
	run -0 --separate-stderr as "$alice" "$make_maps" --rootless
	[ "$stderr" = "maps the caller to root, 65536 users from 100000 on, and 65536 groups from 200000 on" ]
	[[ "${lines[1]}" =~ ^\ +1\ +100000\ +65536$ ]]
	[ "${lines[4]}" = allow ]
	run -0 --separate-stderr as "$bob" "$make_maps" --rootless
	[[ "$stderr" == "maps the caller alone, to root: /etc/subuid has no line for bob; "* ]]
	[[ "${lines[0]}" =~ ^\ +0\ +$bob\ +1$ ]]
	[ "${lines[2]}" = deny ]
	# Nested, the user's own ranges are not there any more.
	run -0 --separate-stderr as "$alice" unshare -c "$make_maps" --rootless
	[[ "$stderr" == *"the caller's user namespace has no user 100000 of the range in /etc/subuid"* ]]
}

@test "--rootless maps nobody where the kernel would refuse" {
	# Before Linux 5.12 it did not.
	run --separate-stderr capsh --drop=cap_setfcap -- -c "$make_maps -r"
	[ "$status" -eq 1 ] || skip "this kernel maps root without CAP_SETFCAP"
	[[ "$stderr" == *"mapping user 0 requires CAP_SETFCAP outside"* ]]
	run -0 --separate-stderr capsh --drop=cap_setfcap -- -c "$make_maps --rootless"
	[[ "$stderr" == "maps nobody: root lacks CAP_SETFCAP"* ]]
	[ "$output" = allow ]
}
