# SPDX-License-Identifier: GPL-2.0-or-later
# -S follow looks like the container's own user: a set-user-ID file of its image must not give more than it would there.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

caps() { # caps NAME STATUS-TEXT
	sed -n "s/^$1:\t//p" <<<"$2"
}

# A sleep of user 1234 with few capabilities in its bounding set.
start_confined() { # start_confined SETPRIV-OPTION…
	start setpriv --bounding-set=-all,+chown,+kill --inh-caps=-all --reuid=1234 --regid=1234 --clear-groups "$@" sleep 1000
	wait_for runs "$pid" sleep
}

@test "follow: the target's bounding set" {
	start_confined
	local text
	text=$("$nsctl" enter -S follow "$pid" cat /proc/self/status)
	is "$(caps CapBnd "$text")" 0000000000000021
	is "$(caps CapBnd "$text")" "$(caps CapBnd "$(cat "/proc/$pid/status")")"
	is "$(caps CapPrm "$text"):$(caps CapInh "$text"):$(caps CapAmb "$text")" \
		0000000000000000:0000000000000000:0000000000000000
	is "$(caps NoNewPrivs "$text")" 0
}

@test "follow: a set-user-ID file gives no more than it gives the target" {
	start_confined
	cp "$(command -v cat)" "$scratch/bin/cat"
	chmod 4755 "$scratch/bin/cat"
	local text
	text=$("$nsctl" enter -S follow "$pid" "$scratch/bin/cat" /proc/self/status)
	is "$(caps Uid "$text" | cut -f 2)" 0
	is "$(caps CapEff "$text")" 0000000000000021
}

@test "the trap works: by number the same file gives all of root's capabilities" {
	start_confined
	cp "$(command -v cat)" "$scratch/bin/cat"
	chmod 4755 "$scratch/bin/cat"
	is "$(caps CapEff "$("$nsctl" enter -S 1234 "$pid" "$scratch/bin/cat" /proc/self/status)")" \
		"$(caps CapBnd "$(cat /proc/self/status)")"
}

@test "follow: no_new_privs, and then not even user 0" {
	start_confined --no-new-privs
	cp "$(command -v cat)" "$scratch/bin/cat"
	chmod 4755 "$scratch/bin/cat"
	local text
	text=$("$nsctl" enter -S follow "$pid" "$scratch/bin/cat" /proc/self/status)
	is "$(caps NoNewPrivs "$text")" 1
	is "$(caps Uid "$text" | cut -f 2)" 1234
}

@test "follow: a target that is user 0 with few capabilities; the caller's inheritable ones are not kept" {
	start setpriv --bounding-set=-all,+chown,+kill --inh-caps=-all sleep 1000
	wait_for runs "$pid" sleep
	local text
	text=$(setpriv --inh-caps=+sys_admin,+chown "$nsctl" enter -S follow "$pid" cat /proc/self/status)
	is "$(caps CapPrm "$text"):$(caps CapInh "$text"):$(caps CapBnd "$text")" \
		0000000000000021:0000000000000000:0000000000000021
}

@test "follow: ambient capabilities of the caller that the target does not have" {
	start setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw sleep 1000
	wait_for runs "$pid" sleep
	local text
	text=$(setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all,+net_raw,+setpcap,+setgid,+setuid,+sys_ptrace,+chown \
		--ambient-caps=-all,+net_raw,+setpcap,+setgid,+setuid,+sys_ptrace,+chown "$nsctl" enter -S follow "$pid" cat /proc/self/status)
	is "$(caps CapAmb "$text"):$(caps CapInh "$text")" 0000000000002000:0000000000002000
}

@test "follow, into a user namespace: its capabilities, within the target's bounding set" {
	start unshare --user --map-root-user setpriv --bounding-set=-all,+chown,+kill --inh-caps=-all sleep 1000
	wait_for runs "$pid" sleep
	is "$(caps CapPrm "$("$nsctl" enter -S follow "$pid" cat /proc/self/status)")" 0000000000000021
	is "$(caps CapAmb "$("$nsctl" enter --keep-caps -S follow "$pid" cat /proc/self/status)")" 0000000000000021
	is "$(caps CapPrm "$("$nsctl" enter "$pid" cat /proc/self/status)")" \
		"$(caps CapBnd "$(unshare --user --map-root-user cat /proc/self/status)")"
}

@test "follow, without the target's user namespace: it has no capabilities here, and neither has the program" {
	start setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all -- unshare --user --map-root-user --uts sleep 1000
	wait_for runs "$pid" sleep
	is "$(caps CapBnd "$("$nsctl" enter -u -S follow "$pid" cat /proc/self/status)")" 0000000000000000
}

@test "a user who follows a process of his own needs nothing" {
	start_as_user
	is "$(as_user "$nsctl" enter -S follow "$pid" id -u)" "$user"
}

@test "a caller who cannot drop what the target does not have is refused" {
	start_confined
	refuses 125 "cannot limit the capabilities to those of the process: Operation not permitted; it requires CAP_SETPCAP" \
		setpriv --bounding-set=-setpcap --inh-caps=-all "$nsctl" enter -S follow "$pid" touch "$scratch/ran"
	[ ! -e "$scratch/ran" ]
}
