# SPDX-License-Identifier: GPL-2.0-or-later
# CVE-2024-21626: a working directory outside the root is a door to this side.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	root=$scratch/root
	mkdir -p "$root/usr" "$root/proc" "$scratch/host"
	for dir in bin sbin lib lib64; do
		[ ! -L "/$dir" ] || cp -P "/$dir" "$root/$dir"
	done
}

teardown() {
	common_teardown
}

# A process in a root of its own that changed to a directory of the host through a descriptor.
start_with_host_cwd() {
	start unshare --mount sh -ec '
		mount --rbind /usr "$1/usr"
		mount -t proc proc "$1/proc"
		exec 9<"$2"
		exec chroot "$1" env -C /proc/self/fd/9 sleep 1000' sh "$root" "$scratch/host"
	wait_for runs "$pid" sleep
}

@test "a target whose working directory lies outside its root is refused" {
	start_with_host_cwd
	refuses 125 "lies outside the root; choose another with --wdns" "$nsctl" enter "$pid" touch ran
	[ ! -e "$scratch/host/ran" ]
	refuses 125 "lies outside the root" "$nsctl" enter -t "$pid" -m -r -w touch ran
	refuses 1 "lies outside the root" "$as_nsenter" -t "$pid" -m -r -w touch ran
	[ ! -e "$scratch/host/ran" ]
}

@test "the trap works: the system's nsenter goes there" {
	start_with_host_cwd
	"$system_nsenter" -t "$pid" -m -r -w touch ran
	[ -e "$scratch/host/ran" ]
}

@test "a directory of the caller's for a target with another root is refused" {
	start_with_host_cwd
	refuses 125 "lies outside the root" "$nsctl" enter --wd="$scratch/host" "$pid" touch ran
	[ ! -e "$scratch/host/ran" ]
}

@test "--wdns names one inside" {
	start_with_host_cwd
	is "$("$nsctl" enter --wdns=/usr "$pid" pwd)" /usr
}

@test "a working directory that was deleted is refused" {
	mkdir "$scratch/gone"
	start env -C "$scratch/gone" sleep 1000
	wait_for runs "$pid" sleep
	rmdir "$scratch/gone"
	refuses 125 "was deleted" "$nsctl" enter "$pid" true
}
