# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl keep and nsctl drop: names that hold namespaces.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	hide_names
}

teardown() {
	common_teardown
}

# keep_apart NAME: all eight namespaces of a process, which is $pid.  Linux 6.18
# refuses to mount a mnt namespace by chance (see nsctl-keep(1)): then another one.
keep_apart() {
	local i
	for ((i = 0; i < 100; i++)); do
		start_with_cpu $((i % $(nproc)))
		"$nsctl" keep "$1" "$pid" 2>"$scratch/refused" && return
		grep -q "is lower than" "$scratch/refused"
		stop "$pid"
	done
	return 1
}

start_with_cpu() {
	local all
	all=$(taskset -pc $$)
	taskset -pc "$1" $$ >/dev/null
	start_apart
	taskset -pc "${all##* }" $$ >/dev/null
}

@test "a namespace stays for an open file, for a name, and for nothing else" {
	local by_file by_name by_nothing
	start_unshared --net
	by_file=$(inode_of "$pid" net)
	exec 7<"/proc/$pid/ns/net"
	stop "$pid"
	start_unshared --net
	by_name=$(inode_of "$pid" net)
	"$nsctl" keep stays "$pid"
	stop "$pid"
	start_unshared --net
	by_nothing=$(lasting_name net "$(inode_of "$pid" net)")
	stop "$pid"

	wait_for is_freed "$by_nothing"
	is "$("$nsctl" enter "net:[$by_file]" readlink /proc/self/ns/net)" "net:[$by_file]"
	is "$("$nsctl" enter stays readlink /proc/self/ns/net)" "net:[$by_name]"
	by_file=$(lasting_name net "$by_file")
	by_name=$(lasting_name net "$by_name")
	exec 7<&-
	wait_for is_freed "$by_file"
	"$nsctl" drop stays
	wait_for is_freed "$by_name"
}

@test "all namespaces of a process are kept, entered together, and dropped" {
	local expected
	keep_apart web
	expected=$(all_ns "$pid")
	is "$("$nsctl" keep -rn -o NAME,TYPE,NS | sed -E 's/^web (\w+) (\w+)$/\1:[\2]/')" "$expected"
	is "$("$nsctl" enter web readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts})" "$expected"
	is "$("$nsctl" enter keep:web readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts})" "$expected"
	run -0 --separate-stderr "$nsctl" drop -rn -o HELD,HOLDER,PID web
	[[ $output == *"net:[$(inode_of "$pid" net)] process $pid"* ]]
	has_no_names
	refuses 1 "no namespace is kept as 'web'" "$nsctl" drop web
	refuses 2 "'web' is not a target" "$nsctl" show web
}

@test "each type alone is kept, entered and shown" {
	local type
	# A mnt namespace to which the mounts propagate, where the kernel lets them.
	start_unshared --uts
	"$nsctl" keep first "$pid"
	start_unshared --mount --propagation slave
	"$nsctl" drop -q first
	keep_apart all
	# Its /proc shows the processes of its pid namespace alone.
	is "$("$nsctl" enter keep:all/mnt keep:all/pid -- readlink /proc/self/ns/mnt)" "$(ns_of "$pid" mnt)"
	for type in cgroup ipc mnt net pid time user uts; do
		"$nsctl" keep "one-$type" "keep:all/$type"
		[ "$type" = mnt ] || is "$("$nsctl" enter "one-$type" readlink "/proc/self/ns/$type" 2>/dev/null)" "$(ns_of "$pid" "$type")"
		is "$("$nsctl" show "one-$type" | head -n 1)" "$(ns_of "$pid" "$type")"
		is "$("$nsctl" list -rn -o NS,KEPT "keep:all/$type")" "$(inode_of "$pid" "$type") all,one-$type"
		"$nsctl" drop -q "one-$type"
	done
	"$nsctl" drop -q all
	has_no_names
}

@test "--type names what is kept of a process, and checks what is kept of anything else" {
	start_unshared --net --uts
	"$nsctl" keep one "$pid" --type uts
	is "$("$nsctl" keep -rn -o TYPE)" uts
	"$nsctl" keep -t ipc own "$pid"
	is "$("$nsctl" keep -rn -o NAME,NS | grep own)" "own $(inode_of self ipc)"
	"$nsctl" keep file "/proc/$pid/ns/net"
	is "$("$nsctl" show keep:file/net | head -n 1)" "$(ns_of "$pid" net)"
	refuses 1 "has no uts namespace" "$nsctl" keep -t uts wrong "/proc/$pid/ns/net"
	refuses 1 "'file' keeps no mnt namespace; it keeps net" "$nsctl" show keep:file/mnt
	refuses 1 "has no namespace of its own" "$nsctl" keep mine self
	refuses 1 "is the caller's" "$nsctl" keep -t mnt mine self
}

@test "a name is refused for each reason, in one line" {
	local long two_hundred
	long=$(printf '%255s' '' | tr ' ' a)
	two_hundred=${long:0:200}
	for name in ../x a/b . .. .hidden -- -x a:b 12 4026531840 self "" "a b" $'a\nb' $'a\tb' $'\e[31m' $'a\x7f' \
		$'\xff' $'a\u200b' "$long" "${two_hundred}a"; do
		refuses 2 "name" "$nsctl" keep -- "$name" $$
		is_safe "$stderr"
		refuses 2 "" "$nsctl" drop -- "$name"
	done
	refuses 2 "missing TARGET" "$nsctl" keep web
	refuses 2 "missing NAME" "$nsctl" drop
	refuses 2 "is not a target" "$nsctl" show keep:../x
	refuses 2 "is not a target" "$nsctl" show "keep:$long"
	start_unshared --uts
	"$nsctl" keep "$two_hundred" "$pid"
	"$nsctl" keep é "$pid"
	is "$("$nsctl" enter é hostname)" "$(hostname)"
	"$nsctl" drop -q "$two_hundred" é
	has_no_names
}

@test "a name in use is refused, and a near one is suggested" {
	start_unshared --uts
	"$nsctl" keep web-1 "$pid"
	refuses 1 "the name 'web-1' is in use" "$nsctl" keep web-1 "$pid"
	refuses 1 "did you mean 'web-1'?" "$nsctl" drop web-2
	run -1 --separate-stderr "$nsctl" drop -q none web-1
	has_no_names
}

# as_mounting_user COMMAND…: as the user, with the capability to mount.
as_mounting_user() {
	setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all,+sys_admin \
		--ambient-caps=-all,+sys_admin -- env XDG_RUNTIME_DIR="$scratch/user" "$@"
}

@test "a name is refused that is in use in the other directory of names" {
	mkdir "$scratch/user"
	chown "$user:$user" "$scratch/user"
	chmod 700 "$scratch/user"
	mounted+=("$scratch/user/nsctl")
	start_unshared_as_user --user --map-root-user --uts
	as_mounting_user "$nsctl" keep users "$pid" -t uts
	"$nsctl" keep roots "$pid" -t uts
	refuses 1 "the name 'roots' is in use" as_mounting_user "$nsctl" keep roots "$pid" -t uts
	sed -i 's/^boot ......../boot 00000000/' /run/nsctl/roots/record
	refuses 1 "the name 'roots' is in use" as_mounting_user "$nsctl" keep roots "$pid" -t uts
	as_mounting_user "$nsctl" drop -q users
	"$nsctl" keep roots "$pid" -t uts
	"$nsctl" drop -q roots
	has_no_names
}

@test "drop shows what still holds the namespace, and nothing if nothing does" {
	start_unshared --uts
	"$nsctl" keep web "$pid"
	"$nsctl" keep other "$pid"
	run -0 --separate-stderr "$nsctl" drop -rn -o HOLDER,WHAT web
	is "${output//\\x20/ }" "process sleep 1000
mount /run/nsctl/other/uts"
	stop "$pid"
	run -0 --separate-stderr "$nsctl" drop other
	is "$output$stderr" ""
	start_unshared --uts
	"$nsctl" keep web "$pid"
	run -0 --separate-stderr "$nsctl" drop --quiet web
	is "$output$stderr" ""
}

@test "a dropped name is gone from every mnt namespace that had a copy" {
	local holder
	start_unshared --uts
	"$nsctl" keep web "$pid"
	for holder in private slave; do
		start_unshared --mount --propagation "$holder"
		grep -q /run/nsctl/web/uts "/proc/$pid/mountinfo"
		run -0 "$nsctl" list -rn -o NSFS keep:web
		is "$output" /run/nsctl/web/uts
	done
	start_unshared --user --map-root-user --mount
	"$nsctl" drop -q web
	run -1 grep -l /run/nsctl/web /proc/[0-9]*/mountinfo
}

@test "list, sets and why know the names" {
	start_unshared --net
	"$nsctl" keep a "$pid"
	"$nsctl" keep b "$pid"
	is "$("$nsctl" sets -rn -o PID,KEPT "$pid")" "$pid a,b"
	stop "$pid"
	run -0 --separate-stderr "$nsctl" list -P
	[[ ${lines[0]} == *KEPT* ]]
	is "$("$nsctl" list -rn -o KEPT a)" a,b
	is "$("$nsctl" list -J -o KEPT a | jq -c '.namespaces[].kept')" '["a","b"]'
	is "$("$nsctl" why -rn -o HOLDER,WHAT a)" "mount /run/nsctl/a/net
mount /run/nsctl/b/net"
	is "$("$nsctl" keep -J | jq -c '.kept[0] | [.name, .type, .path, .problem]')" '["a","net","/run/nsctl/a/net",null]'
	"$nsctl" drop -q a b
	run -0 --separate-stderr "$nsctl" list -P
	[[ ${lines[0]} != *KEPT* ]]
}

@test "what why offers for a kept name is to drop it, and new --name keeps from the start" {
	"$nsctl" new -u --name lasting hostname kept
	is "$("$nsctl" enter keep:lasting hostname)" kept
	is "$("$nsctl" why -J keep:lasting | jq -r ".holders[].release")" "nsctl drop lasting"
	refuses 125 "in use" "$nsctl" new -u --name lasting true
	refuses 127 "cannot execute" "$nsctl" new -u --name undone /nonexistent
	run -125 "$nsctl" new -m --mount-proc=/nonexistent --name undone true
	refuses 2 "not a name" "$nsctl" new -u --name ../undone true
	refuses 2 "--no-fork" "$nsctl" new -p --name undone --no-fork true
	"$nsctl" drop lasting
	has_no_names
}

@test "a name of several namespaces: list has each, ps what is in any, show and why want one" {
	start_unshared --net --uts
	"$nsctl" keep both "$pid"
	is "$("$nsctl" list -rn --sort TYPE -o TYPE both)" "net
uts"
	start nsenter -t "$pid" -u sleep 1000
	wait_for runs "$pid" sleep
	is "$("$nsctl" ps -rn -o PID both | wc -l)" 2
	is "$("$nsctl" ps -rn -o PID keep:both/net | wc -l)" 1
	is "$("$nsctl" sets -rn -o PID both | wc -l)" 2
	refuses 1 "'both' is 2 namespaces, not one; name one: keep:both/net, keep:both/uts" "$nsctl" show both
	refuses 1 "name one: keep:both/net, keep:both/uts" "$nsctl" why keep:both
	run "$nsctl" compare keep:both self
	[ "$status" -eq 1 ]
}

@test "a kept name is a target only where a target is expected" {
	start_unshared --uts
	"$nsctl" keep hostname "$pid"
	"$nsctl" keep web "$pid"
	is "$("$nsctl" enter web hostname)" "$(hostname)"
	is "$("$nsctl" enter keep:web hostname -- 2>&1)" "$("hostname" -- 2>&1)"
}

@test "a name unmounted by hand, or with a damaged record, is reported and can be dropped" {
	start_unshared --net --uts
	"$nsctl" keep web "$pid"
	umount /run/nsctl/web/net
	is "$("$nsctl" keep -r -n -o TYPE,PROBLEM | sed 's/\\x20/ /g')" "net not mounted here
uts -"
	refuses 125 "the net namespace of 'web' is not mounted here" "$nsctl" enter web true
	"$nsctl" enter keep:web/uts true
	run -0 --separate-stderr "$nsctl" drop -q web
	[[ $stderr == *"'web' is dropped; its net namespace was no longer mounted"* ]]
	has_no_names
	for edit in d 's/.*/x/' 's/^nsctl-keep 1/nsctl-keep 2/' 's/^boot .*/boot x/' 's/^net 4/net 04/' \
		'/^net /{h;d}; $G' '$G' '$s/^/ip-netns 5\n/'; do
		"$nsctl" keep web "$pid"
		sed -i "$edit" /run/nsctl/web/record
		refuses 125 "the record of the kept name 'web' is damaged" "$nsctl" enter web true
		is "$("$nsctl" keep -rn -o PROBLEM | sed 's/\\x20/ /g')" "its record is damaged"
		run -0 --separate-stderr "$nsctl" drop -q web
		[[ $stderr == *"its record was damaged"* ]]
		has_no_names
	done
}

@test "another namespace in the place of the kept one is refused" {
	start_unshared --uts
	"$nsctl" keep web "$pid"
	start_unshared --uts
	umount /run/nsctl/web/uts
	mount --bind "/proc/$pid/ns/uts" /run/nsctl/web/uts
	refuses 125 "is not the one that was kept" "$nsctl" enter web true
	run -0 --separate-stderr "$nsctl" drop -q web
	[[ $stderr == *"its uts namespace was another one"* ]]
	has_no_names
}

@test "a name of an earlier boot is refused, and replaced by a new one" {
	start_unshared --uts
	"$nsctl" keep web "$pid"
	sed -i 's/^boot ......../boot 00000000/' /run/nsctl/web/record
	refuses 125 "before the machine was booted" "$nsctl" enter web true
	is "$("$nsctl" keep -rn -o PROBLEM | sed 's/\\x20/ /g')" "of an earlier boot"
	"$nsctl" keep web "$pid"
	"$nsctl" enter web true
	"$nsctl" drop -q web
	has_no_names
}

@test "a pid namespace without its first process is kept with a warning" {
	start_in --pid --mount-proc
	exec 7<"/proc/$pid/ns/pid"
	"$nsctl" keep alive "$pid" -t pid
	run -0 --separate-stderr "$nsctl" keep alive2 "/proc/$pid/ns/pid"
	is "$output$stderr" ""
	kill -KILL "$pid"
	wait_for bash -c "! kill -0 $pid"
	run -0 --separate-stderr "$nsctl" keep dead "/proc/$$/fd/7"
	[[ $(uname -r) == [1-5].* ]] || [[ $stderr == *"has no process 1"* ]]
	run -125 --separate-stderr "$nsctl" enter dead true
	[[ $stderr == *"the first process of the pid namespace has ended"* ]]
	exec 7<&-
}

@test "--ip-netns: the name is one of ip netns as well" {
	start_unshared --net
	"$nsctl" keep blue "$pid" --ip-netns
	is "$(ip netns list 2>/dev/null | grep -o '^blue')" blue
	is "$(ip netns exec blue readlink /proc/self/ns/net)" "$(ns_of "$pid" net)"
	is "$("$nsctl" enter netns:blue readlink /proc/self/ns/net)" "$(ns_of "$pid" net)"
	"$nsctl" drop -q blue
	is "$(ls -A /run/netns)" ""
	has_no_names
	# Dropped by ip itself.
	"$nsctl" keep blue "$pid" --ip-netns
	ip netns del blue
	run -0 --separate-stderr "$nsctl" drop -q blue
	is "$output$stderr" ""
	# Another one took its place.
	"$nsctl" keep blue "$pid" --ip-netns
	ip netns del blue
	ip netns add blue
	run -0 --separate-stderr "$nsctl" drop -q blue
	[[ $stderr == *"ip netns has another namespace by this name, which stays"* ]]
	ip netns exec blue true
	refuses 1 "ip netns already has the name 'blue'" "$nsctl" keep blue "$pid" --ip-netns
	has_no_names
	ip netns del blue
	start_unshared --uts
	refuses 1 "no net namespace" "$nsctl" keep blue "$pid" --ip-netns
	has_no_names
}

@test "--ip-netns: a name that ip netns could not lose is removed by the next nsctl" {
	start_unshared --net
	"$nsctl" keep blue "$pid" --ip-netns
	mount -o remount,bind,ro /run/netns
	run -1 --separate-stderr "$nsctl" drop blue
	[[ $stderr == "nsctl drop: cannot remove /run/netns/blue: Read-only file system; "* ]]
	is "$(ls /run/netns)" blue
	is "$("$nsctl" keep -rn)" ""
	mount -o remount,bind,rw /run/netns
	start_unshared --uts
	"$nsctl" keep other "$pid"
	is "$(ls -A /run/netns)" ""
	"$nsctl" drop -q other
	has_no_names
}

@test "a user keeps names in a mnt namespace of his own, and is told so elsewhere" {
	mkdir "$scratch/user"
	chown "$user:$user" "$scratch/user"
	chmod 700 "$scratch/user"
	start_unshared_as_user --user --map-root-user --uts
	refuses 1 "CAP_SYS_ADMIN" as_user env XDG_RUNTIME_DIR="$scratch/user" "$nsctl" keep mine "$pid"
	is "$(ls -A "$scratch/user")" ""
	refuses 1 "XDG_RUNTIME_DIR names none" as_user env -u XDG_RUNTIME_DIR "$nsctl" keep mine "$pid"
	chmod 777 "$scratch/user"
	refuses 1 "others can write there" as_user env XDG_RUNTIME_DIR="$scratch/user" "$nsctl" keep mine "$pid"
	chmod 700 "$scratch/user"
	cat >"$scratch/inside" <<-'END'
		set -e
		unshare --uts sleep 1000 &
		until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done
		trap "kill $!" EXIT
		"$1" keep mine "$!"
		"$1" keep -rn -o NAME,TYPE,PATH
		"$1" enter mine readlink /proc/self/ns/uts
		readlink "/proc/$!/ns/uts"
		"$1" drop -q mine
		! "$1" show mine 2>/dev/null
	END
	run -0 --separate-stderr as_user env XDG_RUNTIME_DIR="$scratch/user" unshare -Urm bash "$scratch/inside" "$nsctl"
	is "${lines[0]}" "mine uts $scratch/user/nsctl/mine/uts"
	is "${lines[1]}" "${lines[2]}"
}

@test "a directory of names that cannot be mounted is removed again" {
	start_unshared --uts
	# The third call mounts it; those before ask whether it is mounted.
	run -1 --separate-stderr strace -o /dev/null -e inject=mount:error=EPERM:when=3 "$nsctl" keep web "$pid"
	[[ $stderr == *"CAP_SYS_ADMIN"* ]]
	is "$(ls -A /run)" ""
	"$nsctl" keep web "$pid"
	"$nsctl" drop -q web
	has_no_names
}

@test "a user looks names of root up, but can neither lock nor drop them" {
	start_unshared_as_user --user --map-root-user --uts
	"$nsctl" keep his "$pid"
	is "$(as_user "$nsctl" keep -rn -o NAME,TYPE)" "his user
his uts"
	is "$(as_user "$nsctl" enter his readlink /proc/self/ns/uts)" "$(ns_of "$pid" uts)"
	refuses 1 "run as root" as_user "$nsctl" drop his
	run as_user flock -n /run/nsctl/his true
	[ "$status" -ne 0 ]
	"$nsctl" drop -q his
	has_no_names
}

@test "drop --holders drops a name that holds nothing else, and reports one that does" {
	start_unshared --uts --ipc
	"$nsctl" keep both "$pid"
	"$nsctl" keep first "$pid" --type uts
	"$nsctl" keep second "$pid" --type uts
	stop "$pid"
	run -0 --separate-stderr "$nsctl" drop --holders --dry-run keep:first
	"$nsctl" enter second true
	run -0 --separate-stderr "$nsctl" drop --holders keep:first
	[[ $output == *"The name 'first' is dropped."*"The name 'second' is dropped."*"Nothing holds it any more."* ]]
	[[ $output != *"'both'"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"the name 'both' no longer holds its uts namespace; nsctl drop both removes the name" ]]
	is "$("$nsctl" keep -rn -o NAME,TYPE,PROBLEM | sed 's/\\x20/ /g')" "both ipc -
both uts not mounted here"
	"$nsctl" drop -q both
	has_no_names
}

@test "drop --holders refuses the options of tables" {
	for option in -J -r -n -u --output-all "-o PID"; do
		# shellcheck disable=SC2086 # an option and its value
		refuses 2 "mutually exclusive arguments: --holders" "$nsctl" drop --holders $option "net:[1]"
	done
}

@test "completions offer the names" {
	start_unshared --uts
	"$nsctl" keep blue "$pid"
	is "$("$nsctl" --complete drop "")" "$(printf 'blue\tuts')"
	is "$("$nsctl" --complete show keep:)" "$(printf 'keep:blue\tuts')"
	is "$("$nsctl" --complete keep "")" ""
}

# The sanitizer's search for leaks makes a process, too.
@test "-a and the options for types take of a name what they take of a process" {
	export ASAN_OPTIONS=detect_leaks=0
	local expected
	keep_apart web
	expected=$(all_ns "$pid")
	is "$("$nsctl" enter -a keep:web readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts})" "$expected"
	is "$("$nsctl" enter -a keep:web/net readlink /proc/self/ns/{net,uts})" "$(ns_of "$pid" net)
$(ns_of self uts)"
	is "$("$nsctl" enter -n web readlink /proc/self/ns/{net,uts,user})" "$(ns_of "$pid" net)
$(ns_of self uts)
$(ns_of self user)"
	is "$("$nsctl" enter -u -m -p -t keep:web readlink /proc/self/ns/{net,uts,mnt})" "$(ns_of self net)
$(ns_of "$pid" uts)
$(ns_of "$pid" mnt)"
	is "$("$nsctl" enter -a -t web --net=/proc/self/ns/net readlink /proc/self/ns/{net,uts})" "$(ns_of self net)
$(ns_of "$pid" uts)"
	# Among several targets each is entered as it is.
	is "$("$nsctl" enter -n keep:web/net keep:web/uts -- readlink /proc/self/ns/{net,uts})" "$(ns_of "$pid" net)
$(ns_of "$pid" uts)"
	"$nsctl" keep few "$pid" -t uts,net
	refuses 125 "'few' keeps no mnt namespace; it keeps net, uts" "$nsctl" enter -m keep:few echo ran
	refuses 125 "'few' keeps no mnt namespace; it keeps net, uts" "$nsctl" enter -m -n few echo ran
	refuses 125 "'keep:few/net' has no mnt namespace; it is a net namespace" "$nsctl" enter -m keep:few/net echo ran
	refuses 125 "none of the targets has a mnt namespace" "$nsctl" enter -m keep:few/net keep:few/uts -- echo ran
	refuses 1 "a namespace without a file needs a process" "$as_nsenter" -a --net=/run/nsctl/few/net echo ran
}

# The sanitizer's search for leaks makes a process, too.
@test "-r and -w of a name: the root of its mnt namespace" {
	export ASAN_OPTIONS=detect_leaks=0
	local options
	keep_apart web
	cd "$scratch"
	for options in "" -r -w "-r -w" "-m -p -r" "-m -p -w"; do
		# shellcheck disable=SC2086 # words
		is "$("$nsctl" enter $options keep:web sh -c 'pwd; readlink /proc/self/ns/mnt')" "/
$(ns_of "$pid" mnt)"
	done
	refuses 125 "--root needs a process, or a mnt namespace that is entered; add -m" "$nsctl" enter -n -r web echo ran
	refuses 125 "--wd needs a process, or a mnt namespace that is entered; add -m" "$nsctl" enter -w keep:web/net echo ran
	is "$("$nsctl" enter -n -w"$scratch" web pwd)" "$scratch"
	refuses 1 "--root needs a process" "$as_nsenter" --mount=/run/nsctl/web/mnt -r echo ran
}

# The sanitizer's search for leaks makes a process, too.
@test "a name whose first process has ended: what is advised works" {
	local advice name
	export ASAN_OPTIONS=detect_leaks=0
	keep_apart web
	stop "$pid"
	start_in --user --pid --net
	"$nsctl" keep unmapped "$pid"
	stop "$pid"
	for name in web unmapped keep:web keep:unmapped; do
		run -125 --separate-stderr "$nsctl" enter "$name" echo ran
		is "$output" ""
		[[ ${stderr_lines[-1]} == *"nothing can be started in it; the other namespaces can be entered: nsctl enter -"*" $name" ]]
		advice=${stderr_lines[-1]##*: nsctl enter }
		# shellcheck disable=SC2086 # words
		is "$("$nsctl" enter $advice echo ran)" ran
	done
	[[ $advice == "-n -U --preserve-credentials keep:unmapped" ]]
	# Nothing else of it is left.
	run -125 --separate-stderr "$nsctl" enter keep:web/pid echo ran
	[[ ${stderr_lines[-1]} == *"nothing can be started in it" ]]
	run -125 --separate-stderr "$nsctl" enter keep:web/pid keep:web/net -- echo ran
	[[ ${stderr_lines[-1]} == *"the other namespaces can be entered without it: -n"* ]]
}

@test "a name whose user namespace has no id map" {
	"$nsctl" new -U -u --name bare true
	refuses 125 "group 0 does not exist in the user namespace; its uid_map is empty: use --preserve-credentials" \
		"$nsctl" enter keep:bare echo ran
	is "$("$nsctl" enter --preserve-credentials keep:bare echo ran)" ran
	"$nsctl" new --owner 1000:1000 -n --name owned true
	refuses 125 "its uid_map is empty: use --preserve-credentials" "$nsctl" enter keep:owned echo ran
	is "$("$nsctl" enter --preserve-credentials keep:owned echo ran)" ran
}
