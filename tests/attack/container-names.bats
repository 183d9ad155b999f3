# SPDX-License-Identifier: GPL-2.0-or-later
# Users choose names and ids of their own containers: none leads root astray, or keeps root
# from its own.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	hide_names
	runtime_dir=/run/user/$user
	mkdir -p /run/user
	install -d -m 700 -o "$user" -g "$user" "$runtime_dir"
}

teardown() {
	common_teardown
}

# start_of_user: a sleep in namespaces that the user made.
start_of_user() {
	start setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- \
		unshare --user --map-root-user --mount --uts --ipc --pid --fork --kill-child --mount-proc sleep 1000
	local parent=$pid
	wait_for child_of "$parent"
	pid=$(child_of "$parent")
	wait_for runs "$pid" sleep
}

# write_state DIRECTORY ID PID: as crun writes it.
write_state() {
	mkdir -p "$1/$2"
	awk -v pid="$3" '{ sub(/.*[)] /, ""); printf "{\"pid\": %d, \"process-start-time\": %s}\n", pid, $20 }' "/proc/$3/stat" >"$1/$2/status"
	case $1 in "$runtime_dir"*) chown -R "$user:$user" "$1" ;; esac
}

# has_process TARGET PID
has_process() {
	"$nsctl" ps -rn -o PID "$1" | grep -qx "$2"
}

start_both() {
	start_unshared --mount --uts
	of_root=$pid
	write_state /run/crun web "$of_root"
	start_of_user
	of_user=$pid
	write_state "$runtime_dir/crun" web "$of_user"
}

@test "a user's container is called as root's: refused, and each can be named" {
	start_both
	local target
	for target in web crun:web; do
		refuses 1 "'$target' is 2 containers, not one; name one: crun:0@web, crun:$user@web" "$nsctl" ps "$target"
		refuses 125 "name one: crun:0@web, crun:$user@web" "$nsctl" enter "$target" true
		refuses 125 "name one: crun:0@web, crun:$user@web" "$nsctl" exec "$target" true
	done
	has_process crun:0@web "$of_root"
	has_process 0@web "$of_root"
	has_process "crun:$user@web" "$of_user"
	is "$("$nsctl" exec crun:0@web readlink /proc/self/ns/uts)" "$(ns_of "$of_root" uts)"
	is "$("$nsctl" exec "$user@web" readlink /proc/self/ns/uts)" "$(ns_of "$of_user" uts)"
}

@test "root's container has ended, and a user's of the same name runs: not entered in its place" {
	start_both
	stop "$of_root"
	refuses 1 "name one: crun:0@web, crun:$user@web" "$nsctl" ps web
	refuses 125 "name one: crun:0@web, crun:$user@web" "$nsctl" enter web touch "$scratch/ran"
	[ ! -e "$scratch/ran" ]
	refuses 1 "the container 'web' of crun is not running" "$nsctl" ps crun:0@web
}

@test "a user's container that does not run is no obstacle" {
	start_both
	stop "${started[-1]}"
	wait_for is_ended "$of_user"
	has_process web "$of_root"
}

is_ended() {
	[ ! -e "/proc/$1" ]
}

@test "a user's container is called as the beginning of the id of root's" {
	start_both
	local id=0123456789abcdef
	write_state /run/crun "$id" "$of_root"
	write_state "$runtime_dir/crun" 0123456789ab "$of_user"
	refuses 1 "name one: crun:0@$id, crun:$user@0123456789ab" "$nsctl" ps 0123456789ab
	has_process "$id" "$of_root"
}

@test "100,000 containers of a user, all of the same name: root's is found, in time" {
	start_both
	getent passwd "$user" && skip "the user $user exists here"
	local storage=$scratch/home/.local/share/containers/storage/vfs-containers
	mkdir -p "$storage" "$runtime_dir/containers"
	{
		cat /etc/passwd
		echo "hostile:x:$user:$user::$scratch/home:/bin/sh"
	} >"$scratch/passwd"
	mount --bind "$scratch/passwd" /etc/passwd
	mounted+=(/etc/passwd)
	awk 'BEGIN { for (i = 0; i < 100000; i++) printf "%s{\"id\":\"%x\",\"names\":[\"web\"]}", i ? "," : "[", i; print "]" }' \
		>"$storage/containers.json"
	chown -R "$user:$user" "$runtime_dir" "$scratch/home"
	run -0 timeout 30 "$nsctl" ps -rn -o PID web
	is "$output" "$of_root"
	run -0 timeout 30 "$nsctl" ps -rn -o PID 0@web
	is "$output" "$of_root"
	stop "$of_root"
	run -1 timeout 30 "$nsctl" ps web
	[[ $output == *"name one: crun:0@web, "* ]]
	run -1 timeout 30 "$nsctl" ps podman:other
	[[ $output == *"user $user has more than 2000 containers"* ]]
	run -0 timeout 30 "$nsctl" sets -rn
}

@test "large state files of a user, linked a thousand times: root's container is entered, in time" {
	start_both
	local first=$runtime_dir/crun/c0/status i
	mkdir -p "${first%/*}"
	awk 'BEGIN { printf "{"; for (i = 0; i < 500000; i++) printf "\"a\":1,"; print "\"pid\":4000000,\"process-start-time\":1}" }' >"$first"
	for ((i = 1; i < 1000; i++)); do
		mkdir "$runtime_dir/crun/c$i"
		ln "$first" "$runtime_dir/crun/c$i/status"
	done
	chown -R "$user:$user" "$runtime_dir"
	for command in exec enter; do
		run -0 timeout 30 "$nsctl" "$command" 0@web echo ran
		is "$output" ran
	done
	run -125 timeout 30 "$nsctl" exec nothing true
	[[ $output == *"user $user has more than "* ]]
	run -0 timeout 30 "$nsctl" sets -rn -o CONTAINER
}
