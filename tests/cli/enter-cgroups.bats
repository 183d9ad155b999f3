# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl enter -c: the target's cgroups, and no others.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	groups=()
}

teardown() {
	teardown_with_groups
}

# Two hierarchies, as far as they are mounted: "v1 DIRECTORY" and "v2 DIRECTORY".
freezers() {
	local top
	top=$(mount_of cgroup freezer) && echo "v1 $top"
	top=$(mount_of cgroup2) && echo "v2 $top"
	true
}

# make_group DIRECTORY: removed at the end; children after their parents.
make_group() {
	mkdir "$1"
	groups+=("$1")
}

# A hierarchy of cgroup v1 or v2 in which groups can be made, in $top.
some_hierarchy() {
	top=$(mount_of cgroup pids || mount_of cgroup2) || skip "no cgroup can be made here"
}

# line_of PID: its line of /proc/PID/cgroup for the hierarchy at $top.
line_of() {
	local controllers
	controllers=$(findmnt -rno FSTYPE,OPTIONS "$top" | sed -n 's/^cgroup .*[ ,]\(pids\)\(,.*\)\?$/\1/p')
	grep -E "^[0-9]+:$controllers:" "/proc/$1/cgroup"
}

@test "a target in the caller's own cgroups: nothing to join, also for a user" {
	start_unshared_as_user --user --map-root-user
	is "$(cat "/proc/$pid/cgroup")" "$(cat /proc/self/cgroup)"
	is "$(as_user "$nsctl" enter -c "$pid" echo ran)" ran
	is "$(as_user "$as_nsenter" -c -U --preserve-credentials -t "$pid" echo ran)" ran
	is "$("$nsctl" enter -c "$pid" cat /proc/self/cgroup)" "$(cat "/proc/$pid/cgroup")"
}

@test "a user who may not join: which cgroup, and why" {
	some_hierarchy
	make_group "$top/nsctl-deny-$unique"
	start_unshared_as_user --user --map-root-user
	echo "$pid" >"$top/nsctl-deny-$unique/cgroup.procs"
	refuses 125 "cannot join the cgroup '/nsctl-deny-$unique' of process $pid: Permission denied" \
		as_user "$nsctl" enter -c "$pid" echo ran
}

# Runs the rest in a mnt namespace where the hierarchy at $top is mounted by $1, a shell script with the place in $1.
in_other_mounts() {
	local script=$1
	shift
	unshare --mount --propagation private sh -ec "$script"' shift; exec timeout -s KILL 10 "$@"' sh "$top" "$@"
}

@test "a mount of another cgroup whose name begins alike is not taken for it" {
	some_hierarchy
	make_group "$top/nsctl-pre-$unique"
	make_group "$top/nsctl-pre-$unique/B"
	make_group "$top/nsctl-pre-$unique-x"
	start_unshared --uts
	echo "$pid" >"$top/nsctl-pre-$unique-x/cgroup.procs"
	mkdir "$scratch/m"
	local alone="mount --bind \"\$1/nsctl-pre-$unique\" '$scratch/m'; umount -l \"\$1\"; " line
	refuses 125 "no mount here shows the cgroup '/nsctl-pre-$unique-x' of process $pid" \
		in_other_mounts "$alone" "$nsctl" enter -c "$pid" echo ran
	# What it does show is joined there.
	echo "$pid" >"$top/nsctl-pre-$unique/B/cgroup.procs"
	line=$(line_of "$pid")
	is "$(in_other_mounts "$alone" "$nsctl" enter -c "$pid" grep -xF "$line" /proc/self/cgroup)" "$line"
	echo "$pid" >"$top/nsctl-pre-$unique/cgroup.procs"
	line=$(line_of "$pid")
	is "$(in_other_mounts "$alone" "$nsctl" enter -c "$pid" grep -xF "$line" /proc/self/cgroup)" "$line"
}

@test "a mount point with blanks, a backslash and a newline" {
	some_hierarchy
	make_group "$top/nsctl-blank-$unique"
	start_unshared --uts
	echo "$pid" >"$top/nsctl-blank-$unique/cgroup.procs"
	local place=$scratch/$'a b\\c\nd' line
	mkdir "$place"
	line=$(line_of "$pid")
	is "$(PLACE=$place in_other_mounts 'mount --bind "$1" "$PLACE"; umount -l "$1";' \
		"$nsctl" enter -c "$pid" grep -xF "$line" /proc/self/cgroup)" "$line"
}

@test "a hidden mount: another one of the hierarchy is used, or none; never what hides it" {
	some_hierarchy
	make_group "$top/nsctl-hide-$unique"
	make_group "$top/nsctl-hide-$unique/nsctl-hide-$unique"
	start_unshared --uts
	echo "$pid" >"$top/nsctl-hide-$unique/cgroup.procs"
	mkdir "$scratch/m"
	local line
	line=$(line_of "$pid")
	# A directory, and a part of the same hierarchy that has the same names.
	for over in "mount -t tmpfs t \"\$1\"; mkdir \"\$1/nsctl-hide-$unique\"; : >\"\$1/nsctl-hide-$unique/cgroup.procs\"; " \
		"mount --bind \"\$1/nsctl-hide-$unique\" \"\$1\"; " \
		"mount --bind \"\$1/nsctl-hide-$unique/nsctl-hide-$unique\" \"\$1/nsctl-hide-$unique\"; "; do
		is "$(in_other_mounts "mount --bind \"\$1\" '$scratch/m'; $over" \
			"$nsctl" enter -c "$pid" grep -xF "$line" /proc/self/cgroup)" "$line"
		run --separate-stderr in_other_mounts "$over" "$nsctl" enter -c "$pid" grep -xF "$line" /proc/self/cgroup
		# Through the mount on top, where that shows it.
		[ "$status:$output" = "0:$line" ] || {
			is "$status:$output" 125:
			[[ $stderr == *"cannot reach the cgroup '/nsctl-hide-$unique'"*"another mount hides"* ]]
		}
	done
}

@test "a hierarchy without a mount is not joined" {
	some_hierarchy
	make_group "$top/nsctl-none-$unique"
	start_unshared --uts
	echo "$pid" >"$top/nsctl-none-$unique/cgroup.procs"
	refuses 125 "no cgroup file system is mounted here" \
		in_other_mounts 'umount -l /sys/fs/cgroup;' "$nsctl" enter -c "$pid" echo ran
}

freeze() { # freeze v1|v2 DIRECTORY
	case $1 in
	v1) echo FROZEN >"$2/freezer.state" ;;
	v2) echo 1 >"$2/cgroup.freeze" ;;
	esac
}

@test "a frozen cgroup is refused, also where one above it is frozen, and nsctl is not in it" {
	local version top frozen
	[ -n "$(freezers)" ] || skip "no freezer here"
	while read -r version top; do
		make_group "$top/nsctl-cold-$unique"
		make_group "$top/nsctl-cold-$unique/a"
		make_group "$top/nsctl-cold-$unique/a/b"
		start_unshared --uts
		echo "$pid" >"$top/nsctl-cold-$unique/a/b/cgroup.procs"
		for frozen in "$top/nsctl-cold-$unique/a/b" "$top/nsctl-cold-$unique/a" "$top/nsctl-cold-$unique"; do
			freeze "$version" "$frozen"
			refuses 125 "its cgroup is frozen; thaw it first" timeout -s KILL 10 "$nsctl" enter -c "$pid" echo ran
			refuses 1 "its cgroup is frozen" timeout -s KILL 10 "$as_nsenter" -c -t "$pid" echo ran
			is "$(grep -c . "$top/nsctl-cold-$unique/a/b/cgroup.procs")" 1
			# The namespaces alone need no thawing.
			is "$(timeout -s KILL 10 "$nsctl" enter "$pid" echo ran)" ran
			thaw "$frozen"
		done
		is "$("$nsctl" enter -c "$pid" echo ran)" ran
		stop "$pid"
	done < <(freezers)
}

@test "a cgroup frozen above what the mount shows is refused" {
	local version top
	[ -n "$(freezers)" ] || skip "no freezer here"
	mkdir "$scratch/m"
	while read -r version top; do
		make_group "$top/nsctl-above-$unique"
		make_group "$top/nsctl-above-$unique/a"
		start_unshared --uts
		echo "$pid" >"$top/nsctl-above-$unique/a/cgroup.procs"
		freeze "$version" "$top/nsctl-above-$unique"
		[ "$version" = v1 ] || wait_for grep -q 'frozen 1' "$top/nsctl-above-$unique/a/cgroup.events"
		refuses 125 "its cgroup is frozen" \
			in_other_mounts "mount --bind \"\$1/nsctl-above-$unique/a\" '$scratch/m'; umount -l \"\$1\"; " "$nsctl" enter -c "$pid" echo ran
		thaw "$top/nsctl-above-$unique"
		stop "$pid"
	done < <(freezers)
}

@test "a cgroup that allows no more processes: the program runs in it" {
	local top command
	top=$(mount_of cgroup pids) || skip "no pids controller of cgroup v1 here"
	make_group "$top/nsctl-full-$unique"
	start_in --pid --mount-proc --mount
	echo "$pid" >"$top/nsctl-full-$unique/cgroup.procs"
	echo 1 >"$top/nsctl-full-$unique/pids.max"
	for command in "enter -c" exec; do
		# shellcheck disable=SC2086 # words
		run ! "$nsctl" $command "$pid" sh -c 'echo started; cat /proc/self/cgroup && echo forked'
		[[ $output == *started* && $output != *forked* ]]
		# shellcheck disable=SC2086
		[[ $("$nsctl" $command "$pid" cat /proc/self/cgroup) == *"pids:/nsctl-full-$unique"* ]]
	done
}
