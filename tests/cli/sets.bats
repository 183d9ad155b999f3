# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl sets: one row for each set of namespaces.
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

sets() {
	"$nsctl" sets "$@" 2>/dev/null
}

# row PID COLUMNS: of the set with this leader
row() {
	sets -rn -o "PID,$2" | sed -n "s/^$1 //p"
}

@test "nsctl alone is nsctl sets; the host's set comes first" {
	is "$("$nsctl" 2>/dev/null | head -n 1)" "$(sets | head -n 1)"
	is "$(sets -J | jq -r '.sets[0] | .host | length')" 0
	is "$(sets -J | jq -r '.sets[0].netns')" "$(inode_of self net)"
	is "$(sets -J | jq -r '.sets[0].own | length')" 8
}

@test "the overview: a letter for what is its own, - for what is the host's" {
	start_unshared --uts --net
	is "$(row "$pid" NAMESPACES,NPROCS)" "-u-n---- 1"
	is "$(sets -n -o NAMESPACES | head -n 1)" host
	is "$(sets -J | jq -r '.sets[0].namespaces')" muinpCUT
	is "$(sets | head -n 1 | tr -s ' ')" "NAMESPACES NPROCS PID USER COMMAND"
}

@test "the overview: ^ for what it was started with, > for what its next child will be in" {
	start unshare --uts --pid --fork --kill-child sleep 1000
	wait_for child_of "$pid"
	local inner
	inner=$(child_of "$pid")
	is "$(row "$pid" NAMESPACES)" "-u-->---"
	is "$(row "$inner" NAMESPACES)" "-^--p---"
}

@test "the overview: = for what is another set's, which SHARES names" {
	start_unshared --uts --net --ipc
	local first=$pid
	# Of the first by setns(2), not by birth, as the containers of a pod.
	start nsenter --target "$first" --net --ipc unshare --mount sleep 1000
	wait_for runs "$pid" sleep
	is "$(row "$first" NAMESPACES,SHARES)" "-uin---- -"
	is "$(row "$pid" NAMESPACES,SHARES)" "m-==---- $first"
	is "$(sets -J | jq -c ".sets[] | select(.pid == $pid) | .shares")" "[\"ipc:$first\",\"net:$first\"]"
	# The other set counts, also if it is not shown.
	is "$(sets -rn -o PID,NAMESPACES,SHARES "$pid")" "$pid m-==---- $first"
	[[ $(sets | head -n 1) == *" SHARES "* ]]
}

@test "the overview: bold on a terminal or on request, not with NO_COLOR" {
	start_unshared --uts
	local bold
	bold=$(printf '\x1b[1m')
	[[ $(sets --color) == *"$bold"-u* ]]
	[[ $(sets) != *"$bold"* ]]
	[[ $(sets --color -J) != *"$bold"* ]]
	[[ $(TERM=xterm script -qec "$nsctl sets" /dev/null) == *"$bold"* ]]
	[[ $(TERM=xterm NO_COLOR=1 script -qec "$nsctl sets" /dev/null) != *"$bold"* ]]
	[[ $(TERM=xterm script -qec "$nsctl sets --color=never" /dev/null) != *"$bold"* ]]
	refuses 2 "unknown color mode: 'x'; auto, always or never" "$nsctl" sets --color=x
}

@test "what is the host's, what its own" {
	start_unshared --uts --net
	is "$(row "$pid" NPROCS,CGROUPNS,IPCNS,MNTNS,NETNS,PIDNS,TIMENS,USERNS,UTSNS)" \
		"1 - - - $(inode_of "$pid" net) - - - $(inode_of "$pid" uts)"
	is "$(row "$pid" OWN,BORN,HOST)" "net,uts - cgroup,ipc,mnt,pid,time,user"
	is "$(sets -J | jq -c ".sets[] | select(.pid == $pid) | [.own, .born, .netns, .mntns]")" \
		"[[\"net\",\"uts\"],[],$(inode_of "$pid" net),$(inode_of self mnt)]"
}

@test "what is of the set it was born from" {
	start unshare --uts sh -c 'unshare --ipc sleep 1000 & wait; true'
	wait_for child_of "$pid"
	local inner
	inner=$(child_of "$pid")
	started+=("$inner")
	wait_for runs "$inner" sleep
	is "$(row "$inner" UTSNS,IPCNS,NETNS)" "^ $(inode_of "$inner" ipc) -"
	is "$(row "$inner" OWN,BORN)" "ipc uts"
	is "$(row "$pid" OWN,BORN)" "uts -"
}

@test "many processes in one set are one row, led by their first ancestor" {
	start unshare --uts sh -c 'for i in 1 2 3 4 5; do sleep 1000 & done; wait'
	five() { [ "$(pgrep -cP "$pid")" -eq 5 ]; }
	wait_for five
	mapfile -t -O "${#started[@]}" started < <(pgrep -P "$pid")
	is "$(row "$pid" NPROCS,NTASKS)" "6 6"
	is "$(sets -rn -o PID | sort | uniq -d)" ""
}

@test "who joined by setns is in the row that has these namespaces, the host's too" {
	start_unshared --uts
	local first=$pid
	start nsenter -u -t "$first" sleep 1000
	wait_for runs "$pid" sleep
	is "$(sets -rn -o NPROCS,NTASKS "$first")" "2 2"
	is "$(sets -rn -o NPROCS,NTASKS "$pid")" "2 2"
	is "$(sets -rn -o PID | sort | uniq -d)" ""
	# One that is in the host's again, by an nsproxy of its own.
	start nsenter -u -t "$$" sleep 1000
	wait_for runs "$pid" sleep
	is "$(sets -rn -o PID,HOST,OWN | grep "^$pid " || true)" ""
	is "$(sets -J "$pid" | jq -c '.sets[] | [.host, (.own | length)]')" "[[],8]"
	# And what it starts was born there.
	start nsenter -u -t "$$" sh -c 'unshare --ipc sleep 1000 & wait; true'
	wait_for child_of "$pid"
	local inner
	inner=$(child_of "$pid")
	started+=("$inner")
	wait_for runs "$inner" sleep
	is "$(row "$inner" BORN,OWN)" "- ipc"
}

@test "no two rows are the same" {
	is "$(sets -J | jq -c '.sets[] | [.cgroupns,.ipcns,.mntns,.netns,.pidns,.pidns_for_children // .pid,.timens,.timens_for_children,.userns,.utsns]' | sort | uniq -d)" ""
	[[ $(sets | head -n 1) != *NSPROXY* ]]
}

# Zombies are in no set; others may come and go between the two counts.
adds_up() {
	local here
	here=$(find /proc/[0-9]*/ns/mnt -printf '%l\n' 2>/dev/null | wc -l)
	sets -J | jq -e "[.sets[].nprocs] | add - $here | fabs <= 4"
}

@test "processes and threads add up to those of the machine" {
	start_odd threads
	sets -J >"$scratch/json"
	is "$(jq -c ".sets[] | select(.pid == $told) | [.nprocs, .ntasks, .own]" "$scratch/json")" '[0,1,["net","uts"]]'
	wait_for adds_up
}

@test "what only the children will be in" {
	start_odd expecting
	is "$(row "$pid" TIMENS)" "->$told"
	is "$(row "$pid" TIMENS_FOR_CHILDREN)" "$told"
	# A pid namespace before its first process is told by no link, but by BPF.
	start unshare --pid sleep 1000
	wait_for runs "$pid" sleep
	is "$("$nsctl" sets --engine=procfs -rn -o PIDNS "$pid" 2>/dev/null)" "->?"
	[ "${NSCTL_ENGINE:-}" != bpf ] || [[ $(row "$pid" PIDNS) =~ ^'->'[0-9]+$ ]]
}

@test "of a process, of a namespace" {
	start_unshared --uts --net
	is "$(sets -rn -o PID "$pid")" "$pid"
	is "$(sets -rn -o PID "net:[$(inode_of "$pid" net)]")" "$pid"
	is "$(sets -rn -o PID "/proc/$pid/ns/uts")" "$pid"
	[ "$(sets -rn -o PID "net:[$(inode_of self net)]" | wc -l)" -lt "$(sets -rn -o PID | wc -l)" ]
	refuses 1 "no process or thread" "$nsctl" sets 4194304
	refuses 2 "not a target" "$nsctl" sets foo
	refuses 2 "unexpected argument '2'" "$nsctl" sets 1 2
	refuses 2 "no column 'FOO'" "$nsctl" sets -o FOO
}

@test "a namespace without processes is in no set" {
	touch "$scratch/kept"
	unshare "--uts=$scratch/kept" true
	mounted+=("$scratch/kept")
	run -0 --separate-stderr "$nsctl" sets "uts:[$(stat -c %i "$scratch/kept")]"
	is "$output" ""
	[[ $stderr == *"\`nsctl why 'uts:[$(stat -c %i "$scratch/kept")]'\` shows what keeps it" ]]
	run -0 --separate-stderr "$nsctl" sets "$scratch/kept"
	is "$output" ""
	[[ $stderr == *"\`nsctl why $scratch/kept\` shows what keeps it" ]]
}

@test "sort and filter" {
	start_unshared --uts
	sets -rn -o NPROCS --sort NPROCS | sort -nc
	sets -rn -o NPROCS --sort -NPROCS | sort -rnc
	# Unknown values come last in both.
	is "$(sets -rn -o SHARES --sort -SHARES | tail -n 1)" -
	is "$(sets -rn -o PID -Q "PID == $pid")" "$pid"
}

@test "as a user: his own sets, the host's by his own" {
	start_unshared_as_user --user --uts
	run -0 --separate-stderr as_user "$nsctl" sets -rn -o PID,USER,OWN
	[[ $'\n'$output$'\n' == *$'\n'"$pid $user user,uts"$'\n'* ]]
	[[ $stderr == *"could not be read; run as root"* ]]
}
