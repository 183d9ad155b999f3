# SPDX-License-Identifier: GPL-2.0-or-later
# Why namespaces could not be created, a process not started, a file system not mounted.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	cp "${TEST_PROGRAMS:?the directory of the programs}/try_create" "$TEST_PROGRAMS/refuse" "$scratch/bin/"
	try=$scratch/bin/try_create
	refuse=$scratch/bin/refuse
	groups=()
}

teardown() {
	local i
	common_teardown
	for ((i = ${#groups[@]} - 1; i >= 0; i--)); do
		wait_for rmdir "${groups[i]}"
	done
}

as_user() {
	setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
}

has_own_user_ns() { # has_own_user_ns PID
	[ "$(readlink "/proc/$1/ns/user")" != "$(readlink /proc/self/ns/user)" ]
}

# feature NAME: "PERMITTED NOTE" of a row of nsctl features.
feature() {
	jq -r --arg name "$1" '.interfaces[] | select(.interface == $name) | "\(.permitted) \(.note)"'
}

# assert_reason TEXT… -- COMMAND…: it fails with one line that has these texts.
assert_reason() {
	local texts=()
	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	shift
	run -1 "$@"
	local text
	for text in "${texts[@]}"; do
		[[ "$output" == *"$text"* ]] || {
			echo "not in it: $text"
			echo "$output"
			return 1
		}
	done
	[ "${#lines[@]}" -eq 1 ]
}

@test "no privileges" {
	assert_reason "cannot create a net namespace: Operation not permitted: that requires CAP_SYS_ADMIN; add -U" -- \
		as_user "$try" unshare net
	assert_reason "cannot create ipc and uts namespaces: " "root lacks it here" -- \
		capsh --drop=cap_sys_admin -- -c "$try unshare uts,ipc"
	run -0 as_user "$try" unshare user,net,uts
}

@test "a user that does not exist in its user namespace" {
	assert_reason "the caller's user namespace has no map of users; create that one with -r" -- \
		as_user unshare -U "$try" unshare user
	start unshare -U sleep infinity
	wait_for has_own_user_ns "$pid"
	echo 0 100000 10 >"/proc/$pid/uid_map"
	echo 0 0 10 >"/proc/$pid/gid_map"
	assert_reason "the caller's user does not exist in its user namespace; become one that does: setpriv --reuid" -- \
		nsenter -t "$pid" -U --preserve-credentials "$try" unshare user
}

@test "a chroot" {
	mkdir -p "$scratch/root/proc"
	mount -t proc proc "$scratch/root/proc"
	mounted+=("$scratch/root/proc")
	assert_reason "the caller is in a chroot" -- "$try" chroot "$scratch/root" unshare user
	assert_reason "the caller is in a chroot" -- \
		"$try" chroot "$scratch/root" setuid "$user" unshare user
	# Its root is a mount, as that of a namespace is: only privileges show the difference.
	mount --rbind "$scratch/root" "$scratch/root"
	mounted+=("$scratch/root" "$scratch/root/proc")
	assert_reason "the caller is in a chroot" -- "$try" chroot "$scratch/root" unshare user
	assert_reason "the caller may be in a chroot" -- \
		"$try" chroot "$scratch/root" setuid "$user" unshare user
}

@test "a chroot with something else at /proc does not hang" {
	mkdir -p "$scratch/root/proc/self" "$scratch/root/proc/sys/kernel"
	mkfifo "$scratch/root/proc/self/uid_map" "$scratch/root/proc/self/status" \
		"$scratch/root/proc/sys/kernel/unprivileged_userns_clone"
	assert_reason "cannot create a user namespace: Operation not permitted" "may" -- \
		timeout 60 "$try" chroot "$scratch/root" unshare user
}

@test "a filter of system calls" {
	assert_reason "Operation not permitted: a seccomp filter applies to the caller and may refuse it" -- \
		"$refuse" 1 unshare -- "$try" unshare uts
	assert_reason "Operation not permitted: a seccomp filter" -- \
		as_user "$refuse" 1 unshare -- "$try" unshare user
	assert_reason "Function not implemented: a seccomp filter" -- "$refuse" 38 unshare -- "$try" unshare uts
}

@test "a limit of namespaces: none at all, reached here, or reached above" {
	assert_reason "No space left on device: user.max_net_namespaces is 0 in the caller's user namespace" -- \
		unshare -r sh -c "echo 0 >/proc/sys/user/max_net_namespaces; $try unshare net"
	assert_reason "user 0 may have reached user.max_uts_namespaces, which is 1 here" -- \
		unshare -r sh -c "echo 1 >/proc/sys/user/max_uts_namespaces; $try unshare uts unshare uts,ipc"
	assert_reason "user.max_uts_namespaces of a user namespace above the caller's is reached;" -- \
		unshare -r sh -c "echo 1 >/proc/sys/user/max_uts_namespaces; $try unshare user,uts map unshare uts"
}

@test "namespaces that nest too deep" {
	assert_reason "cannot create a user namespace: No space left on device: " "nest 33 deep already" -- \
		"$try" nest 40 unshare user map
	assert_reason "cannot create a pid namespace: No space left on device: " "nest 32 deep already" -- \
		"$try" nest 40 unshare pid fork
}

@test "what a process cannot do twice, or with threads" {
	assert_reason "Invalid argument: the caller's children have another pid namespace already" -- \
		"$try" unshare pid unshare pid
	assert_reason "Invalid argument: a process with several threads cannot" -- "$try" thread unshare user
}

@test "no process can be started" {
	assert_reason "cannot create a process: Cannot allocate memory: the first process of the pid namespace" -- \
		"$try" unshare pid end-child fork
	assert_reason "Resource temporarily unavailable: user $user may have reached the limit of processes, which is 1" -- \
		as_user prlimit --nproc=1 "$try" fork
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
		sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$top/nsctl-full-$unique/in/cgroup.procs" "$try" fork
}

@test "users and groups in a user namespace" {
	assert_reason "setgroups(2) is denied in the user namespace" -- "$try" unshare user map setgroups
	assert_reason "the user namespace has no map of groups" -- "$try" unshare user setgroups
	assert_reason "cannot become user 7: Invalid argument: user 7 does not exist in the user namespace" -- \
		"$try" unshare user map setuid 7
	assert_reason "cannot become group 7: " "group 7 does not exist" -- "$try" unshare user map setgid 7
	assert_reason "that requires CAP_SETUID" -- as_user "$try" setuid 7
	assert_reason "that requires CAP_SETGID" -- as_user "$try" setgroups
}

@test "proc and sysfs of a namespace that is another's" {
	assert_reason "cannot mount proc on '/proc': Operation not permitted: the pid namespace that it would show" \
		"add -p -f" -- "$try" unshare user,mnt map mount proc /proc
	assert_reason "the net namespace that it would show belongs to another" "add -n" -- \
		"$try" unshare user,mnt map mount sysfs /sys
	assert_reason "the mnt namespace belongs to another user namespace; add -m" -- \
		"$try" unshare user,pid map fork mount proc /proc
	assert_reason "that requires CAP_SYS_ADMIN; add -U and -r" -- as_user "$try" mount proc /proc
	run -0 "$try" unshare user,mnt,pid map fork mount proc /proc
}

@test "a masked proc" {
	mount --bind /dev/null /proc/meminfo
	mounted+=(/proc/meminfo)
	assert_reason "Operation not permitted: a mount at '/proc/meminfo' hides a part of it" "unmask=ALL" -- \
		"$try" unshare user,mnt,pid map fork mount proc /proc
	mount --bind /dev/null /proc/uptime
	mounted+=(/proc/uptime)
	assert_reason "2 mounts, as that at '/proc/meminfo', hide parts of it" -- \
		"$try" unshare user,mnt,pid map fork mount proc /proc
}

@test "other mounts that fail" {
	assert_reason "Device or resource busy: that of the same net namespace is mounted there already; add -n" -- \
		"$try" unshare mnt mount sysfs /sys mount sysfs /sys
	assert_reason "No such device: this kernel has no such file system" -- "$try" unshare mnt mount nosuchfs /proc
	assert_reason "create the directory first: mkdir -p '/nonexistent'" -- "$try" unshare mnt mount proc /nonexistent
}

@test "a namespace that cannot be mounted on a file" {
	touch "$scratch/file"
	assert_reason "Invalid argument: a mnt namespace can be mounted only in one that is older" -- \
		"$try" unshare mnt bind mnt "$scratch/file"
	assert_reason "create the file first: touch '$scratch/none'" -- "$try" bind uts "$scratch/none"
	assert_reason "it has to be a file, not a directory" -- "$try" bind uts "$scratch"
	assert_reason "that requires CAP_SYS_ADMIN in the user namespace of the mnt namespace" -- \
		as_user "$try" bind uts "$scratch/file"
	assert_reason "that requires CAP_SYS_ADMIN in the user namespace of the mnt namespace" -- \
		as_user "$try" unshare user bind user "$scratch/file"
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
		as_user "$refuse" 1 unshare -- "$try" unshare user
	# It does not restrict root, nor what needs no user namespace.
	assert_reason "a seccomp filter" -- "$refuse" 1 unshare -- "$try" unshare user
	assert_reason "that requires CAP_SYS_ADMIN" -- as_user "$try" unshare net
}

@test "kernel.apparmor_restrict_unprivileged_userns" {
	fake_knob apparmor_restrict_unprivileged_userns 1
	assert_reason "kernel.apparmor_restrict_unprivileged_userns is 1, and" "an AppArmor profile that has 'userns,'" -- \
		as_user "$refuse" 13 unshare -- "$try" unshare user
	run -0 as_user "$nsctl" features -J
	[ "$(feature "new user namespaces" <<<"$output")" = \
		"true kernel.apparmor_restrict_unprivileged_userns is 1: may have no capabilities" ]
}

@test "a type that the kernel lacks" {
	# shellcheck disable=SC2016 # expanded inside
	assert_reason "cannot create a time namespace: Invalid argument: this kernel has no time namespaces" -- \
		unshare --mount sh -c 'mount -t tmpfs none /proc/$$/ns; exec "$@"' sh \
		"$refuse" 22 unshare -- "$try" unshare time
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
