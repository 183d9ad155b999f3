# CVE-2024-21626, CVE-2016-9962: what is open here must not be open inside.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	export stray=$BATS_FILE_TMPDIR/stray naive=$BATS_FILE_TMPDIR/naive
	"${CC:-cc}" -D_GNU_SOURCE -o "$stray" "$BATS_TEST_DIRNAME/stray.c"
	"${CC:-cc}" -D_GNU_SOURCE -o "$naive" "$BATS_TEST_DIRNAME/naive.c"
}

setup() {
	needs_root
	common_setup
	cp "$stray" "$naive" "$scratch"
	stray=$scratch/stray
	naive=$scratch/naive
	echo secret >"$scratch/secret"
	mkfifo "$scratch/fifo"
	# bats' own
	exec 3>&- 4>&-
}

teardown() {
	common_teardown
}

# What any program has here.
standard="0 device
1 pipe
2 device"

# With a file, a directory, a FIFO, a socket and a namespace of the caller open;
# one of the descriptors has a high number.
leak() {
	"$@" 3<"$scratch/secret" 4<"$scratch" 5<>"$scratch/fifo" 6<"/proc/self/ns/uts" 1000<"/" </dev/null 2>/dev/null | cat
}

caller_has="$standard
3 file
4 directory
5 pipe
6 namespace
1000 directory"

# A process in a mnt namespace and a root of its own, with stray in it.
start_rooted() {
	root=$scratch/root
	mkdir -p "$root"/{usr,proc,work}
	for dir in bin sbin lib lib64; do
		[ ! -L "/$dir" ] || cp -P "/$dir" "$root/$dir"
	done
	cp "$stray" "$root/stray"
	start unshare --mount "$@" sh -ec '
		mount --rbind /usr "$1/usr"; mount -t proc proc "$1/proc"
		exec chroot "$1" env -C /work sleep 1000' sh "$root"
	wait_for runs "$pid" sleep
}

@test "the trap works: the system's nsenter passes all on" {
	start_in --mount --pid
	is "$(leak "$system_nsenter" -t "$pid" -m "$stray")" "$caller_has"
	# The way out
	mkdir "$scratch/only-here"
	run -0 leak "$system_nsenter" -t "$pid" -m sh -c 'cd /proc/self/fd/4 && ls -d only-here'
	is "$output" only-here
}

@test "nothing of the caller's is open inside, with a fork" {
	start_in --mount --pid --mount-proc
	is "$(leak "$nsctl" enter "$pid" "$stray")" "$standard"
	is "$(leak "$nsctl" enter -t "$pid" -m -p "$stray")" "$standard"
}

@test "nothing of the caller's is open inside, without a fork" {
	start_unshared --uts --mount
	is "$(leak "$nsctl" enter "$pid" "$stray")" "$standard"
	is "$(leak "$nsctl" enter "/proc/$pid/ns/uts" "$stray")" "$standard"
	is "$(leak "$nsctl" enter -F "$pid" "$stray")" "$standard"
}

@test "nothing of the caller's is open inside another root" {
	start_rooted
	is "$(leak "$nsctl" enter "$pid" /stray)" "$standard"
	is "$(leak "$nsctl" enter -t "$pid" -m -r -w /stray)" "$standard"
}

@test "no socket of the caller's is open inside" {
	start_unshared --uts
	exec 9<>/dev/udp/127.0.0.1/9
	is "$("$system_nsenter" -t "$pid" -u "$stray" | grep ^9)" "9 socket"
	is "$("$nsctl" enter "$pid" "$stray" </dev/null 2>/dev/null | cat)" "$standard"
	exec 9>&-
}

@test "the trap works: naively, what was opened for the entering is open inside" {
	start_unshared --uts
	is "$("$naive" leak "$pid" "$stray" </dev/null 2>/dev/null | cat)" "$standard
3 namespace
4 proc
5 directory
6 directory"
}

@test "nothing of nsctl's own is open inside, with a fork" {
	start_rooted --pid --fork --kill-child --uts --net
	local parent=$pid
	wait_for child_of "$parent"
	pid=$(child_of "$parent")
	started+=("$pid")
	wait_for runs "$pid" sleep
	for options in "" "-F" "-a -r -w -c -e" "-r -w -c -m -u" "-a -W/ -c --mount-proc" "--kill-child=TERM -a"; do
		# shellcheck disable=SC2086
		is "$("$nsctl" enter $options -t "$pid" /stray </dev/null 2>/dev/null | cat)" "$standard"
	done
}

@test "nothing of nsctl's own is open inside, with all namespaces" {
	start_apart
	for options in "" "-F" "-a -r -w -c" "-U -r -w -c" "-a --keep-caps"; do
		# shellcheck disable=SC2086
		is "$("$nsctl" enter $options -t "$pid" "$stray" </dev/null 2>/dev/null | cat)" "$standard"
	done
	is "$("$nsctl" enter /proc/"$pid"/ns/{user,mnt,uts} -- "$stray" </dev/null 2>/dev/null | cat)" "$standard"
	is "$("$as_nsenter" -t "$pid" -a -r -w "$stray" </dev/null 2>/dev/null | cat)" "$standard"
}

@test "nothing of nsctl's own is open inside, where it could choose a low number" {
	start_in --mount --pid --uts
	# 3 and 5 are the caller's and asked for; 4 is free, and nsctl's for a while.
	refuses 125 "descriptor 4 is not open" "$nsctl" enter --preserve-fds 3 "$pid" touch "$scratch/ran" \
		3<"$scratch/secret" 5<"$scratch/secret"
	[ ! -e "$scratch/ran" ]
	is "$("$as_nsenter" -t "$pid" -m -u -p -r -w "$stray" 3<"$scratch/secret" 5<"$scratch/secret" </dev/null 2>/dev/null | cat)" \
		"$standard
3 file
5 file"
}

@test "--preserve-fds keeps as many as it says, and no more" {
	start_in --mount --pid --mount-proc
	is "$(leak "$nsctl" enter --preserve-fds 0 "$pid" "$stray")" "$standard"
	is "$(leak "$nsctl" enter --preserve-fds 1 "$pid" "$stray")" "$standard
3 file"
	is "$(leak "$nsctl" enter --preserve-fds=4 "$pid" "$stray")" "$standard
3 file
4 directory
5 pipe
6 namespace"
	is "$(leak "$nsctl" enter --preserve-fds 1 "$pid" sh -c 'cat <&3')" secret
}

@test "--preserve-fds without a fork" {
	start_unshared --uts
	is "$(leak "$nsctl" enter --preserve-fds 2 "$pid" "$stray")" "$standard
3 file
4 directory"
}

@test "--preserve-fds: a promise about a closed descriptor is refused" {
	start_unshared --uts
	refuses 125 "descriptor 4 is not open" "$nsctl" enter --preserve-fds 2 "$pid" touch "$scratch/ran" 3<"$scratch/secret"
	refuses 125 "descriptor 3 is not open" "$nsctl" enter --preserve-fds 1 "$pid" touch "$scratch/ran"
	refuses 125 "descriptor 3 is not open" "$nsctl" enter --preserve-fds 1 -r -w -c -t "$pid" touch "$scratch/ran"
	refuses 125 "is not open" "$nsctl" enter --preserve-fds 1000000 "$pid" touch "$scratch/ran" 3<"$scratch/secret"
	[ ! -e "$scratch/ran" ]
}

# closed: "in", "out", "err" as letters i, o, e; then a command.  Runs it with
# these closed, and the others as in $standard but for 1, a device too.
without() {
	local which=$1
	shift
	(
		exec </dev/null >/dev/null 2>/dev/null
		[[ $which != *i* ]] || exec <&-
		[[ $which != *o* ]] || exec >&-
		[[ $which != *e* ]] || exec 2>&-
		exec "$@"
	)
}

left() { # left WHICH: the lines of stray for it
	local number=0 letter
	for letter in i o e; do
		[[ $1 == *$letter* ]] || echo "$number device"
		number=$((number + 1))
	done
}

@test "the trap works: naively, a closed standard descriptor becomes one of those opened" {
	start_unshared --uts
	without ie "$naive" leak "$pid" "$stray" "$scratch/seen"
	is "$(head -n 1 "$scratch/seen")" "0 namespace"
}

@test "closed standard descriptors stay closed, with and without a fork" {
	start_in --mount --pid --uts
	for which in i o e io ie oe ioe; do
		for options in "" "-F" "-a -r -w -c"; do
			rm -f "$scratch/seen"
			# shellcheck disable=SC2086
			without "$which" "$nsctl" enter $options -t "$pid" "$stray" "$scratch/seen"
			echo "closed: $which, options: $options" >&2
			is "$(cat "$scratch/seen")" "$(left "$which")"
		done
		rm "$scratch/seen"
		without "$which" "$as_nsenter" -t "$pid" -a -r -w "$stray" "$scratch/seen"
		is "$(cat "$scratch/seen")" "$(left "$which")"
	done
}

@test "with closed standard descriptors a failure writes into none of nsctl's own" {
	start_in --mount --pid --uts
	local status=0
	without ioe "$nsctl" enter -a -r -w -c -t "$pid" "$scratch/no-such-program" || status=$?
	is "$status" 127
	status=0
	without ioe "$nsctl" enter 0 true || status=$?
	[ "$status" -ne 0 ]
}

@test "as nsenter: files, pipes and sockets stay for scripts, where no root changes even directories" {
	start_in --mount --pid --uts
	is "$(leak "$as_nsenter" -t "$pid" -u "$stray")" "$(leak "$system_nsenter" -t "$pid" -u "$stray")"
	is "$(leak "$as_nsenter" -t "$pid" -u "$stray")" "$caller_has"
}

@test "as nsenter: directories are closed where the root changes" {
	start_in --mount --pid --uts
	for options in "-m" "-r" "-m -p" "-a" "-r/"; do
		# shellcheck disable=SC2086
		is "$(leak "$as_nsenter" -t "$pid" $options "$stray")" "$standard
3 file
5 pipe
6 namespace"
	done
}
