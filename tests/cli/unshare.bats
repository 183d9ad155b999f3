# SPDX-License-Identifier: GPL-2.0-or-later
# Called as unshare, nsctl is unshare: side by side with the system's, and with the newest that Debian has.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	"$BATS_TEST_DIRNAME/../../tools/fetch-unshare" "$TEST_PROGRAMS/newest-unshare" 2>"$BATS_FILE_TMPDIR/fetch-log" ||
		echo "# the system's unshare alone: $(tail -n 1 "$BATS_FILE_TMPDIR/fetch-log")" >&3
}

setup() {
	needs_root
	common_setup
	ln -sf nsctl "$scratch/bin/unshare"
	cp "${TEST_PROGRAMS:?}/report" "$scratch/bin/"
	report=$scratch/bin/report
	sides=(ours system)
	# shellcheck disable=SC2034 # by name, in run_side
	ours=("$scratch/bin/unshare") system=("$(command -v unshare)")
	use_newest
	start_scene
}

# Where every user can run it.
use_newest() {
	local from=$TEST_PROGRAMS/newest-unshare to=$scratch/newest
	newest=("$to/ld.so" --library-path "$to" --argv0 unshare "$to/unshare")
	if [ -e "$from/version" ]; then
		cp -r "$from" "$to"
		sides+=(newest)
	fi
}

needs_newest() {
	[ -e "$scratch/newest" ] ||
		skip "Debian's newest unshare is not available: $(tail -n 1 "$BATS_FILE_TMPDIR/fetch-log")"
}

teardown() {
	common_teardown
}

# ---- the scene: where each side is run

# A mnt namespace whose mounts are shared, as those of a machine with systemd are; its files
# in /etc know the user, and give him ids.
start_scene() {
	mkdir -m 777 "$scratch/mine"
	echo "tester:x:$user:$user::/:/bin/sh" | cat /etc/passwd - >"$scratch/passwd"
	echo "tester:x:$user:" | cat /etc/group - >"$scratch/group"
	printf '%s\n' root:500000:70000 tester:600000:65536 tester:700000:10 >"$scratch/subuid"
	printf '%s\n' 0:550000:70000 "$user:650000:65536" >"$scratch/subgid"
	# shellcheck disable=SC2016 # expanded inside
	start unshare --mount sh -euc '
		mount --make-rshared /
		for name in passwd group subuid subgid; do
			[ ! -e "/etc/$name" ] || mount --bind "$1/$name" "/etc/$name"
		done
		exec sleep 1000' sh "$scratch"
	wait_for runs "$pid" sleep
	scene=$pid
}

# in_scene WHO COMMAND…
in_scene() {
	local become=(setpriv "--groups=77,78")
	[ "$1" = root ] || become+=(--reuid="$user" --regid="$user" --inh-caps=-all)
	nsenter --mount --target "$scene" -- "${become[@]}" "${@:2}"
}

# in_scene_root COMMAND…: with what it has mounted there.
in_scene_root() {
	nsenter --mount --wd="$scratch" --target "$scene" -- "$@"
}

# runner DIR REPORT PROGRAM WORD…: executes the program under the name unshare, with few variables; what
# that is to run is the report, unless that is empty.  Prints its status last, and the signal that ended
# it, which a shell would not say.
# shellcheck disable=SC2016 # for perl
runner='
	my ($dir, $report, $program, @words) = @ARGV;
	my @links = qw(cgroup ipc mnt net pid pid_for_children time time_for_children user uts);
	push @words, $report, join " ", map { readlink "/proc/self/ns/$_" } @links if $report ne "";
	%ENV = ();
	$ENV{PATH} = "/usr/sbin:/usr/bin:/sbin:/bin";
	$ENV{HOME} = "/";
	$ENV{LC_ALL} = "C";
	$ENV{EMPTY} = "";
	$ENV{TWO} = "a b";
	chdir $dir or die;
	my $child = fork // die;
	exec { $program } "unshare", @words or die if $child == 0;
	$SIG{ALRM} = sub { kill "KILL", $child };
	alarm 20;
	waitpid $child, 0;
	printf "exit %d, signal %d\n", $? >> 8, $? & 127'

# run_side SIDE WHO WORD…: what it printed is in $scratch/SIDE.output, with its status, and .errors.
# The words may end with "--" and a program, which it runs in place of the report.
run_side() {
	local -n program=$1
	local runs=$report
	[[ " ${*:3} " != *" -- "* ]] || runs=
	in_scene "$2" perl -e "$runner" "$scratch" "$runs" "${program[@]}" "${@:3}" \
		</dev/null 3>&- >"$scratch/$1.output" 2>"$scratch/$1.errors"
}

# ---- the comparison

# says FILE: whether there is a message.
says() {
	if [ -s "$1" ]; then echo some; else echo none; fi
}

# same_as SIDE: and we did the same.  A message may have other words; see the test of messages.
same_as() {
	local status=0
	diff "$scratch/$1.output" "$scratch/ours.output" || status=1
	[ "$(says "$scratch/$1.errors")" = "$(says "$scratch/ours.errors")" ] || status=1
	[ "$status" -eq 0 ] || tail -n +1 "$scratch"/{"$1",ours}.errors
	return "$status"
}

# same WHO WORD…: all sides come to the same; they run the report, or what follows "--".
same() {
	local side failed=0
	for side in "${sides[@]}"; do
		run_side "$side" "$@"
	done
	for side in "${sides[@]:1}"; do
		same_as "$side" >"$scratch/differences" || {
			printf '%s: unshare %s differs from the %s one:\n' "$1" "${*:2}" "$side"
			head -n 20 "$scratch/differences"
			failed=1
		} >&2
	done
	return "$failed"
}

# same_lines [WHO]: the lines of standard input, each the words of a command line as a shell reads
# them, for this user or for both.  All are run, also if one differs.
same_lines() {
	local line who failed=0 count=0
	local -a words
	while read -r line; do
		eval "words=($line)"
		for who in ${1:-root user}; do
			same "$who" "${words[@]}" || failed=1
			count=$((count + 1))
		done
	done
	echo "$count command lines" >&2
	[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
}

# newest_lines [WHO]: what the system's does not have yet, or does otherwise.
newest_lines() {
	needs_newest
	local sides=(ours newest)
	same_lines "$@"
}

needs_newuidmap() {
	type newuidmap newgidmap >/dev/null || skip "needs the package uidmap"
}

# ---- namespaces

@test "the newest unshare of Debian runs" {
	needs_newest
	"${newest[@]}" --version >&2
	run -0 "${newest[@]}" true
}

@test "each namespace alone, short and long" {
	same_lines <<-END
		-m
		--mount
		-u
		--uts
		-i
		--ipc
		-n
		--net
		-p
		--pid
		-U
		--user
		-C
		--cgroup
		-T
		--time
	END
}

@test "several namespaces, bundled, abbreviated, twice" {
	same_lines <<-END
		-muinCT
		-muinpUCT
		-Ur -muinCT
		-Urmuinpf
		-U -r -m -n -u -n
		--us --mou --ut
		--map-r --ip
		-rm --fork
	END
}

@test "no options at all, and where options end" {
	same_lines <<-END
		''
		-- true
		-u -- true -x
		-u -- sh -c 'echo "\$#:\$1|\$2"' sh -n ''
		-u -- printf '%s|' 'a b' '' --version
	END
	# The first word that is no option is the program.
	same root -u printf '%s|' -n -- --help
	same root true -n -- --no-such
}

# ---- the child

@test "--fork: child and parent are in the same namespaces, but for pid" {
	same_lines <<-END
		-f
		--fork -muinCT
		-Urf -muinCT
		-fp
		-fp --mount
		-fT
		-Urfp
		-rfpm --mount-proc
		-Urfp --kill-child
		-rp --kill-child=TERM
		-r --kill-child=sighup
		-r --kill-child=RTMIN+3
		-r --kill-child=nope
		-r --kill-child=0
		-r --kill-child=
		-r --kill-child=999
	END
}

@test "--forward-signals, as an option" {
	newest_lines <<-END
		--forward-signals
		-rp --forward-signals
		-rp --forward-signals --kill-child
		-rp --forward --fork
	END
}

@test "the exit status is the program's, or that of its signal" {
	same_lines <<-END
		-r -- sh -c 'exit 0'
		-r -- sh -c 'exit 1'
		-r -- sh -c 'exit 125'
		-r -- sh -c 'exit 255'
		-r -- no-such-program
		-r -- /no/such/program
		-r -- /etc/passwd
		-r -- /
		-r -- ''
		-r -- /etc/passwd/x
		-rf -- sh -c 'exit 3'
		-rf -- no-such-program
		-rf -- /etc/passwd
		-rf -- sh -c 'kill -TERM \$\$'
		-rf -- sh -c 'kill -HUP \$\$'
		-rf -- sh -c 'kill -INT \$\$'
		-rf -- sh -c 'kill -USR1 \$\$'
		-rf -- sh -c 'ulimit -c 0; kill -SEGV \$\$'
		-rfp -- sh -c 'exit 9'
		-rfp -- sh -c '(exit 4)'
		-rp -- sh -c ':; exit 5'
		-rp -- sh -c '/bin/true; /bin/true; exit 5'
	END
	# 2.38 fails to end itself by SIGKILL.
	newest_lines <<-END
		-rf -- sh -c 'kill -KILL \$\$'
		-rfp -- sh -c 'kill -KILL \$\$'
	END
}

# ---- ids

@test "one user and one group" {
	same_lines <<-END
		-r
		--map-root-user
		-c
		--map-current-user
		--map-user=5
		--map-user 0
		--map-user=tester
		--map-user=nobody-here
		--map-user=
		--map-user=5x
		--map-group=5
		--map-group=tester
		--map-group=nobody-here
		--map-user=5 --map-group=6
		-r --map-user=5
		--map-user=5 -r
		-c -r
		-r -c
		-rf
		-cfp
	END
	newest_lines <<-END
		--map-user=-1
	END
}

@test "--setgroups" {
	same_lines <<-END
		-U --setgroups=deny
		-U --setgroups=allow
		--setgroups=deny
		--setgroups=allow
		-r --setgroups=allow
		--map-user=0 --setgroups=deny
		--map-group=0 --setgroups=allow
		-U --setgroups=nope
		-U --setgroups=
		-U --setgroups
	END
}

@test "ranges of ids, in the words of util-linux 2.38" {
	needs_newuidmap
	same_lines <<-END
		--map-users=auto
		--map-groups=auto
		--map-auto
		--map-users=1,2
		--map-users=x
		--map-users=
		--map-users=1,2,3,
	END
	# As root 2.38 runs newuidmap, which permits no more than a user may do.
	same_lines user <<-END
		--map-users=600000,0,10 --map-groups=650000,0,10
		--map-users=600000,0,10
		--map-groups=650000,0,10
		--map-users=100000,0,10
		--map-groups=100000,0,10
		--map-users=600000,0,70000
	END
	newest_lines root <<-END
		--map-users=600000,0,10 --map-groups=650000,0,10
		--map-users=600000,0,10
		--map-groups=650000,0,10
		--map-users=100000,5,10 --map-groups=100000,5,10
	END
}

# 2.38 leaves out the last id.
@test "ranges of ids, and one user and one group among them" {
	needs_newuidmap
	newest_lines <<-END
		--map-users=600000,1,10 --map-groups=650000,1,10 -r
		--map-auto -r
		-r --map-auto
		--map-auto -c
		--map-auto --map-user=5 --map-group=7
		--map-auto -f -p -r
		--map-auto -r --setgroups=allow
		--map-auto -r -S 5 -G 6
		--map-users=0:600000:10 -r --map-groups=0:650000:10
		--map-users=0:600000:10 -c --map-groups=0:650000:10
		--map-users=0:600000:10 --map-user=3 --map-groups=0:650000:10 --map-group=9
		--map-users=0:600000:10 --map-user=10 --map-groups=0:650000:10 --map-group=11
		--map-users=5:600000:10 --map-user=4
		--map-users=5:$user:10 -r
		--map-users=all --map-groups=all -r
		--map-users=all --map-groups=all -c
		--map-subids -r
		--map-subids -c
	END
}

@test "ranges of ids, in the words of later ones" {
	needs_newuidmap
	newest_lines <<-END
		--map-users=0:600000:10 --map-groups=0:650000:10
		--map-users=0:600000:10 --map-users=20:600020:10 --map-groups=auto
		--map-users=0:600000:10 --map-users=5:600020:10
		--map-users=0:600000:10 --map-users=auto
		--map-users=all
		--map-groups=all
		--map-users=all --map-groups=all
		--map-subids
		--map-users=subids
		--map-groups=subids
		--map-auto --map-subids
		--map-users=0:0:4294967295
		--map-users=1:2:3:
		--map-users=1:2,3
	END
}

@test "--owner" {
	newest_lines <<-END
		--owner 1
		--owner 1:2:3
		--owner x
		--owner tester:tester
		--owner=
		--owner $user:$user
	END
	# As a user it leaves a process behind that waits for ever.
	newest_lines root <<-END
		--owner $user:$user -r
		--owner $user:$user -c
		--owner $user:$user --map-user=5
		--owner $user:$user --map-users=all --map-groups=all
		--owner $user:$user --map-users=0:600000:10 --map-groups=0:650000:10
		--owner $user:$user -n -f
		--owner 0:0 -r
	END
}

@test "--setuid, --setgid" {
	same_lines <<-END
		-S 5
		-G 5
		-S 5 -G 6
		--setuid=5 --setgid 6
		-r -S 0 -G 0
		-r -S 0
		-r -S 5
		-r -G 5
		-U -S 0
		-c -S 0
		-S x
		-G x
		-S ''
		-S 5x
		-S
		-S ' 5' -G +6
		-S 05
		-S 99999999999999999999
		-u -S 5
		-f -S 5
	END
}

@test "--keep-caps" {
	same_lines <<-END
		-U --keep-caps
		-r --keep-caps
		-c --keep-caps
		-cf --keep-caps
		-cfp --keep-caps -n
		--map-user=5 --map-group=5 --keep-caps
		--keep-caps
		-u --keep-caps
		-c --keep-caps -R /
	END
}

# ---- mounts, root, directory

@test "--propagation" {
	same_lines <<-END
		-m --propagation=private
		-m --propagation=shared
		-m --propagation=slave
		-m --propagation=unchanged
		-rm --propagation=private
		-rm --propagation=shared
		-rm --propagation=slave
		-rm --propagation=unchanged
		--propagation=slave
		-u --propagation slave
		-m --propagation=nope
		-m --propagation=
		-m --propagation
		-m --propagation=shared --propagation=slave
	END
}

@test "--mount-proc" {
	mkdir -p "$scratch/proc"
	same_lines <<-END
		--mount-proc
		-r --mount-proc
		-fp --mount-proc
		-rfp --mount-proc
		-fp --mount-proc=$scratch/proc
		-rfp --mount-proc=$scratch/proc
		-rfp --mount-proc=proc
		-fp --mount-proc --propagation=shared
		-fp --mount-proc --propagation=slave
		-fp --mount-proc --propagation=unchanged
		-rfp --mount-proc --propagation=slave
		-rfp --mount-proc=/no/such/directory
		-rfp --mount-proc=/etc/passwd
		-rp --mount-proc
	END
}

# The root has a file of the same path as the report's.
make_root() {
	mkdir -p "$scratch"/root{"$scratch/bin",/proc,/tmp}
	cp "$report" "$scratch/root$scratch/bin/"
}

@test "--root, --wd" {
	make_root
	same_lines <<-END
		-R $scratch/root
		--root=$scratch/root
		-rR $scratch/root
		-rR root
		-rR $scratch/root -fp --mount-proc
		-rR $scratch/root -w /tmp
		-rR $scratch/root -w tmp -fp --mount-proc
		-rR $scratch/root -fp --mount-proc=/proc --propagation=slave
		-rR $scratch/root -w /usr
		-rR /no/such/directory
		-rR /etc/passwd
		-rR ''
		-w /usr
		--wd=/usr
		-w bin
		-w ..
		-r --wd /usr/..
		-w /no/such/directory
		-w /etc/passwd
		-w ''
		-R /
		-r -R / -w /usr
		-r -R $scratch/root -S 0 -G 0
	END
}

@test "--mount-binfmt, --load-interp" {
	make_root
	newest_lines <<-END
		--mount-binfmt
		-r --mount-binfmt
		-rfp --mount-binfmt
		-r --mount-binfmt=$scratch/mine
		-r --mount-binfmt=/no/such/directory
		-r -l :nsctl-test:M::nsctl-test::/bin/echo:
		-r -l :nsctl-test:M::nsctl-test::/bin/echo: -- cat /proc/sys/fs/binfmt_misc/nsctl-test
		-r --load-interp=:nsctl-test:M::nsctl-test::/bin/echo:OCF -- cat /proc/sys/fs/binfmt_misc/nsctl-test
		-r --load-interp=:nsctl-test:M::nsctl-test::$report:F -R $scratch/root
		-r --load-interp=:nsctl-test:M::nsctl-test::$report: -R $scratch/root
		-r -l :nsctl-test:M::nsctl-test::/no/such/program:F
		-r -l nonsense
		-r -l ''
		-l :nsctl-test:M::nsctl-test::/bin/echo:
	END
}

# ---- time

@test "--monotonic, --boottime" {
	same_lines <<-END
		-T --monotonic 100
		-T --boottime=1000
		-rT --monotonic=1 --boottime=2
		-rTf --monotonic=1 --boottime=2
		-rTf --boottime=-1
		-rT --monotonic=+5
		-rT --monotonic=' 5'
		-rT --monotonic=5x
		-rT --monotonic=
		-rT --monotonic
		-rT --boottime=99999999999999999999
		-rT --boottime=9223372036854775807
		-rT --boottime=-9223372036854775808
		--monotonic 5
		-r --boottime=5
	END
}

# ---- failure

@test "options that are none" {
	same_lines <<-END
		--no-such-option
		-x
		-nx
		--m
		--map
		--net --fork=yes
		-r --map-user
		--help=x
		-nfile true
		--kill-child -- no-such-program
	END
}

# without_pid FILE: its first line.
without_pid() {
	head -n 1 "$1" | sed 's,/proc/[0-9][0-9]*,/proc/PID,'
}

# same_message WHO WORD…: what we say begins as what the newest says; more may follow.
same_message() {
	local theirs text
	run_side newest "$@"
	run_side ours "$@"
	theirs=$(without_pid "$scratch/newest.errors")
	text=$(without_pid "$scratch/ours.errors")
	if [ -z "$theirs" ] || [ "$text" != "$theirs${text#"$theirs"}" ]; then
		printf '%s\n' "$1: unshare ${*:2}: expected:" "$theirs" "got:" "$text" >&2
		return 1
	fi
}

@test "the messages that scripts read, and people search for" {
	needs_newest
	local line failed=0
	local -a words
	while read -r line; do
		eval "words=($line)"
		same_message "${words[@]}" || failed=1
	done <<-END
		user -u
		user -n -f
		user -m --mount-proc
		user -r -- no-such-program
		user -r -- /etc/passwd
		user -rfp -- /no/such/program
		user --no-such-option
		user -nx
		user --net --fork=yes
		user -r --map-user
		user -r --setgroups=allow
		user -U --setgroups=nope
		user -m --propagation=nope
		user -r --kill-child=nope
		user --map-user=nobody-here
		user --map-group=nobody-here
		user --map-users=x
		user --owner x
		user -r --monotonic 5
		user -rT --monotonic x
		user -S x
		user -G x
		user -r -G 5
		user -rR /no/such/directory
		user -R /
		user -rfp --mount-proc=/no/such/directory
	END
	[ "$failed" -eq 0 ]
}

@test "ids that are nobody's: a user without a line in passwd, in subuid" {
	in_scene_root mount --bind /etc/hostname /etc/subuid
	newest_lines <<-END
		--map-auto
		--map-users=auto
		--map-subids
	END
	in_scene_root umount /etc/subuid
	in_scene_root umount /etc/passwd
	newest_lines user <<-END
		--map-auto
		--map-users=subids
		--map-user=tester
		-r
	END
}

# ---- namespaces that stay

# kept TYPE OPTION…: ours makes the namespace, which stays by the file $scratch/kept/TYPE; nsenter finds it there.
# The numbers of what the program was in are compared to those of the file.
kept() {
	local name=$1 file=$scratch/kept/$1 link=/proc/self/ns/$1 inside
	shift
	case $name in
	mount) link=/proc/self/ns/mnt ;;
	pid | time) link=/proc/self/ns/${name}_for_children ;;
	esac
	touch "$file"
	inside=$(in_scene_root "${ours[@]}" "--$name=$file" "$@" readlink "$link")
	is "$(in_scene_root stat -Lc "%i" "$file")" "$(tr -dc 0-9 <<<"$inside")"
	[ "$name" = pid ] || is "$(in_scene_root nsenter --preserve-credentials "--$name=$file" readlink "${link%_for_children}")" "$inside"
	in_scene_root umount "$file"
}

# A mnt namespace can be mounted only where mounts are not shared.
make_kept() {
	mkdir "$scratch/kept"
	in_scene_root mount --bind "$scratch/kept" "$scratch/kept"
	in_scene_root mount --make-private "$scratch/kept"
}

@test "a namespace of each type stays by its file" {
	make_kept
	local type
	for type in uts ipc net cgroup user mount; do
		kept "$type"
		kept "$type" --fork
	done
	kept time
	# The child that it forks is the first process of the pid namespace.
	touch "$scratch/kept/pid"
	in_scene_root "${ours[@]}" --pid="$scratch/kept/pid" --fork readlink /proc/self/ns/pid >"$scratch/inside"
	is "pid:[$(in_scene_root stat -Lc %i "$scratch/kept/pid")]" "$(cat "$scratch/inside")"
}

@test "a namespace stays, with a user namespace and a mnt namespace beside it" {
	make_kept
	local type
	for type in uts ipc net cgroup mount; do
		kept "$type" -r
		kept "$type" -r --fork
		kept "$type" -m
	done
	kept user -r -m
	kept user --map-auto -f
}

@test "namespaces of all types stay at once" {
	make_kept
	local type options=()
	for type in uts ipc net cgroup user mount pid time; do
		touch "$scratch/kept/$type"
		options+=("--$type=$scratch/kept/$type")
	done
	in_scene_root "${ours[@]}" "${options[@]}" -r --fork hostname inside
	for type in uts ipc net cgroup user mount pid time; do
		is "$(in_scene_root stat -fLc %T "$scratch/kept/$type")" nsfs
	done
	is "$(in_scene_root nsenter --user="$scratch/kept/user" --uts="$scratch/kept/uts" hostname)" inside
	is "$(in_scene_root nsenter --user="$scratch/kept/user" cat /proc/self/uid_map | xargs)" "0 0 1"
}

@test "a file for a namespace that cannot be mounted" {
	make_kept
	touch "$scratch/kept/"{uts,net}
	same_lines <<-END
		--uts=$scratch/kept/nothing -- true
		--uts=$scratch/kept -- true
		--uts=/no/such/directory/uts -- true
		--uts= -- true
		--pid=$scratch/kept/uts -- true
		-rm --uts=$scratch/kept/nothing -- true
		-r --uts=$scratch/kept/nothing -f -- true
	END
	same_lines user <<-END
		--uts=$scratch/kept/uts -- true
		-r --uts=$scratch/kept/uts -- true
		-rm --uts=$scratch/kept/uts -- true
	END
}

# ---- signals

# start_side SIDE OPTION… PROGRAM…: the number of unshare is in $pid, that of its child in $child.
start_side() {
	local -n program=$1
	start "${program[@]}" "${@:2}"
	wait_for child_of "$pid"
	child=$(child_of "$pid")
	started+=("$child")
	wait_for runs "$child" sleep
}

is_ended() { # is_ended PID
	[ ! -e "/proc/$1/status" ] || grep -q '^State:.Z' "/proc/$1/status"
}

sides_of_forwarding() {
	echo ours
	[ ! -e "$scratch/newest" ] || echo newest
}

@test "while it waits, SIGINT and SIGTERM end neither it nor the child" {
	local side
	for side in "${sides[@]}"; do
		start_side "$side" --uts --fork sleep 1000
		kill -INT "$pid"
		kill -TERM "$pid"
		# It is what a signal to the child ends.
		kill -0 "$pid"
		[ "$(cat "/proc/$child/comm")" = sleep ]
		kill -TERM "$child"
		wait_for is_ended "$pid"
		ends_with 143 "$pid"
	done
}

@test "any other signal ends it, but not the child" {
	local side
	for side in "${sides[@]}"; do
		start_side "$side" --uts --fork sleep 1000
		kill -USR1 "$pid"
		wait_for is_ended "$pid"
		ends_with $((128 + 10)) "$pid"
		runs "$child" sleep
		kill -KILL "$child"
	done
}

@test "--kill-child: the child ends with it, by the signal" {
	local side signal
	for side in "${sides[@]}"; do
		for signal in "" =TERM =SIGHUP; do
			start_side "$side" --uts "--kill-child$signal" sleep 1000
			kill -KILL "$pid"
			wait_for is_ended "$child"
		done
		start_side "$side" --user --map-root-user --pid --kill-child sleep 1000
		kill -KILL "$pid"
		wait_for is_ended "$child"
	done
}

@test "--forward-signals: SIGINT and SIGTERM reach the child" {
	local side signal
	for side in $(sides_of_forwarding); do
		for signal in TERM INT; do
			start_side "$side" --uts --forward-signals sleep 1000
			kill "-$signal" "$pid"
			wait_for is_ended "$pid"
			ends_with $((128 + $(kill -l "$signal"))) "$pid"
			is_ended "$child"
		done
		forwards_to_handler "$side"
	done
}

# forwards_to_handler SIDE: what the child's handler makes of it is the status.
forwards_to_handler() {
	local -n program=$1
	rm -f "$scratch/ready"
	start "${program[@]}" --uts --forward-signals bash -c 'trap "exit 9" TERM; echo >"$1"; while :; do sleep 0.1; done' \
		bash "$scratch/ready"
	wait_for test -e "$scratch/ready"
	kill -TERM "$pid"
	wait_for is_ended "$pid"
	ends_with 9 "$pid"
}

# ---- what the program starts with

# shell_of SIDE: what it runs without a program, and how it ends, for several values of SHELL.
shell_of() {
	local -n program=$1
	SHELL=/bin/bash "${program[@]}" -u <<<'echo "$0"; exit 4' || echo "$?"
	SHELL=/bin/sh "${program[@]}" -r --fork <<<'echo "$0"; kill -TERM $$' || echo "$?"
	"${program[@]}" -r <<<'echo "$0"'
	SHELL=/no/such/shell "${program[@]}" -u </dev/null || echo "$?"
	SHELL=/etc/passwd "${program[@]}" -u </dev/null || echo "$?"
	SHELL='' "${program[@]}" -u <<<'echo "$0"' || echo "$?"
	echo in | "${program[@]}" -u cat
}

@test "without a program, the shell of SHELL, or the user's" {
	needs_newest
	is "$(shell_of ours)" "$(shell_of newest)"
}

# ignored_by SIDE: the signals that the program ignores, where the caller ignores some; and whether
# the status of the child is known where the caller ignores SIGCHLD.
ignored_by() {
	local -n program=$1
	(
		trap '' CHLD USR1 INT TERM
		"${program[@]}" -u grep '^SigIgn' /proc/self/status
		"${program[@]}" -u --fork grep '^SigIgn' /proc/self/status
		"${program[@]}" -u --forward-signals grep '^SigIgn' /proc/self/status
		"${program[@]}" -u --fork sh -c 'exit 6' || echo "$?"
	)
}

@test "signals that the caller ignores: all but SIGCHLD, and those that are forwarded, stay ignored" {
	needs_newest
	is "$(ignored_by ours)" "$(ignored_by newest)"
}

@test "--clear-env, --whitelist-env" {
	is "$(env -i A=1 B=2 C=3 "${ours[@]}" -u --clear-env /usr/bin/env)" ""
	is "$(env -i A=1 B=2 C=3 "${ours[@]}" -u --clear-env --whitelist-env A,C,D /usr/bin/env | sort)" $'A=1\nC=3'
	is "$(env -i A=1 B= "${ours[@]}" -r --fork --whitelist-env B --clear-env /usr/bin/env)" "B="
}

@test "standard streams that are closed or full" {
	run -0 bash -c '"$@" >&-' _ "${ours[@]}" -u true
	run -0 bash -c '"$@" <&- >&- 2>&-' _ "${ours[@]}" -u --fork true
	run -1 bash -c '"$@" >/dev/full' _ "${ours[@]}" --help
}

@test "--help and --version" {
	run -0 --separate-stderr "${ours[@]}" --help
	[[ $output == *--map-root-user* ]]
	[[ $output == *--forward-signals* ]]
	[ -z "$stderr" ]
	is "$("${ours[@]}" -h)" "$output"
	run -0 --separate-stderr "${ours[@]}" -V
	[[ $output == "unshare from nsctl"* ]]
}

@test "its own help names each option of the newest one" {
	needs_newest
	local option
	for option in $("${newest[@]}" --help | grep -oE -- '^ +(-., )?--[a-z-]+' | grep -oE -- '--.*'); do
		"${ours[@]}" --help | grep -qE -- "(^|[ ,])$option([^a-z-]|\$)" || {
			echo "missing: $option" >&2
			return 1
		}
	done
}
