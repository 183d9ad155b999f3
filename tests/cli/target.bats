# SPDX-License-Identifier: GPL-2.0-or-later
# Every form of TARGET, looked at and entered.
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

# leads_to TARGET NS: show and enter both find this namespace, "net:[4026532281]".
leads_to() {
	is "$("$nsctl" show --json "$1" | jq -r '"\(.type):[\(.ns)]"')" "$2"
	is "$("$nsctl" enter "$1" readlink "/proc/self/ns/${2%%:*}")" "$2"
}

# leads_to_process TARGET PID: show and enter both find this process.
leads_to_process() {
	is "$("$nsctl" show --json "$1" | jq .pid)" "$2"
	is "$("$nsctl" enter "$1" readlink /proc/self/ns/{net,uts})" "$(readlink "/proc/$2/ns/"{net,uts})"
}

inode() { # inode NS, of "net:[4026532281]"
	tr -dc 0-9 <<<"$1"
}

# Makes $ns, a net namespace without any process, held by an open file.
hold_by_file() {
	local last
	start_unshared --net
	last=$pid
	ns=$(ns_of "$last" net)
	start sleep 1000 9<"/proc/$last/ns/net"
	wait_for runs "$pid" sleep
	stop "$last"
}

hold_by_mount() {
	start_unshared --net
	ns=$(ns_of "$pid" net)
	touch "$scratch/net"
	mount --bind "/proc/$pid/ns/net" "$scratch/net"
	mounted+=("$scratch/net")
	stop "$pid"
}

kernel_has_ids() {
	"$odd" id /proc/self/ns/net >/dev/null 2>&1
}

@test "a PID" {
	start_unshared --net --uts
	leads_to_process "$pid" "$pid"
}

@test "the id of a thread" {
	start_odd threads
	leads_to_process "$told" "$told"
	is "$("$nsctl" show --json "$told" | jq -c '[.kind, .tgid]')" "[\"thread\",$pid]"
	is "$("$nsctl" enter "$told" hostname)" apart
}

@test "the id of a thread whose leader has exited" {
	start_odd leaderless
	wait_for grep -q '^State:.Z' "/proc/$pid/status"
	leads_to_process "$told" "$told"
	is "$("$nsctl" enter "$told" hostname)" apart
}

@test "a leader that has exited has nothing to enter: the error says what has" {
	start_odd leaderless
	wait_for grep -q '^State:.Z' "/proc/$pid/status"
	refuses 125 "ls /proc/$pid/task" "$nsctl" enter "$pid" echo ran
}

@test "PID:INODE" {
	start_unshared --net --uts
	leads_to_process "$pid:$("$odd" pidfd-inode "$pid")" "$pid"
}

@test "PID:INODE of a process that is not that one" {
	start_unshared --net
	local other
	other=$("$odd" pidfd-inode "$$")
	refuses 1 "$other" "$nsctl" show "$pid:$other"
	refuses 125 "$other" "$nsctl" enter "$pid:$other" echo ran
	refuses 125 "$other" "$nsctl" enter -t "$pid:$other" -n echo ran
}

@test "self" {
	is "$("$nsctl" show -rn -o LINK,NS self | grep '^uts ')" "uts $(inode_of self uts)"
	is "$("$nsctl" enter self readlink /proc/self/ns/{net,uts})" "$(readlink /proc/self/ns/{net,uts})"
}

@test "self is the caller, not the shell that called" {
	run --separate-stderr unshare --uts "$nsctl" show -rn -o LINK,CALLER self
	is "$(grep -c ' yes$' <<<"$output")" 10
}

@test "TYPE:[INODE] for each of the eight types" {
	start_apart
	local type
	for type in cgroup ipc mnt net pid time user uts; do
		is "$("$nsctl" show "$(ns_of "$pid" "$type")" | head -1)" "$(ns_of "$pid" "$type")"
	done
}

@test "TYPE:[INODE], entered" {
	start_unshared --net --uts --ipc --cgroup
	local type
	for type in cgroup ipc net uts; do
		leads_to "$(ns_of "$pid" "$type")" "$(ns_of "$pid" "$type")"
	done
}

@test "a bare inode" {
	start_unshared --net
	leads_to "$(inode_of "$pid" net)" "$(ns_of "$pid" net)"
}

@test "the inode of another type of namespace" {
	start_unshared --net
	refuses 1 "uts:[$(inode_of "$pid" net)]" "$nsctl" show "uts:[$(inode_of "$pid" net)]"
}

@test "an inode that no namespace has" {
	refuses 1 "net:[4294967295]" "$nsctl" show "net:[4294967295]"
	refuses 125 4294967295 "$nsctl" enter 4294967295 echo ran
}

@test "as a user, an inode of what may not be looked at: how many processes were not" {
	start_unshared --net
	refuses 1 "run as root" as_user "$nsctl" show "$(ns_of "$pid" net)"
	[[ $stderr =~ [0-9]+\ of\ [0-9]+\ processes\ could\ not\ be\ read ]]
}

@test ":ID" {
	kernel_has_ids || skip "this kernel has no namespace ids"
	start_unshared --net
	leads_to ":$("$odd" id "/proc/$pid/ns/net")" "$(ns_of "$pid" net)"
}

@test ":ID of each of the eight types" {
	kernel_has_ids || skip "this kernel has no namespace ids"
	start_apart
	local type
	for type in cgroup ipc mnt net pid time user uts; do
		is "$("$nsctl" show ":$("$odd" id "/proc/$pid/ns/$type")" | head -1)" "$(ns_of "$pid" "$type")"
	done
}

@test ":ID of a namespace held by an open file" {
	kernel_has_ids || skip "this kernel has no namespace ids"
	hold_by_file
	leads_to ":$("$odd" id "/proc/$pid/fd/9")" "$ns"
}

@test ":ID that no namespace has" {
	kernel_has_ids || skip "this kernel has no namespace ids"
	refuses 1 ":9223372036854775807" "$nsctl" show :9223372036854775807
	refuses 125 ":9223372036854775807" "$nsctl" enter :9223372036854775807 echo ran
}

@test ":ID where the kernel has no ids: what is missing" {
	kernel_has_ids && skip "this kernel has namespace ids"
	refuses 1 "namespace ids need Linux 6.18 or newer" "$nsctl" show :1
	refuses 125 "namespace ids need Linux 6.18 or newer" "$nsctl" enter :1 echo ran
}

@test "a link of /proc/PID/ns" {
	start_unshared --net
	leads_to "/proc/$pid/ns/net" "$(ns_of "$pid" net)"
}

@test "a link of /proc/PID/ns that a process's children will be in" {
	start unshare --fork --kill-child --pid sleep 1000
	wait_for child_of "$pid"
	is "$("$nsctl" show "/proc/$pid/ns/pid_for_children" | head -1)" "$(ns_of "$pid" pid_for_children)"
}

@test "a link of a thread" {
	start_odd threads
	leads_to "/proc/$pid/task/$told/ns/uts" "$(ns_of "$told" uts)"
}

@test "a descriptor" {
	hold_by_file
	leads_to "/proc/$pid/fd/9" "$ns"
}

@test "a bind mount, its last process gone" {
	hold_by_mount
	leads_to "$scratch/net" "$ns"
}

@test "./FILE" {
	hold_by_mount
	cd "$scratch"
	leads_to ./net "$ns"
}

@test "a symbolic link to a namespace" {
	start_unshared --net
	ln -s "/proc/$pid/ns/net" "$scratch/link"
	leads_to "$scratch/link" "$(ns_of "$pid" net)"
}

@test "a file without a slash is no target: the error says how to write it" {
	hold_by_mount
	cd "$scratch"
	refuses 2 "./NAME" "$nsctl" enter net echo ran
}

@test "netns:NAME" {
	start_unshared --net
	# A /run of its own: the machine's is left alone.
	run --separate-stderr unshare --mount sh -ec '
		mount -t tmpfs none /run
		mkdir /run/netns
		touch /run/netns/blue
		mount --bind "/proc/$2/ns/net" /run/netns/blue
		"$1" show netns:blue | head -1
		"$1" enter netns:blue readlink /proc/self/ns/net
	' sh "$nsctl" "$pid"
	is "$output" "$(ns_of "$pid" net; ns_of "$pid" net)"
}

@test "netns:NAME that ip netns made" {
	run --separate-stderr unshare --mount sh -ec '
		mount -t tmpfs none /run
		ip netns add red
		"$1" enter netns:red readlink /proc/self/ns/net
		ip netns exec red readlink /proc/self/ns/net
	' sh "$nsctl"
	[ "$status" -eq 0 ]
	is "${lines[0]}" "${lines[1]}"
	[ "${lines[0]}" != "$(ns_of self net)" ]
}

@test "netns:NAME that is not there" {
	refuses 1 "ip netns list" "$nsctl" show netns:nsctl-has-no-such-name
	refuses 125 "ip netns list" "$nsctl" enter netns:nsctl-has-no-such-name echo ran
}

@test "by inode: held by an open file only" {
	hold_by_file
	leads_to "$ns" "$ns"
	leads_to "$(inode "$ns")" "$ns"
}

@test "by inode: held by a thread only" {
	start_odd threads
	leads_to "$(ns_of "$told" net)" "$(ns_of "$told" net)"
	leads_to "$(inode_of "$told" uts)" "$(ns_of "$told" uts)"
}

@test "by inode: held by a thread only, whose leader has exited" {
	start_odd leaderless
	wait_for grep -q '^State:.Z' "/proc/$pid/status"
	leads_to "$(ns_of "$told" uts)" "$(ns_of "$told" uts)"
}

@test "by inode: held by a bind mount only" {
	hold_by_mount
	leads_to "$ns" "$ns"
	leads_to "$(inode "$ns")" "$ns"
}

@test "by inode: held by a bind mount whose path has a blank" {
	start_unshared --net
	local ns
	ns=$(ns_of "$pid" net)
	touch "$scratch/a net\\"
	mount --bind "/proc/$pid/ns/net" "$scratch/a net\\"
	mounted+=("$scratch/a net\\")
	stop "$pid"
	leads_to "$ns" "$ns"
}

@test "by inode: held by what a process's children will be in" {
	start unshare --fork --kill-child --pid sleep 1000
	wait_for child_of "$pid"
	is "$("$nsctl" show "$(ns_of "$pid" pid_for_children)" | head -1)" "$(ns_of "$pid" pid_for_children)"
}

@test "as a user, what is his own: by PID, by inode, by file" {
	start_unshared_as_user --user --map-root-user --net
	is "$(as_user "$nsctl" show --json "$pid" | jq .pid)" "$pid"
	is "$(as_user "$nsctl" show "$(ns_of "$pid" net)" | head -1)" "$(ns_of "$pid" net)"
	is "$(as_user "$nsctl" show "/proc/$pid/ns/net" | head -1)" "$(ns_of "$pid" net)"
}

@test "a PID that nothing has" {
	start_unshared --net
	stop "$pid"
	refuses 1 "$pid" "$nsctl" show "$pid"
	refuses 125 "$pid" "$nsctl" enter "$pid" echo ran
}

@test "4194304 is a PID, above it are inodes" {
	refuses 1 "no process" "$nsctl" show 4194304
	refuses 1 "no namespace" "$nsctl" show 4194305
}

# Words that look like a target and are none.
wrong_words() {
	printf '%s\n' "" 0 01 -0 1x 1: :1x :0 : :-1 1:0 1:x 99999999999 net "net:" "net:[" "net:[]" "net:[1" \
		"net:[0]" "net:[1]x" "nett:[4026531840]" "net:[04026531840]" "net:[99999999999999999999]" \
		SELF netns: netns:.. netns:a/b 18446744073709551617 :18446744073709551616
}

@test "enter: what is no target at all" {
	while read -r word; do
		refuses 2 "'$word' is not a target" "$nsctl" enter -- "$word" echo ran
	done < <(wrong_words)
}

@test "show: what is no target at all" {
	while read -r word; do
		refuses 2 "'$word' is not a target" "$nsctl" show -- "$word"
	done < <(wrong_words)
}

@test "compare: what is no target at all" {
	while read -r word; do
		refuses 2 "'$word' is not a target" "$nsctl" compare -- self "$word"
	done < <(wrong_words)
}

@test "files that are no namespace" {
	local file
	mkdir "$scratch/directory"
	mkfifo "$scratch/fifo"
	ln -s loop "$scratch/loop"
	for file in /etc/passwd "$scratch/directory" "$scratch/fifo" /dev/zero /proc/self/exe /dev/tty; do
		refuses 1 "'$file' is not a namespace" "$nsctl" show "$file"
		refuses 125 "'$file' is not a namespace" "$nsctl" enter "$file" echo ran
	done
	refuses 1 "$scratch/loop" "$nsctl" show "$scratch/loop"
	refuses 1 "$scratch/none" "$nsctl" show "$scratch/none"
}

@test "a file that a user may not open" {
	refuses 1 "run as root" as_user "$nsctl" show "/proc/$$/ns/net"
	refuses 125 "run as root" as_user "$nsctl" enter "/proc/$$/ns/net" echo ran
}

@test "a process that hidepid hides" {
	start_unshared --net
	refuses 1 "hidepid: run as root" with_hidepid invisible "$nsctl" show "$pid"
	refuses 1 "hidepid: run as root" with_hidepid noaccess "$nsctl" show "$pid"
}

@test "a /proc of other processes" {
	refuses 1 "/proc does not show this pid namespace; mount one" unshare --fork --pid "$nsctl" show 1
	# Also where the caller has the same number in both.
	run -1 with_same_number "$nsctl" show 1
	is "$(grep -c "does not show this pid namespace" <<<"$output")" 10
}
