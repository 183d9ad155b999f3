# SPDX-License-Identifier: GPL-2.0-or-later
# bubblewrap, which has no names and no files: its containers are shown as such.
load lib

setup_file() {
	engine_setup bubblewrap bwrap || return 0
	start_daemon setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all \
		bwrap --unshare-all --ro-bind / / --proc /proc --dev /dev sleep 5001
	is_ready init_of 5001
}

@test "the sandbox runs" {
	[ "$(ns_of self user)" != "$(ns_of "$(init_of 5001)" user)" ]
}
