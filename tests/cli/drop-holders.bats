# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl drop --holders: every mount that holds a namespace is unmounted, wherever it is, and nothing else.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program odd
}

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

# A tmpfs for the mounts, whose changes reach no other mnt namespace, at $there.
mount_there() {
	there=$scratch/there
	mkdir "$there"
	mount -t tmpfs none "$there"
	mounted+=("$there")
	mount --make-private "$there"
}

# keep NAME: a uts namespace that nothing but a mount holds, at $there/NAME; its inode is in $kept.
keep() {
	touch "$there/$1"
	unshare --uts="$there/$1" true
	kept=$(stat -Lc %i "$there/$1")
}

# start_keeper [UNSHARE-OPTIONS…]: a mnt namespace whose mounts are its own, with
# a namespace at $scratch/kept: its process is $pid, the namespace $kept.
start_keeper() {
	touch "$scratch/kept"
	start unshare --mount --propagation private "$@" sh -c 'unshare --uts="$1" true; exec sleep 1000' sh "$scratch/kept"
	if [ $# -gt 0 ]; then
		wait_for child_of "$pid"
		pid=$(child_of "$pid")
		started+=("$pid")
	fi
	wait_for runs "$pid" sleep
	kept=$(stat -c %i "/proc/$pid/root$scratch/kept")
}

not() {
	if "$@"; then return 1; fi
}

# The mounts that a process sees, but for those of nsfs: ids change.
other_mounts() { # other_mounts PID
	grep -v ' - nsfs ' "/proc/$1/mountinfo" | cut -d ' ' -f 3-5 | sort
}

# drops NS: everything is released, with 0, and not a word on standard error.
drops() {
	run -0 --separate-stderr "$nsctl" drop --holders "$1"
	printf '%s\n' "$output" "$stderr" >&2
	[ -z "$stderr" ]
	[[ $output == *"Nothing holds it any more." ]]
}

# leaves NS REASON: it ends with 1, and one line says why a mount is left.
leaves() {
	run -1 --separate-stderr "$nsctl" drop --holders "$1"
	printf '%s\n' "$output" "$stderr" >&2
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "nsctl drop: cannot unmount '"*"' in mnt:["*"]: "*"$2"* ]]
}

@test "a mount at its path; what holds it is shown before" {
	mount_there
	keep a
	local name
	name=$(lasting_name uts "$kept")
	keep b
	drops "$name"
	[[ ${lines[0]} == HOLDER* && ${lines[1]} =~ ^"mount "+[0-9]+" $there/a"$ ]]
	wait_for is_freed "$name"
	# The other one is still there.
	is "$(stat -Lc %i "$there/b")" "$kept"
}

@test "--dry-run only shows" {
	mount_there
	keep a
	run -0 --separate-stderr "$nsctl" drop --holders --dry-run "uts:[$kept]"
	[ "${#lines[@]}" -eq 2 ]
	is "$(stat -Lc %i "$there/a")" "$kept"
}

@test "several mounts at several points, on top of each other as well; one that is open" {
	mount_there
	keep a
	local i
	for i in b c d; do
		touch "$there/$i"
		mount --bind "$there/a" "$there/$i"
		mount --bind "$there/a" "$there/$i"
	done
	start sleep 1000 8<"$there/a"
	wait_for runs "$pid" sleep
	run -0 --separate-stderr "$nsctl" drop --holders "uts:[$kept]"
	not grep -q "$there/" /proc/self/mountinfo
	# The process is named, and not ended.
	[[ $output == *$'\n'Left:*"file "*"$pid descriptor 8, "* ]]
	kill -0 "$pid"
	is "$(stat -Lc %i "/proc/$pid/fd/8")" "$kept"
}

@test "hidden under another namespace's mount, which stays (L1)" {
	mount_there
	keep b
	local b=$kept
	keep a
	mount --bind "$there/b" "$there/a"
	drops "uts:[$kept]"
	[[ ${lines[1]} == *"(hidden under another mount)" ]]
	is "$(stat -Lc %i "$there/a")" "$b"
	is "$(stat -Lc %i "$there/b")" "$b"
	# Nothing is below it any more.
	umount "$there/a"
	[ "$(stat -Lc %i "$there/a")" != "$kept" ]
	not mountpoint -q "$there/a"
}

@test "hidden under three mounts of different kinds, which stay in their order" {
	mount_there
	keep b
	local b=$kept
	keep a
	echo one >"$there/one"
	echo two >"$there/two"
	mount --bind "$there/one" "$there/a"
	mount --bind "$there/b" "$there/a"
	mount --bind -o ro "$there/two" "$there/a"
	# It is open, as a container has its resolv.conf.
	start tail -f "$there/a"
	drops "uts:[$kept]"
	is "$(cat "$there/a")" two
	not sh -c 'echo three >"$1"' sh "$there/a" 2>/dev/null
	umount "$there/a"
	is "$(stat -Lc %i "$there/a")" "$b"
	umount "$there/a"
	is "$(cat "$there/a")" one
	umount "$there/a"
	not mountpoint -q "$there/a"
}

@test "hidden below a directory that is covered and in use" {
	mount_there
	mkdir -p "$there/d/e/f"
	keep d/e/f/a
	mount -t tmpfs cover "$there/d/e"
	start env -C "$there/d/e" sleep 1000
	wait_for runs "$pid" sleep
	local before
	before=$(grep " $there/d/e " /proc/self/mountinfo)
	drops "uts:[$kept]"
	# The cover was not touched.
	is "$(grep " $there/d/e " /proc/self/mountinfo)" "$before"
	[ "/proc/$pid/cwd" -ef "$there/d/e" ]
}

@test "hidden by a mount over a whole file system: moved only if nobody uses it" {
	mount_there
	mkdir "$there/d"
	mount -t tmpfs lower "$there/d"
	keep d/a
	mount -t tmpfs upper "$there/d"
	touch "$there/d/of-upper"
	start env -C "$there/d" sleep 1000
	wait_for runs "$pid" sleep
	local before
	before=$(grep " $there/d " /proc/self/mountinfo)
	leaves "uts:[$kept]" "hidden under another mount, which is in use"
	is "$(grep " $there/d " /proc/self/mountinfo)" "$before"
	stop "$pid"
	drops "uts:[$kept]"
	[ -e "$there/d/of-upper" ]
	umount "$there/d"
	[ ! -e "$there/d/of-upper" ]
	umount "$there/d"
}

@test "in another mnt namespace, and in one where /proc shows other processes" {
	start_keeper
	local mounts
	mounts=$(other_mounts "$pid")
	drops "uts:[$kept]"
	is "$(other_mounts "$pid")" "$mounts"
	start_keeper --pid --mount-proc --fork --kill-child
	drops "uts:[$kept]"
	[ "$(grep -c " $scratch/kept " "/proc/$pid/mountinfo")" -eq 0 ]
}

@test "hidden in another mnt namespace" {
	start_keeper
	nsenter -t "$pid" -m unshare --uts="$scratch/kept" true
	local cover
	cover=$(stat -c %i "/proc/$pid/root$scratch/kept")
	drops "uts:[$kept]"
	is "$(stat -c %i "/proc/$pid/root$scratch/kept")" "$cover"
	is "$(grep -c " $scratch/kept " "/proc/$pid/mountinfo")" 1
}

@test "in an empty root without umount and without /proc" {
	start_in_empty_root
	drops "uts:[$kept]"
	is "$(wc -l <"/proc/$pid/mountinfo")" 1
}

@test "in a mnt namespace that only a mount, or only an open file holds" {
	local mnt
	mkdir "$scratch/m"
	mount -t tmpfs none "$scratch/m"
	mounted+=("$scratch/m")
	mount --make-private "$scratch/m"
	touch "$scratch/m/mnt"
	start_keeper
	# The kernel takes some for older than this one, and refuses them: their numbers are given out by processor.
	until mount --bind "/proc/$pid/ns/mnt" "$scratch/m/mnt" 2>/dev/null; do
		stop "$pid"
		start_keeper
	done
	mnt=$(inode_of "$pid" mnt)
	stop "$pid"
	[[ $("$nsctl" why -n -o WHAT "$kept" 2>/dev/null) == *" in mnt:[$mnt] (no process is there)" ]] ||
		skip "the mounts of a mnt namespace without processes are not listed before Linux 6.11"
	is "$("$nsctl" why -n -o RELEASE "$kept" 2>/dev/null)" "nsctl drop --holders 'uts:[$kept]'"
	drops "uts:[$kept]"

	start_keeper
	local keeper=$pid
	start sleep 1000 7<"/proc/$keeper/ns/mnt"
	wait_for runs "$pid" sleep
	stop "$keeper"
	drops "uts:[$kept]"
	kill -0 "$pid"
}

@test "a net namespace in three mnt namespaces, and a process with a descriptor" {
	local keepers=() i
	mount_there
	touch "$there/net"
	unshare --net="$there/net" true
	kept=$(stat -Lc %i "$there/net")
	for i in 1 2; do
		start_unshared --mount --propagation private
		keepers+=("$pid")
	done
	start sleep 1000 9<"$there/net"
	wait_for runs "$pid" sleep
	run -0 --separate-stderr "$nsctl" drop --holders "net:[$kept]"
	[ "$(grep -c "^mount .* $there/net" <<<"$output")" -eq 3 ]
	[[ $output == *$'\n'Left:*"file "*"$pid descriptor 9, "* ]]
	for i in "${keepers[@]}" self; do
		not grep -q " net:\[$kept\] " "/proc/$i/mountinfo"
	done
	is "$(stat -Lc %i "/proc/$pid/fd/9")" "$kept"
}

@test "a mount outside the caller's root" {
	mount_there
	keep a
	mkdir "$there/root"
	mount --rbind / "$there/root"
	mounted+=("$there/root")
	mount --make-rprivate "$there/root"
	# Its copy below the new root, and itself.
	is "$(grep -c " uts:\[$kept\] " /proc/self/mountinfo)" 2
	run -0 --separate-stderr chroot "$there/root" "$nsctl" drop --holders "uts:[$kept]"
	not grep -q " uts:\[$kept\] " /proc/self/mountinfo
}

@test "more mounts than are listed" {
	mount_there
	keep a
	local i
	for i in $(seq 250); do
		mount --bind "$there/a" "$there/a"
		touch "$there/a$i"
		mount --bind "$there/a" "$there/a$i"
	done
	drops "uts:[$kept]"
	not grep -q " $there/a" /proc/self/mountinfo
}

@test "locked: a copy in a mnt namespace of another owner stays; with its original it goes" {
	mount_there
	keep a
	start_unshared_as_user --user --map-root-user --mount --propagation private
	leaves "uts:[$kept]" "locked: it came from a mnt namespace with another owner"
	[[ $output == *$'\nLeft:\n'*"mount "*" $pid $there/a in mnt:["*"(locked: "* ]]
	is "$(grep -c " uts:\[$kept\] " "/proc/$pid/mountinfo")" 1
	stop "$pid"

	mount --make-shared "$there"
	keep b
	start_unshared_as_user --user --map-root-user --mount --propagation slave
	is "$(grep -c " uts:\[$kept\] " "/proc/$pid/mountinfo")" 1
	drops "uts:[$kept]"
	is "$(grep -c " uts:\[$kept\] " "/proc/$pid/mountinfo")" 0
}

@test "as a user, of a mount in a user namespace of his own, whoever he is inside" {
	local inside
	for inside in --map-root-user --map-current-user; do
		rm -f "$scratch/kept"
		touch "$scratch/kept"
		chown "$user" "$scratch/kept"
		start_unshared_as_user --user "$inside" --keep-caps --mount sh -c 'unshare --uts="$1" true; exec sleep 1000' sh "$scratch/kept"
		kept=$(stat -c %i "/proc/$pid/root$scratch/kept")
		# Only umount(8) requires that he is user 0.
		[ "$inside" = --map-root-user ] ||
			is "$(as_user "$nsctl" why -n -o RELEASE "$kept" 2>/dev/null)" "nsctl drop --holders 'uts:[$kept]'"
		run -0 --separate-stderr as_user "$nsctl" drop --holders "uts:[$kept]"
		[[ $output == *"Nothing is seen to hold it any more." ]]
		not grep -q " $scratch/kept " "/proc/$pid/mountinfo"
	done
}

@test "as a user, of a mount of root: one line" {
	mount_there
	keep a
	run -1 --separate-stderr as_user "$nsctl" drop --holders "$there/a"
	printf "%s\n" "$stderr" >&2
	# And one that says that it cannot see all.
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ ${stderr_lines[0]} == *"could not be read; run as root"* ]]
	[[ ${stderr_lines[1]} == "nsctl drop: cannot unmount '$there/a' in mnt:["*"]: this user may not unmount it; run as root" ]]
	is "$(stat -Lc %i "$there/a")" "$kept"
}

@test "nothing but processes: named, and 0" {
	start_unshared --uts
	run -0 --separate-stderr "$nsctl" drop --holders "$(ns_of "$pid" uts)"
	[[ $output == *$'\nLeft:\n'*"process $pid sleep 1000" ]]
	kill -0 "$pid"
}

@test "what is no namespace" {
	refuses 2 "is a process, not a namespace" "$nsctl" drop --holders "$$"
	refuses 1 "is not a namespace" "$nsctl" drop --holders /etc/passwd
	refuses 2 "missing" "$nsctl" drop --holders
}

@test "what why offers works as it is typed, in sh and in zsh" {
	local shell
	mount_there
	for shell in sh zsh; do
		command -v "$shell" >/dev/null || continue
		keep b
		keep a
		mount --bind "$there/b" "$there/a"
		PATH=$scratch/bin:$PATH "$shell" -c "$("$nsctl" why -n -o RELEASE "$kept" 2>/dev/null)"
		not grep -q " uts:\[$kept\] " /proc/self/mountinfo
		umount "$there/a" "$there/b"
	done
}

@test "shared mounts: what hides them stays in every mnt namespace" {
	mount_there
	mount --make-shared "$there"
	keep b
	local b=$kept i
	keep a
	mount --bind "$there/b" "$there/a"
	start_unshared --mount --propagation unchanged
	drops "uts:[$kept]"
	for i in self "$pid"; do
		is "$(grep -c " uts:\[$kept\] " "/proc/$i/mountinfo")" 0
		is "$(grep -c " $there/a " "/proc/$i/mountinfo")" 1
		is "$(stat -Lc %i "/proc/$i/root$there/a")" "$b"
	done
}

@test "a point that is longer than any path that a call takes" {
	mount_there
	(
		cd "$there" || exit
		name=$(printf 'd%.0s' {1..250})
		for i in {1..20}; do
			mkdir "$name" && cd "$name" || exit
		done
		touch a
		exec unshare --uts=a true
	)
	kept=$(sed -n "s|.* uts:\[\([0-9]*\)\] $there/d.*|\1|p" /proc/self/mountinfo)
	[ -n "$kept" ]
	drops "uts:[$kept]"
	not grep -q " uts:\[$kept\] " /proc/self/mountinfo
}
