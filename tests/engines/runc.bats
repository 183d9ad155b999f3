# SPDX-License-Identifier: GPL-2.0-or-later
# runc by itself.
load lib

setup_file() {
	engine_setup runc runc || return 0
	make_bundle "$work/bundle" runc
	cd "$work/bundle" && alone runc run -d r1 </dev/null >"$work/output" 2>&1
}

@test "the container runs" {
	is "$(runc state r1 | jq .pid)" "$(init_of 5000)"
	runc exec r1 /properties >"$work/p" </dev/null
	grep -qx 'limit core: 1000 2000' "$work/p"
}
