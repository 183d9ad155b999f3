# SPDX-License-Identifier: GPL-2.0-or-later
# systemd-nspawn without systemd-machined, with and without a user namespace.
load lib

start_machine() { # start_machine NAME DIRECTORY ARGUMENT…
	start_daemon systemd-nspawn --register=no --keep-unit --machine="$1" -D "$2" --private-network --pipe "${@:3}"
}

setup_file() {
	engine_setup systemd-nspawn systemd-nspawn || return 0
	cp -a "$root" "$work/shifted"
	start_machine nsp1 "$root" --setenv=COLOR=red /bin/sleep 5001
	start_machine nsp2 "$work/shifted" --private-users=196608:65536 --private-users-ownership=chown /bin/sleep 5002
	is_ready init_of 5001
	is_ready init_of 5002
}

@test "the machines run" {
	is "$(tr '\0' '\n' <"/proc/$(init_of 5001)/environ" | grep COLOR)" COLOR=red
	[ "$(ns_of self user)" != "$(ns_of "$(init_of 5002)" user)" ]
}
