# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What all parts of the bench need: load, times, medians, memory.  $work: a folder of its own.

become=() # before each that is measured: what makes it an ordinary user's
parent=   # of start_parent
load=     # of start_load

# What is measured now, as it begins: silence looks like a hang.
progress() {
	printf 'bench, %d s: %s\n' "$SECONDS" "$*" >&2
}

# What load makes ends when its standard input, our descriptor 9, ends.
start_load() { # start_load PROCESSES SETS THREADS DESCRIPTORS [uts|alone]
	rm -f "$work/input"
	: >"$work/ready" # the job below makes it only when the fifo is open
	mkfifo "$work/input"
	(
		ulimit -n "$(ulimit -Hn)"
		exec setsid "$work/load" "$@"
	) <"$work/input" >"$work/ready" &
	load=$!
	exec 9>"$work/input"
	until grep -q ready "$work/ready"; do
		kill -0 "$load" || exit 1
		sleep 0.1
	done
}

stop_load() {
	[ -n "$load" ] || return 0
	exec 9>&-
	wait "$load" 2>/dev/null || true
	load=
}

# start_parent UNSHARE-OPTION... COMMAND...: until stop_parent, in namespaces of its own.
start_parent() {
	unshare --fork --kill-child "$@" >/dev/null &
	parent=$!
}

# Its first child; nothing before it is there.
child_of_parent() {
	local children
	children=$(cat "/proc/$parent/task/$parent/children")
	echo "${children%% *}"
}

check_parent() {
	kill -0 "$parent" || exit 1
}

# unshare(1) of util-linux 2.38 blocks SIGTERM; its child goes with it.
stop_parent() {
	[ -n "$parent" ] || return 0
	kill -KILL "$parent" 2>/dev/null || true
	wait "$parent" 2>/dev/null || true
	parent=
}

# measure JSON RUNS COMMAND...: each twice, in turn, so that a slow minute does not fall on one of them alone.
measure() {
	local json=$1 count=$2
	shift 2
	"${become[@]}" hyperfine -N --style none --warmup 1 --runs "$(((count + 1) / 2))" --export-json "$json" "$@" "$@" \
		>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

# measure_prepared JSON RUNS [PREPARE COMMAND]...: the same; what prepares each run is not counted.
measure_prepared() {
	local json=$1 count=$2 prepares=() commands=()
	shift 2
	while [ $# -gt 0 ]; do
		prepares+=(--prepare "$1")
		commands+=("$2")
		shift 2
	done
	hyperfine -N --style none --warmup 1 --runs "$(((count + 1) / 2))" --export-json "$json" \
		"${prepares[@]}" "${prepares[@]}" "${commands[@]}" "${commands[@]}" \
		>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

# The command as it is printed: without folders, and the same in every run.
name_of() {
	local name=${1//"$work/"/}
	name=${name//"${target:-none}"/PID}
	printf '%s' "${name//build\//}"
}

# report JSON FLOOR: the medians, and each as a part of that of the command that starts with FLOOR.
report() {
	jq -r --arg work "$work/" --arg target "${target:-none}" --arg floor "$2" '
		def rounded(digits): . * pow(10; digits) | round / pow(10; digits);
		[.results | group_by(.command)[] | {
			command: (.[0].command | gsub($work; "") | sub($target; "PID") | sub("^build/"; "")),
			times: (map(.times[]) | sort)}
		| .median = (.times | .[length / 2 | floor])]
		| (map(select(.command | startswith($floor)))[0].median) as $base
		| sort_by(.median)[]
		| "  \(.median * 1e3 | rounded(2)) ms  \(.median / $base | rounded(3)) of \($floor)  \(.command)"' "$1"
}

# median JSON COMMAND
median() {
	jq -r --arg command "$2" '[.results[] | select(.command == $command).times[]] | sort | .[length / 2 | floor]' "$1"
}

# report_memory COMMAND...: the peak of each.
report_memory() {
	local command
	for command in "$@"; do
		# shellcheck disable=SC2086 # a command and its words
		printf '  peak memory: %s KiB  %s\n' "$(/usr/bin/time -f %M $command 2>&1 >/dev/null | tail -n 1)" \
			"$(name_of "$command")"
	done
}

# report_growth FEW MANY COMMAND...: how time grows from $work/FEW.json to $work/MANY.json, as a power: 1 is linear.
report_growth() {
	local few=$1 many=$2 command
	shift 2
	for command in "$@"; do
		awk -v a="$(median "$work/$few.json" "$command")" -v b="$(median "$work/$many.json" "$command")" \
			-v few="$few" -v many="$many" -v name="$(name_of "$command")" 'BEGIN {
				printf "  growth from %d to %d: the power of %.2f  %s\n", few, many,
					log(b / a) / log(many / few), name
			}'
	done
}
