# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl drop --holders in a mnt namespace whose owner works against it: nothing else is unmounted, and it ends.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program swap
	use_program hang
}

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

not() {
	if "$@"; then return 1; fi
}

# start_swapping [setpriv-OPTIONS…] -- SWAP-ARGUMENTS…: in a mnt namespace with a
# namespace at way/kept, another one at victim/kept, and a link to victim; that of
# way is $kept, the process $pid.
start_swapping() {
	local as=()
	while [ "$1" != -- ]; do
		as+=("$1")
		shift
	done
	shift
	mkdir -p "$scratch/m"
	start unshare --mount --propagation private sh -ec '
		mount -t tmpfs none "$1/m"
		cd "$1/m"
		mkdir way victim
		touch way/kept victim/kept cover
		ln -s victim link
		chmod 777 .
		chown -h '"$user"' way link victim
		unshare --uts=way/kept true
		unshare --ipc=victim/kept true
		stat -Lc %i way/kept >"$1/kept"
		mv "$1/kept" "$1/told"
		shift
		exec "$@"' sh "$scratch" "${as[@]}" "$swap" "$@"
	wait_for test -e "$scratch/told"
	kept=$(cat "$scratch/told")
	rm "$scratch/told"
	wait_for runs "$pid" swap
	victim=$(sed -n "s|^\([0-9]*\) .* ipc:\[[0-9]*\] $scratch/m/.*|\1|p" "/proc/$pid/mountinfo")
	[ -n "$victim" ]
}

# The same mount: it was not taken off and put back either.
has_victim() {
	is "$(sed -n "s|^\([0-9]*\) .* ipc:\[[0-9]*\] $scratch/m/.*|\1|p" "/proc/$pid/mountinfo")" "$victim"
}

# Also by the user in a container who has no privileges there.
as_somebody=(setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all)

naive_unmounts_victim() {
	local i
	for ((i = 0; i < 500; i++)); do
		start_swapping "${as_somebody[@]}" -- rename "$scratch/m/way" "$scratch/m/link"
		nsenter -t "$pid" -m umount "$scratch/m/way/kept" || true
		has_victim || return 0
		stop "$pid"
	done
	echo "the attack does not work" >&2
	return 1
}

@test "names that are exchanged all the time: a naive program unmounts another mount" {
	naive_unmounts_victim
}

@test "names that are exchanged all the time: nothing but the mount goes" {
	local own i released=0 others=(link victim)
	own=$(cut -d ' ' -f 3-5 /proc/self/mountinfo | sort)
	for ((i = 0; i < 50; i++)); do
		start_swapping "${as_somebody[@]}" -- rename "$scratch/m/way" "$scratch/m/${others[i % 2]}"
		run timeout --signal=KILL 60 "$nsctl" drop --holders "uts:[$kept]"
		printf '%s\n' "$output" >&2
		has_victim
		case $status in
		0)
			not grep -q " uts:\[$kept\] " "/proc/$pid/mountinfo"
			released=$((released + 1))
			;;
		1) [[ $output == *"nsctl drop: cannot unmount '"* ]] ;;
		*) return 1 ;;
		esac
		stop "$pid"
	done
	[ "$released" -gt 0 ]
	is "$(cut -d ' ' -f 3-5 /proc/self/mountinfo | sort)" "$own"
}

@test "a cover that comes and goes all the time: it ends, and no other mount goes" {
	local own i
	own=$(cut -d ' ' -f 3-5 /proc/self/mountinfo | sort)
	for ((i = 0; i < 30; i++)); do
		start_swapping -- cover "$scratch/m/cover" "$scratch/m/way/kept"
		run timeout --signal=KILL 60 "$nsctl" drop --holders "uts:[$kept]"
		printf '%s\n' "$output" >&2
		[ "$status" -le 1 ]
		has_victim
		stop "$pid"
	done
	is "$(cut -d ' ' -f 3-5 /proc/self/mountinfo | sort)" "$own"
}

@test "the namespace is mounted anew all the time: it ends, with 1" {
	# The file is of the same namespace.
	start_swapping -- cover "$scratch/m/way/kept" "$scratch/m/victim/kept"
	run timeout --signal=KILL 60 "$nsctl" drop --holders "uts:[$kept]"
	[ "$status" -le 1 ]
}

@test "a signal at any time: what was taken off is put back" {
	local i signal
	mkdir "$scratch/there"
	mount -t tmpfs none "$scratch/there"
	mounted+=("$scratch/there")
	touch "$scratch/there/a" "$scratch/there/b"
	unshare --ipc="$scratch/there/b" true
	victim=$(stat -Lc %i "$scratch/there/b")
	has_cover() { [ "$(stat -Lc %i "$scratch/there/a")" = "$victim" ]; }
	for ((i = 0; i < 60; i++)); do
		for signal in TERM INT "KILL --foreground"; do
			unshare --uts="$scratch/there/a" true
			kept=$(stat -Lc %i "$scratch/there/a")
			mount --bind "$scratch/there/b" "$scratch/there/a"
			# To the whole group, as a terminal does; SIGKILL to nsctl alone.
			# shellcheck disable=SC2086 # an option may follow
			timeout --signal=$signal "0.0$((i + 10))" "$nsctl" drop --holders "uts:[$kept]" || true
			wait_for has_cover
			while umount "$scratch/there/a" 2>/dev/null; do :; done
		done
	done
}

# start_hanging: see hang.c; the PID of a process in whose mnt namespace a mount
# of a namespace lies on a file system that does not answer is in $victim.
start_hanging() {
	mknod -m 666 "$scratch/fuse" c 10 229
	: <>"$scratch/fuse" 2>/dev/null || skip "no FUSE here"
	mkdir "$scratch/mount"
	start env "FUSE_DEVICE=$scratch/fuse" "$hang" bind "$scratch/mount" "$scratch/told"
	wait_for test -s "$scratch/told"
	victim=$(cat "$scratch/told")
	kept=$(sed -n "s|.* uts:\[\([0-9]*\)\] $scratch/mount/file .*|\1|p" "/proc/$victim/mountinfo")
}

@test "a file system on the way that does not answer: left out, and the others are released" {
	start_hanging
	touch "$scratch/other"
	# Where it does not hang: the same namespace by its id (Linux 6.18) or not at all.
	run timeout --signal=KILL 60 "$nsctl" drop --holders "uts:[$kept]"
	printf '%s\n' "$output" >&2
	[ "$status" -eq 1 ]
	[[ $output == *"nsctl drop: cannot unmount '$scratch/mount/file' in mnt:["*"]: a file system on the way does not answer"* ]]
	# It keeps nobody waiting who waits for its output.
	run timeout --signal=KILL 60 sh -c '"$1" drop --holders "$2" 2>&1 | cat' sh "$nsctl" "uts:[$kept]"
	[[ $output == *"does not answer"* ]]
}

@test "mount points with any bytes are shown safely" {
	local name=$'\e[31m\nx\xff'
	mkdir "$scratch/there"
	mount -t tmpfs none "$scratch/there"
	mounted+=("$scratch/there")
	touch "$scratch/there/$name"
	unshare --uts="$scratch/there/$name" true
	kept=$(stat -Lc %i "$scratch/there/$name")
	run as_user "$nsctl" drop --holders "$scratch/there/$name"
	is_safe "$output"
	run -0 "$nsctl" drop --holders "uts:[$kept]"
	is_safe "$output"
	not mountpoint -q "$scratch/there/$name"
}
