# SPDX-License-Identifier: GPL-2.0-or-later
# The pseudo-terminal that a program inside gets.  tmux is the caller's terminal, with a shell in it.
bats_require_minimum_version 1.5.0
load ../lib
load ../screen

setup() {
	needs_root
	common_setup
	start_container
}

teardown() {
	close_screen
	common_teardown
}

# enter_shell [OPTION]…: from the outer shell into one inside, which has a prompt of its own.
enter_shell() {
	line 'stty -g >$O/before'
	line "\$N enter $* \$T env PS1='inner> ' bash --norc --noprofile -i; echo \$? >\$O/status; stty -g >\$O/after"
	wait_for shows 'inner> $'
	supervisor=$(pgrep -xn nsctl)
	inner=$(child_of "$supervisor")
}

is_restored() {
	wait_for test -s "$scratch/after"
	is "$(cat "$scratch/after")" "$(cat "$scratch/before")"
}

@test "tty names it; it is the controlling terminal of a session of its own, and nothing else is open" {
	# shellcheck disable=SC2016
	is "$(in_script "$nsctl" enter "$target" sh -c 'tty; tty <&1; tty <&2; ls -1 /proc/self/fd; [ $(ps -o sid= $$) = $$ ] && ps -o tty= $$')" \
		"/dev/pts/0
/dev/pts/0
/dev/pts/0
0
1
2
3
pts/0"
}

@test "a pid namespace is not needed" {
	# shellcheck disable=SC2016
	run -7 in_script "$nsctl" enter -m "$target" sh -c 'tty; exit 7'
	is "$output" /dev/pts/0
	# shellcheck disable=SC2016
	run -143 in_script "$nsctl" enter -m "$target" sh -c 'kill -TERM $$'
}

@test "the caller's streams stay where one is no terminal, with --no-pty, -F, without a mnt namespace, as nsenter" {
	is "$("$nsctl" enter "$target" tty </dev/null || true)" "not a tty"
	is "$(in_script sh -c "$nsctl enter $target tty 2>/dev/null")" "not a tty"
	is "$(in_script sh -c "$nsctl enter $target sh -c '[ -t 1 ] || echo none' | cat")" none
	is "$(in_script "$nsctl" enter --no-pty "$target" tty)" "not a tty"
	is "$(in_script "$nsctl" enter -F "$target" tty)" "not a tty"
	is "$(in_script "$as_nsenter" -t "$target" -m tty)" "not a tty"
	is "$(in_script sh -c "tty; $nsctl enter -p --mount-proc $target tty" | uniq | wc -l)" 1
}

@test "it has the caller's modes and size before the program starts" {
	open_screen
	line 'stty erase ^H -ixon; stty -a >$O/outer; $N enter $T stty -a >$O/not; $N enter $T sh -c "stty -a >$O/inner"; echo yes >$O/finished'
	says finished yes
	is "$(cat "$scratch/inner")" "$(cat "$scratch/outer")"
	grep -q 'rows 24; columns 80' "$scratch/inner"
}

@test "a change of the size reaches the program" {
	open_screen
	enter_shell
	line "trap 'stty size >\$O/size' WINCH"
	line 'stty size >$O/size'
	says size "24 80"
	on_screen resize-window -x 100 -y 40
	says size "40 100"
}

@test "job control happens inside: ^Z, fg, ^C, ^\\, ^D" {
	open_screen
	enter_shell
	line 'sleep 1000'
	wait_for pgrep -fx 'sleep 1000' -P "$inner"
	keys C-z
	wait_for shows 'Stopped +sleep 1000'
	line fg
	wait_for shows '^sleep 1000$'
	keys C-c
	line 'echo "fg $?" >$O/fg'
	says fg "fg 130"
	line 'sleep 1001'
	wait_for pgrep -fx 'sleep 1001' -P "$inner"
	keys C-\\
	line 'echo $? >$O/quit'
	says quit 131
	line 'cat >$O/text; echo $? >$O/cat'
	line 'some text'
	keys C-d
	says cat 0
	says text "some text"
	keys C-d
	says status 0
	is_restored
}

@test "the program's status; one that cannot be executed" {
	open_screen
	line 'stty -g >$O/before; $N enter $T sh -c "exit 9"; echo $? >$O/nine'
	says nine 9
	line '$N enter $T sh -c "kill -TERM \$\$"; echo $? >$O/killed'
	says killed 143
	line '$N enter $T no-such-program; echo $? >$O/none; stty -g >$O/after'
	says none 127
	shows "cannot execute 'no-such-program'"
	is_restored
}

@test "vi inside" {
	open_screen
	enter_shell
	line 'busybox vi $O/text'
	wait_for shows '^~'
	keys -l 'ihello from inside'
	keys Escape
	wait_for shows '^- .*text'
	keys -l ':wq'
	keys Enter
	says text "hello from inside"
	line exit
	says status 0
	is_restored
}

@test "su inside: the terminal has a name, and the new user can use it" {
	open_screen
	enter_shell
	line 'su -s /bin/sh nobody -c "tty; id -un" >$O/su; chmod 644 $O/su'
	says su "/dev/pts/0
nobody"
}

@test "tmux inside" {
	open_screen
	enter_shell
	line 'TMUX= tmux -S /tmp/inner-$$ -f /dev/null new-session "tty >$O/inside; sleep 1000"'
	says inside /dev/pts/1
	keys C-b d
	wait_for shows 'detached'
	line 'tmux -S /tmp/inner-$$ kill-server; rm -f /tmp/inner-$$; exit'
	says status 0
	is_restored
}

@test "signals to nsctl reach the program, and the terminal is restored" {
	local signal
	open_screen
	for signal in TERM INT HUP QUIT PIPE ALRM USR1 XCPU; do
		rm -f "$scratch/"{status,before,after,ready}
		line 'stty -g >$O/before; $N enter $T sh -c "echo >\$O/ready; exec sleep 1000"; echo $? >$O/status; stty -g >$O/after'
		wait_for test -e "$scratch/ready"
		wait_for runs "$(child_of "$(pgrep -xn nsctl)")" sleep
		kill -"$signal" "$(pgrep -xn nsctl)"
		says status $((128 + $(kill -l "$signal")))
		is_restored
	done
}

# dash restores no modes: what is right then, nsctl has restored.
@test "SIGTSTP stops nsctl alone, with the terminal restored; fg goes on" {
	open_screen dash -i
	enter_shell
	kill -TSTP "$supervisor"
	wait_for shows 'Stopped'
	wait_for shows 'outer> $'
	line 'stty -g >$O/stopped'
	wait_for test -s "$scratch/stopped"
	is "$(cat "$scratch/stopped")" "$(cat "$scratch/before")"
	line fg
	line 'sleep 1000'
	wait_for pgrep -fx 'sleep 1000' -P "$inner"
	keys C-c
	line 'echo $? >$O/interrupted; exit 5'
	says interrupted 130
	line 'stty -g >$O/after'
	is_restored
}

@test "a program that stops stops nsctl, and both go on together" {
	open_screen dash -i
	enter_shell
	kill -STOP "$inner"
	wait_for shows 'Stopped'
	line 'stty -g >$O/stopped'
	wait_for test -s "$scratch/stopped"
	is "$(cat "$scratch/stopped")" "$(cat "$scratch/before")"
	line fg
	line 'echo here >$O/here; exit'
	says here here
}

@test "after SIGSTOP, when the shell has changed the modes: raw again" {
	open_screen
	enter_shell
	kill -STOP "$supervisor"
	wait_for shows 'Stopped'
	line 'stty sane; fg'
	line 'cat >$O/text'
	wait_for pgrep -x cat -P "$inner"
	keys C-c
	line 'echo $? >$O/interrupted; exit'
	says interrupted 130
}

@test "in the background it leaves the terminal alone, until it comes to the foreground" {
	open_screen dash -i
	line 'stty -g >$O/before'
	line '$N enter $T sh -c "echo started >\$O/started; read word; echo \"got \$word\" >\$O/word" &'
	says started started
	line 'stty -g >$O/background'
	wait_for test -s "$scratch/background"
	is "$(cat "$scratch/background")" "$(cat "$scratch/before")"
	line 'echo the shell reads >$O/shell'
	says shell "the shell reads"
	line fg
	line hello
	says word "got hello"
	line 'stty -g >$O/after'
	is_restored
}

@test "the end of the caller's terminal ends the shell inside, and what runs in its foreground" {
	open_screen
	enter_shell
	line "sh -c 'trap \"echo HUP >\$O/foreground; exit\" HUP; echo >\$O/ready; while :; do sleep 0.05; done'"
	wait_for test -e "$scratch/ready"
	on_screen kill-server
	wait_for has_text foreground HUP
	wait_for gone "$supervisor"
	wait_for gone "$inner"
}

@test "the end of the caller's terminal ends the input of a program that ignores HUP" {
	open_screen
	line '$N enter $T sh -c "trap \"\" HUP; echo >\$O/ready; cat; echo ended >\$O/input; exec sleep 1000"'
	wait_for test -e "$scratch/ready"
	inner=$(child_of "$(pgrep -xn nsctl)")
	started+=("$inner")
	on_screen kill-server
	says input ended
	wait_for runs "$inner" sleep
}

gone() {
	[ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"
}

@test "megabytes of output are complete" {
	head -c 6000000 /dev/urandom | base64 -w 0 >"$scratch/text"
	in_script "$nsctl" enter "$target" cat "$scratch/text" >"$scratch/seen"
	cmp "$scratch/text" "$scratch/seen"
}

@test "the last words of a program are never lost" {
	local round
	for ((round = 0; round < 20; round++)); do
		is "$(in_script "$nsctl" enter "$target" sh -c 'seq 1000')" "$(seq 1000)"
	done
}

@test "megabytes of input are complete, for a program that reads slowly" {
	head -c 1500000 /dev/urandom | base64 -w 0 >"$scratch/text"
	open_screen
	enter_shell
	line "stty raw -echo; echo >\$O/ready; sleep 1; head -c $(stat -c %s "$scratch/text") >\$O/seen; stty sane; echo yes >\$O/finished"
	wait_for test -e "$scratch/ready"
	on_screen load-buffer -b text "$scratch/text"
	on_screen paste-buffer -b text
	says finished yes
	cmp "$scratch/text" "$scratch/seen"
}

@test "a program that never reads: what is typed does not keep its output back, nor signals" {
	head -c 1500000 /dev/urandom | base64 -w 0 >"$scratch/text"
	open_screen
	line 'stty -g >$O/before; $N enter $T sh -c "stty raw; echo >\$O/ready; while :; do echo still-here; sleep 0.1; done"; echo $? >$O/status; stty -g >$O/after'
	wait_for test -e "$scratch/ready"
	on_screen load-buffer -b text "$scratch/text"
	on_screen paste-buffer -b text
	on_screen clear-history
	wait_for shows still-here
	kill -TERM "$(pgrep -xn nsctl)"
	says status 143
	is_restored
}

@test "^S stops the output and ^Q continues it" {
	open_screen
	enter_shell
	line 'cat'
	keys C-s
	keys -l 'held back'
	keys Enter
	keys C-q
	wait_for shows 'held back'
}

@test "a child that keeps the terminal open does not keep nsctl; what it writes later is nobody's" {
	run -0 in_script "$nsctl" enter "$target" sh -c 'trap "" HUP; sleep 1000 & echo done'
	is "$output" "done"
	run -0 in_script "$nsctl" enter "$target" sh -c 'trap "" HUP; yes & echo done'
}

@test "a program that closes its terminal, opens it again by its name, or leaves its session" {
	in_script "$nsctl" enter "$target" sh -c 'exec <&- >&- 2>&-; sleep 0.3; exec >/dev/pts/0; echo again' >"$scratch/seen"
	is "$(cat "$scratch/seen")" again
	is "$(in_script "$nsctl" enter "$target" \
		python3 -c 'import ctypes, os, signal; signal.signal(1, signal.SIG_IGN); ctypes.CDLL(None).vhangup(); os.write(os.open("/dev/pts/0", 1), b"anew\n")')" anew
	is "$(in_script "$nsctl" enter "$target" setsid --wait sh -c 'echo elsewhere')" elsewhere
}

@test "what was typed before the program runs reaches it, also ^D" {
	open_screen
	line 'stty -echo; echo >$O/ready; until [ -e $O/go ]; do sleep 0.01; done; $N enter $T sh -c "cat >\$O/text"; echo $? >$O/status'
	wait_for test -e "$scratch/ready"
	keys -l 'two words'
	keys Enter C-d
	: >"$scratch/go"
	says status 0
	says text "two words"
}

@test "the user that the program gets owns it" {
	# shellcheck disable=SC2016
	is "$(in_script "$nsctl" enter -S 4321 "$target" sh -c 'stat -c %u:%g:%a $(tty); : >$(tty) && echo opened')" "4321:5:620
opened"
}

@test "in a user namespace: the user as seen inside" {
	start_unshared --user --mount
	echo "0 200000 65536" >"/proc/$pid/uid_map"
	echo "0 200000 65536" >"/proc/$pid/gid_map"
	"$system_nsenter" -t "$pid" -U -m -S 0 -G 0 mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 none /dev/pts
	# shellcheck disable=SC2016
	is "$(in_script "$nsctl" enter "$pid" sh -c 'tty; stat -c %u:%g $(tty)')" "/dev/pts/0
0:5"
	# shellcheck disable=SC2016
	is "$(in_script "$nsctl" enter -S 1000 "$pid" sh -c 'tty; stat -c %u:%g $(tty)')" "/dev/pts/0
1000:5"
}

@test "a user in a user namespace of his own" {
	start_unshared_as_user --user --map-root-user --mount
	is "$(in_script env -u NSCTL_ENGINE setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- "$nsctl" enter "$pid" sh -c 'tty; id -u' | sed 's/[0-9]*$/N/')" "/dev/pts/N
N"
}

@test "without a devpts inside: one of the caller's, and a warning" {
	nsenter -t "$target" -m mount -t tmpfs none /dev/pts
	nsenter -t "$target" -m mount --bind /dev/null /dev/ptmx
	run -1 in_script "$nsctl" enter "$target" sh -c 'stty size; [ -t 0 ] && tty'
	[[ $output == *"the target has no devpts that can be used: the terminal has no name inside"* ]]
	[[ $output == *"not a tty"* ]]
	[[ $output == *"0 0"* ]]
}
