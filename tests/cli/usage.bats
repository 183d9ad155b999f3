# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input gets one clear line, the right status, and nothing is done.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

@test "commands" {
	refuses 2 "'shwo' is not a command; did you mean 'show'?" "$nsctl" shwo
	refuses 2 "'frobnicate' is not a command; nsctl --help lists them" "$nsctl" frobnicate
	[[ $("$nsctl" 2>/dev/null | head -n 1) == NAMESPACES*COMMAND ]]
}

@test "words of other programs, and types, where a command is expected" {
	local pair
	for pair in ls:list run:exec inspect:show diff:compare net:"list -t net" mount:"list -t mnt" userns:"list -t user" \
		self:"show self" 4026531837:"show 4026531837" version:-V lst:list ENTER:enter hlep:help; do
		refuses 2 "'${pair%%:*}' is not a command; did you mean '${pair#*:}'?" "$nsctl" "${pair%%:*}" 1 sh
	done
	refuses 2 "did you mean 'show net:[1]'?" "$nsctl" "net:[1]"
}

@test "help" {
	is "$("$nsctl" help)" "$("$nsctl" --help)"
	is "$("$nsctl" help help)" "$("$nsctl" --help)"
	local command
	for command in sets list show compare ps why drop enter exec features; do
		is "$("$nsctl" help "$command")" "$("$nsctl" "$command" --help)"
	done
	refuses 2 "'foo' is not a command" "$nsctl" help foo
}

@test "options without a command are those of sets" {
	start_unshared --uts
	is "$("$nsctl" -rn -o PID -Q "PID == $pid" 2>/dev/null)" "$pid"
	is "$("$nsctl" -J -o PID -Q "PID == $pid" 2>/dev/null | jq -c '.sets | map(.pid)')" "[$pid]"
	is "$("$nsctl" --engine=procfs -rn -o PID -Q "PID == $pid" 2>/dev/null)" "$pid"
	is "$("$nsctl" -H)" "$("$nsctl" sets -H)"
	refuses 2 "unknown engine: 'x'" "$nsctl" --engine=x
	refuses 2 "unknown option -v; did you mean -V, --version?" "$nsctl" -v
	refuses 2 "did you mean --type of nsctl list?" "$nsctl" --tyep=net
	refuses 2 "did you mean -t, --type, of nsctl list?" "$nsctl" -t net
	refuses 2 "'-J' stands before the command; options go behind it: nsctl list -J" "$nsctl" -J list
}

@test "the option that was meant" {
	refuses 2 "'--tyep=net'; did you mean --type?" "$nsctl" list --tyep=net
	refuses 2 "did you mean --nowrap or --noheadings or --notruncate?" "$nsctl" list --no
	refuses 2 "did you mean --json?" "$nsctl" show --jsno
	refuses 2 "did you mean --preserve-fds?" "$nsctl" enter --preserve-fd3=1 self
	refuses 2 "unknown option -j; did you mean -J, --json?" "$nsctl" compare -j self self
	refuses 2 "an option is an ASCII letter; nsctl list --help" "$nsctl" list -é
	# The letter of a group, and not the word in front of it.
	refuses 2 "unknown option -x" "$nsctl" list --json -nx
}

@test "-V and --version, everywhere" {
	local command
	for command in "" sets list show compare ps why drop enter exec features; do
		# shellcheck disable=SC2086 # none or one word
		is "$("$nsctl" $command -V)" "$("$nsctl" --version)"
		# shellcheck disable=SC2086
		is "$("$nsctl" $command --version)" "$("$nsctl" --version)"
	done
	[[ $("$nsctl" -V) == "nsctl "* ]]
}

@test "--json and --raw exclude each other, everywhere" {
	local command options
	for command in "" sets list show "compare self self" "ps self" "why net:[1]" features; do
		for options in "-J -r" "--raw --json" -HrJ -nJur; do
			# shellcheck disable=SC2086
			refuses 2 "mutually exclusive arguments: --json --raw" "$nsctl" $command $options
		done
	done
	run -0 "$nsctl" sets -J -J
}

@test "a word that is no target: what was meant" {
	local name=nsctl-test-$unique command
	mkdir -p /run/netns
	touch "/run/netns/$name"
	unshare "--net=/run/netns/$name" true
	mounted+=("/run/netns/$name")
	cd "$scratch"
	touch here
	for command in why show list ps sets "compare self" enter; do
		# shellcheck disable=SC2086
		refuses 2 "'$name' is not a target; did you mean 'netns:$name'?" "$nsctl" $command "$name"
		# shellcheck disable=SC2086
		refuses 2 "did you mean 'netns:$name'?" "$nsctl" $command "net:$name"
		# shellcheck disable=SC2086
		refuses 2 "did you mean './here'?" "$nsctl" $command here
		# shellcheck disable=SC2086
		refuses 2 "did you mean 'nsctl list -t net'?" "$nsctl" $command network
		# shellcheck disable=SC2086
		refuses 2 "did you mean 'net:[4026531833]'?" "$nsctl" $command net:4026531833
		# shellcheck disable=SC2086
		refuses 2 "did you mean '/proc/1234/ns/user'?" "$nsctl" $command userns:1234
	done
	umount "/run/netns/$name"
	mounted=()
	rm "/run/netns/$name"
	refuses 2 "no container and no kept name is called that" "$nsctl" why "$name"
}

@test "the inode of a namespace of another type" {
	start_unshared --ipc --uts
	local ino command status
	ino=$(inode_of "$pid" ipc)
	for command in show list ps sets why "compare self" enter; do
		status=1
		[ "$command" != enter ] || status=125
		[ "$command" != "compare self" ] || status=2
		# shellcheck disable=SC2086
		refuses "$status" "$ino is an ipc namespace; write ipc:[$ino]" "$nsctl" $command "net:[$ino]"
	done
	ino=$(inode_of "$pid" uts)
	refuses 1 "$ino is a uts namespace" "$nsctl" show "user:[$ino]"
}

@test "enter: the letters of docker exec and sudo" {
	start_unshared --net --uts
	local word
	for word in -it -ti -itd -tid; do
		refuses 2 "-i is the ipc namespace; the terminal is passed without -it" "$nsctl" enter "$word" "$pid" touch "$scratch/ran"
	done
	refuses 2 "the terminal is passed without -it" "$nsctl" enter -it web touch "$scratch/ran"
	refuses 2 "--user is the user namespace; to become user 1000: -S 1000" "$nsctl" enter --user 1000 "$pid" touch "$scratch/ran"
	refuses 2 "--user is the user namespace; to become user 1000: -S 1000" "$nsctl" enter --user=1000 "$pid" touch "$scratch/ran"
	# Also where there is such a process.
	refuses 2 "to become user $$: -S $$" "$nsctl" enter -U "$$" "$pid" touch "$scratch/ran"
	refuses 2 "-u is the uts namespace; to become user root: -S root" "$nsctl" enter -u root "$pid" touch "$scratch/ran"
	refuses 2 "-u is the uts namespace; to become user root: -S root" "$nsctl" enter -uroot "$pid" touch "$scratch/ran"
	refuses 2 "name the others: -C -i -m -p -T -U -u" "$nsctl" enter --net=host "$pid" touch "$scratch/ran"
	refuses 2 "to keep the caller's pid namespace" "$nsctl" enter --pid host "$pid" touch "$scratch/ran"
	refuses 2 "did you mean --net=/proc/$pid/ns/net?" "$nsctl" enter "-n$pid" touch "$scratch/ran"
	refuses 2 "write -m -u -n" "$nsctl" enter -mun "$pid" touch "$scratch/ran"
	refuses 2 "write -w/tmp, without a blank between" "$nsctl" enter -w /tmp "$pid" touch "$scratch/ran"
	refuses 2 "env A=b PROGRAM" "$nsctl" enter -e A=b "$pid" touch "$scratch/ran"
	[ ! -e "$scratch/ran" ]
}

@test "enter: what looks like it and is not" {
	start_unshared --net --uts
	is "$("$nsctl" enter -u "$pid" readlink /proc/self/ns/uts)" "$(ns_of "$pid" uts)"
	is "$("$nsctl" enter -u "$pid" /bin/readlink /proc/self/ns/uts)" "$(ns_of "$pid" uts)"
	is "$("$nsctl" enter -w "$pid" /bin/pwd)" "$(readlink "/proc/$pid/cwd")"
	is "$("$nsctl" enter -t "$pid" -u readlink /proc/self/ns/uts)" "$(ns_of "$pid" uts)"
	cd "$scratch"
	touch t
	mount --bind "/proc/$pid/ns/net" t
	mounted+=("$scratch/t")
	is "$("$nsctl" enter -nt readlink /proc/self/ns/net)" "$(ns_of "$pid" net)"
}

@test "options" {
	refuses 2 "unknown option -x" "$nsctl" show -x
	refuses 2 "unknown or ambiguous option '--nope'" "$nsctl" compare --nope 1 2
	refuses 2 "option -o needs a value" "$nsctl" show -o
	refuses 2 "option '--json=1' takes no value" "$nsctl" show --json=1
	refuses 2 "neither a number, a name nor 'follow'" "$nsctl" enter -S "" self true
	refuses 2 "unknown or ambiguous option '--nope'; nsctl list --help" "$nsctl" list --nope
	refuses 2 "stands after the TARGET: options go before it" "$nsctl" enter self -n true
	refuses 2 "mutually exclusive arguments: --wd --wdns" "$nsctl" enter -w -W/ self true
}

@test "targets" {
	refuses 2 "missing TARGET" "$nsctl" enter
	refuses 2 "unexpected argument" "$nsctl" show 1 2
	refuses 2 "missing TARGET" "$nsctl" compare self
	refuses 2 "'0' is not a target" "$nsctl" show 0
	refuses 1 "no process or thread has the id 4194304" "$nsctl" show 4194304
	refuses 125 "no process or thread has the id 4194304" "$nsctl" enter 4194304 touch "$scratch/ran"
	refuses 125 "'/etc/passwd' is not a namespace" "$nsctl" enter /etc/passwd touch "$scratch/ran"
	refuses 125 "is a uts namespace, not a net namespace; the option for it is --uts" \
		"$nsctl" enter --net=/proc/self/ns/uts touch "$scratch/ran"
	refuses 125 "of process $$: Permission denied; run as root" \
		as_user "$nsctl" enter "$$" touch "$scratch/ran"
	[ ! -e "$scratch/ran" ]
}

@test "very long words" {
	local word
	word=$(head -c 100000 /dev/zero | tr '\0' 1)
	refuses 2 "is not a target" "$nsctl" show "$word"
	refuses 2 "is not a command" "$nsctl" "$word"
	is "$("$nsctl" enter self printf %s "$word" | wc -c)" 100000
}

@test "output that cannot be written" {
	run "$nsctl" show self >/dev/null
	run bash -c '"$1" show self >/dev/full' - "$nsctl"
	[ "$status" -eq 1 ]
	[[ $output == *"cannot write the output: No space left on device" ]]
	run bash -c '"$1" show self >&-' - "$nsctl"
	[ "$status" -eq 1 ]
	run bash -c '"$1" show -J self | head -n 1' - "$nsctl"
	[ "$status" -eq 0 ]
	is "$output" "{"
}

@test "--help and --version go to standard output" {
	local command
	for command in "" show compare enter; do
		# shellcheck disable=SC2086 # none or one word
		run --separate-stderr "$nsctl" $command --help
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ $output == Usage:* ]]
	done
	is "$("$nsctl" --version)" "$("$nsctl" enter --version)"
}

# Words that begin with two dashes where the OPTIONS of a manual page are headed: "*-o*, *--output* _LIST_".
options_of_manual() { # options_of_manual PAGE
	sed -n '/^# OPTIONS/,/^# [A-Z]/p' "$1" | grep -E '^\*-' | grep -oE -- '\*--[a-z0-9-]+' | tr -d '*' | sort -u
}

commands() {
	"$nsctl" --complete '' | cut -f 1 | grep -vx help
}

options_of_command() {
	"$nsctl" --complete "$1" -- | cut -f 1
}

@test "each option is in the manual, and the other way round" {
	local command pages=$BATS_TEST_DIRNAME/../../man
	for command in $(commands); do
		is "$(options_of_manual "$pages/nsctl-$command.1.scd" | grep -vx -- --version)" \
			"$(options_of_command "$command" | grep -vx -- --version | sort -u)"
	done
}

@test "help: each option of each command, in 80 columns, with examples" {
	local command option
	for command in $(commands); do
		"$nsctl" "$command" --help >"$scratch/help"
		for option in $(options_of_command "$command"); do
			grep -qE -- "[ ,]$option([[ =]|\$)" "$scratch/help"
		done
		grep -qx "Examples:" "$scratch/help"
		[ "$(wc -L <"$scratch/help")" -le 80 ]
	done
}
