# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl exec: the program runs as the target's own do.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
}

teardown() {
	common_teardown
}

# properties: a shell script that prints what is compared, one property a line.
properties='
	grep -E "^(Uid|Gid|Groups|Umask|NoNewPrivs|Seccomp|Cap[A-Za-z]*):" /proc/self/status
	cat /proc/self/limits /proc/self/oom_score_adj
	cut -d: -f 2- /proc/self/cgroup
	readlink /proc/self/cwd
	env | sort'

# start_sleep COMMAND…: a program that ends in a sleep; its number is in $pid.
start_sleep() {
	start "$@" sleep 1000
	wait_for runs "$pid" sleep
}

# The environment of a shell has variables of its own.
without_shell() {
	grep -vE '^(PWD|SHLVL|OLDPWD|_)='
}

# The sleep of a shell that then reports, when the file is there.
start_reporting() { # start_reporting COMMAND…
	start "$@" sh -c "while ! [ -e $scratch/go ]; do sleep 0.1; done; { $properties
	} >$scratch/expected; exec sleep 1000"
}

@test "a process: every property is its own" {
	mkdir -m 777 "$scratch/in"
	chmod 777 "$scratch"
	start_reporting env -i A=1 "B=two words" PATH="$PATH" HOME=/nowhere \
		sh -c 'umask 027; ulimit -n 512; ulimit -Sc 0; echo 77 >/proc/self/oom_score_adj; cd "$0"; exec "$@"' "$scratch/in" \
		setpriv --reuid=1234 --regid=1235 --groups=2001,2002 --bounding-set=-all,+chown,+kill --inh-caps=-all --no-new-privs
	touch "$scratch/go"
	wait_for runs "$pid" sleep
	"$nsctl" exec "$pid" sh -c "$properties" >"$scratch/actual"
	is "$(without_shell <"$scratch/actual")" "$(without_shell <"$scratch/expected")"
	grep -q "^Groups:.2001 2002 $" "$scratch/actual"
	grep -q "^NoNewPrivs:.1$" "$scratch/actual"
	grep -q "^CapBnd:.0000000000000021$" "$scratch/actual"
	grep -q "^Umask:.0027$" "$scratch/actual"
	grep -qx "B=two words" "$scratch/actual"
	grep -qx 77 "$scratch/actual"
	is "$(readlink "/proc/$pid/cwd")" "$scratch/in"
}

@test "ambient and inheritable capabilities" {
	start_sleep setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all,+kill,+chown --ambient-caps=-all,+kill
	run -0 "$nsctl" exec "$pid" grep Cap /proc/self/status
	is "$output" "$(grep Cap "/proc/$pid/status")"
	grep -q "CapEff:.0000000000000020" "/proc/$pid/status"
}

@test "namespaces, root, a session of its own" {
	start_in --mount --uts --ipc --net --pid --mount-proc
	# shellcheck disable=SC2016 # of the inner shell
	run -0 "$nsctl" exec "$pid" sh -c 'for i in mnt uts ipc net pid; do readlink /proc/self/ns/$i; done; [ "$(ps -o sid= -p $$)" -eq $$ ] && echo session'
	is "$output" "$(readlink "/proc/$pid/ns/"{mnt,uts,ipc,net,pid})
session"
}

@test "a user namespace: its ids, and the capabilities of the process" {
	start_in --user --map-root-user --mount --pid --mount-proc
	run -0 "$nsctl" exec "$pid" sh -c 'id -u; id -g; grep -E "CapEff|CapBnd" /proc/self/status'
	is "$output" "0
0
$(grep -E "CapEff|CapBnd" "/proc/$pid/status")"
	refuses 125 "user 5 does not exist in the user namespace" "$nsctl" exec -u 5 "$pid" true
}

@test "a process whose user does not exist in its user namespace" {
	start_unshared --user --mount
	echo "0 100000 65536" >"/proc/$pid/uid_map"
	echo "0 100000 65536" >"/proc/$pid/gid_map"
	refuses 125 "does not exist in its user namespace; give one that does with -u" "$nsctl" exec "$pid" true
	is "$("$nsctl" exec -u 7:8 "$pid" sh -c 'id -u; id -G' | paste -sd ' ')" "7 8"
}

@test "a user: its own process" {
	start_unshared_as_user --user --map-root-user --mount
	run -0 as_user "$nsctl" exec "$pid" id -u
	is "$output" 0
	start_as_user
	run -0 as_user "$nsctl" exec "$pid" id -u
	is "$output" "$user"
}

@test "statuses: the program's, a signal's, not found, not executable" {
	start_in --pid --mount-proc
	run -7 "$nsctl" exec "$pid" sh -c 'exit 7'
	# shellcheck disable=SC2016
	run -143 "$nsctl" exec "$pid" sh -c 'kill $$'
	refuses 127 "no-such-program" "$nsctl" exec "$pid" no-such-program
	refuses 126 "Permission denied" "$nsctl" exec "$pid" /etc/passwd
	refuses 2 "missing TARGET" "$nsctl" exec
	refuses 125 "is a namespace, not a process" "$nsctl" exec "net:[$(inode_of self net)]" true
	refuses 2 "options go before it" "$nsctl" exec "$pid" -i cat
}

@test "the target ends meanwhile: 137, as docker exec" {
	start_in --pid --mount-proc
	# shellcheck disable=SC2016 # of the inner shell
	"$nsctl" exec "$pid" sh -c 'touch "$1" && sleep 1000; true' sh "$scratch/started" 3>&- &
	local exec=$!
	wait_for test -e "$scratch/started"
	kill -KILL "$pid"
	ends_with 137 "$exec"
}

# A tree with users of its own.
make_root() {
	mkdir -p "$scratch/root/etc" "$scratch/root/bin" "$scratch/root/dev" "$scratch/root/proc" "$scratch/root/tmp"
	cp "$(command -v busybox)" "$scratch/root/bin/busybox"
	local name
	for name in sh id env pwd cat sleep stat chmod; do
		ln -s busybox "$scratch/root/bin/$name"
	done
	printf '%s\n' root:x:0:0::/root:/bin/sh app:x:1000:1001::/home/app:/bin/sh 1:x:0:0::/root:/bin/sh >"$scratch/root/etc/passwd"
	printf '%s\n' app:x:1001: extra:x:2000:app,other more:x:2001:app 1:x:0: >"$scratch/root/etc/group"
	mknod -m 666 "$scratch/root/dev/null" c 1 3
	start_in --mount --pid --mount-proc --root="$scratch/root"
}

@test "-u: ids and names of the target's files, and the groups that docker exec gives" {
	make_root
	who() {
		"$nsctl" exec -u "$1" "$pid" sh -c 'id -u; id -g; id -G; echo $HOME' | paste -sd ' '
	}
	is "$(who app)" "1000 1001 1001 2000 2001 /home/app"
	is "$(who 1000)" "1000 1001 1001 2000 2001 /home/app"
	is "$(who app:extra)" "1000 2000 2000 /home/app"
	is "$(who app:7)" "1000 7 7 /home/app"
	is "$(who 4000)" "4000 0 0 /"
	is "$(who root)" "0 0 0 /root"
	# A number is never a name.
	is "$(who 1)" "1 0 0 /"
	is "$(who 1000:1)" "1000 1 1 /home/app"
	refuses 125 "no user 'nobody-here' in the passwd file" "$nsctl" exec -u nobody-here "$pid" id
	refuses 125 "no group 'none' in the group file" "$nsctl" exec -u app:none "$pid" id
	local bad
	for bad in "" : 1000: :1000 4294967295 -1 +1 01 a:b:c "a b"; do
		refuses 2 "neither the id nor the name" "$nsctl" exec -u "$bad" "$pid" id
	done
}

@test "-w: a path inside; not a way out" {
	make_root
	mkdir "$scratch/root/srv"
	ln -s /srv "$scratch/root/tmp/link"
	is "$("$nsctl" exec -w /srv "$pid" pwd)" /srv
	is "$("$nsctl" exec -w /tmp/link "$pid" /bin/busybox pwd -P)" /srv
	refuses 125 "cannot change to the directory '/no'" "$nsctl" exec -w /no "$pid" pwd
	refuses 125 "cannot change to the directory '/bin/sh'" "$nsctl" exec -w /bin/sh "$pid" pwd
}

@test "-e: sets, replaces, and takes the caller's where it is named alone" {
	start_sleep env -i PATH="$PATH" A=1 HOME=/x
	is "$(D=mine "$nsctl" exec -e A=2 -e A=3 -e B= -e D -e NONE "$pid" env | sort)" "A=3
B=
D=mine
HOME=/x
PATH=$PATH"
	refuses 2 "has no name" "$nsctl" exec -e =x "$pid" env
}

@test "the caller's environment never leaks" {
	start_sleep env -i PATH="$PATH" "=nameless" A=1
	is "$(SECRET=s A=no "$nsctl" exec "$pid" env 2>"$scratch/warnings" | sort)" "A=1
HOME=/root
PATH=$PATH"
	grep -q "overwritten its environment" "$scratch/warnings"
}

@test "standard input is empty, unless -i" {
	start_in --pid --mount-proc
	is "$(echo text | "$nsctl" exec -i "$pid" cat)" text
	is "$(echo text | "$nsctl" exec "$pid" cat)" ""
}

@test "/dev/null is the target's, and not the caller's" {
	make_root
	local inode mode
	inode=$(stat -c %i "$scratch/root/dev/null")
	mode=$(stat -c %a /dev/null)
	is "$("$nsctl" exec "$pid" stat -Lc %i /proc/self/fd/0)" "$inode"
	"$nsctl" exec "$pid" chmod 600 /proc/self/fd/0 /proc/self/fd/1 >/dev/null
	is "$(stat -c %a /dev/null)" "$mode"
	is "$(stat -c %a "$scratch/root/dev/null")" 600
	rm "$scratch/root/dev/null"
	is "$("$nsctl" exec "$pid" cat)" ""
	is "$("$nsctl" exec "$pid" cat >/dev/null; echo $?)" 0
	refuses 125 "cannot open /dev/null of process $pid" "$nsctl" exec -d "$pid" cat
	mkfifo "$scratch/root/dev/null"
	is "$("$nsctl" exec "$pid" cat)" ""
}

@test "-d: returns once the program was executed" {
	start_in --pid --mount-proc
	run -0 "$nsctl" exec -d "$pid" sleep 1001
	is "$output" ""
	"$nsctl" exec "$pid" ps ax | grep -q "sleep 1001"
	refuses 127 no-such-program "$nsctl" exec -d "$pid" no-such-program
}

@test "--privileged: all capabilities" {
	start_sleep setpriv --bounding-set=-all,+chown --inh-caps=-all
	is "$("$nsctl" exec "$pid" sed -n 's/CapBnd:.//p' /proc/self/status)" 0000000000000001
	is "$("$nsctl" exec --privileged "$pid" grep -E 'Cap(Bnd|Eff)' /proc/self/status)" "$(grep -E 'Cap(Bnd|Eff)' /proc/self/status)"
}

@test "a limit above the caller's: an error, or a warning and the highest there is" {
	start_in --pid --mount-proc
	local few="setpriv --bounding-set=-sys_resource --inh-caps=-all"
	# shellcheck disable=SC2086,SC2016
	{
		refuses 125 "cannot raise the hard limit 'nofile' from 64 to" $few sh -c 'ulimit -n 64; exec "$@"' sh "$nsctl" exec "$pid" true
		run -0 --separate-stderr $few sh -c 'ulimit -n 64; exec "$@"' sh "$nsctl" exec --permit-missing "$pid" sh -c 'ulimit -n'
	}
	is "$output" 64
	[[ $stderr == *"warning: cannot raise the hard limit 'nofile'"* ]]
	is "${#stderr_lines[@]}" 1
}

@test "a capability that the caller lacks: an error, or a warning" {
	start_in --pid --mount-proc
	refuses 125 "capabilities of the bounding set: CAP_CHOWN" setpriv --bounding-set=-chown "$nsctl" exec "$pid" true
	run -0 --separate-stderr setpriv --bounding-set=-chown "$nsctl" exec --permit-missing "$pid" sed -n 's/CapBnd:.//p' /proc/self/status
	[[ $output == *e ]]
	[[ $stderr == *CAP_CHOWN* ]]
}
