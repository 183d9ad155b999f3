# SPDX-License-Identifier: GPL-2.0-or-later
# CVE-2019-14271: the files of the target are data; nothing of it is loaded or waited for.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	root=$scratch/root
	mkdir -p "$root"/{usr,etc,proc}
	for dir in bin sbin lib lib64; do
		[ ! -L "/$dir" ] || cp -P "/$dir" "$root/$dir"
	done
}

teardown() {
	common_teardown
}

# A process in a mnt namespace and root of its own, with the etc that the test made.
start_rooted() {
	start unshare --mount sh -ec 'mount --rbind /usr "$1/usr"; mount -t proc proc "$1/proc"; exec chroot "$1" sleep 1000' sh "$root"
	wait_for runs "$pid" sleep
}

# Which shell nsctl runs there; never a hang.  In a subshell, where nothing that is started would be remembered.
shell_inside() {
	timeout -s KILL 10 "$nsctl" enter "$pid" <<<'readlink "/proc/$$/exe"'
}

@test "between the first setns and the exec nothing is opened" {
	printf 'passwd: evil files\n' >"$root/etc/nsswitch.conf"
	printf '/lib/evil.so\n' >"$root/etc/ld.so.preload"
	start_rooted
	strace -f -o "$scratch/trace" "$nsctl" enter "$pid" <<<'exit' 2>/dev/null
	sed -n '/ setns(/,/ execve(/p' "$scratch/trace" >"$scratch/between"
	grep -q ' execve(' "$scratch/between"
	run ! grep -E ' (open|openat|openat2|mmap|connect|socket)\(' "$scratch/between"
}

@test "passwd is a regular file: its shell" {
	printf 'root:x:0:0::/:/usr/bin/bash\n' >"$root/etc/passwd"
	start_rooted
	is "$(shell_inside)" /usr/bin/bash
}

@test "passwd is a FIFO" {
	mkfifo "$root/etc/passwd"
	start_rooted
	is "$(shell_inside)" "$(readlink -f /bin/sh)"
}

@test "passwd is a device, and is not opened" {
	mknod "$root/etc/passwd" c 1 5
	start_rooted
	is "$(timeout -s KILL 10 strace -f -o "$scratch/trace" "$nsctl" enter "$pid" <<<'readlink "/proc/$$/exe"')" "$(readlink -f /bin/sh)"
	is "$(grep -c '/etc/passwd' "$scratch/trace")" 1
	grep -q '/etc/passwd.*O_PATH' "$scratch/trace"
}

@test "passwd is a link out of the root" {
	printf 'root:x:0:0::/:/usr/bin/bash\n' >"$scratch/outside"
	ln -s "../../../../../../../$scratch/outside" "$root/etc/passwd"
	start_rooted
	is "$(shell_inside)" "$(readlink -f /bin/sh)"
}

@test "passwd is a link to an endless device" {
	mkdir "$root/dev"
	mknod "$root/dev/zero" c 1 5
	ln -s /dev/zero "$root/etc/passwd"
	start_rooted
	is "$(shell_inside)" "$(readlink -f /bin/sh)"
}

@test "passwd is 4 GiB" {
	truncate -s 4G "$root/etc/passwd"
	start_rooted
	is "$(shell_inside)" "$(readlink -f /bin/sh)"
}

@test "passwd is a directory, or names no shell that is there" {
	mkdir "$root/etc/passwd"
	start_rooted
	is "$(shell_inside)" "$(readlink -f /bin/sh)"
	rmdir "$root/etc/passwd"
	printf 'root:x:0:0::/:/no/such/shell\n' >"$root/etc/passwd"
	start_rooted
	is "$(shell_inside)" "$(readlink -f /bin/sh)"
}
