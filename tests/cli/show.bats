# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl show: all about one process, all about one namespace.
bats_require_minimum_version 1.5.0
load ../lib

links="cgroup ipc mnt net pid pid_for_children time time_for_children user uts"

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

# column NAME TARGET: "LINK VALUE", one link a line.
column() {
	"$nsctl" show --raw --noheadings --output "LINK,$1" "$2"
}

# field KEY TARGET: a line of the text above or instead of the table.
field() {
	"$nsctl" show "$2" | sed -n "s/^  $1  *//p"
}

json() { # json JQ-FILTER TARGET
	"$nsctl" show --json "$2" | jq -c "$1"
}

# ---- processes

@test "the ten links of a process are what readlink says" {
	start_apart
	local link expected=
	for link in $links; do
		expected+="$link $(inode_of "$pid" "$link")"$'\n'
	done
	is "$(column NS "$pid")" "${expected%$'\n'}"
}

@test "without a TARGET: of the caller" {
	is "$("$nsctl" show -rn -o LINK,NS)" "$(column NS self)"
	is "$("$nsctl" show | grep -c ' yes ')" 10
}

@test "…_for_children that differ from what the process itself is in" {
	start unshare --fork --kill-child --pid sleep 1000
	wait_for child_of "$pid"
	is "$(column NS "$pid" | grep '^pid')" "pid $(inode_of self pid)
pid_for_children $(inode_of "$pid" pid_for_children)"
}

@test "whether the caller is in it" {
	start_unshared --net --ipc
	is "$(column CALLER "$pid" | grep ' no$')" "ipc no
net no"
	is "$(column CALLER "$pid" | grep -c ' yes$')" 8
}

@test "whether the caller is in it: as the caller sees it" {
	start_unshared --net --ipc
	is "$(nsenter --net --target "$pid" "$nsctl" show -rn -o LINK,CALLER "$pid" | grep ' no$')" "ipc no"
}

@test "the owner and the parent" {
	start_apart
	local user_ns own
	user_ns=$(inode_of "$pid" user)
	own=$(inode_of self user)
	is "$(column OWNER "$pid")" "$(for link in $links; do
		[ "$link" = user ] && echo "user $own" || echo "$link $user_ns"
	done)"
	is "$(column PARENT "$pid" | grep -v -- '-$')" "pid $(inode_of self pid)
pid_for_children $(inode_of self pid)
user $own"
}

@test "the owner of what was made before the user namespace is the outer one" {
	start unshare --net unshare --user --uts sleep 1000
	wait_for runs "$pid" sleep
	is "$(column OWNER "$pid" | grep -E '^(net|uts) ')" "net $(inode_of self user)
uts $(inode_of "$pid" user)"
}

@test "the first user namespace has neither owner nor parent: null" {
	is "$(json '.namespaces[] | select(.link == "user") | [.owner, .parent]' self)" "[null,null]"
}

@test "an owner outside the caller's user namespace: said in its place, null in JSON" {
	is "$(unshare --user "$nsctl" show -rn -o LINK,OWNER self | grep '^net ')" "net outside"
	is "$(unshare --user "$nsctl" show -J self | jq -c '.namespaces[] | select(.link == "net").owner')" null
}

@test "the 64-bit ids are the kernel's" {
	"$odd" id /proc/self/ns/net >/dev/null 2>&1 || skip "this kernel has no namespace ids"
	start_apart
	is "$(column NSID "$pid")" "$(for link in $links; do
		echo "$link $("$odd" id "/proc/$pid/ns/$link")"
	done)"
}

@test "uid and gid maps" {
	start_unshared --user
	# The kernel wants a map in one write.
	cat <<<$'0 100000 1000\n1000 1000 1' >"/proc/$pid/uid_map"
	echo "5 200000 7" >"/proc/$pid/gid_map"
	is "$(field 'uid map' "$pid")" "0 100000 1000, 1000 1000 1"
	is "$(field 'gid map' "$pid")" "5 200000 7"
	is "$(json .gid_map "$pid")" '[{"inside":5,"outside":200000,"count":7}]'
	is "$(json '.uid_map | length' "$pid")" 2
}

@test "maps that nobody has written yet" {
	start_unshared --user
	is "$(field 'uid map' "$pid")" "not set"
	is "$(json '[.uid_map, .gid_map]' "$pid")" "[[],[]]"
}

@test "the NSpid chain" {
	start unshare --fork --kill-child --pid unshare --fork --kill-child --pid sleep 1000
	wait_for child_of "$pid"
	pid=$(child_of "$pid")
	wait_for child_of "$pid"
	pid=$(child_of "$pid")
	wait_for runs "$pid" sleep
	local chain
	chain=$(sed -n 's/^NSpid:\t//p' "/proc/$pid/status" | tr '\t' ' ')
	is "$(wc -w <<<"$chain")" 3
	is "$(field NSpid "$pid")" "$chain"
	is "$(json .nspid "$pid")" "[${chain// /,}]"
}

@test "a process in a child pid namespace, seen from inside" {
	start_in --pid --mount --mount-proc
	is "$(nsenter --target "$pid" --pid --mount "$nsctl" show -J 1 | jq -c '[.pid, .nspid, .name]')" '[1,[1],"sleep"]'
}

@test "PID 1" {
	is "$(json '[.pid, .kind, (.namespaces | length)]' 1)" '[1,"process",10]'
}

@test "name, state, parent, user and group" {
	start_as_user
	is "$(json '[.kind, .name, .state, .tgid, .ppid, .euid, .egid]' "$pid")" \
		"[\"process\",\"sleep\",\"S\",$pid,$(sed -n 's/^PPid:\t//p' "/proc/$pid/status"),$user,$user]"
}

@test "a thread that left its process's namespaces is listed" {
	start_odd threads
	is "$(field 'thread apart' "$pid")" "$told (apart) net:[$(inode_of "$told" net)] uts:[$(inode_of "$told" uts)]"
	is "$(json '.threads_apart[] | [.tid, .name, .links.net, .links.uts, .links.ipc]' "$pid")" \
		"[$told,\"apart\",$(inode_of "$told" net),$(inode_of "$told" uts),$(inode_of "$told" ipc)]"
}

@test "a thread that is where its process is, is not listed" {
	is "$(json .threads_apart "$$")" "[]"
	is "$(field 'thread apart' "$$")" ""
}

@test "of a thread: its process, and its own links" {
	start_odd threads
	is "$(field process "$told")" "$pid"
	is "$(column NS "$told" | grep '^net ')" "net $(inode_of "$told" net)"
}

@test "a zombie: no namespaces but two" {
	start_odd zombie
	run --separate-stderr "$nsctl" show "$told"
	[ "$status" -eq 0 ]
	is "${lines[0]}" "zombie $told"
	is "$(column NS "$told" | grep -v ' none$')" "pid $(inode_of self pid)
user $(inode_of self user)"
	is "$(json '[.kind, .state, (.namespaces | map(select(.ns == null)) | length)]' "$told")" '["zombie","Z",8]'
}

@test "another user's process: denied in its place, the rest shown, said last" {
	start_unshared --net
	run --separate-stderr as_user "$nsctl" show "$pid"
	[ "$status" -eq 0 ]
	is "${lines[0]}" "process $pid"
	is "$(grep -c ' denied' <<<"$output")" 10
	[[ $output == *"  name         sleep"*"  user, group  0 0"* ]]
	is "${#stderr_lines[@]}" 1
	[[ $stderr == *"10 of 10 links of process $pid could not be read"*"run as root"* ]]
}

@test "another user's process in JSON: null, and a warning" {
	start_unshared --net
	run --separate-stderr as_user "$nsctl" show --json "$pid"
	[ "$status" -eq 0 ]
	is "$(jq -c '[.namespaces[].ns] | unique' <<<"$output")" "[null]"
	is "$(jq -c '.warnings | length' <<<"$output")" 1
	[[ $(jq -r '.warnings[0]' <<<"$output") == "10 of 10 links could not be read"* ]]
}

@test "a root without the capability is not told to run as root" {
	start_as_user
	run --separate-stderr setpriv --bounding-set -sys_ptrace --inh-caps -all -- "$nsctl" show "$pid"
	[ "$status" -eq 0 ]
	[[ $stderr == *"10 of 10 links"* ]]
	[[ $stderr != *"run as root"* ]]
}

@test "a process that ends during the look" {
	start_unshared --net
	local target=$pid show
	# Stops the program when it reads the fourth of the links.
	ASAN_OPTIONS=detect_leaks=0 strace -o "$scratch/log" -e trace=readlinkat \
		-e inject=readlinkat:signal=SIGSTOP:when=4 \
		"$nsctl" show "$target" >"$scratch/out" 2>"$scratch/err" 3>&- &
	show=$!
	started+=("$show")
	wait_for grep -q 'stopped by SIGSTOP' "$scratch/log"
	pid=$(child_of "$show")
	started+=("$pid")
	stop "$target"
	kill -CONT "$pid"
	ends_with 1 "$show"
	is "$(cat "$scratch/out")" ""
	[[ $(cat "$scratch/err") == *"process $target ended while it was looked at"* ]]
}

# ---- namespaces

# A namespace without a parent: what all types have.
has_facts() { # has_facts NS
	is "$(json '[.type, .ns, .caller, .owner, .owner_uid]' "$1")" \
		"[\"${1%%:*}\",$(tr -dc 0-9 <<<"$1"),false,$(inode_of self user),0]"
}

@test "a cgroup, an ipc, a net namespace: type, inode, owner, its uid, a process" {
	start_unshared --cgroup --ipc --net
	local type
	for type in cgroup ipc net; do
		has_facts "$(ns_of "$pid" "$type")"
		is "$(json '[.parent, .member]' "$(ns_of "$pid" "$type")")" "[null,$pid]"
	done
}

@test "in words" {
	start_unshared --net
	is "$("$nsctl" show "/proc/$pid/ns/net" | grep -v '^  id ')" "$(ns_of "$pid" net)
  type         net
  caller       is not in it
  owner        $(ns_of self user)
  owner uid    0
  a process    $pid"
}

@test "the caller's own" {
	is "$(json .caller /proc/self/ns/net)" true
	is "$(field caller /proc/self/ns/net)" "is in it"
}

@test "a mnt namespace: as many mounts as lines in mountinfo" {
	start unshare --mount sh -c 'mount -t tmpfs none /tmp && mount -t tmpfs none /tmp && exec sleep 1000'
	wait_for runs "$pid" sleep
	has_facts "$(ns_of "$pid" mnt)"
	is "$(field mounts "/proc/$pid/ns/mnt")" "$(wc -l <"/proc/$pid/mountinfo")"
	is "$(json .mounts "/proc/$pid/ns/mnt")" "$(wc -l <"/proc/$pid/mountinfo")"
}

@test "a time namespace: the offsets" {
	start_in --time --boottime 86400 --monotonic -5
	local file=/proc/$pid/ns/time
	has_facts "$(ns_of "$pid" time)"
	is "$(field boottime "$file")" "+86400.000000000 s"
	is "$(field monotonic "$file")" "-5.000000000 s"
	is "$(json '[.offsets.boottime.seconds, .offsets.monotonic.seconds, .offsets.monotonic.nanoseconds]' "$file")" \
		"[86400,-5,0]"
}

@test "a uts namespace: the host name" {
	start unshare --uts sh -c 'printf blue >/proc/sys/kernel/hostname; exec sleep 1000'
	wait_for runs "$pid" sleep
	has_facts "$(ns_of "$pid" uts)"
	is "$(field 'host name' "/proc/$pid/ns/uts")" blue
	is "$(json .host_name "/proc/$pid/ns/uts")" '"blue"'
	is "$(field 'host name' /proc/self/ns/uts)" "$(cat /proc/sys/kernel/hostname)"
}

@test "a uts namespace: the host name has no process to tell it" {
	start unshare --uts sh -c 'printf blue >/proc/sys/kernel/hostname; exec sleep 1000'
	wait_for runs "$pid" sleep
	touch "$scratch/uts"
	mount --bind "/proc/$pid/ns/uts" "$scratch/uts"
	mounted+=("$scratch/uts")
	stop "$pid"
	is "$(field 'host name' "$scratch/uts")" blue
	is "$(field 'a process' "$scratch/uts")" "none: \`nsctl why 'uts:[$(stat -c %i "$scratch/uts")]'\` shows what keeps it"
	is "$(json .member "$scratch/uts")" null
}

@test "a uts namespace that the caller may not enter: denied" {
	start unshare --uts setpriv --reuid="$user" --regid="$user" --clear-groups -- sleep 1000
	wait_for runs "$pid" sleep
	is "$(as_user "$nsctl" show "/proc/$pid/ns/uts" | sed -n 's/^  host name  *//p')" denied
	is "$(as_user "$nsctl" show -J "/proc/$pid/ns/uts" | jq .host_name)" null
}

@test "a user namespace: owner, parent, owner uid, maps" {
	start_unshared_as_user --user
	echo "0 300000 10" >"/proc/$pid/uid_map"
	echo "1 400000 20" >"/proc/$pid/gid_map"
	local file=/proc/$pid/ns/user own
	own=$(inode_of self user)
	is "$(json '[.type, .owner, .parent, .owner_uid]' "$file")" "[\"user\",$own,$own,$user]"
	is "$(field 'uid map' "$file")" "0 300000 10"
	is "$(field 'gid map' "$file")" "1 400000 20"
	is "$(json '[.uid_map, .gid_map]' "$file")" \
		'[[{"inside":0,"outside":300000,"count":10}],[{"inside":1,"outside":400000,"count":20}]]'
}

@test "a pid namespace: its parent" {
	start_in --pid
	has_facts "$(ns_of "$pid" pid)"
	is "$(json '[.parent, .member]' "/proc/$pid/ns/pid")" "[$(inode_of self pid),$pid]"
	is "$(field parent "/proc/$pid/ns/pid")" "$(ns_of self pid)"
}

@test "the uid that owns: of the user namespace that owns it" {
	start_unshared_as_user --user --net
	is "$(json .owner_uid "/proc/$pid/ns/net")" "$user"
	is "$(json .owner "/proc/$pid/ns/net")" "$(inode_of "$pid" user)"
}

# ---- forms of output

@test "--json of a process: every key, each of its type" {
	start_unshared --net --user
	# The tests may run in a systemd unit.
	is "$(json 'map_values(type)' "$pid" | jq -cS '.unit |= sub("string"; "null")')" "$(jq -cnS '{
		schema: "number", pid: "number", kind: "string", name: "string", state: "string", tgid: "number",
		ppid: "number", euid: "number", egid: "number", nspid: "array", uid_map: "array", gid_map: "array",
		container: "null", container_id: "null", runtime: "null", image: "null", pod: "null", unit: "null",
		namespaces: "array", threads_apart: "array", warnings: "array"}')"
	is "$(json '.namespaces[] | select(.link == "user") | map_values(type)' "$pid" | jq -cS 'del(.nsid)')" \
		'{"caller":"boolean","link":"string","ns":"number","owner":"number","parent":"number","type":"string"}'
	is "$(json '[.schema, .warnings, .threads_apart]' "$pid")" '[1,[],[]]'
}

@test "--json of a namespace: every key, each of its type" {
	start_apart
	local type key
	for type in cgroup:none ipc:none net:none pid:none mnt:mounts time:offsets uts:host_name user:uid_map; do
		key=${type#*:}
		type=${type%:*}
		is "$(json 'keys - ["gid_map"] | join(" ")' "/proc/$pid/ns/$type")" "\"$(
			printf '%s\n' caller member ns nsid owner owner_uid parent schema type warnings \
				"${key/none/}" | grep . | sort | paste -sd ' '
		)\""
		is "$(json '[.type, .ns, .owner, .owner_uid, .member] | map(type)' "/proc/$pid/ns/$type")" \
			'["string","number","number","number","number"]'
	done
}

@test "--json: -o chooses the keys of the namespaces, in lower case" {
	is "$("$nsctl" show -J -o ns,TYPE self | jq -c '.namespaces | map(keys) | unique')" '[["ns","type"]]'
}

@test "--raw: a table alone, fields apart by one blank" {
	start_apart
	is "$("$nsctl" show --raw "$pid" | head -1)" "LINK NS CALLER OWNER PARENT"
	is "$("$nsctl" show --raw "$pid" | wc -l)" 11
	is "$("$nsctl" show --raw "$pid" | awk -F ' ' '{ print NF }' | uniq)" 5
}

@test "--raw: what is unknown keeps its place" {
	start_unshared --net
	run --separate-stderr as_user "$nsctl" show --raw --noheadings "$pid"
	is "$(tr -dc ' \n' <<<"${lines[0]}")" "    "
	is "$(cut -d ' ' -f 1,2 <<<"${lines[3]}")" "net denied"
}

@test "--raw of a namespace: one row of the same columns" {
	start_unshared --net
	is "$("$nsctl" show -rn -o link,type,ns,caller,owner,parent "/proc/$pid/ns/net")" \
		"net net $(inode_of "$pid" net) no $(inode_of self user) -"
}

@test "-n: no headings" {
	is "$("$nsctl" show self | grep -c '^LINK ')" 1
	is "$("$nsctl" show -n self | grep -c '^LINK ')" 0
	is "$("$nsctl" show --raw --noheadings self | wc -l)" 10
}

@test "-o: these columns, in this order, in either case" {
	is "$("$nsctl" show -r -o caller,Link self | head -2)" "CALLER LINK
yes cgroup"
}

@test "-o +COL: adds" {
	is "$("$nsctl" show -r -o +TYPE self | head -1)" "LINK NS CALLER OWNER PARENT TYPE"
}

@test "--output-all, and -H lists just those" {
	is "$("$nsctl" show -r --output-all self | head -1)" "$("$nsctl" show -H | awk '{ print $1 }' | paste -sd ' ')"
	is "$("$nsctl" show --list-columns | wc -l)" 7
}

@test "-u changes nothing where nothing is cut" {
	is "$("$nsctl" show --notruncate self | tail -10)" "$("$nsctl" show self | tail -10)"
}

@test "no such column" {
	refuses 2 "no column 'NOPE'; --list-columns" "$nsctl" show -o LINK,NOPE self
	refuses 2 "no column was chosen" "$nsctl" show -o "" self
}

# ---- hostile text

@test "a hostile name of a process is never printed raw" {
	start_odd named $'\e[31m\n"\\\xff\x9b'
	local option
	for option in --notruncate --raw --json; do
		run --separate-stderr "$nsctl" show "$option" "$pid"
		[ "$status" -eq 0 ]
		is_clean "$output"
	done
	is "$("$nsctl" show "$pid" | wc -l)" "$("$nsctl" show "$$" | wc -l)"
	is "$(field name "$pid")" '\x1b[31m\x0a"\\xff\x9b'
	is "$(json .name "$pid" | jq -r .)" "$(field name "$pid")"
}

@test "a name in UTF-8 stays as it is" {
	start_odd named 'blåbär'
	is "$(field name "$pid")" blåbär
	is "$(json .name "$pid")" '"blåbär"'
}

@test "a hostile host name is never printed raw" {
	start unshare --uts sh -c 'printf "a\033[2Jb" >/proc/sys/kernel/hostname; exec sleep 1000'
	wait_for runs "$pid" sleep
	is "$(field 'host name' "/proc/$pid/ns/uts")" 'a\x1b[2Jb'
	is "$(json .host_name "/proc/$pid/ns/uts" | jq -r .)" 'a\x1b[2Jb'
}

@test "a hostile TARGET is never printed raw in an error" {
	run --separate-stderr "$nsctl" show $'./\e[31m\n\xff'
	[ "$status" -eq 1 ]
	is "${#stderr_lines[@]}" 1
	is_clean "$stderr"
	[[ $stderr == *'./\x1b[31m\x0a\xff'* ]]
}
