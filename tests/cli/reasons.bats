# SPDX-License-Identifier: GPL-2.0-or-later
# Why nsctl new could not create namespaces, start a process or mount a file system.
bats_require_minimum_version 1.5.0
load ../lib

# $new is nsctl new, for all commands of a test: with --dry-run where assert_reason says so.
setup() {
	needs_root
	common_setup
	use_copy_of refuse
	printf '#!/bin/sh\nexec %q new $DRY_RUN "$@"\n' "$nsctl" >"$scratch/bin/new"
	chmod 755 "$scratch/bin/new"
	new=$scratch/bin/new
	groups=()
}

teardown() {
	local i
	common_teardown
	for ((i = ${#groups[@]} - 1; i >= 0; i--)); do
		wait_for rmdir "${groups[i]}"
	done
}

# use_copy_of NAME: a program that every user can run; its path is in $NAME.
use_copy_of() {
	cp "${TEST_PROGRAMS:?the directory of the programs}/$1" "$scratch/bin/"
	printf -v "$1" %s "$scratch/bin/$1"
}

has_own_user_ns() { # has_own_user_ns PID
	[ "$(readlink "/proc/$1/ns/user")" != "$(readlink /proc/self/ns/user)" ]
}

# feature NAME: "PERMITTED NOTE" of a row of nsctl features.
feature() {
	jq -r --arg name "$1" '.interfaces[] | select(.interface == $name) | "\(.permitted) \(.note)"'
}

# assert_reason_once TEXT… -- COMMAND…: it fails with status 125 and one line that has these
# texts, runs nothing, and leaves neither a process nor a mount.
assert_reason_once() {
	local texts=() text before
	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	shift
	before=$(cat /proc/self/mountinfo)
	refuses 125 "nsctl new: " "$@"
	for text in "${texts[@]}"; do
		[[ "$stderr" == *"$text"* ]] || {
			echo "not in it: $text"
			return 1
		}
	done
	is "$(cat /proc/self/mountinfo)" "$before"
	wait_for nsctl_ended
}

# assert_reason TEXT… -- COMMAND…: the same, and $new --dry-run in the command gives the same reason.
assert_reason() {
	local reason
	assert_reason_once "$@"
	reason=$stderr
	while [ "$1" != -- ]; do
		shift
	done
	DRY_RUN=--dry-run run -125 --separate-stderr "${@:2}"
	is "$stderr" "$reason"
	[[ "$output" == namespaces* && "$output" != *permitted* ]]
	wait_for nsctl_ended
}

@test "no privileges" {
	assert_reason "cannot create a net namespace: Operation not permitted: that requires CAP_SYS_ADMIN; add -U" -- \
		as_user "$new" -n echo ran
	assert_reason "cannot create ipc and uts namespaces: " "root lacks it here" -- \
		capsh --drop=cap_sys_admin -- -c "$new -ui echo ran"
	assert_reason "cannot create an ipc namespace: " -- as_user "$new" -i echo ran
	assert_reason "cannot change root directory to '/': Operation not permitted: that requires CAP_SYS_CHROOT; add -U" -- \
		as_user "$new" --root / echo ran
	assert_reason "cannot bring interface lo up: Operation not permitted: that requires CAP_NET_ADMIN" -- \
		capsh --drop=cap_net_admin -- -c "$new --net=up echo ran"
	is "$(as_user "$new" -Unu --root / echo ran)" ran
}

@test "a user that does not exist in its user namespace" {
	assert_reason "the caller's user namespace has no map of users; create that one with -r" -- \
		as_user unshare -U "$new" -U echo ran
	assert_reason "the caller's user namespace has no map of users" -- as_user unshare -U "$new" -a echo ran
	start unshare -U sleep infinity
	wait_for has_own_user_ns "$pid"
	echo 0 100000 10 >"/proc/$pid/uid_map"
	echo 0 0 10 >"/proc/$pid/gid_map"
	assert_reason "the caller's user does not exist in its user namespace; become one that does: setpriv --reuid" -- \
		nsenter -t "$pid" -U --preserve-credentials "$new" -U echo ran
}

# make_root DIR [EMPTY]: a root directory with the programs of this one, and /proc, unless EMPTY is proc.
make_root() {
	local directory
	for directory in bin lib lib64 usr proc "$scratch/bin"; do
		[ -e "/$directory" ] || continue
		mkdir -p "$1/$directory"
		[ "$directory" != "$2" ] || continue
		mount --bind "/$directory" "$1/$directory"
		mounted+=("$1/$directory")
	done
}

@test "a chroot" {
	make_root "$scratch/root"
	assert_reason "the caller is in a chroot" -- chroot "$scratch/root" "$new" -U echo ran
	assert_reason "the caller is in a chroot" -- \
		chroot --userspec="$user:$user" "$scratch/root" "$new" -a echo ran
	# Its root is a mount, as that of a namespace is: only privileges show the difference.
	mkdir "$scratch/mounted-root"
	mount --rbind "$scratch/root" "$scratch/mounted-root"
	mount --make-rprivate "$scratch/mounted-root"
	mounted+=("$scratch/mounted-root")
	assert_reason "the caller is in a chroot" -- chroot "$scratch/mounted-root" "$new" -U echo ran
	assert_reason "the caller may be in a chroot" -- \
		chroot --userspec="$user:$user" "$scratch/mounted-root" "$new" -U echo ran
}

# Unlike the mounts of a procfs, a directory can be anybody's.
@test "a chroot with something else at /proc does not hang" {
	make_root "$scratch/root" proc
	mkdir -p "$scratch/root/proc/self/ns" "$scratch/root/proc/self/attr" "$scratch/root/proc/sys/kernel"
	touch "$scratch/root/proc/self/ns/user"
	mkfifo "$scratch/root/proc/self/"{uid_map,gid_map,status,mountinfo,attr/current} \
		"$scratch/root/proc/sys/kernel/unprivileged_userns_clone"
	# The sanitizer's runtime cannot do without these.
	touch "$scratch/root/proc/self/maps"
	ln -s "$nsctl" "$scratch/root/proc/self/exe"
	cp /proc/self/environ "$scratch/root/proc/self/environ"
	# shellcheck disable=SC2016 # expanded inside
	assert_reason "cannot create a user namespace: Operation not permitted: " "may" -- \
		timeout 60 unshare --mount sh -c 'mount --bind /proc/$$/maps "$0/proc/self/maps" && exec chroot "$@"' \
		"$scratch/root" "$scratch/root" "$new" -U echo ran
}

@test "a filter of system calls" {
	assert_reason "Operation not permitted: a seccomp filter applies to the caller and may refuse it" -- \
		"$refuse" 1 unshare -- "$new" -u echo ran
	assert_reason "Operation not permitted: a seccomp filter" -- \
		as_user "$refuse" 1 unshare -- "$new" -U echo ran
	assert_reason "Function not implemented: a seccomp filter" -- "$refuse" 38 unshare -- "$new" -u echo ran
	assert_reason "cannot change root filesystem propagation: Operation not permitted: a seccomp filter" -- \
		as_user "$refuse" 1 mount -- "$new" -Um echo ran
	assert_reason "cannot change root directory to '/': Operation not permitted: a seccomp filter" -- \
		"$refuse" 1 chroot -- "$new" -u --root / echo ran
}

@test "a limit of namespaces: none at all, reached here, or reached above" {
	local option type
	for option in m:mnt u:uts i:ipc n:net p:pid U:user C:cgroup T:time; do
		IFS=: read -r option type <<<"$option"
		assert_reason " $type namespace: No space left on device: user.max_${type}_namespaces is 0 in the caller's user namespace" -- \
			unshare -r sh -c "echo 0 >/proc/sys/user/max_${type}_namespaces; $new -$option echo ran"
	done
	assert_reason "user 0 may have reached user.max_uts_namespaces, which is 1 here" -- \
		unshare -r sh -c "echo 1 >/proc/sys/user/max_uts_namespaces; $nsctl new -u $new -ui echo ran"
	assert_reason "user.max_uts_namespaces of a user namespace above the caller's is reached;" -- \
		unshare -r sh -c "echo 1 >/proc/sys/user/max_uts_namespaces; $nsctl new -ru $new -u echo ran"
}

@test "namespaces that nest too deep" {
	cat >"$scratch/nest" <<-'END'
		[ "$1" -lt 40 ] || exit 0
		exec "$2" new "$3" sh "$0" "$(($1 + 1))" "$2" "$3"
	END
	assert_reason_once "cannot create a user namespace: No space left on device: " "nest 33 deep already" -- \
		sh "$scratch/nest" 0 "$nsctl" -r
	assert_reason_once "cannot create a pid namespace: No space left on device: " "nest 32 deep already" -- \
		sh "$scratch/nest" 0 "$nsctl" -p
}

@test "children that are to be in another pid namespace already" {
	assert_reason "Invalid argument: the caller's children have another pid namespace already" -- \
		unshare -p "$new" -p echo ran
	assert_reason "cannot create a process: Cannot allocate memory: the caller's children have another pid namespace" -- \
		unshare -p sh -c 'true & wait; exec "$0" -fu echo ran' "$new"
}

@test "the limit of processes" {
	assert_reason "Resource temporarily unavailable: the caller's user may have reached the limit of processes, which is 1" -- \
		as_user prlimit --nproc=1 "$new" -f echo ran
	assert_reason "the caller's user may have reached the limit of processes, which is 1" -- \
		as_user prlimit --nproc=1 "$new" -Up echo ran
}

@test "a cgroup that is full" {
	local top
	if [ -e /sys/fs/cgroup/pids/pids ] || [ -d /sys/fs/cgroup/pids ]; then
		top=/sys/fs/cgroup/pids
	else
		top=/sys/fs/cgroup
	fi
	mkdir "$top/nsctl-full-$unique" || skip "no cgroup can be made here"
	groups+=("$top/nsctl-full-$unique")
	[ -e "$top/nsctl-full-$unique/pids.max" ] || skip "no controller of processes here"
	mkdir "$top/nsctl-full-$unique/in"
	groups+=("$top/nsctl-full-$unique/in")
	echo 1 >"$top/nsctl-full-$unique/pids.max"
	# shellcheck disable=SC2016 # expanded inside
	assert_reason "the cgroup '/nsctl-full-$unique' allows no more processes; raise its pids.max" -- \
		sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$top/nsctl-full-$unique/in/cgroup.procs" "$new" -fu echo ran
}

@test "users and groups in a user namespace" {
	assert_reason "cannot set the supplementary groups: Operation not permitted: setgroups(2) is denied in the user namespace" -- \
		"$new" -r -G 0 echo ran
	assert_reason "the user namespace has no map of groups" -- "$new" -U -G 0 echo ran
	assert_reason "cannot become user 7: Invalid argument: user 7 does not exist in the user namespace" -- \
		"$new" -r -S 7 echo ran
	assert_reason "cannot become group 7: Invalid argument: group 7 does not exist in the user namespace" -- \
		"$new" --map-users=0:0:10 --map-groups=0:0:5 -G 7 echo ran
	assert_reason "cannot become user 7: Operation not permitted: that requires CAP_SETUID" -- \
		as_user "$new" -S 7 echo ran
	assert_reason "that requires CAP_SETGID" -- as_user "$new" -G 7 echo ran
	assert_reason "that requires CAP_SETGID" -- as_user "$new" --owner=7:7 echo ran
}

@test "proc of a pid namespace that is another's" {
	assert_reason "cannot mount proc on '/proc': Operation not permitted: the pid namespace that it would show" \
		"add -p -f" -- "$new" -r --mount-proc echo ran
	is "$("$new" -rp --mount-proc readlink /proc/self)" 1
}

@test "a masked proc" {
	mount --bind /dev/null /proc/meminfo
	mounted+=(/proc/meminfo)
	assert_reason "Operation not permitted: a mount at '/proc/meminfo' hides a part of it" "unmask=ALL" -- \
		as_user "$new" -a echo ran
	mount --bind /dev/null /proc/uptime
	mounted+=(/proc/uptime)
	assert_reason "2 mounts, as that at '/proc/meminfo', hide parts of it" -- "$new" -rp --mount-proc --init echo ran
	# Without a user namespace of its own it is nobody's to hide.
	is "$("$new" -p --mount-proc echo ran)" ran
}

@test "directories that are missing, or files" {
	touch "$scratch/file"
	assert_reason "create the directory first: mkdir -p '/nonexistent'" -- "$new" --mount-proc=/nonexistent echo ran
	assert_reason "'$scratch/file': Not a directory; it has to be a directory" -- "$new" --mount-proc="$scratch/file" echo ran
	assert_reason "cannot change root directory to '/nonexistent': No such file" -- "$new" -u --root /nonexistent echo ran
	assert_reason "cannot change directory to '/nonexistent': No such file" -- "$new" -p --wd /nonexistent echo ran
}

@test "a FILE on which a namespace cannot be mounted, and what was done before is undone" {
	mount --bind "$scratch" "$scratch"
	mounted+=("$scratch")
	mount --make-shared "$scratch"
	assert_reason_once "cannot mount the mnt namespace on '$scratch/mnt': Invalid argument: a mnt namespace can be mounted only in one that is older" \
		"mount --make-private DIR" -- "$new" -m="$scratch/mnt" echo ran
	assert_reason_once "cannot mount the uts namespace on '$scratch': Not a directory; it has to be a file, not a directory" -- \
		"$new" --ipc="$scratch/ipc" --uts="$scratch" echo ran
	assert_reason_once "cannot open the directory of '$scratch/none/uts': No such file" -- "$new" --net="$scratch/net" --uts="$scratch/none/uts" echo ran
	mkdir -m 1777 "$scratch/open"
	assert_reason_once "that requires CAP_SYS_ADMIN in the user namespace of the mnt namespace" -- \
		as_user "$new" -r --user="$scratch/open/user" echo ran
	is "$(ls "$scratch" "$scratch/open")" "$scratch:
bin
open

$scratch/open:"
	# --dry-run does not try it.
	"$new" --dry-run --uts="$scratch" true | grep -qx "permitted  yes"
}

# fake_knob NAME VALUE: Debian's and Ubuntu's kernels have these files in /proc/sys/kernel; others none.
fake_knob() {
	mkdir "$scratch/knobs"
	cp /proc/sys/kernel/overflow[ug]id "$scratch/knobs"
	echo "$2" >"$scratch/knobs/$1"
	chmod 755 "$scratch/knobs"
	mount --bind "$scratch/knobs" /proc/sys/kernel
	mounted+=(/proc/sys/kernel)
}

@test "kernel.unprivileged_userns_clone" {
	fake_knob unprivileged_userns_clone 0
	assert_reason "kernel.unprivileged_userns_clone is 0: only root may" "sysctl kernel.unprivileged_userns_clone=1" -- \
		as_user "$refuse" 1 unshare -- "$new" -U echo ran
	# It does not restrict root, nor what needs no user namespace.
	assert_reason "a seccomp filter" -- "$refuse" 1 unshare -- "$new" -U echo ran
	assert_reason "that requires CAP_SYS_ADMIN" -- as_user "$new" -n echo ran
}

@test "kernel.apparmor_restrict_unprivileged_userns" {
	fake_knob apparmor_restrict_unprivileged_userns 1
	assert_reason "Permission denied: kernel.apparmor_restrict_unprivileged_userns is 1, and" "an AppArmor profile that has 'userns,'" -- \
		as_user "$refuse" 13 unshare -- "$new" -U echo ran
	run -0 as_user "$nsctl" features -J
	[ "$(feature "new user namespaces" <<<"$output")" = \
		"true kernel.apparmor_restrict_unprivileged_userns is 1: may have no capabilities" ]
}

# Ubuntu's AppArmor changes the label when the user namespace is created, and denies what follows.
with_label() { # with_label COMMAND…
	echo unprivileged_userns >"$scratch/label"
	# shellcheck disable=SC2016 # expanded inside
	unshare --mount sh -c 'mount --bind "$0" "/proc/$$/attr/current"; exec "$@"' "$scratch/label" "$@"
}

@test "AppArmor's profile unprivileged_userns" {
	local number
	for number in 1 13; do
		assert_reason_once "cannot change root filesystem propagation: " "AppArmor's profile unprivileged_userns denies all capabilities" \
			"an AppArmor profile that has 'userns,'" -- with_label "$refuse" "$number" mount -- "$new" -Um echo ran
	done
	assert_reason_once "AppArmor's profile unprivileged_userns denies all capabilities" -- \
		with_label "$refuse" 1 unshare -- "$new" -u echo ran
}

@test "a type that the kernel lacks" {
	# shellcheck disable=SC2016 # expanded inside
	local hide='mount -t tmpfs none /proc/$$/ns; exec "$@"'
	assert_reason_once "this kernel has no time namespaces" -- unshare --mount sh -c "$hide" sh "$new" -T echo ran
	ln -s nsctl "$scratch/bin/unshare"
	refuses 1 "unshare: unshare failed: Invalid argument; this kernel has no time namespaces: /proc/self/ns/time is missing" \
		unshare --mount sh -c "$hide" sh "$refuse" 22 unshare -- "$scratch/bin/unshare" -T echo ran
}

# Words such as _LIMIT_ stand for what a message names.
@test "the messages in the manual are the program's" {
	local message piece count=0
	while read -r message; do
		count=$((count + 1))
		while read -r piece; do
			grep -qaF -- "$piece" "$nsctl" || {
				echo "not in nsctl: '$piece' of '$message'"
				return 1
			}
		done < <(sed -E "s/(^|[ '])_[A-Z]+_/\1\n/g" <<<"$message")
	done < <(sed -n '/^# WHY IT FAILED$/,/^# DIFFERENCES/s/^|  //p' "$BATS_TEST_DIRNAME/../../man/nsctl-new.1.scd")
	[ "$count" -gt 30 ]
}

@test "features shows what the caller may create" {
	[ "$("$nsctl" features -J | feature "new namespaces of other types")" = "true null" ]
	run -0 as_user "$nsctl" features -J
	[ "$(feature "new user namespaces" <<<"$output")" = "true null" ]
	[ "$(feature "new namespaces of other types" <<<"$output")" = "true only within a new user namespace" ]
	[[ "$(feature "id maps of several ids" <<<"$output")" == "false /etc/subuid has no line for user $user"* ]]
	jq -e '.sources.new == "all types within a new user namespace, and a map of the caller alone"' <<<"$output"
	run -0 "$refuse" 1 unshare -- "$nsctl" features -J
	[ "$(feature "new user namespaces" <<<"$output")" = "false a seccomp filter applies to the caller, and may refuse it" ]
	jq -e '.sources.new == "none"' <<<"$output"
	run -0 unshare -r sh -c "echo 0 >/proc/sys/user/max_user_namespaces; $nsctl features -J"
	[[ "$(feature "new user namespaces" <<<"$output")" == "false a limit is reached: "* ]]
	jq -e '.sources.new == "all types but user"' <<<"$output"
}
