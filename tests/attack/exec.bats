# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl exec: a hostile target gives its program nothing that its own programs have not.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program turncoat
	use_program turn_at
}

setup() {
	needs_root
	common_setup
	chmod 777 "$scratch"
	groups=()
}

teardown() {
	teardown_with_groups
}

# A root with busybox, in namespaces of its own; its first process is $pid.
start_container() {
	mkdir -p "$scratch/root/etc" "$scratch/root/bin" "$scratch/root/dev" "$scratch/root/proc" "$scratch/root/tmp"
	cp "$(command -v busybox)" "$scratch/root/bin/busybox"
	local name
	for name in sh id env pwd cat sleep; do
		ln -s busybox "$scratch/root/bin/$name"
	done
	echo root:x:0:0::/root:/bin/sh >"$scratch/root/etc/passwd"
	mknod -m 666 "$scratch/root/dev/null" c 1 3
	start unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc --root="$scratch/root" --wd=/ \
		/bin/env -i PATH=/bin /bin/sleep 1000
	wait_for child_of "$pid"
	pid=$(child_of "$pid")
	wait_for runs "$pid" sleep
}

# child_runs PID NAME: before its program, nsctl has children that read for it.
child_runs() {
	runs "$(child_of "$1")" "$2"
}

value() { # value NAME STATUS-TEXT
	sed -n "s/^$1:\t//p" <<<"$2"
}

@test "a set-user-ID file of the image: no more than it gives the target" {
	start setpriv --bounding-set=-all,+chown,+kill --inh-caps=-all --reuid=1234 --regid=1234 --clear-groups sleep 1000
	wait_for runs "$pid" sleep
	cp "$(command -v cat)" "$scratch/bin/cat"
	chmod 4755 "$scratch/bin/cat"
	local text
	text=$("$nsctl" exec "$pid" "$scratch/bin/cat" /proc/self/status)
	is "$(value Uid "$text" | cut -f 2)" 0
	is "$(value CapEff "$text"):$(value CapBnd "$text")" 0000000000000021:0000000000000021
	# -u does not help, either.
	text=$("$nsctl" exec -u 0 "$pid" "$scratch/bin/cat" /proc/self/status)
	is "$(value CapEff "$text"):$(value CapBnd "$text")" 0000000000000021:0000000000000021
	# The trap works: who only changes the user gives it all that root has.
	text=$("$nsctl" enter -S 1234 "$pid" "$scratch/bin/cat" /proc/self/status)
	is "$(value CapEff "$text")" "$(value CapBnd "$(cat /proc/self/status)")"
}

@test "a set-user-ID file and no_new_privs: nothing" {
	start setpriv --no-new-privs --reuid=1234 --regid=1234 --clear-groups sleep 1000
	wait_for runs "$pid" sleep
	cp "$(command -v cat)" "$scratch/bin/cat"
	chmod 4755 "$scratch/bin/cat"
	local text
	text=$("$nsctl" exec "$pid" "$scratch/bin/cat" /proc/self/status)
	is "$(value Uid "$text" | cut -f 2):$(value CapEff "$text")" 1234:0000000000000000
	text=$("$nsctl" exec -u 0 "$pid" "$scratch/bin/cat" /proc/self/status)
	is "$(value CapPrm "$text"):$(value NoNewPrivs "$text")" 0000000000000000:1
}

@test "environment entries without '=' are not looked up in the caller's" {
	cat >"$scratch/bare.c" <<-'END'
		#include <unistd.h>
		int main(void)
		{
			char *environment[] = {"SECRET", "A=1", "=x", "", "PATH=/usr/bin:/bin", "A=2", 0};
			execve("/bin/sleep", (char *[]){"sleep", "1000", 0}, environment);
			return 1;
		}
	END
	"${CC:-cc}" -o "$scratch/bare" "$scratch/bare.c"
	start "$scratch/bare"
	wait_for runs "$pid" sleep
	is "$(SECRET=of-the-caller "$nsctl" exec "$pid" env 2>/dev/null | sort)" "A=2
HOME=/root
PATH=/usr/bin:/bin"
}

@test "a passwd that is a FIFO, a device, or huge" {
	start_container
	rm "$scratch/root/etc/passwd"
	mkfifo "$scratch/root/etc/passwd"
	is "$(timeout 10 "$nsctl" exec "$pid" sh -c 'echo $HOME')" /
	refuses 125 "cannot look up the user 'root'" timeout 10 "$nsctl" exec -u root "$pid" id
	rm "$scratch/root/etc/passwd"
	mknod "$scratch/root/etc/passwd" c 1 5
	refuses 125 "cannot look up the user 'root'" timeout 10 "$nsctl" exec -u root "$pid" id
	rm "$scratch/root/etc/passwd"
	# The host's, by a link: it stays within the root.
	ln -s ../../../../../etc/shadow "$scratch/root/etc/passwd"
	refuses 125 "no user 'root' in the passwd file" "$nsctl" exec -u root "$pid" id
	rm "$scratch/root/etc/passwd"
	echo app:x:1000:1000::/home/app:/bin/sh >"$scratch/root/etc/passwd"
	truncate -s 4G "$scratch/root/etc/passwd"
	is "$(timeout 10 "$nsctl" exec -u app "$pid" sh -c 'echo $HOME')" /home/app
	refuses 125 "no user 'other'" timeout 10 "$nsctl" exec -u other "$pid" id
}

@test "a passwd with ids that setresuid(2) takes for 'unchanged'" {
	start_container
	printf '%s\n' a:x:4294967295:0::/:/bin/sh b:x:4294967296:0::/:/bin/sh c:x:-1:0::/:/bin/sh d:x:1000:4294967295::/:/bin/sh \
		>"$scratch/root/etc/passwd"
	local name
	for name in a b c d; do
		refuses 125 "no user '$name'" "$nsctl" exec -u "$name" "$pid" id
	done
}

@test "a tmpfs over /proc, with files that look like its own" {
	start_container
	"$nsctl" enter "$pid" /bin/busybox mount -t tmpfs none /proc
	"$nsctl" enter "$pid" sh -c 'cd /proc && /bin/busybox mkdir -p self/attr self/fd thread-self/attr &&
		for i in self thread-self; do ln -s $i 1; for f in oom_score_adj attr/exec attr/current limits; do echo x >/proc/$i/$f; done; done' 2>/dev/null || true
	echo 55 >"/proc/$pid/oom_score_adj"
	run -0 "$nsctl" exec -u 7 "$pid" id -u
	is "$output" 7
	is "$(cat "$scratch/root/proc/self/oom_score_adj" 2>/dev/null || "$nsctl" enter "$pid" cat /proc/self/oom_score_adj)" x
	"$nsctl" exec "$pid" sleep 1003 3>&- &
	local exec=$!
	wait_for child_runs "$exec" sleep
	is "$(cat "/proc/$(child_of "$exec")/oom_score_adj")" 55
	kill "$exec"
	ends_with 143 "$exec"
}

@test "-w: links out of the root are no way out (CVE-2024-21626)" {
	start_container
	ln -s /proc/self/fd/3/../../.. "$scratch/root/tmp/fd"
	ln -s /proc/1/cwd "$scratch/root/tmp/cwd"
	ln -s ../../../../../.. "$scratch/root/tmp/up"
	local dir
	for dir in /proc/self/fd/3 /proc/self/fd/5/.. /proc/self/cwd /proc/1/root /tmp/fd /tmp/cwd; do
		refuses 125 "cannot change to the directory '$dir' inside" "$nsctl" exec -w "$dir" "$pid" pwd
	done
	is "$("$nsctl" exec -w /tmp/up "$pid" pwd)" /
	is "$("$nsctl" exec -w ../../../.. "$pid" pwd)" /
}

@test "a working directory that is deleted, or outside the root" {
	mkdir "$scratch/gone"
	start sh -c 'cd "$1" && exec sleep 1000' sh "$scratch/gone"
	wait_for runs "$pid" sleep
	rmdir "$scratch/gone"
	refuses 125 "the working directory was deleted; choose another with -w DIR" "$nsctl" exec "$pid" pwd
	is "$("$nsctl" exec -w / "$pid" pwd)" /
}

@test "/dev/null that is another device, a link, or anything else" {
	start_container
	rm "$scratch/root/dev/null"
	mknod "$scratch/root/dev/null" c 1 9
	is "$("$nsctl" exec "$pid" cat | wc -c)" 0
	rm "$scratch/root/dev/null"
	ln -s /proc/1/fd/0 "$scratch/root/dev/null"
	is "$("$nsctl" exec "$pid" cat | wc -c)" 0
	rm "$scratch/root/dev/null"
	echo text >"$scratch/root/dev/null"
	is "$("$nsctl" exec "$pid" cat | wc -c)" 0
	refuses 125 "cannot open /dev/null" "$nsctl" exec -d "$pid" cat
}

@test "a target that is stopped: it is no obstacle" {
	start_container
	kill -STOP "$pid"
	is "$(timeout 10 "$nsctl" exec "$pid" sh -c 'echo ran')" ran
}

# A cgroup in which processes can be frozen, in $group.
make_group() {
	local top
	top=$(mount_of cgroup freezer || mount_of cgroup2) || skip "no cgroup can be made here"
	group=$top/nsctl-exec-$unique
	mkdir "$group"
	groups+=("$group")
}

freeze() {
	if [ -e "$group/freezer.state" ]; then
		echo FROZEN >"$group/freezer.state"
		wait_for grep -q FROZEN "$group/freezer.state"
	else
		echo 1 >"$group/cgroup.freeze"
		wait_for grep -q "frozen 1" "$group/cgroup.events"
	fi
}

@test "a target that is frozen: said at once, also with --permit-missing" {
	make_group
	start_container
	echo "$pid" >"$group/cgroup.procs"
	freeze
	refuses 125 frozen timeout 10 "$nsctl" exec "$pid" sh -c 'echo ran'
	refuses 125 frozen timeout 10 "$nsctl" exec --permit-missing "$pid" sh -c 'echo ran'
	thaw "$group"
	is "$("$nsctl" exec "$pid" sh -c 'echo ran')" ran
}

@test "frozen while the program runs: nsctl itself is not, and can be ended" {
	local command outer
	make_group
	start_container
	echo "$pid" >"$group/cgroup.procs"
	for command in exec "enter -c"; do
		# shellcheck disable=SC2086 # words
		"$nsctl" $command "$pid" sleep 1000 3>&- &
		outer=$!
		started+=("$outer")
		wait_for child_runs "$outer" sleep
		grep -qx "$(child_of "$outer")" "$group/cgroup.procs"
		run ! grep -qx "$outer" "$group/cgroup.procs"
		freeze
		kill -KILL "$outer"
		ends_with 137 "$outer"
		thaw "$group"
		wait_for lacks_others
	done
}

# Only the target is left in the cgroup.
lacks_others() {
	[ "$(cat "$group/cgroup.procs")" = "$pid" ]
}

@test "a target that ends meanwhile: its end or an error, but never another target's program" {
	local i status
	for i in 1 2 3 4 5 6 7 8 9 10; do
		start unshare --mount --pid --fork --kill-child --mount-proc sh -c 'exec sleep "$1"' sh "0.0$i"
		local parent=$pid
		wait_for child_of "$parent" || continue
		status=0
		timeout 10 "$nsctl" exec "$(child_of "$parent")" readlink /proc/self/ns/mnt >"$scratch/out" 2>"$scratch/error" || status=$?
		case $status in
		0) run ! grep -qx "$(readlink /proc/self/ns/mnt)" "$scratch/out" ;;
		*)
			[ "$status" -eq 125 ] || [ "$status" -eq 137 ] || [ "$status" -eq 2 ]
			[ ! -s "$scratch/out" ]
			;;
		esac
	done
}

# number_of CALL: of the system call on this machine.
number_of() {
	echo "#include <sys/syscall.h>
SYS_$1" | "${CC:-cc}" -E -P -x c - | tail -n 1
}

# aarch64 has only the call that takes a directory.
number_of_mkdir() {
	case $(uname -m) in
	x86_64) number_of mkdir ;;
	*) number_of mkdirat ;;
	esac
}

# start_filtered NO-NEW-PRIVS NUMBER…: a sleep that refuses itself these system calls, by one filter each.
start_filtered() {
	cat >"$scratch/filtered.c" <<-'END'
		#include <linux/filter.h>
		#include <linux/seccomp.h>
		#include <stddef.h>
		#include <stdlib.h>
		#include <sys/prctl.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			for (int i = 2; i < argc; i++) {
				struct sock_filter code[] = {
				    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
				    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)atoi(argv[i]), 0, 1),
				    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 42),
				    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
				};
				struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};
				if (atoi(argv[1]) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
					return 1;
				if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
					return 1;
			}
			execl("/bin/sleep", "sleep", "1000", (char *)0);
			return 1;
		}
	END
	"${CC:-cc}" -D_GNU_SOURCE -o "$scratch/filtered" "$scratch/filtered.c"
	start "$scratch/filtered" "$@"
	wait_for runs "$pid" sleep
}

@test "seccomp filters: an error, or copied, and then of every kind and in force" {
	local mkdir capset nnp
	mkdir=$(number_of_mkdir)
	capset=$(number_of capset)
	for nnp in 0 1; do
		# Not even the calls that nsctl makes before it loads them have to be allowed.
		start_filtered "$nnp" "$mkdir" "$capset"
		refuses 125 "has seccomp filters, which cannot be read while it runs; --copy-seccomp" "$nsctl" exec "$pid" true
		run -0 "$nsctl" exec --copy-seccomp "$pid" grep -E '^(Seccomp|Seccomp_filters|NoNewPrivs):' /proc/self/status
		is "$output" "$(grep -E '^(Seccomp|Seccomp_filters|NoNewPrivs):' "/proc/$pid/status")"
		run -1 "$nsctl" exec --copy-seccomp "$pid" python3 -c 'import ctypes, os
try:
    os.mkdir("/tmp/nsctl-never")
except OSError as e:
    print(e.errno)
    raise SystemExit(1)'
		is "$output" 42
		# It was stopped only for that moment.
		wait_for grep -q "^State:.S" "/proc/$pid/status"
		run -0 --separate-stderr "$nsctl" exec --permit-missing "$pid" grep '^Seccomp:' /proc/self/status
		is "$output" "Seccomp:	0"
		[[ $stderr == *"warning: process $pid has seccomp filters"* ]]
		stop "$pid"
	done
}

@test "--copy-seccomp of a process that is stopped, or traced" {
	start_filtered 1 "$(number_of_mkdir)"
	kill -STOP "$pid"
	is "$(timeout 10 "$nsctl" exec --copy-seccomp "$pid" sed -n 's/Seccomp://p' /proc/self/status)" "	2"
	wait_for grep -q "^State:.T" "/proc/$pid/status"
	kill -CONT "$pid"
	wait_for grep -q "^State:.S" "/proc/$pid/status"
	local target=$pid
	start strace -o /dev/null -p "$target"
	wait_for is_traced "$target"
	refuses 125 "another process traces it" "$nsctl" exec --copy-seccomp "$target" true
}

is_traced() {
	! grep -q "^TracerPid:.0$" "/proc/$1/status"
}

@test "a caller with seccomp filters of its own cannot copy others, and says so" {
	start_filtered 1 "$(number_of_mkdir)"
	cp "$scratch/filtered" "$scratch/of_caller"
	sed -i 's|execl("/bin/sleep", "sleep", "1000", (char \*)0)|execvp(argv[3], argv + 3)|; s/i < argc/i < 3/' "$scratch/filtered.c"
	"${CC:-cc}" -D_GNU_SOURCE -o "$scratch/of_caller" "$scratch/filtered.c"
	refuses 125 "a caller without a filter of its own" "$scratch/of_caller" 1 "$(number_of_mkdir)" "$nsctl" exec --copy-seccomp "$pid" true
}

@test "a target that becomes another, at every point" {
	local tell=$scratch/tell kind counts
	mkdir -p "$scratch/file.jail/inner" "$scratch/file.jail$scratch"
	cp "$turncoat" "$tell"
	cp "$turncoat" "$scratch/file.jail$tell"
	cp "$turncoat" "$scratch/file.setuid"
	chmod u+s "$scratch/file.setuid"
	export ASAN_OPTIONS=detect_leaks=0 # it is traced
	for kind in user-mnt root ids setuid; do
		counts=$("$turn_at" "$scratch/file" "$tell" "$kind" none "$nsctl" exec)
		echo "$kind: $counts" >&2
		[[ $counts == *" mixed=0 "* ]]
		[[ $counts != *refused=0* ]]
	done
}

@test "securebits of a process: root gains nothing by a program" {
	start setpriv --securebits=+noroot,+noroot_locked sleep 1000
	wait_for runs "$pid" sleep
	is "$(value CapEff "$(cat "/proc/$pid/status")")" 0000000000000000
	is "$(value CapEff "$("$nsctl" exec "$pid" cat /proc/self/status)")" 0000000000000000
	is "$(value CapEff "$("$nsctl" enter -S follow "$pid" cat /proc/self/status)")" 0000000000000000
}
