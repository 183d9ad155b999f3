# SPDX-License-Identifier: GPL-2.0-or-later
# systemd-nspawn without systemd-machined, with and without a user namespace.
load lib

start_machine() { # start_machine NAME DIRECTORY ARGUMENT…
	start_daemon systemd-nspawn --register=no --keep-unit --machine="$1" -D "$2" --private-network --pipe "${@:3}"
}

setup_file() {
	engine_setup systemd-nspawn systemd-nspawn || return 0
	cp -a "$root" "$work/shifted"
	start_machine nsp1 "$root" --setenv=COLOR=red --capability=CAP_NET_ADMIN --rlimit=RLIMIT_NOFILE=1024 \
		/properties /tmp/first /bin/sleep 5001
	start_machine nsp2 "$work/shifted" --private-users=196608:65536 --private-users-ownership=chown \
		/properties /tmp/first /bin/sleep 5002
	is_ready runs_sleep 5001
	is_ready runs_sleep 5002
}

@test "each command has the names that were given" {
	is_named "$(init_of 5001)" nsp1 nspawn
	is_named "$(init_of 5002)" nsp2 nspawn
	is "$("$NSCTL" sets -rn -o CONTAINER --container nsp1)" nsp1
}

@test "every way to write it" {
	is_found "$(init_of 5001)" nsp1 machine:nsp1
	is_found "$(init_of 5002)" nsp2 machine:nsp2
	is_unknown nothing machine:nothing docker:nsp1
}

@test "enter is in its namespaces" {
	enters_namespaces "$(init_of 5001)" nsp1
	enters_namespaces "$(init_of 5002)" nsp2
}

# is_like_first PID TARGET
is_like_first() {
	properties_by "$1" "$NSCTL" exec --copy-seccomp "$2" >"$BATS_TEST_TMPDIR/nsctl"
	is "$(comparable '^process 1: ' <"$BATS_TEST_TMPDIR/nsctl")" "$(comparable '^process 1: ' <"/proc/$1/root/tmp/first")"
}

@test "exec has every property of the first process" {
	is_like_first "$(init_of 5001)" nsp1
}

@test "the same with a user namespace" {
	is_like_first "$(init_of 5002)" nsp2
}

@test "ended: the answer follows at once" {
	local pid
	cp -a "$root" "$work/third"
	start_machine nsp3 "$work/third" /bin/sleep 5003
	is_ready runs_sleep 5003
	pid=$(init_of 5003)
	is_named "$pid" nsp3 nspawn
	kill -KILL "$pid"
	wait_for is_gone "$pid"
	is_unknown nsp3
}
