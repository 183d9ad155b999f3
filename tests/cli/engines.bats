# SPDX-License-Identifier: GPL-2.0-or-later
# BPF and procfs tell the same; which is used, and what is said where one cannot be.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program odd
	use_program load
}

setup() {
	needs_root
	common_setup
	: "${SNAPSHOT_DUMP:?the program that dumps a snapshot}"
}

teardown() {
	# What load made ends when its standard input does.
	[ ! -e "$scratch/input" ] || exec 9>&-
	local i
	for ((i = ${#netns[@]} - 1; i >= 0; i--)); do
		ip netns del "${netns[i]}" 2>/dev/null
	done
	common_teardown
}

needs_bpf() {
	"$nsctl" features -J | jq -e '.interfaces[] | select(.interface == "BPF iterators").permitted' >/dev/null ||
		skip "no BPF iterators here: see nsctl features"
}

start_load() { # start_load PROCESSES SETS THREADS DESCRIPTORS
	mkfifo "$scratch/input"
	setsid "$load" "$@" <"$scratch/input" >"$scratch/ready" 3>&- &
	started+=($!)
	exec 9>"$scratch/input"
	wait_for grep -q ready "$scratch/ready"
}

# Every kind of holder and relation there is.
make_zoo() {
	local kind
	for kind in threads leaderless zombie socket in-flight expecting bereft listening; do
		rm -f "$scratch/told"
		start_odd "$kind"
	done
	start_apart
	start unshare --pid sleep 1000
	start unshare --user --map-root-user --pid --fork --kill-child \
		unshare --user --map-root-user --pid --fork --kill-child sleep 1000
	wait_for child_of "$(wait_for child_of "$pid" && child_of "$pid")"
	start_unshared_as_user --user --net
	netns+=("nsctl-test-$unique")
	ip netns add "nsctl-test-$unique"
	touch "$scratch/kept" "$scratch/inner"
	unshare "--ipc=$scratch/kept" true
	mounted+=("$scratch/kept")
	start sleep 1000 9<"$scratch/kept"
	start unshare --mount --propagation private sh -c 'unshare --uts="$1" true; exec sleep 1000' sh "$scratch/inner"
	wait_for runs "$pid" sleep
}

# What two scans by one engine agree on, another by the other engine has to have, too.
holds() { # holds ENGINE OTHER
	"$SNAPSHOT_DUMP" "$1" >"$scratch/before" || return 1
	"$SNAPSHOT_DUMP" "$2" >"$scratch/between" || return 1
	"$SNAPSHOT_DUMP" "$1" >"$scratch/after" || return 1
	# Before Linux 7.1 procfs does not know that a task waits with a pid namespace: the kernel lists it alone.
	comm -12 "$scratch/before" "$scratch/after" | comm -23 - "$scratch/between" | grep -v ' tasks 0 kinds 800$' >"$scratch/missing"
	[ ! -s "$scratch/missing" ]
}

# The machine goes on meanwhile: what is wrong is so each time.
agree() {
	local i
	for ((i = 0; i < 10; i++)); do
		if holds procfs bpf && cp "$scratch/before" "$scratch/procfs" && holds bpf procfs; then
			return 0
		fi
	done
	cat "$scratch/missing" >&2
	return 1
}

@test "the same of every task, namespace and holder" {
	needs_bpf
	make_zoo
	start_load 1000 20 2 3
	agree
	# The zoo was there.
	[ "$(grep -c '^task' "$scratch/procfs")" -gt 2900 ]
	[ "$(grep -c '^ns' "$scratch/procfs")" -gt 120 ]
	for kind in file socket mount; do
		grep -q "^$kind" "$scratch/procfs"
	done
	grep -q '^ns user.*parent user' "$scratch/procfs"
	grep -q '^ns pid.*parent pid' "$scratch/procfs"
}

@test "the same within a pid namespace: numbers as seen there" {
	needs_bpf
	export -f agree holds
	export SNAPSHOT_DUMP scratch
	# shellcheck disable=SC2016 # expanded inside
	unshare --fork --pid --mount-proc --uts bash -c 'sleep 1000 & unshare -fp sleep 1000 &
		child=
		while [ -z "$child" ]; do read -r child <"/proc/$!/task/$!/children"; done
		agree && "$SNAPSHOT_DUMP" bpf >"$scratch/bpf"'
	grep -q '^task 1 of 1 ppid 0 ' "$scratch/bpf"
	grep -q '^task 2 of 2 ppid 1 ' "$scratch/bpf"
	grep -q '^ns pid.*parent outside' "$scratch/bpf"
}

@test "where /proc is of another pid namespace, its numbers count" {
	is "$(unshare --fork --pid "$nsctl" sets -rn -o NSPROXY 2>/dev/null | sort -u)" -
	refuses 1 "cannot be used here" unshare --fork --pid "$nsctl" sets --engine=bpf
}

@test "a pid namespace that nobody has entered yet: only BPF tells" {
	needs_bpf
	start unshare --pid sleep 1000
	wait_for runs "$pid" sleep
	local ino
	ino=$("$nsctl" sets --engine=bpf -rn -o PIDNS_FOR_CHILDREN "$pid")
	is "$("$nsctl" list --engine=bpf -rn -o NS,TYPE,HOLDERS "$ino")" "$ino pid for-children"
	is "$("$nsctl" why --engine=bpf -rn -o HOLDER,PID "$ino")" "for-children $pid"
	# Linux 7.1 has a link for it.
	[ "$("$nsctl" sets --engine=procfs -rn -o PIDNS_FOR_CHILDREN "$pid" 2>/dev/null)" = - ] || readlink "/proc/$pid/ns/pid_for_children"
	local lasting
	lasting=$(lasting_name pid "$ino")
	stop "$pid"
	NSCTL_ENGINE=bpf wait_for is_freed "$lasting"
}

@test "without the capabilities procfs takes over, and nothing is said of it" {
	local caps
	for caps in cap_bpf,cap_sys_admin cap_perfmon,cap_sys_admin cap_sys_admin,cap_bpf,cap_perfmon; do
		run -0 --separate-stderr capsh --drop="$caps" -- -c "'$nsctl' sets -n -o NSPROXY,PID"
		[ -n "$output" ]
		[[ $stderr != *bpf* ]]
		refuses 1 "cannot be used here" capsh --drop="$caps" -- -c "exec '$nsctl' sets --engine=bpf"
	done
}

@test "as a user" {
	run -0 as_user "$nsctl" sets
	refuses 1 "cannot be used here" as_user "$nsctl" list --engine=bpf
	refuses 1 "cannot be used here" env NSCTL_ENGINE=bpf setpriv --reuid="$user" --clear-groups --inh-caps=-all "$nsctl" list
	# With a user namespace of one's own come no rights in the first.
	refuses 1 "cannot be used here" as_user unshare -Ur "$nsctl" list --engine=bpf
}

@test "which engine is taken" {
	needs_bpf
	programs() { strace -f -e trace=bpf -o "$scratch/trace" "$nsctl" "$@" >/dev/null 2>&1 && grep -c BPF_PROG_LOAD "$scratch/trace"; }
	is "$(programs sets)" 1
	# With the tasks the kernel's list of namespaces; holders only where one has no task.
	[[ $(programs list) =~ ^[24]$ ]]
	is "$(programs sets --engine=procfs)" 0
	# One process, or one type among few processes, is read sooner than a program is loaded.
	is "$(programs list -p self -o NS,TYPE)" 0
	start_load 1000 2 0 0
	is "$(programs ps self)" 1
	is "$(programs ps "$(ns_of self net)")" 1
}

@test "where bpf(2) is refused, procfs takes over after all" {
	needs_bpf
	run -0 --separate-stderr strace -f -o /dev/null -e inject=bpf:error=EPERM "$nsctl" list -rn -o NS,TYPE
	[ "${#lines[@]}" -gt 7 ]
	[[ $stderr != *bpf* ]]
	run -1 --separate-stderr strace -f -o /dev/null -e inject=bpf:error=EPERM "$nsctl" list --engine=bpf
	[[ $stderr == *"cannot be used here"* ]]
	# Also where it fails halfway: the second program is that for the files.
	run -0 strace -f -o /dev/null -e inject=bpf:error=EPERM:when=5+ "$nsctl" why "$(ns_of self net)"
	run -0 strace -f -o /dev/null -e inject=bpf:error=EPERM "$nsctl" features
	[[ $output == *"BPF iterators "*" no "*refuses* ]]
}

@test "where a program may not call the kernel's functions, it reads the slower way" {
	needs_bpf
	grep -q " bpf_rdonly_cast$" /proc/kallsyms || skip "no bpf_rdonly_cast: Linux 6.2 has it"
	start_unshared --uts
	is "$(strace -o "$scratch/trace" -e trace=bpf -e inject=bpf:error=EACCES:when=2 "$nsctl" sets --engine=bpf -rn "$pid")" \
		"$("$nsctl" sets --engine=bpf -rn "$pid")"
	grep -q 'PROG_LOAD.*EACCES.*INJECTED' "$scratch/trace"
}

@test "a file of a process that may not be looked at" {
	needs_bpf
	touch "$scratch/kept"
	unshare "--net=$scratch/kept" true
	start sleep 1000 9<"$scratch/kept"
	wait_for runs "$pid" sleep
	local ino
	ino=$(stat -c %i "$scratch/kept")
	umount -l "$scratch/kept"
	is "$(capsh --drop=cap_sys_ptrace -- -c "'$nsctl' list --engine=bpf -rn -o NS,HOLDERS $ino")" "$ino file"
}

@test "numbers that are alike in two pid namespaces" {
	needs_bpf
	run -1 with_same_number "$nsctl" sets --engine=bpf
	[[ $output == *"cannot be used here"* ]]
}

@test "an engine that is none" {
	local command
	for command in "sets" "list" "show self" "compare self self" "ps self" "why 4026531837"; do
		# shellcheck disable=SC2086
		refuses 2 "unknown engine: 'x'" "$nsctl" $command --engine=x
	done
	refuses 2 "unknown engine in NSCTL_ENGINE: 'x'" env NSCTL_ENGINE=x "$nsctl"
}

@test "sets: tasks that share an nsproxy, and how many the kernel counts" {
	needs_bpf
	start unshare --uts sh -c 'sleep 1000 & sleep 1000 & wait'
	three() { [ "$(pgrep -cP "$pid")" -eq 2 ]; }
	wait_for three
	mapfile -t -O "${#started[@]}" started < <(pgrep -P "$pid")
	"$nsctl" sets -J "$pid" >"$scratch/json"
	is "$(jq -c '.sets | map([.refs, .nsproxy_tasks, .ntasks])' "$scratch/json")" '[[3,3,3]]'
	local label
	label=$(jq -r '.sets[].nsproxy' "$scratch/json")
	[[ $label =~ ^[0-9a-f]{10}$ ]]
	is "$("$nsctl" sets -rn -o NSPROXY "$pid")" "$label"
	# A second nsproxy with the same namespaces is a second row, on request.
	start nsenter -u -t "$pid" sleep 1000
	wait_for runs "$pid" sleep
	[ "$("$nsctl" sets --nsproxy -rn -o NSPROXY "$pid")" != "$label" ]
	is "$("$nsctl" sets --nsproxy -rn -o NSPROXY "$(ns_of "$pid" uts)" | grep -c .)" 2
	is "$("$nsctl" sets -rn -o NSPROXY,NPROCS "$(ns_of "$pid" uts)")" "- 4"
}

@test "sets --addresses, if the kernel shows these" {
	needs_bpf
	local restrict
	restrict=$(cat /proc/sys/kernel/kptr_restrict)
	if [ "$restrict" -lt 2 ]; then
		[[ $("$nsctl" sets --addresses -rn -o NSPROXY | head -n 1) =~ ^0xf{4} ]]
	else
		refuses 1 "does not show its addresses" "$nsctl" sets --addresses
	fi
	run ! grep -E '0x|ffff[0-9a-f]{12}' <("$nsctl" sets -J)
}

@test "features" {
	"$nsctl" features -J >"$scratch/json"
	jq -e '.schema == 1 and (.interfaces | length > 10) and (.interfaces | all(.present | type == "boolean"))' "$scratch/json"
	jq -e '.sources | all(type == "string")' "$scratch/json"
	is "$(jq -r .kernel "$scratch/json")" "$(uname -r)"
	run -0 as_user "$nsctl" features
	[[ $output == *"BPF iterators "*" no "*CAP_BPF* ]]
	is "$(env --ignore-signal=CHLD "$nsctl" features)" "$("$nsctl" features)"
	refuses 2 "unexpected argument 'x'" "$nsctl" features x
}
