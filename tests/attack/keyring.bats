# SPDX-License-Identifier: GPL-2.0-or-later
# A program in a container does not possess the caller's session keyring, nor the keys in it.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	cat >"$scratch/keys.py" <<-'END'
		import ctypes, os, platform, sys
		add_key, _, keyctl = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219)}[platform.machine()]
		libc = ctypes.CDLL(None)
		if sys.argv[1] == "with-key":
		    libc.syscall(keyctl, 1, b"nsctl-test")
		    key = libc.syscall(add_key, b"user", b"nsctl-secret", b"text", 4, -3)
		    if key < 0:
		        sys.exit(77)
		    # For whoever possesses it alone.
		    libc.syscall(keyctl, 5, key, 0x3f000000)
		    os.execvp(sys.argv[2], sys.argv[2:])
		key = libc.syscall(keyctl, 10, -3, b"user", b"nsctl-secret", 0)
		print("found" if key > 0 else "not found")
	END
	run python3 "$scratch/keys.py" with-key true
	[ "$status" -ne 77 ] || skip "no keys here"
	is "$(with_key python3 "$scratch/keys.py" find)" found
}

teardown() {
	common_teardown
}

with_key() {
	python3 "$scratch/keys.py" with-key "$@"
}

@test "not by exec" {
	start_in --pid --mount --mount-proc
	is "$(with_key "$nsctl" exec "$pid" python3 "$scratch/keys.py" find)" "not found"
	start_sleep
	is "$(with_key "$nsctl" exec "$pid" python3 "$scratch/keys.py" find)" "not found"
}

start_sleep() {
	start sleep 1000
	wait_for runs "$pid" sleep
}

@test "nor by enter into another mnt or user namespace; as nsenter passes it on" {
	start_in --pid --mount --mount-proc
	is "$(with_key "$nsctl" enter "$pid" python3 "$scratch/keys.py" find)" "not found"
	is "$(with_key "$as_nsenter" -a -t "$pid" python3 "$scratch/keys.py" find)" found
	start_in --user --map-root-user
	is "$(with_key "$nsctl" enter "$pid" python3 "$scratch/keys.py" find)" "not found"
	start_in --uts
	is "$(with_key "$nsctl" enter "$pid" python3 "$scratch/keys.py" find)" found
}
