# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl enter -S, -G, --init-groups: users and groups as the target's files have them.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	root=$scratch/root
	mkdir -p "$root"/{usr,proc,etc}
	local dir
	for dir in bin sbin lib lib64; do
		[ ! -L "/$dir" ] || cp -P "/$dir" "$root/$dir"
	done
	printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'app:x:7001:7002::/home/app:/usr/bin/bash' 'bare:x:7003:7003:::' >"$root/etc/passwd"
	printf '%s\n' 'root:x:0:' 'appgroup:x:7002:' 'extra:x:7005:app' 'other:x:7006:bob,app' 'none:x:7007:apple' >"$root/etc/group"
	start unshare --mount sh -ec 'mount --rbind /usr "$1/usr"; mount -t proc proc "$1/proc"; exec chroot "$1" sleep 1000' sh "$root"
	wait_for runs "$pid" sleep
}

teardown() {
	common_teardown
}

# "uid gid groups" of the program.
who() {
	"$nsctl" enter "$@" sh -c 'echo "$(id -u) $(id -g) [$(sed -n "s/^Groups:.\(.*[0-9]\) *$/\1/p" /proc/self/status)]"'
}

variables() {
	env HOME=/mine USER=me LOGNAME=me SHELL=/bin/me OTHER=kept "$nsctl" enter "$@" sh -c 'echo "$HOME $USER $LOGNAME $SHELL $OTHER"'
}

@test "-S NAME: the user, its group, in the target's files and not the caller's" {
	is "$(who -S app "$pid")" "7001 7002 [7002]"
	is "$(who -S app -m -r -t "$pid")" "7001 7002 [7002]"
	is "$(who -S app -G 9 "$pid")" "7001 9 [9]"
	refuses 125 "no user 'app' in the passwd file of the target; give the id as a number" "$nsctl" enter -S app self echo ran
	refuses 125 "no user 'ap' in" "$nsctl" enter -S ap "$pid" echo ran
	refuses 125 "no user 'bob' in" "$nsctl" enter -S bob "$pid" echo ran
}

@test "-G NAME: the group of the target's file" {
	is "$(who -G extra "$pid")" "0 7005 [7005]"
	is "$(who -S app -G extra "$pid")" "7001 7005 [7005]"
	refuses 125 "no group 'app' in the group file of the target" "$nsctl" enter -G app "$pid" echo ran
}

@test "--init-groups: those that the target's group file gives the user" {
	is "$(who -S app --init-groups "$pid")" "7001 7002 [7002 7005 7006]"
	is "$(who -S 7001 --init-groups "$pid")" "7001 7002 [7002 7005 7006]"
	is "$(who -S app -G 7005 --init-groups "$pid")" "7001 7005 [7005 7006]"
	is "$(setpriv --groups 4,5 "$nsctl" enter --init-groups "$pid" id -G)" 0
	refuses 125 "--init-groups: no user with the id 7009" "$nsctl" enter -S 7009 --init-groups "$pid" echo ran
	refuses 2 "mutually exclusive arguments: --init-groups --preserve-credentials" "$nsctl" enter --preserve-credentials --init-groups "$pid" echo ran
	rm "$root/etc/group"
	is "$(who -S app --init-groups "$pid")" "7001 7002 [7002]"
}

@test "--init-groups where the user namespace denies setgroups: refused" {
	start_apart
	refuses 125 "--init-groups: the user namespace of process $pid denies setgroups" "$nsctl" enter --init-groups "$pid" echo ran
}

@test "what is no name" {
	local word
	for word in "" 1x -1 +1 4294967295 a:b "a b" a/b $'a\nb' a,b; do
		refuses 2 "neither a number, a name nor 'follow'" "$nsctl" enter -S "$word" "$pid" echo ran
		refuses 2 "neither a number, a name nor 'follow'" "$nsctl" enter -G "$word" "$pid" echo ran
	done
}

@test "as nsenter: numbers only" {
	refuses_with_advice "$as_nsenter" -t "$pid" -S app echo ran
	refuses_with_advice "$as_nsenter" -t "$pid" --init-groups echo ran
}

refuses_with_advice() {
	run -1 --separate-stderr "$@"
	is "$output" ""
}

@test "HOME, USER, LOGNAME, SHELL with the user; without one they stay" {
	is "$(variables "$pid")" "/mine me me /bin/me kept"
	is "$(variables -G 9 "$pid")" "/mine me me /bin/me kept"
	is "$(variables -S app "$pid")" "/home/app app app /usr/bin/bash kept"
	is "$(variables -S 7001 "$pid")" "/home/app app app /usr/bin/bash kept"
	is "$(variables -S 0 "$pid")" "/root root root /bin/sh kept"
	is "$(variables -S bare "$pid")" "/ bare bare /bin/sh kept"
	is "$(variables -S 7009 "$pid")" "/    kept"
}

@test "follow: HOME, USER, LOGNAME, SHELL of the target's user; -e has the target's own" {
	start unshare --mount sh -ec 'mount --rbind /usr "$1/usr"; mount -t proc proc "$1/proc"
		exec chroot "$1" setpriv --reuid 7001 --regid 7002 --clear-groups env -i HOME=/its A=b PATH=/usr/bin sleep 1000' sh "$root"
	wait_for runs "$pid" sleep
	is "$(variables -S follow "$pid")" "/home/app app app /usr/bin/bash kept"
	is "$(variables -e -S follow "$pid")" "/its    "
	is "$(who -S follow "$pid")" "7001 7002 []"
}

@test "follow: a group that the target does not have among its groups is not added" {
	start setpriv --reuid 1000 --regid 1000 --groups 2000 sleep 1000
	wait_for runs "$pid" sleep
	is "$(who -S follow "$pid")" "1000 1000 [2000]"
}

@test "a passwd or group file that gives the largest number gives nothing" {
	printf '%s\n' 'evil:x:4294967295:7002::/:' 'worse:x:7008:4294967295::/:' >>"$root/etc/passwd"
	printf '%s\n' 'evil:x:4294967295:app' >>"$root/etc/group"
	refuses 125 "no user 'evil'" "$nsctl" enter -S evil "$pid" echo ran
	refuses 125 "no user 'worse'" "$nsctl" enter -S worse "$pid" echo ran
	refuses 125 "no group 'evil'" "$nsctl" enter -G evil "$pid" echo ran
	is "$(who -S 7008 "$pid")" "7008 7008 [7008]"
	is "$(who -S app --init-groups "$pid")" "7001 7002 [7002 7005 7006]"
}
