# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl list: what is shown, and how little is read for it.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program odd
	use_program load
}

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

list() {
	"$nsctl" list "$@" 2>/dev/null
}

# The namespaces of each type of an nsproxy have all tasks between them, but for those that end meanwhile.
adds_up() {
	list -J >"$scratch/json"
	jq -e '[.namespaces | map(select(.type | IN("cgroup", "ipc", "mnt", "net", "uts"))) | group_by(.type)[]
		| map(.ntasks) | add] | max - min <= 4' "$scratch/json"
}

# start_intruder: a process with a lower PID than the first one of the pid
# namespace that it is in; $first and $intruder.
start_intruder() {
	# High enough for a lower one to be free.
	echo 10000 >/proc/sys/kernel/ns_last_pid
	start_in --pid --mount
	first=$pid
	local i
	for i in 1 2 3 4 5; do
		echo "$((first - 200))" >/proc/sys/kernel/ns_last_pid
		start nsenter -t "$first" -p -m sleep 1000
		wait_for child_of "$pid"
		intruder=$(child_of "$pid")
		started+=("$intruder")
		wait_for runs "$intruder" sleep
		[ "$intruder" -gt "$first" ] || return 0
		sleep 0.1
	done
	skip "no lower PID is to be had"
}

@test "the process that made a namespace is shown, whatever its number; as lsns the lowest" {
	local first intruder engine type
	start_intruder
	for engine in procfs auto; do
		is "$(list --engine="$engine" -rn -o PID "pid:[$(inode_of "$first" pid)]")" "$first"
		is "$(list --engine="$engine" -rn -o PID -t pid -Q "NS == $(inode_of "$first" pid)")" "$first"
		# Its parent made this one, before it.
		is "$(list --engine="$engine" -rn -o PID,COMMAND "mnt:[$(inode_of "$first" mnt)]")" \
			"${started[0]} $(tr '\0' ' ' <"/proc/${started[0]}/cmdline" | sed 's/ $//; s/ /\\x20/g')"
	done
	ln -s nsctl "$scratch/bin/lsns"
	is "$("$scratch/bin/lsns" -rn -t pid -o NS,PID | grep "^$(inode_of "$first" pid)")" "$(inode_of "$first" pid) $intruder"
}

@test "a zombie is shown only where there is nothing else, and as such" {
	start_unshared_as_user --user --map-root-user
	stop "$pid"
	start unshare --user --map-root-user "$odd" zombie "$scratch/told"
	wait_for test -s "$scratch/told"
	told=$(cat "$scratch/told")
	local ino
	ino=$(inode_of "$pid" user)
	is "$(list -rn -o PID,NPROCS,STATE "user:[$ino]")" "$pid 2 S"
	# A process whose leader has exited, and is the only one there.
	rm "$scratch/told"
	start unshare --user --map-root-user "$odd" leaderless "$scratch/told"
	wait_for test -s "$scratch/told"
	wait_for grep -q '^State:.Z' "/proc/$pid/status"
	local engine
	for engine in procfs auto; do
		is "$(list --engine="$engine" -rn -o PID,STATE,COMMAND "user:[$(inode_of "$(cat "$scratch/told")" user)]")" "$pid Z odd\\x20<defunct>"
	done
}

@test "nsctl's own threads are not counted" {
	# Workers are started where there is enough to do.
	local i
	for i in {1..200}; do start sleep 1000; done
	unshare --uts sh -c 'ino=$(stat -Lc %i /proc/self/ns/uts); for i in 1 2 3 4 5 6 7 8 9 10; do
		"$1" list --engine=procfs -rn -t uts -o NPROCS,NTASKS -Q "NS == $ino"
	done' sh "$nsctl" >"$scratch/counts" 2>/dev/null
	# The shell and nsctl; at times a helper of the run before that is still ending.
	[ "$(grep -cx "2 2" "$scratch/counts")" -ge 5 ]
	is "$(sort "$scratch/counts" | head -n 1)" "2 2"
}

@test "every namespace of every process, with counts that add up" {
	start_unshared --mount --uts --ipc --net --cgroup --user
	list -J >"$scratch/json"
	local ino
	for link in cgroup ipc mnt net user uts; do
		ino=$(inode_of "$pid" "$link")
		is "$(jq -r ".namespaces[] | select(.ns == $ino) | \"\(.type) \(.nprocs) \(.ntasks) \(.pid)\"" "$scratch/json")" \
			"$link 1 1 $pid"
	done
	wait_for adds_up
	jq -e '[.namespaces[] | select(.nprocs > .ntasks)] | length == 0' "$scratch/json"
	jq -e '.schema == 1 and (.warnings | type) == "array"' "$scratch/json"
}

@test "JSON has every column; numbers are numbers, lists are arrays, what is unknown is null" {
	start_unshared --net
	local ino
	ino=$(inode_of "$pid" net)
	list -J "$ino" >"$scratch/json"
	is "$(jq -c '.namespaces[0] | keys_unsorted' "$scratch/json")" \
		'["ns","type","path","netnsid","nsfs","kept","pns","ons","nsid","holders","refs","nprocs","ntasks","pid","ppid","user","uid","state","age","cgroup",'\
'"container","container_id","runtime","image","pod","unit","command"]'
	jq -e ".namespaces[0] | .ns == $ino and .nsfs == [] and .holders == null and (.age | type) == \"number\"" "$scratch/json"
}

@test "JSON of nothing is an empty array" {
	is "$(list -J -Q 'NS == 1' | jq -c .namespaces)" "[]"
}

@test "the namespaces of a process: all ten links" {
	start_odd expecting
	is "$(list --task "$pid" -rn -o NS | sort)" "$( (all_ns "$pid" | tr -dc '0-9\n'; echo "$told") | sort)"
	refuses 1 "no process 4194304" "$nsctl" list --task 4194304
}

@test "the caller as a process" {
	is "$("$nsctl" list -p self -t uts -rn -o NS 2>/dev/null)" "$(inode_of self uts)"
}

@test "named namespaces, however they are named" {
	start_unshared --net --uts
	touch "$scratch/kept"
	mount --bind "/proc/$pid/ns/net" "$scratch/kept"
	mounted+=("$scratch/kept")
	local net uts
	net=$(inode_of "$pid" net)
	uts=$(inode_of "$pid" uts)
	is "$(list -rn -o NS "$net" "uts:[$uts]" | sort -n)" "$(printf '%s\n' "$net" "$uts" | sort -n)"
	is "$(list -rn -o NS "$scratch/kept")" "$net"
	is "$(list -rn -o NSFS "$scratch/kept")" "$scratch/kept"
	refuses 1 "is a process" "$nsctl" list "$pid"
	refuses 1 "no namespace uts:[$net] was found: $net is a net namespace; write net:[$net]" "$nsctl" list "uts:[$net]"
	local lasting
	lasting=$(lasting_name uts "$uts")
	stop "$pid"
	wait_for is_freed "$lasting"
	refuses 2 "is not a target" "$nsctl" list foo
	refuses 2 "--task cannot be used with NS" "$nsctl" list --task 1 "$net"
}

@test "--type, several in a list" {
	start_unshared --net --uts
	is "$(list -rn -t net,uts -o TYPE | sort -u)" "net
uts"
	is "$(list -rn -t net -t uts -o TYPE | sort -u)" "net
uts"
	is "$(list -rn -t network,hostname -o TYPE | sort -u)" "net
uts"
	refuses 2 "unknown namespace type: 'nut'" "$nsctl" list -t net,nut
	refuses 2 "a namespace type is missing in 'net,'" "$nsctl" list -t net,
}

@test "the user of a namespace without processes: who made its owner" {
	touch "$scratch/kept"
	start_unshared_as_user --user --map-root-user --net
	mount --bind "/proc/$pid/ns/net" "$scratch/kept"
	mounted+=("$scratch/kept")
	stop "$pid"
	is "$(list -rn -t net -o NS,UID,USER -Q "NPROCS == 0" | grep "^$(stat -c %i "$scratch/kept") ")" \
		"$(stat -c %i "$scratch/kept") $user $user"
}

@test "--sort, by number and by text, what is unknown last" {
	start_unshared --net --uts
	touch "$scratch/kept"
	unshare "--ipc=$scratch/kept" true
	mounted+=("$scratch/kept")
	list -rn -o NPROCS --sort NPROCS | sort -nc
	list -rn -o TYPE --sort TYPE | LC_ALL=C sort -c
	is "$(list -rn -o PID --sort PID | tail -n 1)" -
	refuses 2 "no column 'FOO'" "$nsctl" list --sort FOO
}

@test "--filter: what has no meaning there" {
	local expression
	for expression in 'PID == -1' '@ NPROCS > 1' 'NPROCS > 1 ;' $'\x1b[31mx' 'NPROCS > 1 #'; do
		refuses 2 "is not a filter" "$nsctl" list -Q "$expression"
	done
	run -0 --separate-stderr "$nsctl" list -rn -o TYPE -Q 'TYPE == "u-t;s" or TYPE =~ "^(uts|net)$"'
	is "$(sort -u <<<"$output" | paste -sd ' ')" "net uts"
}

@test "--filter: a text is not a number" {
	local expression column
	for column in TYPE PATH COMMAND USER NETNSID NSFS HOLDERS; do
		refuses 2 "the column $column is text; write $column == \"2\"" "$nsctl" list -Q "$column == 2"
		refuses 2 "the column $column is text; write \"2\" < $column" "$nsctl" list -Q "2 < $column"
		refuses 2 "the column $column is text; write $column ne \"true\"" "$nsctl" list -Q "NS > 1 and ($column) ne true"
		refuses 2 "write $column == \"blue\"" "$nsctl" list -Q "$column == blue"
		refuses 2 "write $column =~ \"2\"" "$nsctl" list -Q "$column =~ 2"
		run -0 "$nsctl" list -Q "$column == \"2\""
	done
	for column in NS NPROCS PID PPID UID PNS ONS NSID NTASKS AGE; do
		refuses 2 "the column $column is a number" "$nsctl" list -Q "$column == \"blue\""
		refuses 2 "the column $column is a number, TYPE is text" "$nsctl" list -Q "TYPE != $column"
		refuses 2 "write $column =~ \"2\"" "$nsctl" list -Q "$column =~ 2"
		run -0 "$nsctl" list -Q "$column == 2 or $column == \"2\""
	done
	refuses 2 "a number is compared with a text" "$nsctl" list -Q '1 == "x"'
	refuses 2 'the column NSPROXY is text; write NSPROXY == "4"' "$nsctl" sets -Q 'NSPROXY == 4'
	refuses 2 "the column NSPID is a number" "$nsctl" ps -Q 'NSPID > "x"' self
	# The result of a comparison is neither.
	run -0 "$nsctl" list -Q 'TYPE == "uts" == true'
}

@test "--filter: signs that are alone, quotes without an end" {
	refuses 2 "'=' has no meaning there; write ==" "$nsctl" list -Q 'NS = 1'
	refuses 2 "write &&" "$nsctl" list -Q 'NS > 1 & NS > 2'
	local expression
	for expression in '"' 'TYPE == "x' "TYPE == 'x" $'TYPE == "x\ny"' 'TYPE == "\"" =~ 2' 'TYPE =~ "x'; do
		refuses 2 "quotes come in pairs" "$nsctl" list -Q "$expression"
	done
	# A backslash is a character as any other.
	refuses 2 "a pattern in quotes has to follow =~" "$nsctl" list -Q 'TYPE == "\" =~ 2 "'
}

@test "columns: the nearest one, and none that is empty" {
	refuses 2 "there is no column 'COMAND'; did you mean 'COMMAND'?" "$nsctl" list -o NS,COMAND
	refuses 2 "there is no column 'nproc'; did you mean 'NPROCS'?" "$nsctl" list --sort nproc
	refuses 2 "there is no column 'TYP'; did you mean 'TYPE'?" "$nsctl" list -Q 'TYP == "net"'
	local columns
	for columns in NS, ,NS NS,,TYPE , +NS, +, ; do
		refuses 2 "there is no column ''" "$nsctl" list -o "$columns"
	done
	refuses 2 "no column was chosen" "$nsctl" list -o +
	refuses 2 "no column was chosen" "$nsctl" list -o ""
}

@test "--filter" {
	start_unshared --net
	is "$(list -rn -o NS -Q "PID == $pid and TYPE == \"net\"")" "$(inode_of "$pid" net)"
	# A column that is not shown.
	is "$(list -rn -o NS -Q "COMMAND =~ \"^sleep 1000\" and PID == $pid")" "$(inode_of "$pid" net)"
	refuses 2 "is not a filter" "$nsctl" list -Q 'and and'
}

@test "--tree: below the owner, below the parent" {
	start_in --user --map-root-user --net --pid
	local owner
	owner=$(inode_of "$pid" user)
	is "$(list -T -n -o NS | grep -A 2 -- "─$owner" | tail -n 2 | grep -o '[0-9]*$' | sort -n)" \
		"$(printf '%s\n' "$(inode_of "$pid" net)" "$(inode_of "$pid" pid)" | sort -n)"
	list --tree=parent -n -o NS | grep -q -- "─$(inode_of "$pid" pid)"
}

@test "no descriptor is looked at for a process, none for a namespace that has one" {
	start_unshared --net
	local ino calls
	ino=$(inode_of "$pid" net)
	calls() { strace -f -e trace=openat -o "$scratch/trace" "$nsctl" list --engine=procfs "$@" >/dev/null 2>&1 && grep -c '/fd"' "$scratch/trace"; }
	is "$(calls --task "$pid")" 0
	is "$(calls "$ino")" 0
	[ "$(calls)" -gt 10 ]
	# And of a process alone, no other.
	is "$(calls --task "$pid" -o NS,TYPE)" 0
	is "$(grep -c '"[0-9]*/ns"' "$scratch/trace")" 1
}

@test "one type: no other link is read" {
	strace -f -e trace=readlinkat -o "$scratch/trace" "$nsctl" list --engine=procfs -t uts >/dev/null 2>&1
	# But nsctl's own, to know its mnt namespace and whether /proc is of its pid namespace.
	is "$(grep -cE '"(net|ipc|cgroup|pid|time)"' "$scratch/trace")" 6
}

@test "as a user: what is his own, and how much was not seen" {
	start_unshared_as_user --user --map-root-user --uts
	local ino
	ino=$(inode_of "$pid" uts)
	run -0 --separate-stderr as_user "$nsctl" list -rn -o NS,PID,USER
	[[ $'\n'$output$'\n' == *$'\n'"$ino $pid $user"$'\n'* ]]
	[[ $stderr == *"processes could not be read; run as root"* ]]
	[ "$(grep -c '' <<<"$stderr")" -eq 1 ]
	as_user "$nsctl" list -J 2>/dev/null | jq -e '.warnings | length == 1'
}

@test "as a user, with hidepid" {
	local command
	for command in list sets "ps $(ns_of self net)"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr with_hidepid invisible env -u NSCTL_ENGINE "$nsctl" $command
		[[ $stderr == *"other users are hidden"*hidepid* ]]
	done
	run -0 --separate-stderr as_user "$nsctl" list
	[[ $stderr != *hidepid* ]]
}

@test "hostile text: comm, command line, mount point" {
	local name=$'ev\e[31mil\n"\\\xff'
	start_odd named "$name"
	start unshare --uts "$odd" named $'ev\e[31mil\xff' "$scratch/told2"
	wait_for test -s "$scratch/told2"
	mkdir "$scratch/"$'a\e]0;x\a\xfe'
	touch "$scratch/"$'a\e]0;x\a\xfe/k'
	unshare --ipc="$scratch/"$'a\e]0;x\a\xfe/k' true
	mounted+=("$scratch/"$'a\e]0;x\a\xfe/k')
	for options in "" "-o +NSFS" "-r -o NS,NSFS,COMMAND" "-T -o +NSFS" "-u"; do
		# shellcheck disable=SC2086
		is_safe "$(list $options)"
	done
	list -J | iconv -f UTF-8 -t UTF-8 | jq -e '[.namespaces[].nsfs[]] | any(contains("\\x1b]0;x\\x07\\xfe"))'
	is_safe "$("$nsctl" ps "$pid" 2>/dev/null)"
	is_safe "$("$nsctl" sets 2>/dev/null)"
	run ! is_safe $'\e[31m'
	run ! is_safe $'\xff'
}

@test "a locale of single bytes" {
	mkdir "$scratch/café"
	touch "$scratch/café/kept"
	unshare "--uts=$scratch/café/kept" true
	mounted+=("$scratch/café/kept")
	start unshare --uts bash -c 'exec -a café sleep 1000'
	wait_for runs "$pid" sleep
	run -0 --separate-stderr timeout 20 env -u LANG LC_ALL=C "$nsctl" list -o NS,NSFS,COMMAND
	[[ $output == *'caf\xc3\xa9 1000'* ]]
	[[ $output == *'/caf\xc3\xa9/kept'* ]]
	run -0 --separate-stderr timeout 20 env LC_ALL=C "$nsctl" ps "$pid"
	run -0 --separate-stderr timeout 20 env LC_ALL=C.UTF-8 "$nsctl" ps "$pid"
	[[ $output == *'café 1000'* ]]
}

@test "a line end in a mount point is not one between two" {
	local dir=$scratch/x$'\n'/run
	mkdir -p "$dir"
	touch "$dir/kept"
	unshare "--uts=$dir/kept" true
	mounted+=("$dir/kept")
	is "$(list -J | jq -c --arg dir "$scratch/x" '.namespaces[] | select(.nsfs | any(startswith($dir))) | .nsfs | length')" 1
}

@test "output that is lost is an error; a reader that leaves is not" {
	local command
	for command in list sets "ps $$" "why $(inode_of self uts)" "list -J"; do
		# shellcheck disable=SC2086
		run bash -c '"$@" 2>&1 >/dev/full' _ "$nsctl" $command
		[ "$status" -eq 1 ]
		[[ $output == *"cannot write the output"* ]]
		# shellcheck disable=SC2086
		run bash -c 'set -o pipefail; "$@" | head -n 1' _ "$nsctl" $command 2>/dev/null
		[ "$status" -eq 0 ] || [ "$status" -eq $((128 + 13)) ]
		# shellcheck disable=SC2086
		run bash -c '"$@" >&- 2>&1' _ "$nsctl" $command
		[ "$status" -eq 1 ]
	done
}

@test "without /proc, and in a container's" {
	local command
	for command in list sets features; do
		run unshare --mount --propagation private sh -c 'umount -l /proc; "$@"' _ "$nsctl" "$command"
		[ "$status" -eq 1 ]
		[[ $output == *"is /proc mounted?"* ]]
	done
	run unshare --mount --propagation private sh -c 'umount -l /proc; "$@"' _ "$nsctl" show self
	[[ $output == *"/proc does not show this pid namespace; mount one: mount -t proc proc /proc"* ]]
	# A pid namespace sees its own.
	run -0 unshare --pid --fork --mount-proc "$nsctl" list -t pid -rn -o NS,NPROCS,PID
	[ "${#lines[@]}" -ge 1 ]
	grep -q '^[0-9]* 1 1$' <<<"$output"
}

# Files that nsctl itself opens and programs that it starts; its helpers read before it shows anything.  States of
# processes are read before the rows are made: they decide which process stands for a namespace.
opened() { # opened COMMAND…
	strace -qq -e trace=openat,execve -o "$scratch/trace" "$@" >/dev/null 2>&1
	grep -E '^(openat|execve)' "$scratch/trace" | grep -v '/status"' | sort -u | wc -l
}

@test "nothing is read to show a row: as many files for 1,000 rows as for few" {
	local few many
	few=$(opened "$nsctl" list)
	mkfifo "$scratch/input"
	setsid "$load" 170 170 0 0 <"$scratch/input" >"$scratch/ready" 3>&- &
	started+=("$!")
	exec 9>"$scratch/input"
	wait_for grep -q ready "$scratch/ready"
	[ "$(list -n | wc -l)" -gt 1000 ]
	many=$(opened "$nsctl" list)
	exec 9>&-
	[ "$many" -le $((few + 20)) ]
}

@test "an empty answer says what to try, to people only" {
	run -0 --separate-stderr "$nsctl" list -Q 'NS == 1'
	[[ ${stderr_lines[-1]} == *"the filter 'NS == 1' is true of no row; without -Q all rows are shown; -H lists the columns" ]]
	run -0 --separate-stderr "$nsctl" list -rQ 'NS == 1'
	[[ $stderr != *"the filter"* ]]
	# No user namespace without a process, in a place where there is none.
	run -0 --separate-stderr "$nsctl" list -P -Q 'NS == 1'
	[[ $stderr == *"true of no row"* ]]
}
