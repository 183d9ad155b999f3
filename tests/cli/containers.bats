# SPDX-License-Identifier: GPL-2.0-or-later
# Containers and systemd units in the tables, and --container.  The containers are runc's; the
# state files of all other runtimes are out of sight.
bats_require_minimum_version 1.5.0
load ../lib
load ../runc

setup() {
	prepare_containers
}

teardown() {
	# Where setup has skipped the test, nothing was made, and no cgroup has a name.
	[ -n "${name:-}" ] || return 0
	remove_containers
	wait_for remove_groups
}

# A process that has been killed stays in its cgroup for a moment.
remove_groups() {
	find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null
	[ -z "$(find /sys/fs/cgroup -type d -name "$name*" -print -quit)" ]
}

# start_own NAME [JQ-FILTER]: with a cgroup namespace, too.
start_own() {
	start_container "$1" '.linux.namespaces += [{type: "cgroup"}] | '"${2:-.}"
}

# execute_in NAME PROGRAM…: in the background; its number is in $pid.
execute_in() {
	local container=$1
	shift
	runc exec --detach --pid-file "$scratch/pid" "$container" "$@" </dev/null >/dev/null 2>&1 3>&-
	pid=$(cat "$scratch/pid")
}

table() {
	"$nsctl" "$@" 2>/dev/null
}

@test "the columns of containers, in each table" {
	start_own "$name"
	local columns=CONTAINER,CONTAINER_ID,RUNTIME,IMAGE,POD table
	is "$(table sets -rn -o "PID,$columns" "$init")" "$init $name $name runc - -"
	is "$(table ps -rn -l -o "PID,$columns" "$init")" "$init $name $name runc - -"
	is "$(table list -rn -o "PID,$columns" "$(inode_of "$init" net)")" "$init $name $name runc - -"
	is "$(table why -rn -o "HOLDER,PID,$columns" "$(ns_of "$init" net)")" "process $init $name $name runc - -"
	for table in "sets $init" "ps $init" "list $(inode_of "$init" net)" "why $(inode_of "$init" net)"; do
		# shellcheck disable=SC2086 # a command and its words
		is "$(table $table -J | jq -c '.sets // .processes // .namespaces // .holders | .[0]
			| [.container, .container_id, .runtime, .image, .pod]')" "[\"$name\",\"$name\",\"runc\",null,null]"
	done
}

@test "CONTAINER is among the default columns of sets and ps, where there is one" {
	start_unshared --uts
	[[ $(table sets "$pid" | head -n 1) != *CONTAINER* ]]
	[[ $(table ps "$pid" | head -n 1) != *CONTAINER* ]]
	start_own "$name"
	[[ $(table sets "$init" | head -n 1) == *CONTAINER* ]]
	[[ $(table ps "$init" | head -n 1) == *CONTAINER* ]]
	is "$(table list -rn "$(inode_of "$init" uts)" | wc -w)" "$(table list -rn "$(inode_of "$init" uts)" -o NS,TYPE,NPROCS,PID,USER,HOLDERS,COMMAND | wc -w)"
}

@test "one row of sets for a container and what was executed in it" {
	start_own "$name"
	execute_in "$name" sleep 1001
	start nsenter --target "$init" --all sleep 1002
	wait_for runs "$pid" nsenter
	is "$(table sets -rn -o PID,NPROCS,CONTAINER -Q "CONTAINER == '$name' && COMMAND =~ '^sleep'")" "$init 3 $name"
	is "$(table ps -rn -l -o NSPID,CONTAINER -Q 'COMMAND =~ "^sleep"' "$name" | sort -u | wc -l)" 3
	is "$(table ps -rn -l -o CONTAINER -Q 'COMMAND =~ "^sleep"' "$name" | sort -u)" "$name"
}

@test "a process of a container with namespaces of its own is a row of the same container" {
	start_own "$name" '.process.capabilities.bounding += ["CAP_SYS_ADMIN"]
		| .process.capabilities.effective += ["CAP_SYS_ADMIN"] | .process.capabilities.permitted += ["CAP_SYS_ADMIN"]'
	execute_in "$name" unshare -u -m sleep 1001
	wait_for runs "$pid" sleep
	is "$(table sets -rn -o PID,CONTAINER --sort PID -Q "CONTAINER == '$name'")" "$(printf '%s\n' "$init $name" "$pid $name" | sort -n)"
	is "$(table sets -rn -o PID --sort PID --container "$name")" "$(printf '%s\n' "$init" "$pid" | sort -n)"
}

@test "containers that share namespaces, as those of a pod do" {
	start_own "$name"
	local first=$init
	start_own "$name-2" "del(.hostname) | .linux.namespaces |= map(
		if .type == \"network\" then .path = \"/proc/$first/ns/net\"
		elif .type == \"ipc\" then .path = \"/proc/$first/ns/ipc\"
		elif .type == \"uts\" then .path = \"/proc/$first/ns/uts\" else . end)"
	is "$(table sets -rn -o PID,NAMESPACES,SHARES,CONTAINER --container "$name-2")" \
		"$init m===pC-- $first $name-2"
	is "$(table sets -rn -o PID,CONTAINER "$(inode_of "$first" net)")" "$first $name
$init $name-2"
	is "$(table list -rn -o NS,TYPE,NPROCS --container "$name" -t net,ipc,uts | cut -d ' ' -f 2,3)" "$(table list -rn \
		-o NS,TYPE,NPROCS --container "$name-2" -t net,ipc,uts | cut -d ' ' -f 2,3)"
	is "$(table ps -rn -l -o PID --container "$name-2" "$(ns_of "$first" net)")" "$init"
}

@test "--container of list: the namespaces that its processes are in" {
	start_own "$name"
	local type
	table list -rn -o TYPE,NS --container "$name" | sort >"$scratch/listed"
	for type in cgroup ipc mnt net pid time user uts; do
		echo "$type $(inode_of "$init" "$type")"
	done | sort >"$scratch/expected"
	diff "$scratch/expected" "$scratch/listed"
	is "$(table list -rn -o NS --container "$name" -t net)" "$(inode_of "$init" net)"
	is "$(table list -rn -o NS --container "$name" "$(ns_of "$init" net)" "$(ns_of self mnt)")" "$(inode_of "$init" net)"
	is "$(table list -rn -o NS --container "$name" --task "$init" -t pid)" "$(inode_of "$init" pid)"
}

@test "--container of ps: its processes, or those of it in a TARGET" {
	start_own "$name"
	execute_in "$name" sleep 1001
	local both=$init$'\n'$pid
	is "$(table ps -rn -l -o PID --container "$name")" "$both"
	is "$(table ps -rn -l -o PID "$name")" "$both"
	is "$(table ps -rn -l -o PID --container "$name" "$(ns_of "$init" net)")" "$both"
	is "$(table ps -rn -l -o PID --container "$name" "$(ns_of "$init" user)")" "$both"
	is "$(table ps -rn -l -o PID --container "$name" "$pid")" "$both"
	refuses 2 "missing TARGET" "$nsctl" ps
}

@test "--container of why: the holders that are its processes" {
	start_own "$name"
	start sleep 1000 9<"/proc/$init/ns/net"
	wait_for runs "$pid" sleep
	is "$(table why -rn -o HOLDER,PID,CONTAINER "$(inode_of "$init" net)")" "process $init $name
file $pid -"
	is "$(table why -rn -o HOLDER,PID --container "$name" "$(inode_of "$init" net)")" "process $init"
	is "$(table why -J --container "$name" "$(inode_of "$init" net)" | jq -c '.holders[] | [.pid, .container]')" "[$init,\"$name\"]"
	start_unshared --uts
	refuses 1 "no process of container '$name' holds" "$nsctl" why --container "$name" "$(inode_of "$pid" uts)"
}

@test "--container takes each way to write a container" {
	start_own "$name"
	local word
	for word in "$name" "runc:$name"; do
		is "$(table ps -rn -l -o PID --container "$word")" "$init"
		is "$(table sets -rn -o PID --container "$word")" "$init"
	done
	# A kept name is another thing.
	"$nsctl" keep "$name" "$init" --type uts
	is "$(table ps -rn -l -o PID --container "$name")" "$init"
}

@test "--container: what is no container, and what is not there" {
	local command
	for command in sets list ps; do
		refuses 1 "no container 'nsctl-nobody' was found" "$nsctl" "$command" --container nsctl-nobody
		refuses 1 "no container 'docker:nsctl-nobody' was found" "$nsctl" "$command" --container docker:nsctl-nobody
		refuses 2 "'1' is not a container; a container is its name" "$nsctl" "$command" --container 1
		refuses 2 "'unit:x' is not a container" "$nsctl" "$command" --container unit:x
		refuses 2 "'/proc/self/ns/net' is not a container" "$nsctl" "$command" --container /proc/self/ns/net
	done
	refuses 1 "no container 'nsctl-nobody' was found" "$nsctl" why --container nsctl-nobody "$(ns_of self net)"
	refuses 2 "'1' is not a container" "$nsctl" why --container 1 "$(ns_of self net)"
	refuses 2 "mutually exclusive arguments: --container --persistent" "$nsctl" list -P --container x
}

@test "--container and a TARGET without a process of it" {
	start_own "$name"
	start_unshared --uts
	local command
	for command in sets ps list; do
		refuses 0 "no process of container '$name' is in '$(inode_of "$pid" uts)'" \
			"$nsctl" "$command" --container "$name" "$(inode_of "$pid" uts)"
	done
	is "$(table sets -J --container "$name" "$(inode_of "$pid" uts)" | jq -c .sets)" "[]"
}

@test "a container that has ended is none" {
	start_own "$name"
	kill -KILL "$init"
	wait_for refuses 1 "container" "$nsctl" ps --container "$name"
}

@test "a shell is offered the names of containers" {
	start_own "$name"
	is "$("$nsctl" --complete ps --container "${name%?}" | cut -f 1)" "$name"
	is "$("$nsctl" --complete ps "${name%?}")" "$name	a container of runc"
	is "$("$nsctl" --complete sets "--container=runc:${name%?}" | cut -f 1)" "--container=runc:$name"
	is "$("$nsctl" --complete why --container "${name%?}" | cut -f 1)" "$name"
}

# make_group PATH: a cgroup v2; PATH begins with $name, and nothing else has a part of it.
make_group() {
	local top
	top=$(findmnt -rnfo TARGET -t cgroup2) || skip "no mount of cgroup v2"
	group=$top/$1
	mkdir -p "$group" || skip "no cgroup can be made here"
}

# start_in_group PATH: a process in a uts namespace of its own and in this cgroup.
start_in_group() {
	make_group "$1"
	start_unshared --uts
	echo "$pid" >"$group/cgroup.procs"
}

@test "UNIT, and unit: with what UNIT shows" {
	local path unit
	while read -r path unit; do
		start_in_group "$path"
		is "$(table sets -rn -o UNIT "$pid")" "$unit"
		is "$(table list -rn -o UNIT "$(inode_of "$pid" uts)")" "$unit"
		is "$(table ps -rn -o UNIT "$pid")" "$unit"
		is "$(table why -rn -o UNIT "$(inode_of "$pid" uts)")" "$unit"
		is "$(table ps -rn -o PID "unit:$unit")" "$pid"
		is "$(table sets -rn -o PID "unit:$unit")" "$pid"
	done <<-END
		$name.slice/$name.service $name.service
		$name.slice/$name-system.slice/$name-2.service/below $name-2.service
		$name.slice/user-$user.slice/user@$user.service/app.slice/$name.service user@$user/$name.service
		$name.slice/user-$user.slice/$name.scope $name.scope
	END
	is "$(table ps -rn -o UNIT "unit:$name")" "$name.service"
}

@test "what is called like a unit, and is none" {
	start_in_group "$name/system.slice/$name-3.service"
	is "$(table sets -rn -o UNIT "$pid")" -
	refuses 1 "no process of the unit" "$nsctl" ps "unit:$name-3.service"
}

@test "a process far below the cgroup of its unit" {
	start_in_group "$name.slice/$name.service$(printf '/%.0sbelow' {1..60})"
	is "$(table ps -rn -o PID "unit:$name.service")" "$pid"
}

@test "the threads of processes in a unit" {
	use_program odd
	make_group "$name.slice/$name.service"
	start_odd threads
	echo "$pid" >"$group/cgroup.procs"
	is "$(table ps --tasks -rn -l -o TID "unit:$name.service" | sort -n)" "$(printf '%s\n' "$pid" "$told" | sort -n)"
	is "$(table ps -rn -l -o TID "unit:$name.service")" "$pid"
	# One of them is alone in its set.
	is "$(table sets -rn -o PID "unit:$name.service" | wc -l)" 2
}
