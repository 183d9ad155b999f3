# SPDX-License-Identifier: GPL-2.0-or-later
# crun by itself; meson.build leaves out version 2 of cgroups beside version 1, which it refuses.
load lib

setup_file() {
	engine_setup crun crun || return 0
	make_bundle "$work/bundle" crun
	cd "$work/bundle" && alone crun run -d c1 </dev/null >"$work/output" 2>&1
}

@test "the container runs" {
	is "$(crun state c1 | jq .pid)" "$(init_of 5000)"
	crun exec c1 /properties >"$work/p" </dev/null
	grep -qx 'environment: COLOR=red' "$work/p"
}
