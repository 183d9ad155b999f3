# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl called as lsns, side by side with the system's.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	ln -s nsctl "$scratch/bin/lsns"
	as_lsns=$scratch/bin/lsns
	system_lsns=$(command -v lsns)
}

teardown() {
	common_teardown
}

# Columns are as wide as those of util-linux 2.42, which are narrower at times than those before.
squeeze() {
	tr -s ' ' | sed 's/^ //'
}

# A machine with a bit of everything that both can see.
make_world() {
	start_in --mount --uts --ipc --net --pid --cgroup --mount-proc
	start_in --user --map-root-user --net
	start_unshared_as_user --user --map-root-user
	start_unshared --uts
	# A parent and a child in one namespace.
	start unshare --ipc sh -c 'sleep 1000 & wait; wait; wait; true'
	wait_for child_of "$pid"
	family=$pid
	started+=("$(child_of "$pid")")
}

# The namespaces of the world alone: the machine's own have processes that come and go.
ours() {
	local p paths=()
	for p in "${started[@]}"; do
		paths+=("/proc/$p/ns/"{cgroup,ipc,mnt,net,pid,time,user,uts})
	done
	stat -Lc %i "${paths[@]}" 2>/dev/null | sort -u
}

# The system's lsns prints nothing, and ends with 1, where a process ends while it reads.
run_theirs() {
	local i status
	for ((i = 0; i < 20; i++)); do
		status=0
		"$system_lsns" "$@" >"$scratch/theirs" 2>"$scratch/their-error" || status=$?
		if [ "$status" -eq 0 ] || [ -s "$scratch/their-error" ]; then
			break
		fi
	done
	return "$status"
}

# same OPTION…: for each namespace of the world alone, and status.
same() {
	local a=0 b=0
	run_theirs "$@" || a=$?
	"$as_lsns" "$@" >"$scratch/mine" 2>/dev/null || b=$?
	is "$b" "$a"
	[ -s "$scratch/theirs" ]
	[ -n "$(only_ours "$scratch/theirs")" ]
	is "$(only_ours "$scratch/mine")" "$(only_ours "$scratch/theirs")"
}

# Rows of the machine's first namespaces count processes, which the tests' own
# change; those of other people's are none of ours.
only_ours() {
	grep -E "$(ours | grep -vE "^($first)$" | paste -sd '|')" "$1" |
		sed -E 's/├|\\xe2\\x94\\x9c/└/g; s/\\xe2\\x94\\x94/└/g; s/│/ /g; s/\\xe2\\x94\\x82/\\x20/g; s/ +/ /g'
}

first_namespaces() {
	stat -Lc %i /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts} | paste -sd '|'
}

@test "the default table" {
	make_world
	first=$(first_namespaces)
	same
	same -n
	same -u
	same -r
	same -l
}

@test "columns" {
	make_world
	first=$(first_namespaces)
	same -o NS,TYPE,PATH,NPROCS,PID,PPID,COMMAND,UID,USER
	same -o +PATH
	same -o PNS,ONS,NS
	same -r -o NS,PNS,ONS,NETNSID
	same --output-all
	same -r --output-all
	same -W --output-all
}

@test "types" {
	make_world
	first=$(first_namespaces)
	local type
	for type in mnt net ipc user pid uts cgroup; do
		same -t "$type" -o NS,TYPE,NPROCS,PID,USER,COMMAND
	done
	same -t net
	same -t uts -t ipc
}

@test "-l together with -T is the tree" {
	make_world
	first=$(first_namespaces)
	same -l -T
	same -T -l
	same -l -Tparent
	same -T=owner
}

@test "numbers as strtoul(3) reads them" {
	make_world
	first=$(first_namespaces)
	local ino
	same -p " $family"
	same -p "+$family"
	same -p "0$family"
	ino=$(inode_of "$family" ipc)
	run_theirs -r " $ino"
	is "$("$as_lsns" -r " $ino")" "$(cat "$scratch/theirs")"
	is "$("$as_lsns" -r "+0$ino")" "$(cat "$scratch/theirs")"
}

@test "-t and an INODE of another type: it is not found" {
	local ino
	start_unshared --uts --ipc
	ino=$(inode_of "$pid" uts)
	refuses 1 "not found namespace: $ino" "$as_lsns" -t net "$ino"
	refuses 1 "not found namespace: $ino" "$as_lsns" -t net -t ipc "$ino"
	is "$("$as_lsns" -t uts -rn -o PID "$ino")" "$pid"
	is "$("$as_lsns" -t ipc -t uts -rn -o PID "$ino")" "$pid"
}

@test "branches of ASCII in the C locale, also where a locale does not exist" {
	make_world
	local ino theirs setting
	ino=$(inode_of "$family" ipc)
	for setting in LC_ALL=C LC_ALL=xx_XX.UTF-8 LC_ALL=xx LC_ALL=C.UTF-8 LC_CTYPE=xx LANG=xx LC_TIME=xx LC_ALL=; do
		theirs=$(unset LC_ALL && export LANG=C.UTF-8 "${setting?}" && run_theirs "$ino" && squeeze <"$scratch/theirs")
		is "$(env -u LC_ALL LANG=C.UTF-8 "$setting" "$as_lsns" "$ino" | squeeze)" "$theirs"
	done
	[[ $(env LC_ALL=xx_XX.UTF-8 "$as_lsns" "$ino") == *'`-sleep 1000'* ]]
}

@test "-H: name, type and description; raw and as JSON" {
	is "$("$as_lsns" -H | awk '{ print $1, $2 }' | sed -n '1p;2p;11p')" "NS <integer>
TYPE <string>
NSFS <string>"
	# The names end in one column.
	is "$("$as_lsns" -H | cut -c 8-9 | sort -u)" " <"
	is "$("$as_lsns" -H -r | awk '{ print NF }' | sort -u)" 3
	is "$("$as_lsns" -H -r | head -n 1 | cut -d ' ' -f 1,2)" "NS <integer>"
	is "$("$as_lsns" -H -J | jq -c '."lsns-columns" | [length, (map(keys) | unique[0])]')" \
		'[13,["description","holder","type"]]'
	is "$("$as_lsns" -J --list-columns | jq -r '."lsns-columns"[] | select(.type == "<integer>") | .holder' | paste -sd ,)" \
		NS,NPROCS,PID,PPID,UID,PNS,ONS
	refuses 1 "mutually exclusive arguments: --json --raw" "$as_lsns" -H -J -r
}

# libsmartcols before 2.42 gives a column its least width where the widest cell is as wide as the heading.
@test "a column whose cells are as wide as its heading" {
	start_in --user --map-root-user --time --uts
	is "$("$as_lsns" -p "$pid" -t user | head -n 1 | grep -o 'TYPE *NPROCS')" "TYPE NPROCS"
	is "$("$as_lsns" -p "$pid" -t time -o TYPE,NS | tail -n 1)" "time $(inode_of "$pid" time)"
	is "$("$as_lsns" -p "$pid" -t uts -n -o NS,PNS)" "$(inode_of "$pid" uts) 0"
}

@test "standard output that was closed is no failure, lost output is" {
	local options
	for options in "" "-J" "--help" "-p $$" "$(inode_of self uts)"; do
		# shellcheck disable=SC2086
		run -0 bash -c '"$@" 2>&1 >&-' _ "$as_lsns" $options
		# shellcheck disable=SC2086
		run -1 bash -c '"$@" 2>&1 >/dev/full' _ "$as_lsns" $options
		[[ $output == *"No space left on device" ]]
	done
	run -0 bash -c '"$1" 1</dev/null' _ "$as_lsns"
	run -1 bash -c '"$1" -t foo >&-' _ "$as_lsns"
}

@test "without /proc: 32, but not where the command line is wrong" {
	# What a sanitizer takes from there.
	mkdir -p "$scratch/proc/self"
	ln -s "$nsctl" "$scratch/proc/self/exe"
	printf 'ASAN_OPTIONS=detect_leaks=0\0' >"$scratch/proc/self/environ"
	without_proc() {
		unshare --mount --propagation private sh -c 'mount --bind "$0" /proc; "$@"' "$scratch/proc" "$@"
	}
	local options
	for options in "" "-J" "-P" "-p 1" "4026531838"; do
		# shellcheck disable=SC2086
		refuses 32 "/proc/self/mountinfo: No such file or directory; is /proc mounted?" without_proc "$as_lsns" $options
	done
	refuses 1 "unknown namespace type" without_proc "$as_lsns" -t foo
	run -0 without_proc "$as_lsns" -H
	run -0 without_proc "$as_lsns" --help
}

@test "an engine that is none" {
	refuses 1 "unknown engine in NSCTL_ENGINE: 'nope'" env NSCTL_ENGINE=nope "$as_lsns"
	run -0 env NSCTL_ENGINE=procfs "$as_lsns"
}

@test "one process" {
	make_world
	first=$(first_namespaces)
	same -p "$family"
	same -p "$family" -r -o NS,TYPE
	same -p 4194304 || true
}

@test "the processes in one namespace" {
	make_world
	local ino
	ino=$(inode_of "$family" ipc)
	for options in "" "-n" "-r" "-l" "-o PID,NS,TYPE,COMMAND" "-o COMMAND -T" "-J"; do
		# shellcheck disable=SC2086
		run_theirs $options "$ino"
		# shellcheck disable=SC2086
		is "$("$as_lsns" $options "$ino" | squeeze)" "$(squeeze <"$scratch/theirs")"
	done
	is "$("$as_lsns" -n "$ino" | wc -l)" 2
}

@test "trees" {
	make_world
	first=$(first_namespaces)
	local tree
	for tree in owner parent process; do
		same "-T$tree"
		same "--tree=$tree" -o NS,TYPE,COMMAND
	done
	same -T
	same -T -r
}

@test "JSON: the same values" {
	make_world
	local theirs mine filter
	filter="[.. | objects | select(.ns | IN($(ours | paste -sd ,))) | del(.children, .nprocs)] | sort_by(.ns)[]"
	for options in "-J" "-J --output-all" "-J -T" "-J -t net"; do
		# shellcheck disable=SC2086
		run_theirs $options
		theirs=$(jq -c "$filter" "$scratch/theirs")
		# shellcheck disable=SC2086
		mine=$("$as_lsns" $options | jq -c "$filter")
		[ -n "$theirs" ]
		is "$mine" "$theirs"
	done
}

@test "a terminal of 40 columns: cut as there" {
	make_world
	local theirs mine ino
	ino=$(inode_of "$family" ipc)
	at_40() { script -qec "stty cols 40; $*" /dev/null </dev/null | tr -d '\r' | sed 's/\x1b\[[0-9;]*m//g'; }
	theirs=$(at_40 "$system_lsns" -o PID,NS,TYPE,COMMAND "$ino")
	mine=$(at_40 "$as_lsns" -o PID,NS,TYPE,COMMAND "$ino")
	is "$mine" "$theirs"
	[ "$(wc -L <<<"$mine")" -le 40 ]
	[[ $mine != *"wait; true"* ]]
}

@test "what is wrong: status 1, one line, as there" {
	local words
	for words in "-t foo" "-o FOO" "-Jr" "-p x" "x" "-p 1 4026531836" "-Tfoo" "99999" "--foo" "-t net,uts" "-t net," \
		"-t netns" "-t mount" "-t NET" "-o NS," "-o ,NS" "-o NS,,TYPE" "-o +" "-o +NS," "-o ," "-- -1" \
		"-t net $(inode_of self uts)" "--tree=" "-p"; do
		# shellcheck disable=SC2086
		run -1 --separate-stderr "$system_lsns" $words
		# shellcheck disable=SC2086
		run -1 --separate-stderr "$as_lsns" $words
		[ -z "$output" ]
		[[ $stderr == lsns:* ]]
	done
	refuses 1 "unknown namespace type: 'foo'" "$as_lsns" -t foo
	# As 2.42: before, nothing was listed.
	refuses 1 "invalid PID argument: '0'" "$as_lsns" -p 0
	refuses 1 "invalid PID argument: '-1'" "$as_lsns" -p -1
	refuses 1 "mutually exclusive arguments: --persistent --task" "$as_lsns" -P -p 1
}

@test "-P, -Q, -H: of newer versions" {
	touch "$scratch/kept"
	unshare "--uts=$scratch/kept" true
	mounted+=("$scratch/kept")
	local ino
	ino=$(stat -c %i "$scratch/kept")
	is "$("$as_lsns" -P -rn -o NS,TYPE,NPROCS,NSFS | grep "^$ino")" "$ino uts 0 $scratch/kept"
	is "$("$as_lsns" -Q "NS == $ino" -rn -o TYPE)" uts
	is "$("$as_lsns" -Q "NPROCS == 0 and TYPE == \"uts\"" -rn -o NS | grep "$ino")" "$ino"
	is "$("$as_lsns" -H | awk '{print $1}' | paste -sd ,)" \
		NS,TYPE,PATH,NPROCS,PID,PPID,COMMAND,UID,USER,NETNSID,NSFS,PNS,ONS
	refuses 1 "is not a filter" "$as_lsns" -Q 'NS =='
	refuses 1 'write NETNSID == "2"' "$as_lsns" -Q 'NETNSID == 2'
	refuses 1 'write TYPE =~ "2"' "$as_lsns" -Q 'TYPE =~ 2'
	run -0 "$as_lsns" -Q 'NS == "x"'
	refuses 1 "no column 'FOO'" "$as_lsns" -Q 'FOO == 1'
}

@test "LSNS_COLUMNS: the columns, where no option selects them" {
	start_unshared --uts
	local lsns=(env "LSNS_COLUMNS=TYPE,pid" "$as_lsns" -rn -t uts -p "$pid")
	is "$("${lsns[@]}")" "uts $pid"
	is "$("${lsns[@]}" -o NS)" "$(inode_of "$pid" uts)"
	is "$("${lsns[@]}" -o +PPID)" "$("$as_lsns" -rn -t uts -p "$pid" -o +PPID)"
	is "$("${lsns[@]}" --output-all)" "$("$as_lsns" -rn -t uts -p "$pid" --output-all)"
	is "$("${lsns[@]/TYPE,pid/+PPID}")" "$("$as_lsns" -rn -t uts -p "$pid" -o +PPID)"
	is "$("${lsns[@]/TYPE,pid/}")" "$("$as_lsns" -rn -t uts -p "$pid")"
	refuses 1 "LSNS_COLUMNS: there is no column 'FOO'" env LSNS_COLUMNS=FOO "$as_lsns"
	refuses 1 "LSNS_COLUMNS: no column was chosen" env LSNS_COLUMNS=+ "$as_lsns"
	# It is of lsns alone.
	is "$(LSNS_COLUMNS=FOO "$nsctl" list -rn -o PID -p "$pid" -t uts)" "$pid"
}

@test "LIBSMARTCOLS_JSON: compact, and a line each" {
	start_unshared --uts --ipc
	local options
	options=(-J -o "NS,TYPE,NSFS" -p "$pid")
	is "$(LIBSMARTCOLS_JSON=compact "$as_lsns" "${options[@]}" -t uts)" '{"namespaces":[
{"ns":'"$(inode_of "$pid" uts)"',"type":"uts","nsfs":null}
]}'
	is "$(LIBSMARTCOLS_JSON=lines "$as_lsns" "${options[@]}" -t uts -t ipc | sort)" "$(
		for type in ipc uts; do
			echo '{"ns":'"$(inode_of "$pid" "$type")"',"type":"'"$type"'","nsfs":null}'
		done | sort)"
	is "$(LIBSMARTCOLS_JSON=other "$as_lsns" "${options[@]}" -t uts)" '{
   "namespaces": [
      {
         "ns": '"$(inode_of "$pid" uts)"',
         "type": "uts",
         "nsfs": null
      }
   ]
}'
	# Without rows, too.
	is "$(LIBSMARTCOLS_JSON=compact "$as_lsns" -J -p 4194304)" '{"namespaces":[
]}'
	is "$(LIBSMARTCOLS_JSON=lines "$as_lsns" -J -p 4194304)" ""
	is "$("$as_lsns" -J -p 4194304)" '{
   "namespaces": [

   ]
}'
}

# Of the machine's first namespaces they change.
without_counts() {
	sed 's/"nprocs":[0-9]*,//g'
}

@test "LIBSMARTCOLS_JSON: each layout has the same rows, also of a tree and of the columns" {
	make_world
	local ino options all='[.. | objects | select(has("pid") or has("holder"))] | del(.. | .nprocs?)'
	ino=$(inode_of "$family" ipc)
	for options in "-J -p $family -T" "-J $ino" "-J -H"; do
		# shellcheck disable=SC2086
		"$as_lsns" $options | jq -c "$all" >"$scratch/pretty"
		# shellcheck disable=SC2086
		LIBSMARTCOLS_JSON=compact "$as_lsns" $options >"$scratch/compact"
		# shellcheck disable=SC2086
		LIBSMARTCOLS_JSON=lines "$as_lsns" $options >"$scratch/lines"
		is "$(jq -c "$all" "$scratch/compact")" "$(cat "$scratch/pretty")"
		is "$(jq -cs "$all" "$scratch/lines")" "$(cat "$scratch/pretty")"
		is "$(sed '1d; $d; s/,$//' "$scratch/compact" | without_counts)" "$(without_counts <"$scratch/lines")"
	done
	is "$("$as_lsns" -J "$ino" | jq -c '.namespaces[0].children | length')" 1
}

@test "several mount points: a line each, or with -W apart by commas" {
	touch "$scratch/a" "$scratch/b"
	unshare "--net=$scratch/a" true
	mounted+=("$scratch/a")
	mount --bind "$scratch/a" "$scratch/b"
	mounted+=("$scratch/b")
	local ino
	ino=$(stat -c %i "$scratch/a")
	# In the order of their ids, of which the kernel gives free ones again.
	[[ $("$as_lsns" -W -rn -o NS,NSFS | grep "^$ino") =~ ^"$ino "("$scratch/a,$scratch/b"|"$scratch/b,$scratch/a")$ ]]
	is "$("$as_lsns" -n -o NSFS -Q "NS == $ino" | sort)" "$scratch/a
$scratch/b"
}

@test "several mount points in JSON: one line each, and nothing raw" {
	start_unshared --uts
	for name in one $'t\nw\xffo'; do
		touch "$scratch/$name"
		mount --bind "/proc/$pid/ns/uts" "$scratch/$name"
		mounted+=("$scratch/$name")
	done
	"$scratch/bin/lsns" -J -t uts -p "$pid" -o NS,NSFS >"$scratch/json"
	is "$(jq -r '.namespaces[].nsfs' "$scratch/json" | sort)" "$scratch/one
$scratch/t\x0aw\xffo"
}

@test "no options of nsctl list's own" {
	run -1 "$as_lsns" --sort NS
	refuses 1 "no column 'HOLDERS'" "$as_lsns" -o HOLDERS
}

@test "an alias of a type, which lsns does not take: its name" {
	refuses 1 "unknown namespace type: 'network'; did you mean 'net'?" "$as_lsns" -t network
}
