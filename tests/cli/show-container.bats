# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl show CONTAINER: the page of a container, and of the processes in it.  The containers are
# runc's; the state files of all other runtimes are out of sight.
bats_require_minimum_version 1.5.0
load ../lib
load ../runc

setup() {
	prepare_containers
	make_root
	mkdir -p "$scratch/shared/below"
}

teardown() {
	remove_containers
}

# line KEY TARGET: what the page has behind the key.
line() {
	"$nsctl" show "$2" | sed -n "s/^  $1  *//p"
}

# mounts TARGET: all lines of the key "from host".
mounts() {
	"$nsctl" show "$1" | awk '/^  [^ ]/ { wanted = /^  from host / } /^$/ { exit } wanted { print substr($0, 16) }'
}

details() { # details JQ-FILTER TARGET
	"$nsctl" show --json "$2" | jq -c ".details | $1"
}

# cgroup_of PID CONTROLLER: the directory of its cgroup, of version 1 if the controller is there.
cgroup_of() {
	local path point
	path=$(awk -F: -v wanted="$2" '{ n = split($2, names, ","); for (i = 1; i <= n; i++) if (names[i] == wanted) print $3 }' "/proc/$1/cgroup")
	point=$(awk -v wanted="$2" '{ n = split($NF, names, ","); for (i = 1; i <= n; i++) if (names[i] == wanted) print $5 }' /proc/self/mountinfo)
	if [ -z "$path" ]; then
		path=$(sed -n 's/^0:://p' "/proc/$1/cgroup")
		point=$(awk '/ - cgroup2 / { print $5 }' /proc/self/mountinfo)
	fi
	echo "${point%%$'\n'*}$path"
}

@test "the page of a container: what it is, and how it is confined" {
	start_container "$name" .
	is "$("$nsctl" show "$name" | sed -n 1p)" "container $name"
	is "$(line runtime "$name")" runc
	is "$(line id "$name")" "$name"
	[[ $(line state "$name") == "running, started "*" ago" ]]
	is "$(line init "$name")" "$init (sleep), user 0, group 0"
	is "$(line root "$name")" "$root ($(findmnt -nr -o FSTYPE -T "$root"), read-only)"
	[[ $(line capabilities "$name") == "3 of "*": kill net_bind_service audit_write" ]]
	is "$(line 'bounding set' "$name")" "the same"
	is "$(line seccomp "$name")" none
	is "$(line no_new_privs "$name")" yes
	is "$(line 'user ns' "$name")" "the caller's"
	is "$(line addresses "$name")" "none but those of loopback"
	is "$(line 'from host' "$name")" "no mounts"
	# The namespaces of its first process.
	is "$("$nsctl" show -rn -o LINK,NS "runc:$name")" "$("$nsctl" show -rn -o LINK,NS "$init")"
}

@test "the same as JSON is as the schema says" {
	start_container "$name" .
	"$nsctl" show --json "$name" >"$scratch/json"
	printf 'show.json\t%s\n' "$scratch/json" >"$scratch/list"
	"$BATS_TEST_DIRNAME/validate" "$BATS_TEST_DIRNAME/../../schema" <"$scratch/list"
	is "$(jq -c '[.pid, .container, .container_id, .runtime, .image, .pod]' "$scratch/json")" \
		"[$init,\"$name\",\"$name\",\"runc\",null,null]"
	is "$(details '[.state, .sandbox, .space, .cgroup_shared, .seccomp, .no_new_privs]' "$name")" \
		'["running",false,null,false,"none",true]'
	is "$(details .capabilities.effective "$name")" '["CAP_KILL","CAP_NET_BIND_SERVICE","CAP_AUDIT_WRITE"]'
	is "$(details '.root | [.path, .read_only]' "$name")" "[\"$root\",true]"
	is "$(details '[.addresses[] | [.interface, .address, .prefix]] | .[0]' "$name")" '["lo","127.0.0.1",8]'
	is "$(details .host_mounts "$name")" '[]'
}

@test "the limits and the use are those of its cgroups" {
	start_container "$name" '.linux.resources += {
		memory: {limit: 67108864}, pids: {limit: 50}, cpu: {quota: 50000, period: 100000}}'
	[[ $(line memory "$name") == *" used, limit 64M" ]]
	is "$(line pids "$name")" "1 used, limit 50"
	[[ $(line cpu "$name") == *"s used, limit 0.5 CPU"* ]]
	is "$(details '[.memory.limit, .memory.oom_kills, .pids.used, .pids.limit, .cpu.limit_millicpus]' "$name")" \
		'[67108864,0,1,50,500]'
	is "$(details '.memory.used > 0 and .cpu.used_usec > 0' "$name")" true
	is "$(details '.cgroup' "$name")" "\"/$name\""
}

@test "without limits, or with one of a cgroup above" {
	start_container n ".linux.cgroupsPath = \"/$name/n\""
	is "$(line pids n)" "1 used, no limit"
	is "$(details '[.memory.limit, .pids.limit, .pids.limit_cgroup, .cpu.limit_millicpus]' n)" '[null,null,null,null]'
	echo 40 >"$(cgroup_of "$init" pids)/../pids.max"
	is "$(line pids n)" "1 used, limit 40 by /$name"
	is "$(details '[.pids.limit, .pids.limit_cgroup]' n)" "[40,\"/$name\"]"
	echo 30 >"$(cgroup_of "$init" pids)/pids.max"
	is "$(line pids n)" "1 used, limit 30"
}

# Its processes may be in cgroups that it made below its own.
@test "its own cgroup counts, not that of its first process" {
	start_container "$name" '.linux.resources += {pids: {limit: 50}}'
	local dir
	for dir in "$(cgroup_of "$init" pids)" "$(cgroup_of "$init" name=systemd)" "$(cgroup_of "$init" none)"; do
		mkdir -p "$dir/$name-below"
		echo "$init" >"$dir/$name-below/cgroup.procs"
	done
	[[ $(cat "/proc/$init/cgroup") == *"/$name/$name-below"* ]]
	is "$(line cgroup "$name")" "/$name"
	is "$(line pids "$name")" "1 used, limit 50"
}

@test "killed for lack of memory, and held up by the limit of processor time" {
	start_container "$name" '.linux.resources += {memory: {limit: 16777216}, cpu: {quota: 10000, period: 100000}}'
	(
		for controller in memory cpu; do
			echo 0 >"$(cgroup_of "$init" "$controller")/cgroup.procs"
		done
		head -c 100000000 /dev/zero | tail
	) >/dev/null 2>&1 || true
	[[ $(line memory "$name") == *"limit 16M; OOM kills: "[1-9]* ]]
	is "$(details '.memory.oom_kills > 0 and .cpu.throttled > 0 and .cpu.throttled_usec > 0' "$name")" true
	[[ $(line cpu "$name") == *"; throttled "[1-9]*" times, "* ]]
}

@test "paused by its engine, frozen by another, stopped" {
	start_container n ".linux.cgroupsPath = \"/$name/n\""
	runc pause n
	[[ $(line state n) == "paused, started "* ]]
	is "$(details .state n)" '"paused"'
	runc resume n
	[[ $(line state n) == "running, "* ]]
	freeze "$(cgroup_of "$init" freezer)/.."
	[[ $(line state n) == "frozen by another cgroup, "* ]]
	is "$(details .state n)" '"frozen"'
	thaw "$(cgroup_of "$init" freezer)/.."
	kill -STOP "$init"
	wait_for is_stopped "$init"
	[[ $(line state n) == "stopped, "* ]]
}

freeze() {
	if [ -e "$1/freezer.state" ]; then echo FROZEN >"$1/freezer.state"; else echo 1 >"$1/cgroup.freeze"; fi
	wait_for is_frozen "$1"
}

is_frozen() {
	grep -qx FROZEN "$1/freezer.state" || grep -qx 'frozen 1' "$1/cgroup.events"
}

is_stopped() {
	grep -q '^State:.T' "/proc/$1/status"
}

@test "a container that is not running has no page" {
	start_container "$name" .
	kill -KILL "$init"
	wait_for runc_says stopped "$name"
	refuses 1 "the container '$name' of runc is not running" "$nsctl" show "$name"
}

runc_says() {
	[ "$(runc state "$2" | jq -r .status)" = "$1" ]
}

@test "all capabilities, all but a few, none" {
	local host
	start_container "$name" '.process.capabilities = {}'
	is "$(line capabilities "$name")" none
	is "$(line 'bounding set' "$name")" "the same"
	host=$(details .capabilities.host "$name")
	start_container "$name-all" ".process.capabilities = ({bounding: $host, effective: $host, permitted: $host})"
	is "$(line capabilities "$name-all")" "all: it is privileged"
	start_container "$name-most" ".process.capabilities = ({bounding: ($host - [\"CAP_SYS_ADMIN\", \"CAP_BPF\"])} | .effective = .bounding | .permitted = .bounding)"
	[[ $(line capabilities "$name-most") == *", all but: sys_admin bpf" ]]
	is "$(line 'bounding set' "$name-most")" "the same"
}

@test "a user namespace, a filter, and the caller's network" {
	chmod 755 "$scratch/root"
	start_container "$name" '
		.linux.namespaces |= map(select(.type != "network")) + [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings
		| .mounts |= map(select(.destination != "/sys")) | .process.noNewPrivileges = false
		| .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["ptrace"], action: "SCMP_ACT_ERRNO"}]}'
	is "$(line 'user ns' "$name")" "its own"
	is "$(line 'uid map' "$name")" "0 100000 65536"
	is "$(line init "$name")" "$init (sleep), user 100000, group 100000"
	[[ $(line capabilities "$name") == "3 of "*" in its user namespace: kill net_bind_service audit_write" ]]
	is "$(line seccomp "$name")" filter
	is "$(line no_new_privs "$name")" no
	is "$(line addresses "$name")" "the caller's: it shares the net namespace"
	is "$(details '[.seccomp, .no_new_privs, .addresses]' "$name")" '["filter",false,null]'
}

@test "its addresses, with interfaces of any name" {
	local odd=$'a\e[31m\xff'
	start_container "$name" .
	nsenter --target "$init" --net ip link set lo up
	nsenter --target "$init" --net ip link add "$odd" type veth peer name eth7
	nsenter --target "$init" --net ip addr add 192.0.2.7/24 dev "$odd"
	nsenter --target "$init" --net ip addr add 2001:db8::7/64 dev eth7
	nsenter --target "$init" --net ip addr add 192.0.2.8/32 peer 192.0.2.9 dev eth7
	is "$("$nsctl" show "$name" | grep -A 2 '^  addresses' | cut -c 16- | sort)" 'a\x1b[31m\xff 192.0.2.7/24
eth7 192.0.2.8/32
eth7 2001:db8::7/64'
	is "$(details '[.addresses[].address] | sort' "$name")" '["127.0.0.1","192.0.2.7","192.0.2.8","2001:db8::7","::1"]'
}

@test "more addresses than are shown" {
	local i
	start_container "$name" .
	for ((i = 0; i < 300; i++)); do
		echo "addr add 10.1.$((i / 200)).$((i % 200))/32 dev lo"
	done >"$scratch/batch"
	nsenter --target "$init" --net ip -batch "$scratch/batch"
	is "$("$nsctl" show "$name" | grep -c '10\.1\.')" 255
	[[ $("$nsctl" show "$name" 2>&1 >/dev/null) == *"only the first 256 addresses are listed" ]]
	is "$(jq -r '.warnings[]' < <("$nsctl" show -J "$name"))" "only the first 256 addresses are listed"
}

@test "mounts that come from the host" {
	mkdir "$scratch/other"
	touch "$scratch/file"
	start_container "$name" '.root.readonly = false | .mounts += [
		{destination: "/data", type: "bind", source: ($scratch + "/shared"), options: ["bind", "ro"]},
		{destination: "/again", type: "bind", source: ($scratch + "/shared/below"), options: ["bind", "rw"]},
		{destination: "/own", type: "tmpfs", source: "none"},
		{destination: "/part", type: "bind", source: ($root + "/bin"), options: ["bind", "rw"]},
		{destination: "/dev/null2", type: "bind", source: "/dev/null", options: ["bind", "rw"]}]'
	is "$(line root "$name")" "$root ($(findmnt -nr -o FSTYPE -T "$root"), writable)"
	is "$(mounts "$name")" "$scratch/shared/below on /again (rw)
$scratch/shared on /data (ro)"
	is "$(details '.host_mounts | map([.source, .point, .read_only, .kind, .nested]) | .[]' "$name")" \
		"[\"$scratch/shared/below\",\"/again\",false,\"files\",false]
[\"$scratch/shared\",\"/data\",true,\"files\",false]
[\"/dev/null\",\"/dev/null2\",false,\"device\",false]"
}

@test "a mount with those below it, one that is covered, and names with any bytes" {
	local odd=$'a b\n\e[31m\xff'
	mkdir "$scratch/shared/$odd"
	mount -t tmpfs none "$scratch/shared/below"
	mounted+=("$scratch/shared/below")
	start_container "$name" '.mounts += [
		{destination: "/data", type: "bind", source: ($scratch + "/shared"), options: ["rbind", "ro"]},
		{destination: "/covered", type: "bind", source: ($scratch + "/shared"), options: ["rbind"]},
		{destination: "/covered", type: "tmpfs", source: "none"}]'
	is "$(mounts "$name")" "$scratch/shared on /data (ro; 1 mount below it, 1 of them rw)"
	start_container "$name-odd" '.mounts += [{destination: ("/" + "a b\n\u001b[31m"), type: "bind", source: ($scratch + "/shared"), options: ["bind"]}]'
	is "$(mounts "$name-odd")" "$scratch/shared on /a b\\x0a\\x1b[31m (rw)"
	is_clean "$("$nsctl" show "$name-odd")"
}

@test "files of its engine, cgroups and devices are on one line each" {
	mkdir "$scratch/$name-made"
	mkdir -p "$scratch/made/$name"
	touch "$scratch/made/$name/hosts" "$scratch/made/$name/hostname"
	start_container "$name" '.mounts += ([
		["/etc/hosts", "hosts"], ["/etc/hostname", "hostname"]
		] | map({destination: .[0], type: "bind", source: ("'"$scratch/made/$name/"'" + .[1]), options: ["bind"]}))
		+ [{destination: "/dev/full", type: "bind", source: "/dev/full", options: ["bind"]}]'
	is "$(line "its engine's" "$name")" "/etc/hostname /etc/hosts"
	is "$(line devices "$name")" /dev/full
	is "$(mounts "$name")" "no mounts"
}

@test "-r and -o print the table of its first process" {
	start_container "$name" .
	is "$("$nsctl" show -r "$name")" "$("$nsctl" show -r "$init")"
	is "$("$nsctl" show -n -o LINK "$name" | tail -n 10)" "$("$nsctl" show -rn -o LINK self)"
}

@test "a process says which container and unit it is in" {
	start_container "$name" .
	start nsenter --target "$init" --mount --pid --wdns=/ sleep 1000
	is "$(line container "$init")" "$name (runc)"
	is "$("$nsctl" show -J "$init" | jq -c '[.container, .container_id, .runtime, .image, .pod, .details]')" \
		"[\"$name\",\"$name\",\"runc\",null,null,null]"
	is "$(line container self)" ""
	is "$("$nsctl" show -J self | jq -c '[.container, .runtime]')" '[null,null]'
}

# The id of a container may be a part of another name.
@test "the processes of a container are not those of a cgroup whose name has its id" {
	start_container s ".linux.cgroupsPath = \"/$name-systems/s\""
	local own=$init
	start_container other ".linux.cgroupsPath = \"/$name-systems/other\""
	is "$("$nsctl" ps -rn -o PID runc:s)" "$own"
	is "$("$nsctl" ps -rn -o PID other)" "$init"
}
