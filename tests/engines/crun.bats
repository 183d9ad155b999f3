# SPDX-License-Identifier: GPL-2.0-or-later
# crun by itself; meson.build leaves out cgroup v2 beside cgroup v1, which it refuses.
load lib

setup_file() {
	engine_setup crun crun || return 0
	make_bundle "$work/bundle" crun
	start_bundle crun web
}

pid_of() {
	crun state "$1" | jq .pid
}

@test "each command has the names that crun has" {
	is_named "$(pid_of web)" web crun
	is "$("$NSCTL" sets -rn -o CONTAINER --container web)" web
}

@test "every way to write it" {
	is_found "$(pid_of web)" web crun:web
	is_unknown nothing crun:nothing docker:web
}

@test "ps has the processes that crun ps has" {
	crun exec -d web sleep 5003
	wait_for runs_sleep 5003
	is "$("$NSCTL" ps -rn -o PID web | sort -n)" "$(crun ps -f json web | jq '.[]' | sort -n)"
	kill "$(init_of 5003)"
}

@test "enter is in its namespaces" {
	enters_namespaces "$(pid_of web)" web
}

# crun_exec JQ-FILTER COMMAND…: crun 1.8 takes nothing but the bounding set from the container's
# configuration, so that it is given the rest of it again.
crun_exec() {
	local filter=$1
	shift
	jq "$filter | .process | .args = \$ARGS.positional" "$work/bundle/config.json" --args -- "$@" >"$work/process.json"
	crun exec --process "$work/process.json" web
}

# It makes no session, and leaves oom_score_adj as it is.
export differs='^session: |^process group: |^oom_score_adj: '

@test "exec has every property of crun exec with the container's configuration" {
	is_alike "$(pid_of web)" crun_exec . -- web
}

@test "exec with options has every property of crun exec with them" {
	local pid
	pid=$(pid_of web)
	is_alike "$pid" crun_exec '.process.cwd = "/tmp"' -- -w /tmp web
	is_alike "$pid" crun_exec '.process.env += ["COLOR=blue"]' -- -e COLOR=blue web
	differs+='|^environment: HOME='
	is_alike "$pid" crun_exec '.process.user = {uid: 77, gid: 88, additionalGids: [88]}' -- -u 77:88 web
}

@test "the properties are the same for all callers" {
	is_the_same_for_all_callers web
}

@test "exec on a terminal has every property of crun exec on one" {
	jq '.process | .terminal = true | .args = ["/properties", "/tmp/properties"]' "$work/bundle/config.json" >"$work/process.json"
	# TERM is the configuration's alone.
	differs+='|^environment: TERM=' is_alike_on_terminal "$(pid_of web)" crun exec --process "$work/process.json" web -- -it web
}

@test "exec has its seccomp filter" {
	run ! crun exec web mkdir /tmp/new
	run ! "$NSCTL" exec web mkdir /tmp/new
	[[ $output == *"not permitted"* ]]
	run -0 "$NSCTL" exec --privileged web mkdir /tmp/new
	rmdir "$root/tmp/new"
}

@test "a paused container is said to be so, and nothing runs in it" {
	crun pause web
	is "$("$NSCTL" show -J web | jq -r .details.state)" paused
	run -125 "$NSCTL" exec web true
	[[ $output == *frozen* ]]
	crun resume web
	run -0 "$NSCTL" exec web true
}

@test "killed and removed: the answer follows at once" {
	start_bundle crun first
	local pid
	pid=$(pid_of first)
	is_named "$pid" first crun
	crun kill first KILL
	wait_for is_gone "$pid"
	is_unknown first
	crun delete first
	is_unknown first
	refuses 2 "is not a target" "$NSCTL" ps first
}
