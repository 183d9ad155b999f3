# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl compare: which namespaces several targets share.
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

# result OPTION… TARGET TARGET: "TYPE RESULT", one type a line.
result() {
	"$nsctl" compare --raw --noheadings --output TYPE,RESULT "$@"
}

all_same="cgroup same
ipc same
mnt same
net same
pid same
time same
user same
uts same"

@test "the same: one row for each type, exit 0" {
	start_unshared --net
	run result self "$$"
	[ "$status" -eq 0 ]
	is "$output" "$all_same"
	run result "$pid" "$pid"
	[ "$status" -eq 0 ]
}

@test "different: which, exit 1" {
	start_unshared --net --uts
	run result self "$pid"
	[ "$status" -eq 1 ]
	is "$output" "$(sed -E 's/^(net|uts) same/\1 different/' <<<"$all_same")"
}

@test "all different" {
	start_apart
	run result self "$pid"
	[ "$status" -eq 1 ]
	is "$output" "${all_same//same/different}"
}

@test "both ids stand there, below the targets as they were written" {
	start_unshared --net
	run "$nsctl" compare --raw self "$pid"
	is "${lines[0]}" "TYPE RESULT self $pid"
	is "${lines[4]}" "net different $(inode_of self net) $(inode_of "$pid" net)"
	is "${lines[8]}" "uts same $(inode_of self uts) $(inode_of self uts)"
}

@test "two processes that share what the caller does not" {
	start_unshared --net
	local other=$pid
	start nsenter --net --target "$other" sleep 1000
	wait_for runs "$pid" sleep
	run result "$other" "$pid"
	[ "$status" -eq 0 ]
	is "$output" "$all_same"
}

@test "more than two make a matrix" {
	start_unshared --net
	local a=$pid
	start_unshared --net --ipc
	run "$nsctl" compare -r self "$a" "$pid"
	[ "$status" -eq 1 ]
	is "${lines[0]}" "TYPE RESULT self $a $pid"
	is "${lines[2]}" "ipc different $(inode_of self ipc) $(inode_of self ipc) $(inode_of "$pid" ipc)"
	is "${lines[4]}" "net different $(inode_of self net) $(inode_of "$a" net) $(inode_of "$pid" net)"
	is "${lines[8]}" "uts same $(inode_of self uts) $(inode_of self uts) $(inode_of self uts)"
}

@test "a matrix in which only the last differs" {
	start_unshared --uts
	run -1 result --type uts self self "$pid"
	is "$output" "uts different"
	run -0 result --type net self self "$pid"
	is "$output" "net same"
}

@test "--type: only these" {
	start_unshared --net
	run -0 result --type ipc,uts self "$pid"
	is "$output" "ipc same
uts same"
	run -1 result -t net self "$pid"
	is "$output" "net different"
}

@test "--type: a list of one type after another, once each" {
	run -0 result --type uts,cgroup,uts self "$$"
	is "$output" "cgroup same
uts same"
}

@test "--type: what is no type" {
	local list
	for list in "" "," netw NET net, ,net net,,uts "net uts" pid_for_children ns mntnsns; do
		refuses 2 "'" "$nsctl" compare --type "$list" self self
		refuses 2 "'" "$nsctl" list --type "$list"
		is "${stderr#nsctl list}" "$("$nsctl" compare --type "$list" self self 2>&1 | sed 's/^nsctl compare//')"
	done
	refuses 2 "a namespace type is missing in 'net,,uts'" "$nsctl" compare --type net,,uts self self
	refuses 2 "unknown namespace type: 'NET'; did you mean 'net'?" "$nsctl" compare --type NET self self
}

@test "--type: the names that others have for a type; given twice it adds" {
	is "$(result --type network,mount,pidns,userns,hostname self self | cut -d ' ' -f 1 | paste -sd ,)" mnt,net,pid,user,uts
	is "$(result -t netns -t ipcns,timens -t cgroupns -t ipc self self | cut -d ' ' -f 1 | paste -sd ,)" cgroup,ipc,net,time
}

@test "-q prints nothing: the exit status tells" {
	start_unshared --net
	run --separate-stderr "$nsctl" compare -q self "$$"
	is "$status:$output:$stderr" "0::"
	run --separate-stderr "$nsctl" compare --quiet self "$pid"
	is "$status:$output:$stderr" "1::"
}

@test "-q: what is not known, or failed, is 2 and is said" {
	refuses 2 4194304 "$nsctl" compare -q self 4194304
	start_unshared --net
	refuses 2 "cannot read the cgroup namespace of '$pid': Permission denied; run as root" as_user "$nsctl" compare -q self "$pid"
	refuses 2 "is not a target" "$nsctl" compare -q self nonsense
	# What is different is so, whatever else cannot be read.
	local hidden=$pid
	start_unshared_as_user --user --net
	run -1 --separate-stderr as_user "$nsctl" compare -q self "$pid" "$hidden"
	is "$output$stderr" ""
}

@test "the last line: which types are different, or not known" {
	start_unshared --net --uts
	run -1 --separate-stderr "$nsctl" compare self "$pid"
	is "${lines[-1]}" "different: net uts"
	is "${#lines[@]}" 10
	run -2 --separate-stderr as_user "$nsctl" compare -t net,uts self "$pid"
	is "${lines[-1]}" "unknown: net uts"
	local hidden=$pid
	start_unshared_as_user --user --net
	run -1 --separate-stderr as_user "$nsctl" compare -t net,uts self "$pid" "$hidden"
	is "${lines[-1]}" "different: net; unknown: uts"
	run -0 "$nsctl" compare self "$$"
	is "${#lines[@]}" 9
	# Not for scripts.
	run -1 "$nsctl" compare -r self "$hidden"
	is "${#lines[@]}" 9
	run -1 "$nsctl" compare -n self "$hidden"
	is "${#lines[@]}" 8
}

@test "output that is lost is no difference" {
	run -2 bash -c '"$1" compare self self 2>&1 >/dev/full' _ "$nsctl"
	[[ $output == *"cannot write the output: No space left on device" ]]
	run -2 bash -c '"$1" compare -J self self 2>&1 >/dev/full' _ "$nsctl"
	run -0 bash -c '"$1" compare -q self self >/dev/full' _ "$nsctl"
}

@test "namespaces: of one type there is one row" {
	start_unshared --net
	run -1 result /proc/self/ns/net "/proc/$pid/ns/net"
	is "$output" "net different"
	run -0 result "net:[$(inode_of "$pid" net)]" "/proc/$pid/ns/net"
	is "$output" "net same"
}

@test "a namespace and a process" {
	start_unshared --net
	run -0 result "$pid" "/proc/$pid/ns/net"
	is "$output" "net same"
	run -1 result "/proc/$pid/ns/net" self
	is "$output" "net different"
}

@test "no type in common" {
	refuses 2 "no type of namespace in common" "$nsctl" compare /proc/self/ns/net /proc/self/ns/uts
	refuses 2 "no type of namespace in common" "$nsctl" compare --type ipc /proc/self/ns/net self
}

@test "one target, or none" {
	refuses 2 "missing TARGET" "$nsctl" compare
	refuses 2 "missing TARGET" "$nsctl" compare self
}

@test "a target that is not there" {
	refuses 2 4194304 "$nsctl" compare self 4194304
	refuses 2 /nonexistent "$nsctl" compare /nonexistent self
}

@test "as a user: what is unreadable is unknown, the answer is not yes, and it is said" {
	start_unshared --net
	run -2 --separate-stderr as_user "$nsctl" compare --raw self "$pid"
	is "${lines[4]}" "net unknown $(inode_of self net) denied"
	is "${#stderr_lines[@]}" 1
	[[ $stderr == *"'$pid'"*"Permission denied; run as root"* ]]
}

@test "as a user: what is different stays different beside the unreadable" {
	start_unshared --net
	local hidden=$pid
	start_unshared_as_user --user --net
	run --separate-stderr as_user "$nsctl" compare -rn -o type,result self "$pid" "$hidden"
	[ "$status" -eq 1 ]
	is "${lines[3]}" "net different"
	is "${lines[7]}" "uts unknown"
}

@test "a zombie: it has but two" {
	start_odd zombie
	run -2 --separate-stderr result self "$told"
	is "$(grep -v unknown <<<"$output")" "pid same
user same"
	[[ $stderr == *"it may be a zombie"* ]]
	run -0 result --type pid,user self "$told"
}

@test "a thread and its process" {
	start_odd threads
	run -1 result "$pid" "$told"
	is "$(grep different <<<"$output")" "net different
uts different"
}

@test "--json: the verdict, the targets, both ids of each type" {
	start_unshared --net
	run -1 "$nsctl" compare --json self "$pid"
	is "$(jq -cS 'map_values(type)' <<<"$output")" \
		'{"different":"array","result":"string","schema":"number","targets":"array","types":"array","warnings":"array"}'
	is "$(jq -c '[.schema, .result, .different, .targets, (.types | length), .warnings]' <<<"$output")" \
		"[1,\"different\",[\"net\"],[\"self\",\"$pid\"],8,[]]"
	is "$(jq -cS '.types[] | select(.type == "net")' <<<"$output")" \
		"{\"ns\":[$(inode_of self net),$(inode_of "$pid" net)],\"result\":\"different\",\"type\":\"net\"}"
	is "$("$nsctl" compare -J self "$$" | jq -c '[.result, .different]')" '["same",[]]'
}

@test "--json: unknown is null, and a warning says what would help" {
	start_unshared --net
	run -2 --separate-stderr as_user "$nsctl" compare --json --type net self "$pid"
	is "$(jq -c '[.result, .types[0].ns]' <<<"$output")" "[\"unknown\",[$(inode_of self net),null]]"
	is "$(jq '.warnings | length' <<<"$output")" 1
}

@test "-n, -o, -H" {
	is "$("$nsctl" compare -n self self | wc -l)" 8
	is "$("$nsctl" compare -r -o result,type self self | head -2)" "RESULT TYPE
same cgroup"
	is "$("$nsctl" compare -H | awk '{ print $1 }' | paste -sd ' ')" "TYPE RESULT TARGET"
	refuses 2 "no column 'NOPE'" "$nsctl" compare -o NOPE self self
}

@test "a hostile name of a file is never printed raw" {
	local file=$'\e[31m\nnet'
	cd "$scratch"
	touch "./$file"
	mount --bind /proc/self/ns/net "./$file"
	mounted+=("$scratch/$file")
	run -0 "$nsctl" compare "./$file" self
	is "${#lines[@]}" 2
	is_clean "$output"
	run -0 "$nsctl" compare --json "./$file" self
	is "$(jq -r '.targets[0]' <<<"$output")" './\x1b[31m\x0anet'
}
