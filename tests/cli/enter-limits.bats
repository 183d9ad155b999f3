# SPDX-License-Identifier: GPL-2.0-or-later
# Callers with limits so low that little can be done.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	# The loader of shared libraries has needs of its own.
	! ldd "$nsctl" 2>/dev/null | grep -q '=>' || skip "this nsctl is not linked statically"
}

teardown() {
	common_teardown
}

# limited LETTER VALUE COMMAND…: in an environment that fits any stack.
limited() {
	# shellcheck disable=SC2016
	env -i "PATH=$PATH" bash -c 'ulimit "-$1" "$2" && shift 2 && exec "$@"' bash "$@"
}

@test "a stack of 16 KiB: every command works" {
	local size command net
	net=$(inode_of self net)
	start_in --pid --mount-proc --uts
	for size in 16 24 64 256; do
		for command in sets "sets -J" list "list -P" "show $pid" "show net:[$net]" "compare self self" "ps $pid" \
			"why net:[$net]" features; do
			# shellcheck disable=SC2086 # words
			limited s "$size" "$nsctl" $command >/dev/null
		done
		run -7 limited s "$size" "$nsctl" enter "$pid" sh -c 'exit 7'
		run -7 limited s "$size" "$nsctl" enter -S follow "$pid" sh -c 'exit 7'
		refuses 127 "no-such-program" limited s "$size" "$nsctl" enter --mount-proc "$pid" no-such-program
	done
}

# With so few descriptors that something cannot be opened: the limit is named, and nothing else is advised.
names_the_limit() { # names_the_limit COUNT COMMAND…
	run --separate-stderr limited n "$@"
	[ "$status" -ne 0 ] || return 0
	# compare: not known.
	[ "$status" -eq 1 ] || [ "$status" -eq 125 ] || [ "$4:$status" = compare:2 ] || [ "$3:$status" = compare:2 ]
	printf '%s\n' "$*: $status" "$stderr" >&2
	[ "${#stderr_lines[@]}" -ge 1 ]
	local line
	for line in "${stderr_lines[@]}"; do
		[[ $line == *"Too many open files; the limit of open files is reached: raise it with \`ulimit -n\`"* ]]
	done
}

@test "no descriptor left: each command says so, and advises nothing else" {
	local count command net
	net=$(inode_of self net)
	start_in --pid --mount-proc --uts
	for count in 3 4 5 6 7 8 9 10 11 12 14 16; do
		for command in sets list "list -P" "show $pid" "show net:[$net]" "compare self self" "ps $pid" \
			"why net:[$net]" features "enter $pid true" "enter -c $pid true" "enter -S follow -e $pid true" \
			"enter /proc/$pid/ns/uts true" "enter -p --mount-proc $pid true" "enter net:[$net] true"; do
			# shellcheck disable=SC2086 # words
			names_the_limit "$count" "$nsctl" $command
		done
	done
}
