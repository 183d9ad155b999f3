# SPDX-License-Identifier: GPL-2.0-or-later
# Machines that nsctl does not run on are refused when it is configured, with the reason.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	scratch=$(mktemp -d /tmp/nsctl-test-XXXXXX)
}

teardown() {
	rm -rf "$scratch"
}

# configure SYSTEM FAMILY ENDIAN FLAG…: for a machine of this kind, with this machine's compiler.
configure() {
	local flags
	flags=$(printf "'%s', " "${@:4}")
	cat >"$scratch/machine.ini" <<-END
		[binaries]
		c = 'gcc'
		strip = 'strip'
		pkgconfig = 'pkg-config'
		[built-in options]
		c_args = [$flags]
		[properties]
		skip_sanity_check = true
		[host_machine]
		system = '$1'
		cpu_family = '$2'
		cpu = '$2'
		endian = '$3'
	END
	meson setup "$scratch/build" "$BATS_TEST_DIRNAME/../.." --cross-file "$scratch/machine.ini" -Dtests=disabled
}

# refuses_platform SENTENCE MACHINE…
refuses_platform() {
	run -1 configure "${@:2}"
	printf "wanted: %s, got:\n%s\n" "$1" "$output" >&2
	[[ $output == *"ERROR: Problem encountered: $1"* ]]
}

@test "a machine that is not Linux is refused" {
	refuses_platform "nsctl runs on Linux only, not on freebsd" freebsd x86_64 little -m64
}

@test "a big-endian machine is refused" {
	refuses_platform "nsctl needs a little-endian 64-bit machine, which s390x is not" linux s390x big -m64
}

@test "a 32-bit machine is refused" {
	refuses_platform "nsctl needs a little-endian 64-bit machine, which x86 is not" linux x86 little -m32
}

@test "a little-endian 64-bit Linux is configured" {
	run -0 configure linux x86_64 little -m64
	[[ $output != *ERROR* ]]
}
