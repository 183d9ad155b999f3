# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Containers of runc for the bats files: each test starts its own, and setup() has called
# prepare_containers.  The state files of all other runtimes are out of sight.

# For setup(): $name is unique.
prepare_containers() {
	needs_root
	common_setup
	hide_names
	containers=()
	name=nsctl-$unique
}

# A tree with busybox, $root.
make_root() {
	command -v runc >/dev/null || skip "needs runc"
	command -v busybox >/dev/null || skip "needs busybox"
	root=$scratch/root
	mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp}
	cp "$(command -v busybox)" "$root/bin/busybox"
	chroot "$root" /bin/busybox --install -s /bin
}

# For teardown(), also where setup() has skipped.
remove_containers() {
	local container
	[ -n "${name:-}" ] || return 0
	for container in "${containers[@]}"; do
		runc delete --force "$container" >/dev/null 2>&1
	done
	find /sys/fs/cgroup -depth -type d -name "$name*" -exec rmdir {} + 2>/dev/null
	common_teardown
}

# start_container NAME [JQ-FILTER]: with the configuration that runc proposes, filtered; its
# first process is $init.
start_container() {
	[ -n "${root:-}" ] || make_root
	mkdir "$scratch/$1"
	(cd "$scratch/$1" && runc spec)
	# shellcheck disable=SC2154 # of common_setup
	jq --arg root "$root" --arg scratch "$scratch" '
		.process.terminal = false | .process.args = ["sleep", "1000"] | .process.rlimits = []
		| .root.path = $root
		| .mounts |= map(select(.destination != "/sys/fs/cgroup")) | '"${2:-.}" "$scratch/$1/config.json" >"$scratch/$1/filtered"
	mv "$scratch/$1/filtered" "$scratch/$1/config.json"
	containers+=("$1")
	runc run --detach --bundle "$scratch/$1" "$1" </dev/null >"$scratch/$1/log" 2>&1 3>&- || {
		cat "$scratch/$1/log" >&2
		return 1
	}
	init=$(jq .init_process_pid "/run/runc/$1/state.json")
	wait_for runs "$init" sleep
}
