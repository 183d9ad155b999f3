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
	wait_for nsctl_ended
	common_teardown
}

as() { # as UID COMMAND…
	setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"
}

# What a program sees inside: a line for each range, and whether setgroups(2) is allowed.
# shellcheck disable=SC2016 # expanded inside
show_maps='cat /proc/self/uid_map /proc/self/gid_map; echo $(cat /proc/self/setgroups)'

# maps_of UID OPTION…: the maps that nsctl new makes for this user, without blanks in front and between.
maps_of() {
	as "$1" "$nsctl" new "${@:2}" sh -c "$show_maps" | sed -E 's/^ +//; s/ +/ /g'
}

# on_terminal COMMAND…: nsctl says there which map --rootless chose.
on_terminal() {
	script -qec "$(printf '%q ' "$@")" /dev/null </dev/null | tr -d '\r' | sed -E 's/^ +//; s/ +/ /g'
}

# rootless_of UID [COMMAND…]: the choice for this user, below the command, and the maps.
rootless_of() {
	on_terminal setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}" \
		"$nsctl" new --rootless sh -c "$show_maps"
}

# assert_same UID OPTION…: maps, setgroups and status are those of the system's unshare.
assert_same() {
	local uid=$1 theirs ours
	shift
	theirs=$(as "$uid" unshare "$@" sh -c "$show_maps") || theirs+=failed
	ours=$(as "$uid" "$nsctl" new "$@" sh -c "$show_maps") || ours+=failed
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
	is "$(maps_of "$alice" --map-auto -r | head -n 2)" "0 $alice 1
1 100000 65536"
	is "$(maps_of 0 --map-auto --map-user=1000 | head -n 3)" "1000 0 1
0 500000 1000
1001 501000 64536"
}

@test "all and subids are mapped to themselves" {
	is "$("$nsctl" new --map-users=all --map-groups=all sh -c "$show_maps")" \
		"$(cat /proc/self/uid_map /proc/self/gid_map)
allow"
	is "$(maps_of "$alice" --map-users=subids --map-groups=subids -r)" "0 $alice 1
100000 100000 65536
0 $alice 1
200000 200000 65536
allow"
}

@test "the owner is another, and its maps are written from outside" {
	is "$(maps_of 0 --owner="$alice:$alice" -r | head -n 1)" "0 0 1"
	is "$(maps_of 0 --owner="$alice:$alice" --map-users=0:100000:5 | head -n 1)" "0 100000 5"
}

@test "setgroups is denied beside a map of groups" {
	is "$(maps_of 0 --map-users=all --map-groups=all --setgroups=deny | tail -n 1)" deny
	is "$(maps_of "$alice" --map-groups=auto --setgroups=deny | tail -n 1)" deny
}

@test "the program runs as a user and a group of the ranges" {
	is "$(as "$alice" "$nsctl" new --map-auto -r -S 65536 -G 7 sh -c 'id -u; id -g; id -G')" $'65536\n7\n7'
	is "$("$nsctl" new --map-auto -S 5 sh -c 'id -u')" 5
}

@test "--dry-run shows the maps, and who writes them" {
	is "$(as "$alice" "$nsctl" new --map-auto -r --dry-run true)" "namespaces user
uid map    0 $alice 1 (written by /usr/bin/newuidmap)
uid map    1 100000 65536 (written by /usr/bin/newuidmap)
gid map    0 $alice 1 (written by /usr/bin/newgidmap)
gid map    1 200000 65536 (written by /usr/bin/newgidmap)
program    true
permitted  yes"
	is "$("$nsctl" new --map-auto --dry-run true | sed -n 2p)" "uid map    0 500000 65536 (written by nsctl, outside)"
	run -125 --separate-stderr as "$alice" "$nsctl" new --map-users=0:900000:10 --dry-run true
	[[ "$stderr" == *"newuidmap refuses the map: "* ]]
	[[ "$output" != *permitted* ]]
}

@test "root gets no range of another user" {
	printf 'alice:100000:65536\n' >"$scratch/subuid"
	refuses 125 "/etc/subuid has no line for root; as root, add the line 'root:165536:65536'" \
		"$nsctl" new --map-auto echo ran
}

@test "a user without ranges is told which line would help" {
	refuses 125 "/etc/subuid has no line for bob; as root, add the line 'bob:565536:65536'" \
		as "$bob" "$nsctl" new --map-auto echo ran
}

@test "a range that is not granted: newuidmap's reason, and the line that would grant it" {
	local line="not allowed; /etc/subuid grants the caller no users 900000 to 900009: as root, add the line 'alice:900000:10'"
	refuses 125 "newuidmap refuses the map: " as "$alice" "$nsctl" new --map-users=0:900000:10 echo ran
	refuses 125 "$line" as "$alice" "$nsctl" new --map-users=0:900000:10 echo ran
	refuses 125 "should not, as they are others': --map-auto maps what it grants" \
		as "$alice" "$nsctl" new --map-users=0:0:10 echo ran
	# What the line grants is permitted.
	echo alice:900000:10 >>"$scratch/subuid"
	is "$(maps_of "$alice" --map-users=0:900000:10 | head -n 1)" "0 900000 10"
}

@test "ranges that overlap, and ids that do not exist above" {
	refuses 125 "cannot write uid_map: Invalid argument: the ranges 0:100000:10 and 5:100020:10 overlap inside" \
		"$nsctl" new --map-users=0:100000:10 --map-users=5:100020:10 echo ran
	refuses 125 "cannot write uid_map: Operation not permitted: user 1 does not exist in the caller's user namespace" \
		unshare -r "$nsctl" new --map-users=0:0:2 echo ran
}

@test "setgroups that the maps do not permit" {
	refuses 2 "--setgroups=allow contradicts the map of a single group" \
		as "$alice" "$nsctl" new -r --setgroups=allow echo ran
	refuses 125 "cannot deny setgroups(2): Operation not permitted: it can be denied only before gid_map is written" \
		"$nsctl" new --setgroups=deny echo ran
	refuses 125 "cannot allow setgroups(2): Operation not permitted: it is denied in this user namespace or in one above" \
		as "$alice" unshare -r "$nsctl" new -U --setgroups=allow echo ran
}

@test "no newuidmap, or one without privileges" {
	mount --bind "$scratch/subuid" /usr/bin/newuidmap
	mounted+=(/usr/bin/newuidmap)
	chmod 644 "$scratch/subuid"
	refuses 125 "requires CAP_SETUID or the program newuidmap, which is not installed; install the package uidmap" \
		as "$alice" "$nsctl" new --map-auto echo ran
	run -0 rootless_of "$alice"
	is "${lines[0]}" "nsctl new: maps the caller alone, to root: newuidmap is not installed; install the package uidmap (shadow-utils)"
	umount /usr/bin/newuidmap
	unset 'mounted[-1]'
	run -0 rootless_of "$alice" setpriv --no-new-privs
	[[ "${lines[0]}" == "nsctl new: maps the caller alone, to root: no_new_privs is set"* ]]
}

@test "--rootless takes the best map" {
	run -0 rootless_of 0
	is "${lines[0]}" "nsctl new: maps all users and groups to themselves, as the caller is root"
	is "${lines[1]}" "$(sed -E 's/^ +//; s/ +/ /g' /proc/self/uid_map)"
	run -0 rootless_of "$alice"
	is "$output" "nsctl new: maps the caller to root, 65536 users from 100000 on, and 65536 groups from 200000 on
0 $alice 1
1 100000 65536
0 $alice 1
1 200000 65536
allow"
	run -0 rootless_of "$bob"
	[[ "${lines[0]}" == "nsctl new: maps the caller alone, to root: /etc/subuid has no line for bob; "* ]]
	is "${lines[1]}" "0 $bob 1"
	is "${lines[3]}" deny
	# Nested, the user's own ranges are not there any more.
	run -0 rootless_of "$alice" unshare -c
	[[ "${lines[0]}" == *"the caller's user namespace has no user 100000 of the range in /etc/subuid"* ]]
	# The line is for people: without a terminal there is none.
	run -0 --separate-stderr as "$alice" "$nsctl" new --rootless true
	is "$stderr" ""
}

@test "--rootless maps nobody where the kernel would refuse" {
	# Before Linux 5.12 it did not.
	run --separate-stderr capsh --drop=cap_setfcap -- -c "$nsctl new -r echo ran"
	[ "$status" -eq 125 ] || skip "this kernel maps root without CAP_SETFCAP"
	[[ "$stderr" == *"mapping user 0 requires CAP_SETFCAP outside"* ]]
	is "$output" ""
	run -0 on_terminal capsh --drop=cap_setfcap -- -c "$nsctl new --rootless sh -c '$show_maps'"
	[[ "${lines[0]}" == "nsctl new: maps nobody: root lacks CAP_SETFCAP"* ]]
	is "${lines[1]}" allow
}
