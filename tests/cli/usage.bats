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
	[[ $("$nsctl" 2>/dev/null | head -n 1) == NPROCS*COMMAND ]]
}

@test "options" {
	refuses 2 "unknown option -x" "$nsctl" show -x
	refuses 2 "unknown or ambiguous option '--nope'" "$nsctl" compare --nope 1 2
	refuses 2 "option -o needs a value" "$nsctl" show -o
	refuses 2 "option '--json=1' takes no value" "$nsctl" show --json=1
	refuses 2 "neither a number nor 'follow'" "$nsctl" enter -S root self true
	refuses 2 "stands after the TARGET: options go before it" "$nsctl" enter self -n true
	refuses 2 "exclude each other" "$nsctl" enter -w -W/ self true
}

@test "targets" {
	refuses 2 "which TARGET?" "$nsctl" enter
	refuses 2 "is a second" "$nsctl" show 1 2
	refuses 2 "two targets are needed" "$nsctl" compare self
	refuses 2 "'0' is not a target" "$nsctl" show 0
	refuses 1 "no process or thread has the id 4194304" "$nsctl" show 4194304
	refuses 125 "no process or thread has the id 4194304" "$nsctl" enter 4194304 touch "$scratch/ran"
	refuses 125 "'/etc/passwd' is not a namespace" "$nsctl" enter /etc/passwd touch "$scratch/ran"
	refuses 125 "is a uts namespace, not a net namespace; the option for it is --uts" \
		"$nsctl" enter --net=/proc/self/ns/uts touch "$scratch/ran"
	refuses 125 "cannot read the cgroup namespace of process $$: Permission denied; run as root" \
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
