# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl new: what hostile programs, users and moments cannot turn it to.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	mount -t tmpfs -o mode=755 none /run
	mounted+=(/run)
}

teardown() {
	common_teardown
}

# A number in /proc may be that of another process, where /proc is of another pid namespace.
@test "where /proc is of another pid namespace, it is still this process that is meant" {
	is "$(unshare --pid --fork "$nsctl" new -n --name numbered readlink /proc/self/ns/net)" \
		"$("$nsctl" enter keep:numbered readlink /proc/self/ns/net)"
	"$nsctl" drop -q numbered
	is "$(unshare --pid --fork "$nsctl" new --map-users 0:0:1000 --map-groups 0:0:1000 sh -c 'id -u; cat /proc/self/uid_map' | tr -s ' ' | paste -sd' ')" \
		"0  0 0 1000"
	is "$(unshare --pid --fork "$nsctl" new -u --json-status 7 true 7>"$scratch/status"; jq -s '.[0].pid_inside' "$scratch/status")" 2
}

@test "the first process of a container has nothing of the caller's open" {
	local open
	# shellcheck disable=SC2016 # expanded inside
	open='ls /proc/1/fd | paste -sd" "'
	is "$(as_user "$nsctl" new --all --init sh -c "$open" </dev/null 3>&-)" "0 1 2"
	is "$("$nsctl" new --all --init sh -c "$open" </dev/null 3>&-)" "0 1 2"
	# Of root's nothing can be traced, and its program not be written to.
	run -1 "$nsctl" new --all --init readlink /proc/1/exe
	run -2 "$nsctl" new --all --init sh -c 'exec 3<>/proc/1/mem'
}

# killed_before_exec SIGNAL: nsctl, while its program waits to be executed.
killed_before_exec() {
	mkfifo "$scratch/go-$1"
	exec 8<>"$scratch/go-$1"
	start "$nsctl" new -u --name "killed-$1" "--net=$scratch/file-$1" --kill-child --wait 7 true 7<"$scratch/go-$1" 8>&-
	wait_for test -e "/run/nsctl/killed-$1"
	kill "-$1" "$pid"
	wait "$pid" || true
	exec 8>&-
	wait_for [ ! -e "/run/nsctl/killed-$1" ]
	wait_for [ ! -e "$scratch/file-$1" ]
}

@test "killed before the program is executed: no name and no mount is left" {
	killed_before_exec TERM
	killed_before_exec KILL
	run ! grep -q "$scratch/file" /proc/self/mountinfo
}

@test "what is undone is what was made, whoever exchanged the directory meanwhile" {
	mkdir "$scratch/sub" "$scratch/victim"
	touch "$scratch/victim/file"
	unshare "--uts=$scratch/victim/file" true
	mounted+=("$scratch/victim/file")
	mkfifo "$scratch/go"
	exec 8<>"$scratch/go"
	start "$nsctl" new "--net=$scratch/sub/file" --kill-child --wait 7 true 7<"$scratch/go" 8>&-
	wait_for grep -q "$scratch/sub/file" /proc/self/mountinfo
	mv "$scratch/sub" "$scratch/moved"
	ln -s victim "$scratch/sub"
	stop "$pid"
	exec 8>&-
	wait_for [ ! -e "$scratch/moved/file" ]
	is "$(nsenter "--uts=$scratch/victim/file" stat -c %F "$scratch/victim/file")" "regular empty file"
}

@test "a file that is no regular one, or a link, is no place for a namespace" {
	ln -s /etc/passwd "$scratch/link"
	mkfifo "$scratch/fifo"
	refuses 125 "not a regular file" "$nsctl" new "--uts=$scratch/link" true
	refuses 125 "not a regular file" "$nsctl" new "--uts=$scratch/fifo" true
	run ! grep -q " /etc/passwd " /proc/self/mountinfo
}

@test "the program does not inherit the descriptor of --json-status" {
	run ! "$nsctl" new -u --json-status 7 sh -c 'echo "{}" >&7' 7>"$scratch/status"
	is "$(wc -l <"$scratch/status")" 2
}

@test "--kill-child holds while the helper process still works" {
	start "$nsctl" new -fu --net=pasta --kill-child sleep 1000
	command -v pasta >/dev/null || skip "pasta is not installed"
	wait_for child_of "$pid"
	local program
	sleeps() {
		local children child
		read -ra children <"/proc/$pid/task/$pid/children" || true
		for child in "${children[@]}"; do
			runs "$child" sleep && program=$child && return 0
		done
		return 1
	}
	wait_for sleeps
	sleeps
	stop "$pid"
	wait_for [ ! -e "/proc/$program" ]
}

@test "ids are used up before there is a pid namespace, whose first process would be gone" {
	mount --bind "$scratch" "$scratch"
	mounted+=("$scratch")
	mount --make-private "$scratch"
	local cpu i
	for cpu in $(seq 0 $(($(nproc) - 1))); do
		for ((i = 0; i < 4; i++)); do
			unshare --mount --propagation private taskset -c "$cpu" "$nsctl" new -pmT "--mount=$scratch/mnt-$cpu-$i" true
		done
	done
}

@test "a caller that ignores SIGCHLD" {
	(
		trap '' CHLD
		"$nsctl" new -f --map-users 0:0:10 --map-groups 0:0:10 true
		"$nsctl" new --all --init sh -c 'exit 0'
		"$nsctl" new -u --name ignored true
		"$nsctl" drop -q ignored
	)
}

@test "--dry-run beside --die-with-parent" {
	"$nsctl" new -u --dry-run --die-with-parent true
	"$nsctl" new -p --dry-run --die-with-parent true
}
