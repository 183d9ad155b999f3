# SPDX-License-Identifier: GPL-2.0-or-later
# bubblewrap, which has no names and no files: its containers are shown as such.
load lib

setup_file() {
	engine_setup bubblewrap bwrap || return 0
	start_daemon setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all \
		bwrap --unshare-all --ro-bind / / --proc /proc --dev /dev sleep 5001
	is_ready runs_sleep 5001
}

@test "the sandbox is shown as one of bubblewrap" {
	local pid
	pid=$(init_of 5001)
	is "$("$NSCTL" sets -rn -o RUNTIME "$pid")" bubblewrap
	is "$("$NSCTL" ps -rn -o RUNTIME "$pid" | sort -u)" bubblewrap
	is "$("$NSCTL" list -rn -o RUNTIME "$(inode_of "$pid" net)")" bubblewrap
}

@test "enter is in its namespaces" {
	local pid
	pid=$(init_of 5001)
	is "$("$NSCTL" enter -S "$user" -G "$user" "$pid" readlink /proc/self/ns/{mnt,net,uts})" "$(readlink "/proc/$pid/ns/"{mnt,net,uts})"
}

@test "exec of a process in it is the user's, without capabilities" {
	run -0 --separate-stderr "$NSCTL" exec "$(init_of 5001)" grep -E '^(Uid|CapEff|CapBnd)' /proc/self/status
	[[ $output == *$'\t'"$user"$'\t'* ]]
	[[ $output == *"CapEff:"*0000000000000000* ]]
}
