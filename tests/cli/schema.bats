# SPDX-License-Identifier: GPL-2.0-or-later
# Every --json output is as its schema in schema/ says.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program odd
}

setup() {
	needs_root
	common_setup
	ln -s nsctl "$scratch/bin/lsns"
	schemas=$BATS_TEST_DIRNAME/../../schema
	documents=0
}

teardown() {
	common_teardown
}

# note SCHEMA COMMAND…: keeps what it prints for hold(), which validates all at once.  Its status may be any.
note() {
	documents=$((documents + 1))
	"${@:2}" >"$scratch/$documents.json" 2>"$scratch/$documents.stderr" || true
	printf '%s\t%s\n' "$1" "$scratch/$documents.json" >>"$scratch/noted"
}

hold() {
	"$BATS_TEST_DIRNAME/validate" "$schemas" <"$scratch/noted"
}

# has FILTER: it is true of the last document that was noted.
has() {
	jq -e "$1" "$scratch/$documents.json"
}

# note_all COMMAND…: nsctl, or how to run it; each command once, with all columns.
note_all() {
	note sets.json "$@" sets -J
	note list.json "$@" list --json
	note ps.json "$@" ps -J "$pid"
	note why.json "$@" why -J "$(ns_of "$pid" uts)"
	note compare.json "$@" compare -J "$pid" self
	note features.json "$@" features -J
	note show.json "$@" show -J "$pid"
	note keep.json "$@" keep -J
}

required() { # required COMMAND: the keys of a row, as the schema requires them
	jq -r '[.. | objects | select(has("items")) | .items.required | select(.)][0] | .[]' "$schemas/$1.json"
}

@test "a row has a key for each column, and no other" {
	local command
	for command in sets list ps why show keep drop features; do
		is "$(required "$command")" "$("$nsctl" "$command" -H | awk '{ print tolower($1) }')"
		is "$(jq -r '."$defs".row.properties | keys_unsorted[]' "$schemas/$command.json")" "$(required "$command")"
	done
	is "$(jq -r '."$defs".row.properties | keys_unsorted[]' "$schemas/lsns.json")" \
		"$("$scratch/bin/lsns" -H -r | awk '{ print tolower($1) }'; echo children)"
}

@test "each command, as root and as a user" {
	start_apart
	note_all "$nsctl"
	note sets.json "$nsctl" -J
	note list.json "$nsctl" list -J --engine=procfs
	note list.json "$nsctl" list -J --output-all -T
	start_unshared_as_user --user --map-root-user --uts
	note_all as_user "$nsctl"
	start_as_user
	note_all as_user "$nsctl"
	note sets.json as_user "$nsctl" sets -J
	has '.warnings | length > 0'
	hold
}

@test "columns that -o selects" {
	start_apart
	note 'sets.json#/$defs/document' "$nsctl" sets -J -o own,PID
	note 'sets.json#/$defs/document' "$nsctl" sets -J -o NAMESPACES,PID "$pid"
	note 'sets.json#/$defs/document' "$nsctl" sets -J --nsproxy
	note 'list.json#/$defs/document' "$nsctl" list -J -o NS,NS,TYPE
	note 'ps.json#/$defs/document' "$nsctl" ps -J -o PID "$pid"
	note 'why.json#/$defs/document' "$nsctl" why -J -o WHAT "$(ns_of "$pid" uts)"
	note 'features.json#/$defs/document' "$nsctl" features -J -o INTERFACE
	note 'show.json#/$defs/process' "$nsctl" show -J -o LINK,CALLER "$pid"
	note show.json "$nsctl" show -J -o LINK "/proc/$pid/ns/net"
	note compare.json "$nsctl" compare -J -t net -o TYPE "$pid" self
	hold
}

@test "nothing to list, and namespaces without processes" {
	touch "$scratch/kept" "$scratch/"$'\e\xff'
	unshare "--uts=$scratch/kept" true
	mounted+=("$scratch/kept")
	mount --bind "$scratch/kept" "$scratch/"$'\e\xff'
	mounted+=("$scratch/"$'\e\xff')
	note sets.json "$nsctl" sets -J "$scratch/kept"
	has '.sets == []'
	note ps.json "$nsctl" ps -J "$scratch/kept"
	has '.processes == []'
	note list.json "$nsctl" list -J -Q 'NS == 1'
	has '.namespaces == []'
	note list.json "$nsctl" list -J "$scratch/kept"
	has '.namespaces[0] | (.nsfs | length >= 2) and .pid == null and .holders == "mount"'
	note why.json "$nsctl" why -J "$scratch/kept"
	note show.json "$nsctl" show -J "$scratch/kept"
	note list.json "$nsctl" list -J -P
	hold
}

@test "names that are kept, damaged and dropped" {
	mount -t tmpfs -o mode=755 none /run
	mounted+=(/run)
	start_unshared --net --uts
	"$nsctl" keep web "$pid"
	"$nsctl" keep again "$pid"
	"$nsctl" keep bad "$pid"
	echo >/run/nsctl/bad/record
	note keep.json "$nsctl" keep -J
	has '.kept | length == 5 and (map(select(.problem)) | length == 1)'
	note 'keep.json#/$defs/document' "$nsctl" keep -J -o NAME
	note list.json "$nsctl" list -J web
	has '.namespaces | all(.kept == ["again","web"])'
	note sets.json "$nsctl" sets -J "$pid"
	note drop.json "$nsctl" drop -J web bad
	has '.holders | length >= 4'
	note 'drop.json#/$defs/document' "$nsctl" drop -J -o HELD again
	start_unshared --uts
	"$nsctl" keep web "$pid"
	stop "$pid"
	note drop.json "$nsctl" drop -J web
	has '.holders == []'
	hold
}

@test "namespaces of each type, and processes of odd kinds" {
	local link named kinds=(threads expecting zombie named)
	start_in --user --map-root-user --mount --uts --net --pid --time --boottime -100 --mount-proc
	for link in cgroup ipc mnt net pid time user uts; do
		note show.json "$nsctl" show -J "/proc/$pid/ns/$link"
		note show.json as_user "$nsctl" show -J "/proc/self/ns/$link"
		note why.json "$nsctl" why -J "$(ns_of "$pid" "$link")"
	done
	for named in "${kinds[@]}"; do
		rm -f "$scratch/told"
		if [ "$named" = named ]; then
			start_odd "$named" $'\e\n"\\\xff'
		else
			start_odd "$named"
		fi
		note show.json "$nsctl" show -J "$pid"
		note ps.json "$nsctl" ps -J --tasks "$pid"
		note compare.json "$nsctl" compare -J "$pid" self
	done
	note list.json "$nsctl" list -J
	note sets.json "$nsctl" sets -J
	hold
}

@test "lsns" {
	start_apart
	local lsns=$scratch/bin/lsns options
	for options in "" "--output-all" "-T" "-Tparent" "-l" "-t net" "-P" "-p $pid" "-W -o NSFS"; do
		# shellcheck disable=SC2086
		note lsns.json "$lsns" -J $options
		# shellcheck disable=SC2086
		note lsns.json as_user "$lsns" -J $options
	done
	note lsns.json "$lsns" -J "$(inode_of "$pid" pid)"
	note lsns.json "$lsns" -J -o PID,USER "$(inode_of "$pid" pid)"
	note lsns.json as_user "$lsns" -J -p 1
	has '.namespaces == []'
	note 'lsns.json#/$defs/columns' "$lsns" -J -H
	note 'lsns.json#/$defs/row' env LIBSMARTCOLS_JSON=lines "$lsns" -J -p "$pid" -t uts
	note lsns.json env LIBSMARTCOLS_JSON=compact "$lsns" -J
	hold
}

# spoil FILTER: the last document that was noted, changed so that it is not as its schema says.
spoil() {
	local line
	line=$(tail -n 1 "$scratch/noted")
	documents=$((documents + 1))
	jq "$1" "${line#*$'\t'}" >"$scratch/$documents.json"
	printf '%s\t%s\n' "${line%%$'\t'*}" "$scratch/$documents.json" >>"$scratch/spoiled"
}

@test "a wrong document is refused" {
	start_apart
	note list.json "$nsctl" list -J "$(ns_of "$pid" net)"
	spoil 'del(.warnings)'
	spoil '.schema = 2'
	spoil '.new = 1'
	spoil '.namespaces[0].new = 1'
	spoil '.namespaces[0].ns |= tostring'
	spoil '.namespaces[0].type = "network"'
	spoil '.namespaces[0].nsfs = null'
	spoil 'del(.namespaces[0].pid)'
	note show.json "$nsctl" show -J "/proc/$pid/ns/uts"
	spoil '.mounts = 1'
	spoil 'del(.host_name)'
	note show.json "$nsctl" show -J "$pid"
	spoil '.namespaces[0].caller = "no"'
	spoil '.kind = "task"'
	note why.json "$nsctl" why -J "$(ns_of "$pid" uts)"
	spoil '.holders[0].holder = "somebody"'
	hold
	printf 'list.json\t/dev/null\n' >>"$scratch/spoiled"
	run -1 "$BATS_TEST_DIRNAME/validate" "$schemas" <"$scratch/spoiled"
	is "$(cut -d : -f 1 <<<"$output")" "$(cut -f 2 "$scratch/spoiled")"
}

@test "new --json-status: both lines" {
	"$nsctl" new -au --json-status 7 true 7>"$scratch/status"
	as_user "$nsctl" new -r --json-status 7 sh -c 'kill -KILL $$' 7>>"$scratch/status" || true
	local line
	while read -r line; do
		note new.json echo "$line"
	done <"$scratch/status"
	is "$documents" 4
	hold
}
