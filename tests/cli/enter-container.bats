# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl enter CONTAINER: what differs from entering its first process by the number.
bats_require_minimum_version 1.5.0
load ../lib
load ../runc

setup() {
	prepare_containers
	make_root
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	echo 'app:x:1000:1000::/home/app:/bin/ash' >>"$root/etc/passwd"
}

teardown() {
	remove_containers
}

with_env='.process.env = ["PATH=/bin", "COLOR=red", "TERM=dumb"]'
with_cgroup_ns='.linux.namespaces += [{type: "cgroup"}]'

# bare VARIABLE… COMMAND…: with these variables, and that of the sanitizers.
bare() {
	env -i ASAN_OPTIONS="${ASAN_OPTIONS:-}" PATH="$PATH" "$@" | grep -v '^ASAN_OPTIONS=' | sort | tr '\n' ' '
}

# environment OPTION…: what the program has, sorted.
environment() {
	bare SECRET=1 TERM=screen HOME=/nowhere "$nsctl" enter "$@" env
}

@test "the environment is the container's, with the caller's TERM and the variables of the user" {
	start_container "$name" "$with_env"
	local own="COLOR=red HOME=/root LOGNAME=root PATH=/bin SHELL=/bin/sh TERM=screen USER=root "
	is "$(environment "$name")" "$own"
	is "$(environment "runc:$name")" "$own"
	is "$(environment -a -t "$name")" "$own"
	is "$(environment -S app "$name")" \
		"COLOR=red HOME=/home/app LOGNAME=app PATH=/bin SHELL=/bin/ash TERM=screen USER=app "
}

@test "the caller's environment: on request, without the container's files, by the number, as nsenter" {
	start_container "$name" "$with_env"
	local callers="HOME=/nowhere PATH=$PATH SECRET=1 TERM=screen "
	is "$(environment --caller-env "$name")" "$callers"
	is "$(environment -n -t "$name")" "$callers"
	is "$(environment "$init")" "$callers"
	ln -s "$nsctl" "$scratch/nsenter"
	is "$(bare SECRET=1 "$scratch/nsenter" -t "$init" -a env)" \
		"PATH=$PATH SECRET=1 "
	refuses 2 "--env" "$nsctl" enter -e --caller-env "$name" env
}

@test "-e: that of the first process, which may have changed" {
	start_container "$name" "$with_env"' | .process.args = ["env", "COLOR=blue", "sleep", "1000"]'
	[[ $(environment -e "$name") == *"COLOR=blue"* ]]
	[[ $(environment "$name") == *"COLOR=red"* ]]
}

@test "an entry of the configuration without a value is dropped, not looked up" {
	start_container "$name" "$with_env"
	jq '.process.env += ["SECRET", "=x"]' "$scratch/$name/config.json" >"$scratch/config"
	cp "$scratch/config" "$scratch/$name/config.json"
	[[ $(environment "$name") != *SECRET* ]]
	is "$(SECRET=1 "$nsctl" exec "$name" env | sort | tr '\n' ' ')" "COLOR=red HOME=/root PATH=/bin TERM=dumb "
}

@test "a configuration that others can write to is not believed" {
	start_container "$name"
	chmod o+w "$scratch/$name/config.json"
	refuses 125 "others than its owner can change the configuration of the container '$name'" \
		"$nsctl" enter "$name" true
	refuses 125 "others than its owner can change the configuration of the container '$name'" \
		"$nsctl" exec "$name" true
	"$nsctl" enter --caller-env "$name" true
}

@test "the cgroup is joined with a cgroup namespace, unless it is to be left" {
	start_container "$name" "$with_cgroup_ns"
	is "$("$nsctl" enter "$name" cat /proc/self/cgroup | cut -d : -f 3 | sort -u)" /
	is "$("$nsctl" enter "$init" cat /proc/self/cgroup | cut -d : -f 3 | sort -u)" /
	[[ $("$nsctl" enter --no-join-cgroup "$name" cat /proc/self/cgroup) == */..* ]]
}

@test "without a cgroup namespace it is not joined, unless -c says so" {
	start_container "$name"
	run -0 "$nsctl" enter "$name" cat /proc/self/cgroup
	[[ $output != *"$name"* ]]
	run -0 "$nsctl" enter -c -a -t "$name" -r -w cat /proc/self/cgroup
	[[ $output == *"$name"* ]]
}

@test "a paused container: said at once, and entered on request" {
	start_container "$name"
	runc pause "$name"
	refuses 125 "the container '$name' is paused: its cgroup is frozen; unpause it first, or use --no-join-cgroup" \
		timeout -s KILL 20 "$nsctl" enter "$name" true
	refuses 125 "the container '$name' is paused: its cgroup is frozen; unpause it first" \
		timeout -s KILL 20 "$nsctl" exec "$name" true
	is "$(timeout -s KILL 20 "$nsctl" enter --no-join-cgroup "$name" echo in)" in
	runc resume "$name"
	is "$("$nsctl" enter "$name" echo in)" in
}

@test "a name that a kept name has, too: both are named" {
	start_container "$name"
	"$nsctl" keep "$name" self -t uts
	refuses 125 "'$name' is a kept name and a container; name one: keep:$name, runc:$name" "$nsctl" enter "$name" true
	refuses 1 "'$name' is a kept name and a container" "$nsctl" show "$name"
	is "$("$nsctl" enter "runc:$name" hostname)" runc
	is "$("$nsctl" enter "keep:$name" hostname)" "$(hostname)"
	"$nsctl" drop -q "$name"
	is "$("$nsctl" enter "$name" hostname)" runc
}

@test "a state file whose PID was reused: it does not run" {
	start_container "$name"
	local state=/run/runc/$name/state.json other
	sleep 1000 &
	other=$!
	started+=("$other")
	jq -c ".init_process_pid = $other" "$state" >"$scratch/state"
	cp "$scratch/state" "$state"
	refuses 125 "the container '$name' of runc is not running" "$nsctl" enter "$name" true
	refuses 125 "the container '$name' of runc is not running" "$nsctl" exec "$name" true
	refuses 1 "the container '$name' of runc is not running" "$nsctl" ps "$name"
	jq -c ".init_process_pid = $init" "$state" >"$scratch/state"
	cp "$scratch/state" "$state"
	is "$("$nsctl" enter "$name" echo in)" in
}

@test "the beginning of an id; a word that is none" {
	local id
	id=feedbeef$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	start_container "$id"
	is "$("$nsctl" enter "${id:0:10}" hostname)" runc
	is "$("$nsctl" enter "runc:${id:0:9}" hostname)" runc
	start_container "${id}0"
	is "$("$nsctl" enter "$id" hostname)" runc
	refuses 125 "'${id:0:10}' is 2 containers, not one; name one: runc:$id" "$nsctl" enter "${id:0:10}" true
	refuses 125 "no container 'runc:no-$name' was found" "$nsctl" enter "runc:no-$name" true
	refuses 2 "'no-$name' is not a target: no container and no kept name is called that" "$nsctl" enter "no-$name" true
}

@test "exec -d: a program that a filter kills before it runs" {
	start_container "$name"
	is "$("$nsctl" exec -d "$name" true && echo started)" started
	jq '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [{names: ["execve"], action: "SCMP_ACT_KILL_PROCESS"}]}' "$scratch/$name/config.json" >"$scratch/config"
	cp "$scratch/config" "$scratch/$name/config.json"
	run -159 "$nsctl" exec "$name" true
	run -159 "$nsctl" exec -d "$name" true
}
