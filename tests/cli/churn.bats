# SPDX-License-Identifier: GPL-2.0-or-later
# Looking while processes and namespaces come and go.  CHURN_SECONDS: how long.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program churn
}

setup() {
	needs_root
	common_setup
	"$churn" 2000 "${CHURN_SECONDS:-5}" >"$scratch/churned" 3>&- &
	churning=$!
	started+=("$churning")
}

teardown() {
	common_teardown
}

# while_churning COMMAND…: again and again; counts the rounds.
while_churning() {
	rounds=0
	while [ -e "/proc/$churning" ] && [ "$(awk '{print $3}' "/proc/$churning/stat")" != Z ]; do
		"$@" || return 1
		rounds=$((rounds + 1))
	done
	[ "$rounds" -gt 5 ]
}

# A freed inode may come back within one scan as that of another type.  Every row is right in itself, and no set or namespace refers to what is not there.
look() {
	"$nsctl" list -J >"$scratch/list" 2>"$scratch/errors" || return 1
	! grep -v 'processes could not be read' "$scratch/errors" || return 1
	jq -e '
		(.namespaces | map(.ns)) as $all
		| .namespaces
		| (map([.type, .ns]) | length == (unique | length))
		and all(.nprocs <= .ntasks)
		and all(.nprocs == 0 or .pid != null)
		and all(.nprocs > 0 or .holders != null or .pid == null)
		and all(.ons == null or (.ons as $ons | $all | any(. == $ons)))
		and all(.pns == null or (.pns as $pns | $all | any(. == $pns)))' "$scratch/list" >/dev/null || return 1
	"$nsctl" sets -J 2>/dev/null | jq -e '.sets | length > 0 and (map(.pid) | length == (unique | length))
		and all(.nprocs <= .ntasks and .ntasks > 0)' >/dev/null || return 1
	"$nsctl" ps "$(readlink /proc/self/ns/net)" >/dev/null 2>&1 || return 1
	"$nsctl" list -T >/dev/null 2>&1
}

@test "list, sets, ps: no crash, no error, no row that is wrong" {
	while_churning look
	wait "$churning"
	cat "$scratch/churned"
}
