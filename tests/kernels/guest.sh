#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The first process of a virtual machine: the same tests on every kernel, as root
# and as a user.  The shell and its tools are busybox's; namespaces are made by
# unshare.c, odd.c and hide.c.  Nothing but nsctl is under test.
# The kernel's command line has port=DEVICE, where the TAP goes: it sets a variable.

# busybox runs its own program of a name before one on PATH.
unshare=/usr/bin/unshare
sleeper='/bin/sleep 1000'
export unshare sleeper
: "${port:?}"

types='cgroup ipc mnt net pid time user uts'
user=1000
linux=$(uname -r | awk -F . '{ print $1 * 100 + $2 }')
tests=0
scratch=/tmp/test
pairs=/tmp/pairs # of JSON, a directory for each test that the host is to decide

mount_all() {
	mkdir -p /dev /proc /run /sys /tmp
	mount -t proc proc /proc
	mount -t sysfs sys /sys
	mount -t devtmpfs dev /dev
	mount -t tmpfs -o mode=1777 tmp /tmp
	# As systemd mounts it: no process moves across the boundary of its cgroup namespace.
	mount -t cgroup2 -o nsdelegate cgroup /sys/fs/cgroup
}

# As on any other machine, the root is to be a file system of its own.
leave_initramfs() {
	umount /sys/fs/cgroup /tmp /dev /sys /proc
	mkdir /new
	mount -t tmpfs root /new
	cp -a /bin /etc /lib* /mnt /usr /init /new/
	exec switch_root /new /init "$tests"
}

# ---- who does it

# become PROGRAM…: as the user whose turn it is, in the place of this shell.
become() {
	[ "$who" = root ] || set -- "$unshare" --setgid="$user" --setuid="$user" -- "$@"
	exec "$@"
}

as_who() {
	(become "$@")
}

# start PROGRAM…: in the background, ended with the test; its number is in $pid.
start() {
	become "$@" </dev/null >/dev/null 2>&1 &
	pid=$!
	echo "$pid" >>"$scratch/started"
}

stop() {
	kill -KILL "$1"
	wait "$1" 2>/dev/null || true
}

# start_unshared OPTION…: a sleep in new namespaces; a user needs a user namespace for any other.
start_unshared() {
	# shellcheck disable=SC2086 # a list of words
	start "$unshare" $own_user "$@" $sleeper
	wait_for runs "$pid" sleep
}

# start_container OPTION…: the same as process 1 of a pid namespace, with a /proc of that; $pid is its number here.
start_container() {
	# shellcheck disable=SC2086
	start "$unshare" $own_user --fork --kill-child --pid --mount-proc "$@" $sleeper
	outer=$pid
	wait_for child_of "$outer"
	pid=$(child_of "$outer")
	wait_for runs "$pid" sleep
}

start_container_apart() {
	start_container --user --map-root-user --uts --ipc --net --cgroup --time
}

# start_odd KIND: a process of odd.c, in namespaces that it may leave; what it tells is in $told.
start_odd() {
	# shellcheck disable=SC2086
	start "$unshare" $own_user ${own_user:+--net --mount} odd "$1" "$scratch/told"
	wait_for test -s "$scratch/told"
	told=$(cat "$scratch/told")
}

# keep TYPE: a namespace by a bind mount alone; its inode is in $ino.
keep() {
	touch "$scratch/kept"
	"$unshare" "--$1=$scratch/kept" true
	echo "$scratch/kept" >>"$scratch/mounted"
	ino=$(stat -c %i "$scratch/kept")
}

release() {
	umount "$1"
	: >"$scratch/mounted"
}

# ---- what is there, told by others than nsctl

runs() { # runs PID NAME
	[ "$(cat "/proc/$1/comm")" = "$2" ]
}

child_of() {
	grep -o '^[0-9]*' "/proc/$1/task/$1/children"
}

ns_of() { # ns_of PID LINK
	readlink "/proc/$1/ns/$2"
}

inode_of() { # inode_of PID LINK
	ns_of "$1" "$2" | tr -dc 0-9
}

all_ns() { # all_ns PID
	for type in $types; do ns_of "$1" "$type"; done
}

# ---- what is expected

# check NAME FUNCTION: in a shell of its own, which ends at the first command that fails.
check() {
	tests=$((tests + 1))
	mkdir -m 1777 "$scratch"
	touch "$scratch/started" "$scratch/mounted"
	(
		set -e
		"$2"
	) >"$scratch/log" 2>&1
	tell "$?" "$who: $1"
	clean_up
}

tell() { # tell STATUS NAME
	[ "$1" -ne 0 ] || ! mv "$scratch/pairs" "$pairs/$tests" 2>/dev/null || set -- compare "$2"
	case $1 in
	compare) echo "compare $tests - $2" ;;
	0) echo "ok $tests - $2" ;;
	77) echo "ok $tests - $2 # SKIP $(tail -n 1 "$scratch/log")" ;;
	*)
		echo "not ok $tests - $2"
		sed 's/^/# /' "$scratch/log"
		;;
	esac
}

clean_up() {
	while read -r started; do kill -KILL "$started"; done <"$scratch/started" 2>/dev/null
	while read -r mounted; do umount "$mounted"; done <"$scratch/mounted"
	rm -rf "$scratch"
}

skip() { # skip REASON
	echo "$*"
	exit 77
}

# since VERSION WHAT: of the kernel, 612 for Linux 6.12.
since() {
	[ "$linux" -ge "$1" ] || skip "$2 since Linux $(($1 / 100)).$(($1 % 100))"
}

before() { # before VERSION WHAT
	[ "$linux" -lt "$1" ] || skip "$2 since Linux $(($1 / 100)).$(($1 % 100))"
}

# wait_for COMMAND…: until it succeeds; fails after ten seconds.
wait_for() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		if [ "$tries" -eq 500 ]; then
			echo "never came true: $*"
			return 1
		fi
		usleep 20000
	done
}

is() { # is ACTUAL EXPECTED
	[ "$1" = "$2" ] || {
		printf '%s\n' "expected:" "$2" "got:" "$1"
		return 1
	}
}

# ends STATUS PROGRAM…: with this status, whatever it prints.
ends() {
	expected=$1
	shift
	status=0
	as_who "$@" >"$scratch/output" 2>&1 || status=$?
	[ "$status" -eq "$expected" ] || {
		echo "status $status in place of $expected of: $*"
		cat "$scratch/output"
		return 1
	}
}

# refuses STATUS TEXT PROGRAM…: prints nothing but one line, with TEXT in it.
refuses() {
	text=$2
	expected=$1
	shift 2
	ends "$expected" "$@" && is "$(wc -l <"$scratch/output")" 1 || return 1
	grep -iF -- "$text" "$scratch/output" || {
		printf '%s\n' "no \"$text\" in:" "$(cat "$scratch/output")"
		return 1
	}
}

nsctl() {
	as_who nsctl "$@"
}

# row INODE COLUMNS: of nsctl list
row() {
	nsctl list -rn -o "NS,$2" | sed -n "s/^$1 //p"
}

# number KEY: the first in the JSON that is read.
number() {
	sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" | head -n 1
}

# held TYPE INODE HOLDER PID [COLUMN VALUE]: the list has it, without a process of its own; why names the holder.
held() {
	is "$(row "$2" TYPE,NPROCS,HOLDERS)" "$1 0 $3"
	is "$(nsctl why -rn -o "HOLDER,PID${5:+,$5}" "$1:[$2]")" "${3%(*} $4${6:+ $6}"
}

# What has just ended may need a moment to go.
is_gone() { # is_gone INODE
	wait_for refuses 1 "is gone" nsctl why "$1" || {
		cat "$scratch/output"
		return 1
	}
}

# ---- show, compare

show_self() {
	is "$(nsctl show -rn -o LINK,NS self)" "$(
		for link in cgroup ipc mnt net pid pid_for_children time time_for_children user uts; do
			echo "$link $(inode_of self "$link")"
		done
	)"
}

show_container() {
	start_container_apart
	is "$(nsctl show -rn -o TYPE,LINK,NS "$pid" | awk '$1 == $2 { print $1 ":[" $3 "]" }')" "$(all_ns "$pid")"
	for type in $types; do
		is "$(nsctl show "/proc/$pid/ns/$type" | head -n 1)" "$(ns_of "$pid" "$type")"
	done
}

compare_same() {
	# shellcheck disable=SC2086
	start $sleeper
	wait_for runs "$pid" sleep
	ends 0 nsctl compare self "$pid"
	is "$(nsctl compare -rn self "$pid" | awk '{ print $2 }' | sort -u)" same
}

compare_different() {
	start_container_apart
	ends 1 nsctl compare self "$pid"
	is "$(nsctl compare -rn self "$pid" | awk '{ print $2 }' | sort -u)" different
}

# ---- enter

enter_uts() {
	# shellcheck disable=SC2016,SC2086
	start "$unshare" $own_user --uts sh -c 'hostname blue; exec $sleeper'
	wait_for runs "$pid" sleep
	is "$(nsctl enter "$pid" hostname)" blue
	[ "$(hostname)" != blue ]
}

enter_container() {
	start_container
	nsctl enter "$pid" sh -c 'cat /proc/1/comm; readlink /proc/self; echo $$' >"$scratch/inside"
	is "$(head -n 1 "$scratch/inside")" sleep
	is "$(awk 'NR > 1 && $0 > 1 && $0 < 9' "$scratch/inside" | wc -l)" 2
}

enter_all() {
	start_container_apart
	# shellcheck disable=SC2016,SC2086 # expanded inside; a list of words
	is "$(nsctl enter "$pid" sh -c 'for type; do readlink "/proc/self/ns/$type"; done' sh $types)" "$(all_ns "$pid")"
	is "$(nsctl enter "$pid" id -u)" 0
}

# The file of nsctl would print its version; the shell, which is tried next, finds a comment.
enter_exe() {
	start_container
	printf '#!/proc/self/exe --version\n' >"$scratch/script"
	chmod 755 "$scratch/script"
	is "$(nsctl enter "$pid" "$scratch/script")" ""
}

# Before Linux 5.11 BPF, which may find the target, needs a higher one.
enter_memlock() {
	# shellcheck disable=SC2016,SC2086
	start "$unshare" $own_user --uts sh -c 'exec $sleeper'
	wait_for runs "$pid" sleep
	# shellcheck disable=SC3045
	is "$(nsctl enter "$pid" sh -c 'ulimit -l')" "$(ulimit -l)"
}

enter_thread() {
	start_odd threads
	is "$(nsctl enter "$told" hostname)" apart
}

enter_status() {
	start_container
	ends 0 nsctl enter "$pid" true
	ends 7 nsctl enter "$pid" sh -c 'exit 7'
	# shellcheck disable=SC2016
	ends 137 nsctl enter "$pid" sh -c 'kill -KILL $$'
	ends 126 nsctl enter "$pid" /etc/passwd
	ends 127 nsctl enter "$pid" /no/such/program
	stop "$pid"
	wait_for test ! -e "/proc/$pid"
	ends 125 nsctl enter "$pid" true
}

# The status, limits and environment of a process; "exec" sets no more than these.
properties='grep -E "^(Uid|Gid|Groups|Umask|NoNewPrivs|Seccomp|Cap[A-Za-z]*):" /proc/self/status
	grep Max /proc/self/limits; cat /proc/self/oom_score_adj; env | grep -E "^[AB]="'

exec_process() {
	start sh -c "umask 027; ulimit -n 100; export A=1 B='two words'
		{ $properties; } >$scratch/expected; exec $sleeper"
	wait_for runs "$pid" sleep
	nsctl exec "$pid" sh -c "$properties" >"$scratch/actual"
	is "$(cat "$scratch/actual")" "$(cat "$scratch/expected")"
	is "$(grep -c . "$scratch/actual")" 30
}

exec_container() {
	start_container --mount --uts
	is "$(nsctl exec "$pid" sh -c 'cat /proc/1/comm; readlink /proc/self/ns/uts')" "sleep
$(readlink "/proc/$pid/ns/uts")"
	ends 143 nsctl exec "$pid" sh -c 'kill -TERM $$'
	ends 127 nsctl exec "$pid" no-such-program
}

# A container in a cgroup that is the root of its cgroup namespace.
start_in_cgroup() {
	group=/sys/fs/cgroup/guest
	mkdir "$group"
	# shellcheck disable=SC2016,SC2086 # expanded inside; a list of words
	start sh -c 'echo 0 >/sys/fs/cgroup/guest/cgroup.procs; exec "$@"' sh \
		"$unshare" --fork --kill-child --pid --mount-proc --cgroup "$@" $sleeper
	outer=$pid
	wait_for child_of "$outer"
	pid=$(child_of "$outer")
	wait_for runs "$pid" sleep
}

end_cgroup() {
	kill -KILL "$outer"
	wait_for rmdir "$group"
}

joins_cgroup() {
	start_in_cgroup "$@"
	echo +pids >/sys/fs/cgroup/cgroup.subtree_control
	for command in "exec" "enter" "enter -c"; do
		for limit in max 1; do
			echo "$limit" >"$group/pids.max"
			# shellcheck disable=SC2086 # a list of words
			is "$(nsctl $command "$pid" readlink /proc/self/ns/cgroup)" "$(ns_of "$pid" cgroup)"
			# shellcheck disable=SC2086
			is "$(nsctl $command "$pid" cat /proc/self/cgroup)" 0::/
		done
	done
	is "$(detached_cgroup)" 0::/
	end_cgroup
	echo -pids >/sys/fs/cgroup/cgroup.subtree_control
}

detached_cgroup() {
	# shellcheck disable=SC2016 # expanded inside
	nsctl exec -d "$pid" sh -c 'read -r line </proc/self/cgroup; echo "$line" >"$0"' "$scratch/detached"
	wait_for test -s "$scratch/detached"
	cat "$scratch/detached"
}

# Its owner is not the user namespace that is entered: it cannot be entered afterwards.
join_cgroup_of_outer_user_ns() {
	start_in_cgroup "$unshare" --user --map-root-user
	for command in "exec" "enter" "enter -c"; do
		# shellcheck disable=SC2086 # a list of words
		is "$(nsctl $command "$pid" cat /proc/self/cgroup)" 0::/
	done
	end_cgroup
}

join_cgroup() {
	joins_cgroup
}

join_cgroup_of_user_ns() {
	joins_cgroup --user --map-root-user
}

# The file is what apparmor_parser made of a profile on the host: see pack.
load_profile() {
	[ "$(cat /sys/module/apparmor/parameters/enabled)" = Y ] || skip "this kernel has no AppArmor"
	mount -t securityfs none /sys/kernel/security 2>/dev/null || true
	cat /etc/guest.profile >/sys/kernel/security/apparmor/.replace
}

exec_label() {
	load_profile
	start sh -c "echo exec guest-profile >/proc/self/attr/exec; exec $sleeper"
	wait_for runs "$pid" sleep
	is "$(cat "/proc/$pid/attr/current")" "guest-profile (enforce)"
	is "$(nsctl exec "$pid" cat /proc/self/attr/current)" "guest-profile (enforce)"
	is "$(nsctl exec --privileged "$pid" cat /proc/self/attr/current)" unconfined
	is "$(nsctl exec self cat /proc/self/attr/current)" unconfined
	ends 1 nsctl exec "$pid" cat /etc/guest.profile
}

enter_as_nsenter() {
	start_container
	is "$(as_who /usr/bin/nsenter --target "$pid" --all --preserve-credentials \
		readlink /proc/self/ns/mnt)" "$(ns_of "$pid" mnt)"
	ends 1 /usr/bin/nsenter --target 4194304 --all true
}

enter_others() {
	asker=$who
	who=root
	own_user=
	start_unshared --uts
	who=$asker
	refuses 125 "run as root" nsctl enter "$pid" true
}

# ---- new, and nsctl called as unshare

# new_ones PROGRAM…: the types of which the program, with its options, makes a new one.
new_ones() {
	# shellcheck disable=SC2016,SC2046 # expanded inside; a list of words
	as_who "$@" sh -c 'for link; do
		type=${link%%:*}
		[ "$(readlink "/proc/self/ns/$type")" = "$link" ] || echo "$type"
	done' sh $(all_ns self)
}

# makes_each PROGRAM…: with each option just that type is made; a user needs a user namespace beside.
makes_each() {
	for type in $types; do
		option=$type
		[ "$type" != mnt ] || option=mount
		# shellcheck disable=SC2086 # a list of words
		is "$(new_ones "$@" $own_user --fork "--$option")" \
			"$(printf '%s\n' "$type" ${own_user:+user} | sort -u)"
	done
}

new_each() {
	makes_each nsctl new
}

unshare_each() {
	makes_each /usr/libexec/nsctl/unshare
}

new_all() {
	# shellcheck disable=SC2016,SC2086 # expanded inside; a list of words
	is "$(as_who nsctl new --all sh -c 'set -- /proc/[0-9]*; echo "$$ $*"')" "1 /proc/1"
	# shellcheck disable=SC2016,SC2086
	as_who nsctl new --all sh -c 'for type; do readlink "/proc/self/ns/$type"; done' sh $types >"$scratch/inside"
	is "$(wc -l <"$scratch/inside")" 8
	for type in $types; do
		! grep -F "$(ns_of self "$type")" "$scratch/inside" || return 1
	done
}

new_root() {
	is "$(as_who nsctl new -r sh -c 'id -u; cat /proc/self/uid_map /proc/self/setgroups' | tr -s ' \n' ' ')" \
		"0 0 $(as_who id -u) 1 deny "
}

new_status() {
	# shellcheck disable=SC2086
	for program in "nsctl new" /usr/libexec/nsctl/unshare; do
		for forks in "" --fork; do
			ends 0 $program -r $forks true
			ends 7 $program -r $forks sh -c 'exit 7'
			# shellcheck disable=SC2016
			ends 137 $program -r $forks sh -c 'kill -KILL $$'
			ends 126 $program -r $forks /etc/passwd
			ends 127 $program -r $forks /no/such/program
		done
	done
	ends 125 nsctl new -r -w /no/such/directory true
	ends 1 /usr/libexec/nsctl/unshare -r -w /no/such/directory true
}

# Where nsctl dies, so does the child, and with it all in its pid namespace.
new_kill_child() {
	# shellcheck disable=SC2086
	start nsctl new -r --pid --kill-child $sleeper
	outer=$pid
	wait_for child_of "$outer"
	pid=$(child_of "$outer")
	wait_for runs "$pid" sleep
	stop "$outer"
	wait_for test ! -e "/proc/$pid"
}

# kept_as_file OPTION…: a namespace of each type stays by a file, and this one leads to it.
kept_as_file() {
	for type in $types; do
		link=$type option=$type
		case $type in
		mnt) option=mount ;;
		pid | time) link=${type}_for_children ;;
		esac
		touch "$scratch/private/$type"
		# The child of a pid namespace is in it: what is new for its parent's children.
		[ "$type" != pid ] || link=pid
		inside=$(/usr/libexec/nsctl/unshare --fork "--$option=$scratch/private/$type" "$@" readlink "/proc/self/ns/$link")
		is "$inside" "$type:[$(stat -c %i "$scratch/private/$type")]"
		umount "$scratch/private/$type"
	done
}

unshare_files() {
	mkdir "$scratch/private"
	mount -t tmpfs none "$scratch/private"
	echo "$scratch/private" >>"$scratch/mounted"
	mount --make-private "$scratch/private"
	kept_as_file
	kept_as_file --user --map-root-user
}

# ---- keep and drop

keep_each() {
	start_container_apart
	for type in $types; do
		ino=$(inode_of "$pid" "$type")
		nsctl keep "guest-$type" "$pid" --type "$type"
		is "$(stat -c %i "/run/nsctl/guest-$type/$type")" "$ino"
	done
	stop "$pid"
	wait_for test ! -e "/proc/$pid"
	for type in cgroup ipc net uts; do
		ino=$(stat -c %i "/run/nsctl/guest-$type/$type")
		is "$(nsctl enter "keep:guest-$type" readlink "/proc/self/ns/$type")" "$type:[$ino]"
	done
	for type in $types; do
		ino=$(stat -c %i "/run/nsctl/guest-$type/$type")
		nsctl drop -q "guest-$type"
		[ ! -e "/run/nsctl/guest-$type" ]
	done
	is_gone "$ino"
}

new_name() {
	is "$(nsctl new -n -u --name guest hostname inside; nsctl enter keep:guest hostname)" inside
	nsctl drop guest
	refuses 1 "guest" nsctl show keep:guest
}

# ---- list and why: one namespace, one holder

process_holds() {
	start_unshared --uts
	ino=$(inode_of "$pid" uts)
	is "$(row "$ino" TYPE,NPROCS,NTASKS,PID)" "uts 1 1 $pid"
	is "$(nsctl why -rn -o HOLDER,PID "$ino")" "process $pid"
	stop "$pid"
	is_gone "$ino"
}

thread_holds() {
	start_odd threads
	ino=$(inode_of "$told" net)
	held net "$ino" thread "$pid" TID "$told"
	stop "$pid"
	is_gone "$ino"
}

leaderless_thread_holds() {
	start_odd leaderless
	wait_for grep -q '^State:.Z' "/proc/$pid/status"
	ino=$(inode_of "$told" uts)
	held uts "$ino" thread "$pid"
	is "$(nsctl show -J "$told" | number tgid)" "$pid"
	stop "$pid"
	is_gone "$ino"
}

children_hold() {
	start_odd expecting
	held time "$told" for-children "$pid"
	stop "$pid"
	is_gone "$told"
}

file_holds() {
	start_unshared --uts
	ino=$(inode_of "$pid" uts)
	member=$pid
	# shellcheck disable=SC2016
	start sh -c 'exec $sleeper 9<"/proc/$1/ns/uts"' sh "$member"
	wait_for runs "$pid" sleep
	stop "$member"
	held uts "$ino" file "$pid" FD 9
	stop "$pid"
	is_gone "$ino"
}

socket_holds() {
	start_odd socket
	held net "$told" socket "$pid" FD 3
	stop "$pid"
	is_gone "$told"
}

mount_holds() {
	keep net
	held net "$ino" mount 1
	is "$(nsctl enter "net:[$ino]" readlink /proc/self/ns/net)" "net:[$ino]"
	release "$scratch/kept"
	is_gone "$ino"
}

mount_elsewhere_holds() {
	touch "$scratch/kept"
	# shellcheck disable=SC2016,SC2086
	start "$unshare" $own_user --mount \
		sh -c '"$unshare" --uts="$1" true; exec $sleeper' sh "$scratch/kept"
	wait_for runs "$pid" sleep
	ino=$(stat -c %i "/proc/$pid/root$scratch/kept")
	held uts "$ino" mount "$pid"
	stop "$pid"
	is_gone "$ino"
}

# The world is a mnt namespace that has the mount and no process.
mount_of_nobody_holds() {
	mkdir "$scratch/private"
	mount -t tmpfs none "$scratch/private"
	touch "$scratch/kept" "$scratch/private/world"
	"$unshare" --mount="$scratch/private/world" "$unshare" --uts="$scratch/kept" true
	printf '%s\n' "$scratch/private/world" "$scratch/private" >>"$scratch/mounted"
	world=$(stat -c %i "$scratch/private/world")
	held mnt "$world" mount 1
	ino=$(nsenter --mount="$scratch/private/world" stat -c %i "$scratch/kept")
	since 611 "mounts that no process sees are listed"
	held uts "$ino" mount - NS "mnt:[$world]"
}

# A tmpfs has file handles, the initramfs has none.
make_there() {
	mkdir "$scratch/there"
	mount -t tmpfs none "$scratch/there"
	echo "$scratch/there" >>"$scratch/mounted"
	mkdir -p "$scratch/there/d/e"
	touch "$scratch/there/a" "$scratch/there/b" "$scratch/there/d/e/a"
}

dropped() { # dropped INODE: of a namespace that only mounts hold
	nsctl drop --holders "uts:[$1]"
	! grep -q "uts:\[$1\]" /proc/self/mountinfo
}

drop_mounts() {
	make_there
	"$unshare" "--uts=$scratch/there/a" true
	dropped "$(stat -c %i "$scratch/there/a")"
}

drop_covered() {
	make_there
	"$unshare" "--uts=$scratch/there/a" true
	"$unshare" "--uts=$scratch/there/b" true
	ino=$(stat -c %i "$scratch/there/a")
	cover=$(stat -c %i "$scratch/there/b")
	mount --bind "$scratch/there/b" "$scratch/there/a"
	dropped "$ino"
	[ "$(stat -c %i "$scratch/there/a")" = "$cover" ]
	umount "$scratch/there/a" "$scratch/there/b"
}

drop_below_directory() {
	make_there
	"$unshare" "--uts=$scratch/there/d/e/a" true
	ino=$(stat -c %i "$scratch/there/d/e/a")
	mount -t tmpfs cover "$scratch/there/d"
	dropped "$ino"
	umount "$scratch/there/d"
}

drop_below_file_system() {
	make_there
	"$unshare" "--uts=$scratch/there/a" true
	ino=$(stat -c %i "$scratch/there/a")
	mount -t tmpfs cover "$scratch/there"
	dropped "$ino"
	umount "$scratch/there"
}

drop_elsewhere() {
	touch "$scratch/kept"
	# shellcheck disable=SC2016,SC2086
	start "$unshare" $own_user --mount \
		sh -c '"$unshare" --uts="$1" true; exec $sleeper' sh "$scratch/kept"
	wait_for runs "$pid" sleep
	nsctl drop --holders "uts:[$(stat -c %i "/proc/$pid/root$scratch/kept")]"
	! grep -q " nsfs " "/proc/$pid/mountinfo"
}

user_child_holds() {
	# shellcheck disable=SC2086
	start "$unshare" --user --map-root-user "$unshare" --user $sleeper
	wait_for runs "$pid" sleep
	ino=$(nsctl show -rn -o LINK,PARENT "$pid" | sed -n 's/^user //p')
	is "$(row "$ino" TYPE,NPROCS,HOLDERS)" "user 0 child"
	is "$(nsctl why -rn -o HOLDER,NS "$ino")" "child $(ns_of "$pid" user)"
	stop "$pid"
	is_gone "$ino"
}

kernel_holds_mnt() {
	start_odd in-flight
	since 612 "the kernel lists mnt namespaces"
	# An open file, says the record that BPF reads, of lists that are Linux 6.18's.
	if [ "$linux" -lt 618 ] || may_lack_bpf; then
		held mnt "$told" kernel -
	else
		held mnt "$told" "kernel(file)" -
	fi
	is "$(nsctl enter "mnt:[$told]" readlink /proc/self/ns/mnt)" "mnt:[$told]"
	stop "$pid"
	is_gone "$told"
}

# Before it has a process, no link of /proc told it at first.
kernel_holds_pid() {
	# shellcheck disable=SC2086
	start "$unshare" --pid $sleeper
	wait_for runs "$pid" sleep
	since 619 "the kernel lists all namespaces"
	ino=$(nsctl list -rn -t pid -o NS,NPROCS,HOLDERS | sed -n 's/ 0 [a-z,-]*$//p')
	if [ -n "$(ns_of "$pid" pid_for_children)" ]; then
		held pid "$ino" for-children "$pid"
	else
		held pid "$ino" kernel -
	fi
	stop "$pid"
	is_gone "$ino"
}

# ---- what somebody tries to hide

# hide KIND TYPE HOLDERS: starts what nothing but KIND of hide.c holds; its inode is in $ino.
hide() {
	rm -f "$scratch/inode"
	start hide "$1" "$2" "$scratch/inode"
	wait_for test -s "$scratch/inode"
	ino=$(cat "$scratch/inode")
	echo "$ino $2 0 $3" >>"$scratch/hidden"
}

# All that hide started is in one list, and why names the holder of each.
found_hidden() {
	nsctl list -rn -o NS,TYPE,NPROCS,HOLDERS >"$scratch/list"
	while read -r ino type nprocs holders; do
		is "$(grep "^$ino " "$scratch/list")" "$ino $type $nprocs $holders"
		is "$(nsctl why -rn -o HOLDER "$type:[$ino]" | sort -u)" "${holders%(*}"
	done <"$scratch/hidden"
}

hidden_in_thread() {
	needs_bpf
	hide thread-fd net file
	hide thread-fd uts file
	hide orphan-fd ipc file
	hide thread-socket net socket
	found_hidden
}

hidden_in_proc_net() {
	needs_bpf
	hide proc-net net proc-net
	found_hidden
}

hidden_in_tree() {
	needs_bpf
	for type in ipc net time user uts; do hide detached "$type" detached; done
	found_hidden
}

hidden_net() {
	needs_bpf
	hide flight net "kernel(file)"
	hide mapped net kernel
	[ "$linux" -lt 613 ] || hide ring net io_uring
	[ "$linux" -ge 613 ] || hide ring net "kernel(file)"
	found_hidden
}

hidden_ipc() {
	needs_bpf
	hide flight ipc "kernel(file)"
	hide shm ipc kernel
	found_hidden
}

hidden_all_types() {
	needs_bpf
	since 618 "the kernel has lists of all types"
	for type in $types; do
		hide flight "$type" "kernel(file)"
		hide ring "$type" io_uring
	done
	found_hidden
}

# A task that enters its own uts namespace all the time.
hidden_by_flipping() {
	needs_bpf
	hide flip net -
	for round in 1 2 3 4 5; do
		echo "list $round"
		is "$(row "$ino" TYPE,NPROCS)" "net 1"
	done
}

# ---- sets, ps

sets_of_container() {
	start_container_apart
	# It was born from one that had unshared the others already.
	is "$(nsctl sets -rn -o PID,NPROCS,OWN,BORN,HOST "$pid")" "$pid 1 pid,time cgroup,ipc,mnt,net,user,uts -"
	nsctl sets -rn -o PID >"$scratch/pids"
	grep -qx "$pid" "$scratch/pids"
}

sets_of_thread() {
	start_odd threads
	is "$(nsctl sets -rn -o PID,NPROCS,NTASKS "net:[$(inode_of "$told" net)]")" "$told 0 1"
}

sets_waiting() {
	start_odd expecting
	is "$(nsctl sets -rn -o TIMENS,TIMENS_FOR_CHILDREN "$pid")" "->$told $told"
	start_unshared --pid
	nsctl sets -rn -o PIDNS "$pid" >"$scratch/output"
	told=$(inode_of "$pid" pid_for_children)
	# The engine bpf knows it before it has a process, when the link does not tell it.
	[ -n "$told" ] || told=$(grep -o '[0-9][0-9]*' "$scratch/output" || echo '?')
	is "$(cat "$scratch/output")" "->$told"
}

ps_of_container() {
	start_container
	is "$(nsctl ps -rn -l -o PID,NSPID,COMMAND "$pid")" "$pid 1 /bin/sleep\\x201000"
	is "$(nsctl ps -rn -l -o PID "pid:[$(inode_of "$pid" pid)]")" "$pid"
}

ps_of_users() {
	start_container --user --map-root-user
	is "$(nsctl ps -rn -l -o UID,NSUID "$pid")" "$(stat -c %u "/proc/$outer") 0"
}

as_lsns() {
	start_unshared --uts
	is "$(as_who /usr/bin/lsns -rn -o NS,TYPE,NPROCS,PID "$(inode_of "$pid" uts)")" "$(inode_of "$pid" uts) uts 1 $pid"
}

# ---- what newer kernels have

by_pidfd_inode() {
	start_unshared --uts
	since 609 "every pidfd has an inode of its own"
	is "$(nsctl show -J "$pid:$(odd pidfd-inode "$pid")" | number pid)" "$pid"
	refuses 1 "" nsctl show "$pid:$(odd pidfd-inode 1)"
}

no_pidfd_inode() {
	start_unshared --uts
	before 609 "every pidfd has an inode of its own"
	refuses 1 "PID:INODE needs Linux 6.9 or newer" nsctl show "$pid:$(odd pidfd-inode "$pid")"
}

by_id() {
	start_unshared --uts
	since 618 "namespaces have ids"
	id=$(odd id "/proc/$pid/ns/uts")
	is "$(nsctl show ":$id" | head -n 1)" "$(ns_of "$pid" uts)"
	is "$(nsctl show -rn -o LINK,NSID "$pid" | sed -n 's/^uts //p')" "$id"
	is "$(nsctl list -rn -o NSID "$(inode_of "$pid" uts)")" "$id"
	is "$(nsctl why -rn -o PID ":$id")" "$pid"
	stop "$pid"
	refuses 1 "" nsctl show ":$id"
}

no_id() {
	before 618 "namespaces have ids"
	refuses 1 "need Linux 6.18 or newer" nsctl show :1
	refuses 125 "need Linux 6.18 or newer" nsctl enter :1 true
	# A mnt namespace has had one for longer.
	is "$(nsctl show -rn -o NSID,LINK self | sed '/ mnt$/d; s/ .*//' | sort -u)" -
}

no_id_of_scanned() {
	before 618 "namespaces have ids"
	for command in list ps sets why; do
		refuses 1 "need Linux 6.18 or newer" nsctl "$command" :1
	done
}

# ---- the engines of a scan

needs_engines() {
	as_who nsctl features --help >/dev/null 2>&1 || skip "this nsctl has one engine only"
}

# What loads its programs came with Linux 5.14; a user may load none.
may_lack_bpf() {
	[ "$linux" -lt 514 ] || [ "$who" = user ]
}

needs_bpf() {
	needs_engines
	! may_lack_bpf || ends 0 nsctl list --engine=bpf || skip "the engine bpf needs Linux 5.14"
}

features() {
	needs_engines
	ends 0 nsctl features
	[ -s "$scratch/output" ]
}

bpf_works() {
	needs_engines
	for command in list sets "ps $$" "why $(inode_of self uts)"; do
		# shellcheck disable=SC2086 # lists of words
		ends 0 nsctl $command --engine=bpf || {
			may_lack_bpf
			refuses 1 bpf nsctl $command --engine=bpf
		}
	done
}

# A process or thread of every kind.
start_zoo() {
	start_container_apart
	for kind in threads leaderless expecting bereft socket zombie; do
		rm -f "$scratch/told"
		start_odd "$kind"
	done
	keep ipc
	start_unshared --uts
}

find_processes() {
	set -- /proc/[0-9]*
	processes=$*
}

# pair COMMAND…: the JSON of both engines, while no process came or went.  The host compares
# them: here, jq would take most of the time of all tests.
pair() {
	mkdir -p "$scratch/pairs"
	for round in 1 2 3 4 5 6 7 8 9 10; do
		find_processes
		before=$processes
		for engine in bpf procfs; do
			nsctl "$@" --json --engine="$engine" >"$scratch/pairs/$(echo "$*" | tr / :).$engine"
		done
		find_processes
		[ "$processes" != "$before" ] || return 0
	done
	echo "in $round rounds, a process came or went: $before, $processes"
	return 1
}

engines_list() {
	needs_bpf
	start_zoo
	pair list
}

engines_sets() {
	needs_bpf
	start_zoo
	pair sets
}

engines_ps() {
	needs_bpf
	start_zoo
	pair ps --tasks --list "/proc/$pid/ns/net"
	pair ps --list "$pid"
}

engines_why() {
	needs_bpf
	start_zoo
	for type in $types; do pair why "/proc/$pid/ns/$type"; done
	pair why "$ino"
}

# To a user, that others cannot be read is said on stderr.
list_namespaces() {
	nsctl list -rn -o TYPE,NS 2>/dev/null | sort
}

is_as_before() {
	list_namespaces >"$scratch/list"
	cmp "$scratch/list" "/tmp/before.$who"
}

# What ended is in no list, and the machine's own eight are.
nothing_left() {
	wait_for is_as_before || {
		diff "/tmp/before.$who" "$scratch/list"
		return 1
	}
	for type in $types; do grep -x "$type $(inode_of self "$type")" "$scratch/list"; done
}

# ---- all of it

check_both() {
	check "show self: ten links, as readlink(1) prints them" show_self
	check "show: a container and each of its namespaces" show_container
	check "show, list, why: a namespace by its id" by_id
	check "show and enter: the id of a namespace is refused, and why" no_id
	check "list, ps, sets, why: the id of a namespace is refused, and why" no_id_of_scanned
	check "show: a process by its number and the inode of its pidfd" by_pidfd_inode
	check "show: the inode of a pidfd is refused, and why" no_pidfd_inode
	check "compare: all the same, status 0" compare_same
	check "compare: all different, status 1" compare_different
	check "enter: a uts namespace, its host name" enter_uts
	check "enter: a container, as a process of its own" enter_container
	check "enter: all eight namespaces" enter_all
	check "enter: a thread" enter_thread
	check "enter: the program's exit status" enter_status
	check "enter: the caller's limit of locked memory" enter_memlock
	check "exec: every property of a process" exec_process
	check "exec: a container" exec_container
	check "called as nsenter" enter_as_nsenter
	check "new: a namespace of each type alone" new_each
	check "new: all of them, as process 1" new_all
	check "new: root of a user namespace" new_root
	check "new: the program's exit status" new_status
	check "new: the child dies with nsctl" new_kill_child
	check "called as unshare: a namespace of each type alone" unshare_each
	check "list and why: a process" process_holds
	check "list and why: a thread" thread_holds
	check "list and why: a thread of a zombie" leaderless_thread_holds
	check "list and why: the children to come" children_hold
	check "list and why: an open file" file_holds
	check "list and why: a socket" socket_holds
	check "list and why: a bind mount in another mnt namespace" mount_elsewhere_holds
	check "list and why: a child of a user namespace" user_child_holds
	check "drop --holders: in another mnt namespace" drop_elsewhere
	check "called as lsns" as_lsns
	check "sets: a container has eight of its own" sets_of_container
	check "sets: a thread" sets_of_thread
	check "sets: what the children will be in" sets_waiting
	check "ps: numbers here and inside" ps_of_container
	check "ps: users here and inside" ps_of_users
	check "features" features
	check "engine bpf: works, or may not and says so in one line" bpf_works
}

check_root() {
	check "called as unshare: a namespace of each type stays by a file" unshare_files
	check "enter and exec: the cgroup of a container, also where it is full" join_cgroup
	check "enter and exec: the same in a user namespace" join_cgroup_of_user_ns
	check "enter and exec: a cgroup namespace that another user namespace owns" join_cgroup_of_outer_user_ns
	check "enter: a script for /proc/self/exe does not execute nsctl" enter_exe
	check "keep and drop: a namespace of each type" keep_each
	check "new: namespaces that are kept by a name" new_name
	check "list and why: a bind mount" mount_holds
	check "list and why: a bind mount where no process is" mount_of_nobody_holds
	check "list and why: a mnt namespace on its way through a socket" kernel_holds_mnt
	check "list and why: a pid namespace before its first process" kernel_holds_pid
	check "exec: the AppArmor profile of a process" exec_label
	check "hidden: a thread has a table of descriptors of its own" hidden_in_thread
	check "hidden: an open file of /proc/net" hidden_in_proc_net
	check "hidden: a mount in a tree that is mounted nowhere" hidden_in_tree
	check "hidden: net, in a message, a ring, a mapped socket" hidden_net
	check "hidden: ipc, in a message, shared memory" hidden_ipc
	check "hidden: all types, in a message and a ring" hidden_all_types
	check "hidden: a task that changes its nsproxy all the time" hidden_by_flipping
	check "drop --holders: a mount" drop_mounts
	check "drop --holders: a mount below another one" drop_covered
	check "drop --holders: a mount below a directory that is covered" drop_below_directory
	check "drop --holders: a mount below a whole file system" drop_below_file_system
	check "both engines: the same list" engines_list
	check "both engines: the same sets" engines_sets
	check "both engines: the same ps" engines_ps
	check "both engines: the same why" engines_why
	check "list: none of the ended namespaces" nothing_left
}

check_user() {
	check "enter: what is another user's is refused" enter_others
	check "list: none of the ended namespaces" nothing_left
}

check_initramfs() {
	check "list and why: a bind mount in another mnt namespace, on an initramfs" mount_elsewhere_holds
}

print_features() {
	! nsctl features --help >/dev/null 2>&1 || nsctl features | sed 's/^/# /'
}

print_pairs() {
	tar -C "$pairs" -cz . | base64 | sed 's/^/@/'
}

as_root() {
	who=root own_user=
	"$@"
}

as_user() {
	who=user own_user='--user --map-root-user'
	"$@"
}

if [ $# -eq 0 ]; then
	/bin/busybox --install -s /bin
	printf '%s\n' root:x:0:0::/:/bin/sh "user:x:$user:$user::/:/bin/sh" >/etc/passwd
	mount_all
	as_root check_initramfs >"/dev/$port" 2>&1
	leave_initramfs
fi
tests=$1
mount_all
mkdir "$pairs"
{
	as_root list_namespaces >/tmp/before.root
	as_user list_namespaces >/tmp/before.user
	as_root check_both
	as_root check_root
	as_user check_both
	as_user check_user
	as_root print_features
	print_pairs
	echo "1..$tests"
} >"/dev/$port" 2>&1
# Closed, the port has sent all that it was given.
poweroff -f
