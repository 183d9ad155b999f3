# SPDX-License-Identifier: GPL-2.0-or-later
# CVE-2017-5226, CVE-2025-52565: a program inside must not reach the caller's terminal, nor a container nsctl by its /dev.
bats_require_minimum_version 1.5.0
load ../lib
load ../screen

setup_file() {
	use_program inject
	use_program hang
	use_program swap
}

setup() {
	needs_root
	common_setup
	start_container
}

teardown() {
	close_screen
	common_teardown
}

inside() {
	"$system_nsenter" -t "$target" -p -m "$@"
}

# types_outside COMMAND…: whether the attacker, started by COMMAND from a shell, typed into that shell.
types_outside() {
	open_screen
	line "$* $inject 'echo typed >\$O/typed'; echo yes >\$O/tried"
	says tried yes
	line 'echo yes >$O/after'
	says after yes
	[ -e "$scratch/typed" ]
}

@test "the trap works: through the system's nsenter, and with --no-pty, it types into the caller's shell" {
	types_outside "$system_nsenter" -t "$target" -p -m
	close_screen
	rm "$scratch/typed" "$scratch/tried" "$scratch/after"
	types_outside "$nsctl" enter --no-pty "$target"
}

@test "nothing is typed into the caller's shell" {
	run ! types_outside "$nsctl" enter "$target"
	[ -e "$scratch/after" ]
}

@test "nor by what the program leaves behind" {
	open_screen
	line "\$N enter \$T sh -c 'trap \"\" HUP; (sleep 0.3; $inject \"echo typed >\$O/typed\"; echo yes >\$O/tried) & '"
	says tried yes
	line 'echo yes >$O/after'
	says after yes
	[ ! -e "$scratch/typed" ]
}

@test "no descriptor inside is a terminal of the caller's, nor the other end" {
	in_script "$nsctl" enter "$target" sh -c 'stat -Lc "%d %i" /dev/pts/0 /proc/self/fd/[0-2]; stat -Lc "%t:%T" /proc/self/fd/* || true' >"$scratch/seen"
	is "$(head -n 4 "$scratch/seen" | sort -u | wc -l)" 1
	run ! grep -q '^5:2$' "$scratch/seen"
	is "$(grep -c '^88:0$' "$scratch/seen")" 3
}

# Before nsctl looks: what is there instead of the multiplexer.
replace() { # replace COMMAND
	inside sh -ec "umount /dev/ptmx; mount -t tmpfs none /dev/pts; cd /dev/pts; $1; cd /; mount --bind /dev/pts/ptmx /dev/ptmx"
}

@test "other files for the multiplexer: none of them is opened, and the program has a terminal" {
	local kind
	for kind in 'mkfifo ptmx' 'echo text >ptmx' 'mknod ptmx c 5 0' 'mknod ptmx c 1 5' 'mknod ptmx b 5 2' 'mknod ptmx c 10 130' \
		"python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"ptmx\")'"; do
		echo "$kind" >&2
		replace "$kind"
		run -0 in_script "$nsctl" enter "$target" sh -c 'test -t 0 && echo a terminal'
		[[ $output == *"the terminal has no name inside"*"a terminal"* ]]
		inside umount /dev/ptmx /dev/pts
		inside mount --bind /dev/pts/ptmx /dev/ptmx
	done
}

@test "a FIFO for the multiplexer: nobody who waits at its other end sees it opened" {
	replace 'mkfifo ptmx'
	start "$system_nsenter" -t "$target" -p -m sh -c ': >/dev/pts/ptmx; echo opened >"$0"' "$scratch/opened"
	run -0 in_script "$nsctl" enter "$target" true
	[ ! -e "$scratch/opened" ]
	# The trap works.
	inside sh -c ': </dev/pts/ptmx'
	wait_for grep -q opened "$scratch/opened"
}

@test "links for the multiplexer stay inside" {
	echo secret >"$scratch/secret"
	inside sh -ec 'umount /dev/ptmx; mount -t tmpfs none /dev/pts; ln -s /proc/1/root/dev/zero /dev/pts/ptmx; ln -s ptmx /dev/pts/loop'
	run -0 in_script "$nsctl" enter "$target" sh -c 'test -t 0 && echo a terminal'
	[[ $output == *"a terminal"* ]]
	inside sh -ec 'rm /dev/pts/ptmx; ln -s loop /dev/pts/ptmx; rm /dev/pts/loop; ln -s ptmx /dev/pts/loop'
	run -0 in_script "$nsctl" enter "$target" sh -c 'test -t 0 && echo a terminal'
	[[ $output == *"a terminal"* ]]
}

@test "a file mounted over the name of the terminal is not taken for it, nor given away" {
	echo mine >"$scratch/file"
	inside sh -ec 'exec 3<>/dev/pts/ptmx; mount --bind "$0" /dev/pts/0; exec sleep 1000' "$scratch/file" 3>&- &
	started+=("$!")
	wait_for inside grep -q ' /dev/pts/0 ' /proc/self/mountinfo
	# The first is in use as long as the mount is there: the next is ours, covered in advance as well.
	is "$(in_script "$nsctl" enter -S 4321 "$target" sh -c 'test -t 0 && test -t 1 && stat -Lc %F /proc/self/fd/0')" "character special file"
	is "$(stat -c %u "$scratch/file")" 0
	is "$(cat "$scratch/file")" mine
}

@test "the multiplexer is exchanged all the time: the program has a terminal each time" {
	local round
	inside sh -ec 'umount /dev/ptmx; mkfifo "$0"' "$scratch/fifo"
	start "$system_nsenter" -t "$target" -m "$swap" cover "$scratch/fifo" /dev/pts/ptmx
	for ((round = 0; round < 20; round++)); do
		run -0 in_script "$nsctl" enter "$target" sh -c 'test -t 0 && echo a terminal'
		[[ $output == *"a terminal"* ]]
	done
}

@test "a file system that does not answer, for /dev/pts" {
	mknod -m 666 "$scratch/fuse" c 10 229
	: <>"$scratch/fuse" 2>/dev/null || skip "no FUSE here"
	start env FUSE_DEVICE="$scratch/fuse" "$hang" bind /dev/pts "$scratch/told"
	wait_for test -s "$scratch/told"
	run -0 in_script "$nsctl" enter -m -t "$(cat "$scratch/told")" sh -c 'test -t 0 && echo a terminal'
	[[ $output == *"the terminal has no name inside"*"a terminal"* ]]
}

@test "all pseudo-terminals of the container are in use: one of the caller's" {
	inside mount -o remount,max=1 /dev/pts
	start "$system_nsenter" -t "$target" -p -m sh -c 'exec 3<>/dev/pts/ptmx; echo >"$0"; exec sleep 1000' "$scratch/taken"
	wait_for test -e "$scratch/taken"
	run -0 in_script "$nsctl" enter "$target" sh -c 'test -t 0 && echo a terminal'
	[[ $output == *"the terminal has no name inside"*"a terminal"* ]]
}

@test "a program that floods the terminal when it has ended, or hangs it up, does not keep nsctl" {
	run -0 in_script "$nsctl" enter "$target" sh -c 'trap "" HUP; yes & yes & exit 0'
	run -0 in_script "$nsctl" enter "$target" \
		python3 -c 'import ctypes, os, signal; signal.signal(1, signal.SIG_IGN); os._exit(ctypes.CDLL(None).vhangup())'
}

@test "a program that stops its terminal's output, or takes it for itself, does not keep nsctl" {
	run -0 in_script "$nsctl" enter "$target" \
		python3 -c 'import fcntl, termios; fcntl.ioctl(0, termios.TIOCEXCL); termios.tcflow(1, termios.TCOOFF)'
}

# start_unread COMMAND…: nsctl with a program inside, on a terminal that nobody reads; its number is in $unread.
start_unread() {
	cat >"$scratch/unread.py" <<-'END'
		import os, pty, sys, time
		pid, fd = pty.fork()
		if pid == 0:
		    os.execv(sys.argv[2], sys.argv[2:])
		open(sys.argv[1] + "/unread", "w").write("%d\n" % pid)
		_, status = os.waitpid(pid, 0)
		open(sys.argv[1] + "/ended", "w").write("%d\n" % os.WEXITSTATUS(status))
		time.sleep(1000)
	END
	start python3 "$scratch/unread.py" "$scratch" "$nsctl" enter "$target" "$@"
	wait_for test -s "$scratch/unread"
	unread=$(cat "$scratch/unread")
}

@test "a caller's terminal that takes nothing: signals still reach the program, and nsctl ends with it" {
	start_unread sh -c 'echo >"$0"; exec head -c 1000000 /dev/zero' "$scratch/ready"
	wait_for test -e "$scratch/ready"
	wait_for runs "$(child_of "$unread")" head
	kill -TERM "$unread"
	wait_for test -s "$scratch/ended"
	is "$(cat "$scratch/ended")" 143
}

@test "a caller's terminal that takes nothing: nsctl waits with what a program wrote that has ended, until a signal" {
	# A pseudo-terminal takes 11 to 21 kB: one does not take this, two do.
	start_unread sh -c 'stty raw; head -c 24000 /dev/zero; echo >"$0"' "$scratch/ready"
	wait_for test -e "$scratch/ready"
	wait_for has_no_child "$unread"
	[ -e "/proc/$unread" ]
	kill -TERM "$unread"
	wait_for test -s "$scratch/ended"
	is "$(cat "$scratch/ended")" 0
}

has_no_child() {
	! child_of "$1"
}
