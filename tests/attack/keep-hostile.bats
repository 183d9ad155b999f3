# SPDX-License-Identifier: GPL-2.0-or-later
# Names that hold namespaces, whatever happens to the nsctl that makes or drops them.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	hide_names
}

teardown() {
	common_teardown
}

mounts_of_names() {
	mounts_below /run | grep -c '^/run/nsctl/' || true
}

# kill_at_random NAME COMMAND…: SIGKILL after up to $longest microseconds.  Returns 137 if that came first.
kill_at_random() {
	local micro=$((RANDOM * longest / 32768))
	timeout -s KILL "$(printf '0.%06d' $((micro + 1)))" "$@" >/dev/null 2>&1
}

# How long a keep takes here, and the start of timeout(1) before it.
measure() {
	local before after
	before=${EPOCHREALTIME/[.,]/}
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		timeout 60 "$nsctl" keep measured "$target" -t "$types"
		timeout 60 "$nsctl" drop -q measured
	done
	after=${EPOCHREALTIME/[.,]/}
	longest=$(((after - before) / 16))
}

# worker NUMBER: keeps and drops names of its own, at random moments killed, and
# writes what must be true of each: "kept", "dropped", or nothing for either.
worker() {
	local i name status end=$((SECONDS + 20))
	RANDOM=$1
	set +e
	for ((i = 0; i < 250 && SECONDS < end; i++)); do
		name=w$1-$((RANDOM % 10))
		if ((RANDOM % 2)); then
			rm -f "$scratch/state/$name"
			kill_at_random "$nsctl" keep "$name" "$target" -t "$types"
			status=$?
			[ "$status" -eq 137 ] || echo kept >"$scratch/state/$name"
		else
			rm -f "$scratch/state/$name"
			kill_at_random "$nsctl" drop -q "$name"
			status=$?
			[ "$status" -eq 137 ] || echo dropped >"$scratch/state/$name"
		fi
		echo "$status" >>"$scratch/statuses-$1"
	done
}

@test "killed at random moments, 1,000 keeps and drops lose no name and leave no mount" {
	local i workers=() names count
	start_unshared --net --uts --ipc
	target=$pid types=net,uts,ipc
	mkdir "$scratch/state"
	measure
	for ((i = 1; i <= 4; i++)); do
		worker "$i" 3>&- &
		workers+=($!)
		started+=($!)
	done
	for i in "${workers[@]}"; do
		wait "$i"
	done
	cat "$scratch"/statuses-* | sort | uniq -c >&2
	grep -q '^137$' "$scratch"/statuses-*
	grep -q '^0$' "$scratch"/statuses-*

	# The next one removes what the dead ones left.
	"$nsctl" keep last "$target" -t uts
	is "$(find /run/nsctl -mindepth 1 -maxdepth 1 -name '.*' ! -name .lock)" ""
	"$nsctl" drop -q last
	names=$("$nsctl" keep -rn -o NAME | sort -u)
	for i in "$scratch"/state/*; do
		case $(cat "$i") in
		kept) grep -qx "${i##*/}" <<<"$names" ;;
		dropped) ! grep -qx "${i##*/}" <<<"$names" ;;
		esac || {
			echo "${i##*/} should be $(cat "$i")" >&2
			return 1
		}
	done
	# Each name that is there is whole.
	is "$("$nsctl" keep -rn -o PROBLEM | sort -u | tr -d '\n')" "$([ -z "$names" ] || echo -)"
	count=$(wc -w <<<"$names")
	is "$("$nsctl" keep -rn -o NAME | wc -l)" $((count * 3))
	is "$(mounts_of_names)" $((count * 3))
	# shellcheck disable=SC2086 # the names are plain
	[ "$count" -eq 0 ] || "$nsctl" drop -q $names
	has_no_names
}

@test "what a dead nsctl left is removed, what a live one works on is not" {
	local dead=.dead.0123456789abcdef live=.live.0123456789abcdef by
	start_unshared --net --uts
	target=$pid
	"$nsctl" keep web "$target"
	for by in keep drop; do
		mkdir -p "/run/nsctl/$live"
		touch "/run/nsctl/$live/net"
		start flock --no-fork "/run/nsctl/$live" sleep 1000
		wait_for bash -c "! flock -n /run/nsctl/$live true"
		# As far as one gets: a directory; files; mounts; all but its new name.
		mkdir "/run/nsctl/$dead"
		mkdir "/run/nsctl/${dead/dead/dead2}"
		touch "/run/nsctl/${dead/dead/dead2}/net"
		"$nsctl" keep dead3 "$target" --type net --ip-netns
		mv /run/nsctl/dead3 "/run/nsctl/${dead/dead/dead3}"
		if [ "$by" = keep ]; then
			"$nsctl" keep other "$target"
		else
			"$nsctl" drop -q other
		fi
		is "$(find /run/nsctl -mindepth 1 -maxdepth 1 -name '.*.*' -printf '%f')" "$live"
		is "$(ls -A /run/netns)" ""
		is "$(ls "/run/nsctl/$live")" net
		stop "${started[-1]}"
		unset 'started[-1]'
	done
	"$nsctl" drop -q web
	has_no_names
}

@test "of several keeps of one name at once, one wins and the others say so" {
	local i round outcomes keepers
	start_unshared --uts
	for ((round = 0; round < 40; round++)); do
		keepers=()
		for i in 1 2 3 4 5 6 7 8; do
			{
				set +e
				"$nsctl" keep one "$pid" 2>"$scratch/stderr-$i"
				echo $? >"$scratch/status-$i"
			} 3>&- &
			keepers+=($!)
		done
		wait "${keepers[@]}"
		outcomes=$(cat "$scratch"/status-* | sort | uniq -c | tr -s ' ' | tr '\n' ,)
		is "$outcomes" " 1 0, 7 1,"
		is "$(cat "$scratch"/stderr-* | grep -c "the name 'one' is in use")" 7
		is "$(mounts_of_names)" 1
		is "$(mounts_below /run | grep -cx /run/nsctl)" 1
		"$nsctl" drop -q one
		has_no_names
		# The next round mounts the directory again.
		umount /run/nsctl
	done
}

# clock_nanosleep(2), on x86-64 or aarch64: it tries the lock again and again.
waits() {
	grep -Eq '^(230|115) ' "/proc/$1/syscall"
}

@test "the directory of names is mounted under a lock, once" {
	local locker keeper
	start_unshared --uts
	target=$pid
	mkdir /run/nsctl
	touch /run/nsctl/.lock
	start flock --no-fork /run/nsctl/.lock sleep 1000
	locker=$pid
	wait_for bash -c "! flock -n /run/nsctl/.lock true"
	start "$nsctl" keep web "$target"
	keeper=$pid
	wait_for waits "$keeper"
	is "$(mounts_below /run)" ""
	stop "$locker"
	ends_with 0 "$keeper"
	is "$(mounts_below /run)" "/run/nsctl
/run/nsctl/web/uts"
	"$nsctl" drop -q web
	has_no_names
}

@test "of several drops of one name at once, one wins" {
	local i droppers=()
	start_unshared --uts
	"$nsctl" keep one "$pid"
	for i in 1 2 3 4 5 6 7 8; do
		{
			set +e
			"$nsctl" drop -q one 2>/dev/null
			echo $? >"$scratch/status-$i"
		} 3>&- &
		droppers+=($!)
	done
	wait "${droppers[@]}"
	is "$(cat "$scratch"/status-* | sort | uniq -c | tr -s ' ' | tr '\n' ,)" " 1 0, 7 1,"
	has_no_names
}

@test "where /run is full, nothing remains of a keep, and a drop works" {
	local inodes
	start_unshared --net --uts --ipc
	for inodes in 3 4 5 6 7; do
		mount -t tmpfs -o mode=755,nr_inodes=$inodes none /run
		refuses 1 "No space left on device" "$nsctl" keep full "$pid"
		is "$(find /run -mindepth 2 ! -name .lock)" ""
		is "$(mounts_of_names)" 0
		umount -l /run
	done
	# No room for the text of the record.
	mount -t tmpfs -o mode=755,size=4k none /run
	"$nsctl" keep before "$pid"
	"$nsctl" drop -q before
	dd if=/dev/zero of=/run/filler bs=4k 2>/dev/null || true
	refuses 1 "No space left on device" "$nsctl" keep full "$pid"
	has_no_names
	rm /run/filler
	"$nsctl" keep fits "$pid"
	dd if=/dev/zero of=/run/filler bs=4k 2>/dev/null || true
	"$nsctl" drop -q fits
	has_no_names
	umount -l /run
}

@test "root does not trust a directory of names that others can write to" {
	start_unshared --uts
	mkdir /run/nsctl
	chown "$user" /run/nsctl
	refuses 1 "it must be a directory of root alone" "$nsctl" keep web "$pid"
	mkdir /run/nsctl/web
	printf 'nsctl-keep 1\nboot %s\nuts %s 0\n' "$(cat /proc/sys/kernel/random/boot_id)" "$(inode_of "$pid" uts)" >/run/nsctl/web/record
	refuses 2 "'web' is not a target" "$nsctl" show web
	is "$("$nsctl" keep -rn)" ""
	chown 0 /run/nsctl
	chmod 777 /run/nsctl
	refuses 1 "it must be a directory of root alone" "$nsctl" keep web "$pid"
	rm -r /run/nsctl
	ln -s /tmp /run/nsctl
	run -1 --separate-stderr "$nsctl" keep web "$pid"
	[ ! -e /tmp/web ]
	rm /run/nsctl
}

@test "of a process that changes its namespaces all the time, some that it was in are kept, or none" {
	local i one two ns kept=0 both
	start_unshared --ipc --uts
	one=$pid
	start_unshared --ipc --uts
	two=$pid
	both=" $(inode_of "$one" ipc) $(inode_of "$one" uts) $(inode_of "$two" ipc) $(inode_of "$two" uts) "
	# Both types at once, by a pidfd: pidfd_open(2) is 434, setns(2) 308.
	start perl -e '
		my @fds = map { syscall(434, $_ + 0, 0) } @ARGV;
		for (;;) { for my $fd (@fds) { syscall(308, $fd, 0x0c000000) } }' "$one" "$two"
	wait_for is_elsewhere "$pid"
	for ((i = 0; i < 200; i++)); do
		if "$nsctl" keep turns "$pid" 2>"$scratch/stderr"; then
			is "$("$nsctl" keep -rn -o TYPE,PROBLEM)" $'ipc -\nuts -'
			for ns in $("$nsctl" keep -rn -o NS); do
				[[ $both == *" $ns "* ]]
			done
			"$nsctl" drop -q turns
			kept=$((kept + 1))
		else
			grep -q "changed its namespaces while it was being read" "$scratch/stderr"
		fi
	done
	echo "kept $kept times of 200" >&2
	[ "$kept" -lt 200 ]
	has_no_names
}

is_elsewhere() {
	[ "$(inode_of "$1" uts)" != "$(inode_of self uts)" ]
}

# As a process that is preempted within unshare(2), between its new mnt and its new user namespace.
@test "a mnt namespace is not kept without its owner, unless it is named" {
	local owner i
	# Linux 6.18 refuses to mount a mnt namespace by chance (see nsctl-keep(1)): then another one.
	for ((i = 0; i < 100; i++)); do
		start_unshared_as_user --user --map-root-user --mount
		owner=$pid
		"$nsctl" keep apart "$owner" 2>"$scratch/refused" && break
		grep -q "is lower than" "$scratch/refused"
		stop "$owner"
	done
	"$nsctl" drop -q apart
	start nsenter -t "$owner" -m sleep 1000
	wait_for runs "$pid" sleep
	refuses 1 "belongs to a user namespace below that of the process" "$nsctl" keep apart "$pid"
	[ ! -e "/run/nsctl/apart" ]
	"$nsctl" keep apart "$owner"
	is "$(ls "/run/nsctl/apart")" $'mnt\nrecord\nuser'
	"$nsctl" drop -q apart
}
