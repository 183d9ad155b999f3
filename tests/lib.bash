# SPDX-License-Identifier: GPL-2.0-or-later
# For every bats file: makes processes in namespaces of their own, and takes
# them away again, also when a test fails.  Nothing here does the work under
# test: the system's unshare, nsenter and readlink make and cross-check.

# A user that no passwd file knows; it can make user namespaces.
user=61234

common_setup() {
	# A plain user has to reach the program, wherever the source lies.
	scratch=$(mktemp -d /tmp/nsctl-test-XXXXXX)
	# For names that other processes see, too: process ids are alike in several pid namespaces.
	# shellcheck disable=SC2034 # for the tests
	unique=${scratch##*-}
	chmod 755 "$scratch"
	mkdir "$scratch/bin"
	cp "${NSCTL:?the program under test}" "$scratch/bin/nsctl"
	ln -s nsctl "$scratch/bin/nsenter"
	nsctl=$scratch/bin/nsctl
	as_nsenter=$scratch/bin/nsenter
	system_nsenter=$(command -v nsenter)
	started=()
	mounted=()
	unset SHELL
}

# hide_names: the kept names of this machine are out of sight, and those of the test do not outlive it.
hide_names() {
	mount -t tmpfs -o mode=755 none /run
	mounted+=(/run)
}

# has_no_names: no name is there, and no mount but that of /run/nsctl itself.
has_no_names() {
	is "$(ls -A /run/nsctl)" .lock
	is "$(mounts_below /run | grep ^/run/nsctl)" /run/nsctl
}

# Processes by number, newest first; mounts by path.
common_teardown() {
	local i
	for ((i = ${#started[@]} - 1; i >= 0; i--)); do
		kill -KILL "${started[i]}" 2>/dev/null
		wait "${started[i]}" 2>/dev/null
	done
	for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do
		umount -l "${mounted[i]}"
	done
	rm -rf "$scratch"
}

# thaw DIRECTORY: a cgroup of either version.
thaw() {
	if [ -e "$1/freezer.state" ]; then echo THAWED >"$1/freezer.state"; else echo 0 >"$1/cgroup.freeze"; fi
}

# teardown_with_groups: common_teardown for a test that made the cgroups ${groups[@]}.  What is frozen cannot be killed.
teardown_with_groups() {
	local i
	for i in "${groups[@]}"; do
		if [ -e "$i/freezer.state" ] || [ -e "$i/cgroup.freeze" ]; then thaw "$i"; fi
	done
	common_teardown
	for ((i = ${#groups[@]} - 1; i >= 0; i--)); do
		wait_for rmdir "${groups[i]}"
	done
}

# mount_of FSTYPE [CONTROLLER]: where this hierarchy is mounted; fails where it is not.
mount_of() {
	findmnt -rno TARGET,OPTIONS -t "$1" | awk -v option="${2:-}" \
		'{ n = split($2, o, ","); for (i = 1; i <= n; i++) if (option == "" || o[i] == option) { print $1; found = 1; exit } }
		END { exit !found }'
}

# wait_for COMMAND…: until it succeeds; fails after ten seconds.
wait_for() {
	local i
	for ((i = 0; i < 1000; i++)); do
		if "$@" >/dev/null 2>&1; then
			return 0
		fi
		sleep 0.01
	done
	echo "never came true: $*" >&2
	return 1
}

# start COMMAND…: in the background, killed at the end; its number is in $pid.
# A program that the command forks dies with it only if it sees to that itself.
start() {
	"$@" </dev/null >/dev/null 2>&1 3>&- &
	pid=$!
	started+=("$pid")
}

runs() { # runs PID NAME
	[ "$(cat "/proc/$1/comm")" = "$2" ]
}

# start_in UNSHARE-OPTIONS…: a sleep in new namespaces; its number is in $pid.
start_in() {
	start unshare --fork --kill-child "$@" sleep 1000
	local parent=$pid
	wait_for child_of "$parent"
	pid=$(child_of "$parent")
	started+=("$pid")
	wait_for runs "$pid" sleep
}

child_of() {
	local children
	children=$(cat "/proc/$1/task/$1/children") && [ -n "$children" ] && echo "${children%% *}"
}

# A process with all eight namespaces of its own.
start_apart() {
	start_in --user --map-root-user --mount --uts --ipc --net --pid --cgroup --time --mount-proc
}

# BPF is not for him.
as_user() {
	env -u NSCTL_ENGINE setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- "$@"
}

ns_of() { # ns_of PID TYPE
	readlink "/proc/$1/ns/$2"
}

inode_of() { # inode_of PID TYPE
	stat -Lc %i "/proc/$1/ns/$2"
}

# With NSCTL_ENGINE=bpf the tests are of BPF: where it is not to be had, they are skipped.
needs_root() {
	[ "${NSCTL_ENGINE:-auto}" != bpf ] || "${NSCTL:?}" sets >/dev/null 2>&1 || skip "no BPF iterators here: see nsctl features"
	[ "$(id -u)" -eq 0 ] || skip "needs root"
}

# is ACTUAL EXPECTED: the same text; else says how they differ.
is() {
	[ "$1" = "$2" ] || {
		diff <(printf '%s\n' "$2") <(printf '%s\n' "$1") >&2
		return 1
	}
}

# refuses STATUS TEXT COMMAND…: it ends with this status, and prints nothing
# but one line on standard error, with TEXT in it.
refuses() {
	local expected=$1 text=$2
	shift 2
	run "-$expected" --separate-stderr "$@"
	printf '%s\n' "wanted nothing but one line with \"$text\", got:" "$output" "$stderr" >&2
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"$text"* ]]
}

# nsctl_ended: no process of this test's nsctl is left, nor one that has replaced its file.  Other tests have copies of their own.
nsctl_ended() {
	! readlink /proc/[0-9]*/exe 2>/dev/null | grep -q -e "$nsctl\$" -e '^/memfd:nsctl '
}

# is_clean TEXT: nothing but printable ASCII and newlines.
is_clean() {
	! LC_ALL=C grep -q '[^ -~]' <<<"$1"
}

# is_safe TEXT: valid UTF-8 without control characters; whatever else is running here may have a name in any script.
is_safe() {
	iconv -f UTF-8 -t UTF-8 <<<"$1" >/dev/null && ! LC_ALL=C.UTF-8 grep -qP '[\x{00}-\x{09}\x{0b}-\x{1f}\x{7f}-\x{9f}]' <<<"$1"
}

# start_unshared UNSHARE-OPTIONS…: a sleep that unshared these itself, without
# a fork: nobody else is in its namespaces.  Its number is in $pid.
start_unshared() {
	start unshare "$@" sleep 1000
	wait_for runs "$pid" sleep
}

# The same as the plain user.
start_unshared_as_user() {
	start setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- unshare "$@" sleep 1000
	wait_for runs "$pid" sleep
}

# A sleep of the plain user in nobody's namespaces but the caller's.
start_as_user() {
	start setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- sleep 1000
	wait_for runs "$pid" sleep
}

# start_in_empty_root: a process whose root is an empty file system without a /proc,
# with nothing but a mount of a uts namespace there, at "a place"; that is $kept, the
# process is $pid.
start_in_empty_root() {
	mkdir "$scratch/root"
	cat >"$scratch/stay.c" <<-'END'
		#include <sys/mount.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			if (argc != 2 || chdir(argv[1]) || syscall(SYS_pivot_root, ".", "old") || chroot(".") || umount2("/old", MNT_DETACH))
				return 1;
			for (;;)
				pause();
		}
	END
	"${CC:-cc}" -D_GNU_SOURCE -o "$scratch/stay" "$scratch/stay.c"
	start unshare --mount --propagation private sh -ec '
		mount -t tmpfs none "$1/root"
		mkdir "$1/root/old"
		touch "$1/root/a place"
		unshare "--uts=$1/root/a place" true
		exec "$1/stay" "$1/root"' sh "$scratch"
	wait_for runs "$pid" stay
	wait_for has_two_mounts "$pid"
	# shellcheck disable=SC2034 # for the tests
	kept=$(stat -c %i "/proc/$pid/root/a place")
}

has_two_mounts() { # has_two_mounts PID
	[ "$(wc -l <"/proc/$1/mountinfo")" -eq 2 ]
}

# stop PID: and everything that was only its own is gone.
stop() {
	kill -KILL "$1"
	wait "$1" 2>/dev/null || true
}

# ends_with STATUS PID: waits for a process that was started, and looks at its status.
ends_with() {
	local status=0
	wait "$2" || status=$?
	is "$status" "$1"
}

# lasting_name TYPE INODE: a target that no later namespace has.  The kernel soon
# gives a free inode to the next namespace, whoever makes it; ids (Linux 6.18) are
# not given twice.
lasting_name() {
	local id
	id=$("$nsctl" list -rn -o NSID "$1:[$2]" 2>/dev/null)
	case $id in
	"" | -) echo "$1:[$2]" ;;
	*) echo ":$id" ;;
	esac
}

# is_freed TARGET: neither list nor why knows the namespace any more.  Freeing it may take the kernel a moment.
is_freed() {
	local command
	for command in list why; do
		run "$nsctl" "$command" "$1"
		[ "$status" -eq 1 ] && [[ $output == *"is gone"* ]] || return 1
	done
}

# The eight links of a process, one a line.  Inside: all_ns self.
all_ns() {
	readlink "/proc/$1/ns/"{cgroup,ipc,mnt,net,pid,time,user,uts}
}

# mounts_below PATH: the mount points on what was mounted there last, not those that it hides.
mounts_below() {
	awk -v path="$1" '
		$5 == path { split("", below); below[$1] }
		$5 != path && $2 in below { below[$1]; print $5 }' /proc/self/mountinfo
}

# use_program NAME: for setup_file, one of the programs in meson.build, where every user can run it; its path is in $NAME.
use_program() {
	cp "${TEST_PROGRAMS:?the directory of the programs}/$1" "$BATS_FILE_TMPDIR/"
	chmod 755 "$BATS_FILE_TMPDIR"
	export "$1=$BATS_FILE_TMPDIR/$1"
}

# start_odd KIND [ARGUMENT]…: a process of odd.c that tells a number; it is in
# $told, the process's own in $pid.
start_odd() {
	start "$odd" "$@" "$scratch/told"
	wait_for test -s "$scratch/told"
	# shellcheck disable=SC2034 # for the tests
	told=$(cat "$scratch/told")
}

# With a /proc that shows a user nothing of other users' processes.
with_hidepid() { # with_hidepid MODE COMMAND…
	unshare --mount sh -ec '
		mount -t proc -o "hidepid=$1" none /proc
		user=$2
		shift 2
		exec setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- "$@"
	' sh "$1" "$user" "${@:2}"
}

# with_same_number COMMAND…: in a pid namespace with the /proc of the one above,
# in both of which it has the same number, if nobody else is given that one
# meanwhile; ten times, or until it succeeds.
with_same_number() {
	unshare --fork --pid sh -c '
		for i in 1 2 3 4 5 6 7 8 9 10; do
			readlink /proc/self >/proc/sys/kernel/ns_last_pid || exit 2
			"$@" && exit 0
		done
		exit 1' sh "$@"
}
