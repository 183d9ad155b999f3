# SPDX-License-Identifier: GPL-2.0-or-later
# runc by itself.
load lib

setup_file() {
	engine_setup runc runc || return 0
	make_bundle "$work/bundle" runc
	start_bundle runc web
}

pid_of() {
	runc state "$1" | jq .pid
}

@test "each command has the names that runc has" {
	is_named "$(pid_of web)" web runc
	is "$("$NSCTL" sets -rn -o CONTAINER --container web)" web
}

@test "every way to write it" {
	is_found "$(pid_of web)" web runc:web
	is_unknown nothing runc:nothing docker:web
}

@test "ps has the processes that runc ps has" {
	runc exec -d web sleep 5003
	wait_for runs_sleep 5003
	is "$("$NSCTL" ps -rn -o PID web | sort -n)" "$(runc ps -f json web | jq '.[]' | sort -n)"
	kill "$(init_of 5003)"
}

@test "enter is in its namespaces" {
	enters_namespaces "$(pid_of web)" web
}

@test "exec has every property of runc exec" {
	is_alike "$(pid_of web)" runc exec web -- web
}

@test "exec with options has every property of runc exec with them" {
	local pid
	pid=$(pid_of web)
	is_alike "$pid" runc exec --cwd /tmp web -- -w /tmp web
	is_alike "$pid" runc exec --env COLOR=blue web -- -e COLOR=blue web
	# As with docker, no other groups are left.
	differs='^Groups in order:' is_alike "$pid" runc exec --user 77:88 web -- -u 77:88 web
	run -0 "$NSCTL" exec -u 77:88 web id -G
	is "$output" 88
}

@test "the properties are the same for all callers" {
	is_the_same_for_all_callers web
}

@test "exec on a terminal has every property of runc exec on one" {
	# It has no ONLCR; TERM is the configuration's alone.
	differs='^terminal modes: |^environment: TERM=' is_alike_on_terminal "$(pid_of web)" runc exec -t web -- -it web
}

@test "exec has its seccomp filter" {
	run ! runc exec web mkdir /tmp/new
	run ! "$NSCTL" exec web mkdir /tmp/new
	[[ $output == *"not permitted"* ]]
	run -0 "$NSCTL" exec --privileged web mkdir /tmp/new
	rmdir "$root/tmp/new"
}

@test "a filter that refuses exit(2): what could not be executed is said all the same" {
	cp "$work/bundle/config.json" "$work/config.saved"
	jq '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["exit"], action: "SCMP_ACT_ERRNO"}]}' \
		"$work/config.saved" >"$work/bundle/config.json"
	start_bundle runc strict
	run -127 "$NSCTL" exec strict no-such-program
	[[ $output == *"cannot execute 'no-such-program'"* ]]
	run -127 "$NSCTL" exec -d strict no-such-program
	run -0 "$NSCTL" exec strict true
	runc delete -f strict
	cp "$work/config.saved" "$work/bundle/config.json"
}

@test "a paused container is said to be so, and nothing runs in it" {
	runc pause web
	is "$("$NSCTL" show -J web | jq -r .details.state)" paused
	run -125 "$NSCTL" exec web true
	[[ $output == *frozen* ]]
	runc resume web
	run -0 "$NSCTL" exec web true
}

@test "killed and removed: the answer follows at once" {
	start_bundle runc first
	local pid
	pid=$(pid_of first)
	is_named "$pid" first runc
	runc kill first KILL
	wait_for is_gone "$pid"
	is_unknown first
	runc delete first
	is_unknown first
	refuses 2 "is not a target" "$NSCTL" ps first
}
