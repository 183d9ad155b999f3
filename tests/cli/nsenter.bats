# SPDX-License-Identifier: GPL-2.0-or-later
# Called as nsenter, nsctl is nsenter: side by side with the system's.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

# What a program can tell of where and who it is.
report='readlink /proc/self/ns/cgroup /proc/self/ns/ipc /proc/self/ns/mnt /proc/self/ns/net /proc/self/ns/time \
	/proc/self/ns/user /proc/self/ns/uts; grep -E "^(Uid|Gid|Groups|Cap...|NoNewPrivs):" /proc/self/status; \
	stat -c %d:%i / .; pwd; env | grep -v -e ^_= -e ^PWD= -e ^OLDPWD= | sort; exit 7'

# same OPTION…: both come to the same, output and status.
same() {
	local theirs ours theirs_status=0 ours_status=0
	theirs=$("$system_nsenter" "$@" 2>/dev/null) || theirs_status=$?
	ours=$("$as_nsenter" "$@" 2>"$scratch/our-errors") || ours_status=$?
	echo "nsenter $*: $theirs_status $ours_status, $(cat "$scratch/our-errors")" >&2
	is "$ours" "$theirs"
	[ "$ours_status" -eq "$theirs_status" ]
}

same_report() {
	same "$@" sh -c "$report"
}

# refuses_twice TEXT COMMAND…: with a line on what failed, and one on --help.
refuses_twice() {
	local text=$1
	shift
	run -1 --separate-stderr "$@"
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ ${stderr_lines[0]} == *"$text"* ]]
}

# A process whose working directory is outside its root.
start_odd_root() {
	mkdir "$scratch/root"
	start unshare --uts perl -e 'chdir "/"; chroot $ARGV[0] or die; $0 = "odd root"; sleep 1000' "$scratch/root"
	wait_for has_root "$pid" "$scratch/root"
}

has_root() {
	[ "$(readlink "/proc/$1/root")" = "$2" ]
}

@test "each namespace option, short, long and with a file" {
	start_in --mount --uts --ipc --net --cgroup --time --pid --mount-proc
	local name letter
	for name in mount:m:mnt uts:u:uts ipc:i:ipc net:n:net cgroup:C:cgroup time:T:time; do
		IFS=: read -r option letter file <<<"$name"
		same_report -t "$pid" "-$letter"
		same_report -t "$pid" "--$option"
		same_report "--$option=/proc/$pid/ns/$file"
		same_report "-$letter/proc/$pid/ns/$file"
	done
	same -t "$pid" -p -m sh -c 'readlink /proc/self/ns/pid; set -- /proc/[0-9]*; echo $#; exit 3'
	same --pid="/proc/$pid/ns/pid" --mount="/proc/$pid/ns/mnt" readlink /proc/self/ns/pid
}

@test "all namespaces, with and without a user namespace" {
	start_in --mount --uts --ipc --net --cgroup --time --pid --mount-proc
	same_report -a -t "$pid"
	same_report --all --target "$pid" -w
	same_report -at "$pid" -r -w
	start_apart
	same_report -a -t "$pid"
	same_report -t "$pid" -m -u -i -n -p -U -C -T
	same_report -a -t "$pid" --preserve-credentials
	same_report -t "$pid" -U
	same_report -U"/proc/$pid/ns/user" -n"/proc/$pid/ns/net"
}

@test "user and group" {
	start_unshared --uts
	same_report -t "$pid" -u -S 1000
	same_report -t "$pid" -u -G 1000
	same_report -t "$pid" -u -S 1000 -G 1000
	start_apart
	same_report -t "$pid" -U -S 0 -G 0
	same_report -t "$pid" -U -S 5
}

@test "root and working directory" {
	start_in --mount --pid --mount-proc
	same_report -t "$pid" -m -r
	same_report -t "$pid" -m -w
	same_report -t "$pid" -m -W/usr
	same_report -t "$pid" -m --wdns=/usr
	same_report -t "$pid" -u -w/usr
	same_report -t "$pid" -u --root=/ --wd=/usr
	same_report -t "$pid" -m --wd=/usr
}

@test "the working directory of a process in another tree of mounts" {
	start_in --mount --uts
	same -t "$pid" -u -w pwd
	same_report -t "$pid" -u -w
	same -t "$pid" -u -w/usr pwd
	# Where the root changes, a directory outside of it is a way out.
	start_odd_root
	run -1 "$as_nsenter" -t "$pid" -u -r -w pwd
	[[ $output == *"lies outside the root"* ]]
}

@test "several -t: the last one counts, each has to be right" {
	start_in --uts
	local first=$pid
	start_in --uts --ipc
	same_report -t "$first" -t "$pid" -u
	same_report -t "$first" -u -t "$pid" -i
	same_report -t "$pid" -t "$first" -i
	same -t 4194303 -t "$pid" -u true
	same -t "$pid" -t 4194303 -u true
	same -t x -t "$pid" -u true
	same -t "" -t "$pid" -u true
}

@test "numbers as strtoul(3) reads them" {
	start_unshared --uts
	same_report -t " $pid" -u
	same_report -t "+$pid" -u
	same_report -t "0$pid" -u
	same_report -t "$pid" -u -S " 5" -G +05
	same -t "${pid}x" -u true
	same -t "-$pid" -u true
	same -t "$pid:" -u true
	same -t "$pid" -u -S 5x true
	refuses_twice "neither a number nor 'follow'" "$as_nsenter" -t "$pid" -u -S -5 true
	same -t "$pid" -u -S "" true
	# Not taken for the number that is left of it in 32 bits.
	refuses_twice "neither a number nor 'follow'" "$as_nsenter" -t "$pid" -u -S 4294967296 true
}

@test "-w and -W exclude each other" {
	start_unshared --uts
	refuses_twice "mutually exclusive arguments: --wd --wdns" "$as_nsenter" -t "$pid" -u -w -W true
	refuses_twice "mutually exclusive arguments: --wd --wdns" "$as_nsenter" -t "$pid" -u -W -w/ true
	is "$("$as_nsenter" -t "$pid" -u -W pwd)" "$PWD"
}

@test "standard output that was closed is no failure" {
	start_unshared --uts
	run -0 bash -c '"$@" >&-' _ "$as_nsenter" --help
	run -0 bash -c '"$@" >&-' _ "$as_nsenter" -V
	run -0 bash -c '"$@" >&-' _ "$as_nsenter" -t "$pid" -u true
	run -1 bash -c '"$@" >/dev/full' _ "$as_nsenter" --help
}

@test "an engine that is none" {
	refuses 1 "unknown engine in NSCTL_ENGINE: 'nope'" env NSCTL_ENGINE=nope "$as_nsenter" -u true
}

@test "no fork" {
	start_in --pid
	same -F -p -t "$pid" sh -c 'readlink /proc/$$/ns/pid /proc/$$/ns/pid_for_children'
}

@test "the exit status is the program's" {
	start_in --pid --mount --mount-proc
	local status
	for status in 0 1 7 125 255; do
		same -t "$pid" -p -m sh -c "exit $status"
		same -t "$pid" -m sh -c "exit $status"
	done
	same -t "$pid" -m no-such-program
	same -t "$pid" -p -m /etc/passwd
	same -t "$pid" -p sh -c 'kill -TERM $$'
	same -t "$pid" -p sh -c 'kill -KILL $$'
}

@test "its own failure is 1" {
	same -t 4194303 -m true
	same -m true
	same --no-such-option
	same -t x -m true
	same -S x -t $$ -m true
	same --net=/no/such/file true
	same --net=/etc/passwd true
	same --net=/proc/self/ns/uts true
	same -t
	same --mount-proc true
	same --preserve-fds 1 true
}

@test "the shell, arguments and standard input" {
	start_in --pid --mount --mount-proc
	is "$(SHELL=/bin/bash "$as_nsenter" -t "$pid" -m <<<'echo "$0"')" "-bash"
	is "$("$as_nsenter" -t "$pid" -m <<<'echo "$0"')" "-$(basename "$(getent passwd 0 | cut -d: -f7)")"
	# SHELL is a path, though it has no slash.
	cd "$scratch"
	printf '#!/bin/sh\necho here\n' >mine
	chmod +x mine
	local shell
	for shell in bash mine ./mine /bin/sh /etc/passwd nosuch; do
		SHELL=$shell same -t "$pid" -u </dev/null
	done
	is "$(SHELL=mine "$as_nsenter" -t "$pid" -u)" here
	cd /
	same -t "$pid" -p printf '%s|' 'a b' '' $'c\nd' --version
	is "$(echo in | "$as_nsenter" -t "$pid" -p -m cat)" in
}

@test "what util-linux 2.42 has beside: -e, -N, --user-parent, follow, PID:INODE" {
	start env -i WHERE=there unshare --net sleep 1000
	wait_for runs "$pid" sleep
	is "$("$as_nsenter" -t "$pid" -n -e /usr/bin/env)" "WHERE=there"
	start setpriv --reuid=1234 --regid=77 --clear-groups sleep 1000
	wait_for runs "$pid" sleep
	is "$("$as_nsenter" -t "$pid" -S follow -G follow sh -c 'id -u; id -g' | paste -sd ' ')" "1234 77"
	start_apart
	is "$("$as_nsenter" -t "$pid" -n --user-parent readlink /proc/self/ns/net || echo refused)" "refused"
	run "$as_nsenter" -t "$pid:1" -n true
	[ "$status" -eq 1 ]
}

@test "--help and --version" {
	run --separate-stderr "$as_nsenter" --help
	[ "$status" -eq 0 ]
	[[ $output == *--preserve-credentials* ]]
	run --separate-stderr "$as_nsenter" -V
	[ "$status" -eq 0 ]
	[[ $output == "nsenter from nsctl"* ]]
}
