# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl ps: the processes in a namespace or set, outside and inside.
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

ps_of() {
	"$nsctl" ps "$@" 2>/dev/null
}

# A first process in a pid namespace and a child of it; $pid and $child.
start_family() {
	start_in "$@" --pid
	stop "${started[0]}"
	started=()
	start unshare --fork --kill-child --pid "$@" sh -c 'sleep 1000 & wait'
	local outer=$pid
	wait_for child_of "$outer"
	pid=$(child_of "$outer")
	wait_for child_of "$pid"
	child=$(child_of "$pid")
	wait_for runs "$child" sleep
}

@test "numbers outside and inside" {
	start_family
	is "$(ps_of -rn -l -o PID,NSPID,PPID "$pid")" "$pid 1 $(awk '/^PPid/ {print $2}' "/proc/$pid/status")
$child 2 $pid"
	is "$(ps_of -rn -l -o PID "pid:[$(inode_of "$pid" pid)]")" "$pid
$child"
	# Anything in between: the number in the innermost counts.
	is "$(ps_of -rn -o NSPID -Q "PID == $child" "/proc/$pid/ns/pid")" 2
}

@test "a tree" {
	start_family
	is "$(ps_of -n -o COMMAND "$pid" | sed 's/^ *//')" "sh -c sleep 1000 & wait
└─sleep 1000"
}

@test "users outside and inside, by the id maps and by their own passwd file" {
	start setpriv --reuid=5000 --regid=5000 --clear-groups -- unshare --user sleep 1000
	wait_for runs "$pid" sleep
	is "$(ps_of -rn -o UID,NSUID,NSUSER "$pid")" "5000 - -"
	echo "7 5000 1" >"/proc/$pid/uid_map"
	is "$(ps_of -rn -o UID,NSUID,NSUSER "$pid")" "5000 7 $(getent passwd 7 | cut -d: -f1)"
	# Another root: other names for the same number.
	mkdir -p "$scratch/root/etc"
	echo 'within:x:7:7::/:/bin/sh' >"$scratch/root/etc/passwd"
	cp /bin/busybox "$scratch/root/" 2>/dev/null || cp "$nsctl" "$scratch/root/busybox"
	start unshare --uts sh -c 'exec setpriv --reuid=7 --clear-groups sleep 1000'
	wait_for runs "$pid" sleep
	is "$(ps_of -rn -o NSUSER "$pid")" "$(getent passwd 7 | cut -d: -f1)"
}

@test "a zombie is told from what is alive" {
	start unshare --pid --fork --kill-child "$odd" zombie "$scratch/told"
	wait_for test -s "$scratch/told"
	local zombie first
	first=$(child_of "$pid")
	zombie=$(child_of "$first")
	is "$(ps_of -rn -l -o PID,STATE,COMMAND "pid:[$(inode_of "$first" pid)]")" "$(printf '%s\n' "$first S $odd\\x20zombie\\x20$scratch/told" "$zombie Z odd\\x20<defunct>")"
	is "$(ps_of -J "pid:[$(inode_of "$first" pid)]" | jq -c '.processes[] | .state')" '"S"
"Z"'
	[[ $(ps_of "pid:[$(inode_of "$first" pid)]" | head -n 1) == *"STATE"* ]]
}

@test "JSON" {
	start_unshared --uts
	is "$(ps_of -J "$pid" | jq -c '.processes[0] | [.pid, .nspid, .uid, .nsuid, .command, (.age | type)]')" \
		"[$pid,$pid,0,0,\"sleep 1000\",\"number\"]"
	is "$(ps_of -J "$pid" | jq -c '.processes[0] | keys_unsorted')" \
		'["tid","nspid","nsuser","nsuid","pid","ppid","user","uid","state","age","cgroup",'\
'"container","container_id","runtime","image","pod","unit","command"]'
}

@test "a set is more than a namespace: who shares one but not all is left out" {
	start_unshared --uts
	local first=$pid
	start nsenter --target "$first" --uts unshare --ipc sleep 1000
	wait_for runs "$pid" sleep
	is "$(ps_of -rn -l -o PID "uts:[$(inode_of "$first" uts)]" | sort -n)" "$(printf '%s\n' "$first" "$pid" | sort -n)"
	is "$(ps_of -rn -o PID "$first")" "$first"
}

@test "who joined by setns has another nsproxy, and the same namespaces" {
	start_unshared --uts
	local first=$pid
	start nsenter -u -t "$first" sleep 1000
	wait_for runs "$pid" sleep
	is "$("$nsctl" ps -lrn -o PID "$first" 2>/dev/null)" "$(printf '%s\n' "$first" "$pid" | sort -n)"
}

@test "threads" {
	start_odd threads
	is "$(ps_of --tasks -rn -l -o PID,TID "net:[$(inode_of "$told" net)]")" "$pid $told"
	# Without --tasks, the process by its thread.
	is "$(ps_of -rn -l -o PID,TID "net:[$(inode_of "$told" net)]")" "$pid $told"
	is "$(ps_of --tasks -rn -o TID -Q "PID == $pid" "ipc:[$(inode_of "$pid" ipc)]" | sort -n)" \
		"$(printf '%s\n' "$pid" "$told" | sort -n)"
	is "$(ps_of -rn -o TID -Q "PID == $pid" "ipc:[$(inode_of "$pid" ipc)]")" "$pid"
}

@test "a namespace without processes has none" {
	touch "$scratch/kept"
	unshare "--uts=$scratch/kept" true
	mounted+=("$scratch/kept")
	run -0 --separate-stderr "$nsctl" ps -n "$scratch/kept"
	is "$output" ""
	# On a machine with a process that even root cannot read, the first is not known.
	[[ ${stderr_lines[-1]} == "nsctl ps: no process is in "* || ${stderr_lines[-1]} == "nsctl ps: no process that can be read is in "* ]]
	[[ ${stderr_lines[-1]} == *" is in uts:[$(stat -c %i "$scratch/kept")]; \`nsctl why $scratch/kept\` shows what keeps it" ]]
	run -0 --separate-stderr "$nsctl" list -P
	[[ $stderr == *"\`nsctl why NS\` shows what keeps one" ]]
	is "$(ps_of -J "$scratch/kept" | jq -c .processes)" "[]"
	is "$(ps_of -J "uts:[$(stat -c %i "$scratch/kept")]" | jq -c .processes)" "[]"
}

@test "nothing but the links of the type is read for a namespace" {
	start_unshared --uts
	strace -f -e trace=readlinkat,openat -o "$scratch/trace" "$nsctl" ps "uts:[$(inode_of "$pid" uts)]" >/dev/null 2>&1
	is "$(grep -c '"net"' "$scratch/trace")" 0
	is "$(grep -c '/fd"' "$scratch/trace")" 0
}

@test "what is not there, what is wrong" {
	refuses 1 "is gone, or lies outside" "$nsctl" ps 'net:[4000000000]'
	refuses 1 "no process or thread has the id 4194304" "$nsctl" ps 4194304
	refuses 2 "missing TARGET" "$nsctl" ps
	refuses 2 "unexpected argument '2'" "$nsctl" ps 1 2
	refuses 2 "not a target" "$nsctl" ps foo
}
