# SPDX-License-Identifier: GPL-2.0-or-later
# A terminal for bats files, with a shell in it and somebody who types: tmux.  Beside lib.bash.

# start_container: a sleep with a devpts of its own, as containers have it; its number is in $target.
start_container() {
	# shellcheck disable=SC2016
	start_in --pid --mount-proc --mount sh -c '
		mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 none /dev/pts &&
		mount --bind /dev/pts/ptmx /dev/ptmx && exec sleep 1000'
	target=$pid
}

on_screen() {
	env -u TMUX TERM=screen tmux -S "$scratch/tmux" -f /dev/null "$@" 3>&-
}

# open_screen [SHELL…]: it has job control; what it knows is in $T (the target), $N (nsctl) and $O (a directory).
open_screen() {
	[ $# -gt 0 ] || set -- bash --norc --noprofile -i
	on_screen new-session -d -x 80 -y 24 "exec env --default-signal \
		-u ENV PS1='outer> ' T=$target N=$nsctl O=$scratch $*"
	wait_for shows 'outer> $'
}

close_screen() {
	[ ! -S "$scratch/tmux" ] || on_screen kill-server
}

screen() {
	on_screen capture-pane -p -J -S -
}

shows() { # shows PATTERN
	screen | grep -Eq -- "$1"
}

keys() { # keys KEY…: as tmux(1) names them
	on_screen send-keys "$@"
}

# line TEXT: typed, with Enter.
line() {
	on_screen send-keys -l "$1"
	keys Enter
}

# says FILE TEXT: the file in $scratch has this text in the end.
says() {
	wait_for has_text "$1" "$2" || {
		echo "$1 has: $(cat "$scratch/$1")" >&2
		screen >&2
		return 1
	}
}

has_text() {
	[ "$(cat "$scratch/$1")" = "$2" ]
}

# in_script COMMAND…: on a terminal on which nobody types, nor ends the input.  Its output; its status is the command's.
in_script() {
	local status=0
	[ -e "$scratch/keys" ] || mkfifo "$scratch/keys"
	# The time is far more than anything needs: what waits for ever must not keep the test.
	timeout --foreground --signal=KILL 60 script -qec "$(printf '%q ' "$@")" /dev/null \
		<>"$scratch/keys" >"$scratch/output" || status=$?
	tr -d '\r' <"$scratch/output"
	return "$status"
}
