# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl enter: a program in the namespaces of a target.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	use_program odd
}

setup() {
	needs_root
	common_setup
}

teardown() {
	local group
	common_teardown
	for group in /sys/fs/cgroup/*/"nsctl-test-$unique" /sys/fs/cgroup/"nsctl-test-$unique"; do
		[ ! -d "$group" ] || rmdir "$group"
	done
}

# Eight namespaces of its own, and a /proc that shows all processes inside as well.
start_with_shared_proc() {
	start_in --user --map-root-user --mount --uts --ipc --net --pid --cgroup --time
}

# A directory tree with programs in it, once /usr is mounted there.
make_root() {
	local dir
	mkdir -p "$scratch/root"/{usr,proc,etc,work}
	for dir in bin sbin lib lib64; do
		[ ! -L "/$dir" ] || cp -P "/$dir" "$scratch/root/$dir"
	done
	echo mark >"$scratch/root/mark"
}

# The same with /usr mounted.
mount_root() {
	make_root
	mount --rbind /usr "$scratch/root/usr"
	mounted+=("$scratch/root/usr")
}

# A container, as far as a shell can make one: eight namespaces, a root and a
# working directory of its own, a passwd with $1 as root's shell.
start_container() {
	local parent
	make_root
	printf 'root:x:0:0::/:%s\n' "$1" >"$scratch/root/etc/passwd"
	start unshare --user --map-root-user --mount --uts --ipc --net --pid --cgroup --time --fork --kill-child \
		sh -ec '
			mount --rbind /usr "$1/usr"
			mount -t proc proc "$1/proc"
			exec chroot "$1" env -i -C /work WHERE=inside PATH=/usr/bin sleep 1000
		' sh "$scratch/root"
	parent=$pid
	wait_for child_of "$parent"
	pid=$(child_of "$parent")
	started+=("$pid")
	wait_for runs "$pid" sleep
}

# inside OPTION… TARGET: the eight links as the program finds them.
inside() {
	"$nsctl" enter "$@" readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts}
}

# mix PID TYPE…: the links of the caller, but for these types, which are the process's.
mix() {
	local type link
	for type in cgroup ipc mnt net pid time user uts; do
		link=$(ns_of self "$type")
		[[ " ${*:2} " != *" $type "* ]] || link=$(ns_of "$1" "$type")
		echo "$link"
	done
}

# swap NS…: reads links, and puts these in the place of those of their types.
swap() {
	local ns script=""
	for ns in "$@"; do
		script+="s/^${ns%%:*}:.*/$ns/;"
	done
	sed "$script"
}

# who OPTION… TARGET: "uid gid groups…", real, effective, saved and file system's alike.
who() {
	"$nsctl" enter "$@" cat /proc/self/status | awk '
		/^[UG]id:/ { if ($2 != $3 || $3 != $4 || $4 != $5) print "ids differ"; printf "%s ", $2 }
		/^Groups:/ { $1 = ""; sub(/^ /, ""); print "[" $0 "]" }'
}

caps() { # caps NAME STATUS-TEXT
	sed -n "s/^Cap$1:\t//p" <<<"$2"
}

# ---- the tutorial's program

@test "FILE CMD: this namespace, and no other" {
	start_apart
	local type
	for type in cgroup ipc net pid time uts; do
		is "$(inside "/proc/$pid/ns/$type" 2>/dev/null)" "$(mix "$pid" "$type")"
	done
}

@test "FILE CMD: mnt" {
	start_with_shared_proc
	is "$(inside "/proc/$pid/ns/mnt")" "$(mix "$pid" mnt)"
}

@test "FILE CMD: user" {
	start_with_shared_proc
	is "$(inside "/proc/$pid/ns/user")" "$(mix "$pid" user)"
}

@test "FILE CMD: root, directory, environment and user stay the caller's" {
	start_apart
	cd /usr
	is "$(MARK=kept "$nsctl" enter "/proc/$pid/ns/uts" sh -c 'pwd; echo "$MARK"; id -u; stat -Lc %d:%i /proc/self/root')" \
		"/usr
kept
0
$(stat -Lc %d:%i /)"
}

@test "FILE CMD ARGUMENTS: to the letter" {
	is "$("$nsctl" enter /proc/self/ns/uts printf '%s.' a -n --help '' 'b c')" "a.-n.--help..b c."
}

@test "FILE of a namespace that outlives its last process" {
	start unshare --uts sh -c 'printf blue >/proc/sys/kernel/hostname; exec sleep 1000'
	wait_for runs "$pid" sleep
	touch "$scratch/uts"
	mount --bind "/proc/$pid/ns/uts" "$scratch/uts"
	mounted+=("$scratch/uts")
	stop "$pid"
	is "$("$nsctl" enter "$scratch/uts" hostname)" blue
}

@test "FILE: several before --" {
	start_unshared --net --uts --ipc
	is "$(inside "/proc/$pid/ns/net" "/proc/$pid/ns/uts" --)" "$(mix "$pid" net uts)"
}

@test "FILE: of several processes" {
	start_unshared --net --uts
	local other=$pid
	start_unshared --net --uts
	is "$("$nsctl" enter "/proc/$pid/ns/net" "/proc/$other/ns/uts" -- readlink /proc/self/ns/{net,uts})" \
		"$(ns_of "$pid" net; ns_of "$other" uts)"
}

@test "FILE --: a single one" {
	start_unshared --net
	is "$(inside "/proc/$pid/ns/net" --)" "$(mix "$pid" net)"
}

@test "a -- that belongs to the program" {
	is "$("$nsctl" enter /proc/self/ns/uts printf '%s.' a -- b)" a.--.b.
	is "$("$nsctl" enter -- /proc/self/ns/uts printf '%s.' a -- b)" a.--.b.
	is "$("$nsctl" enter /proc/self/ns/uts -- printf '%s.' a -- b)" a.--.b.
	is "$("$nsctl" enter -t $$ printf '%s.' a -- b)" a.--.b.
}

@test "a process and namespaces: the rest is the process's" {
	start_unshared --net
	local other=$pid
	start_unshared --net --uts
	is "$(inside "$pid" "/proc/$other/ns/net" --)" "$(mix "$pid" uts | swap "$(ns_of "$other" net)")"
}

@test "two namespaces of one type, two processes: refused" {
	start_unshared --net
	refuses 125 "second net namespace" "$nsctl" enter "/proc/$pid/ns/net" /proc/self/ns/net -- echo ran
	refuses 125 "second process" "$nsctl" enter "$pid" "$$" -- echo ran
}

@test "options behind the TARGET: refused, they would be the program's" {
	refuses 2 "options go before it" "$nsctl" enter "$$" -n echo ran
}

# ---- a process

@test "PID: all that differ" {
	start_apart
	is "$(inside "$pid")" "$(all_ns "$pid")"
}

@test "PID: what is shared already is no obstacle" {
	start_unshared --net --uts
	is "$(inside "$pid")" "$(all_ns "$pid")"
	is "$(inside "$$")" "$(all_ns self)"
}

@test "PID: its root and working directory, the caller's environment" {
	start_container /bin/sh
	is "$(MARK=kept "$nsctl" enter "$pid" sh -c 'pwd; echo "$MARK.$WHERE"; cat /etc/passwd')" "/work
kept.
root:x:0:0::/:/bin/sh"
}

@test "PID: a root that differs in the caller's own mnt namespace" {
	mount_root
	start chroot "$scratch/root" env -C /work sleep 1000
	wait_for runs "$pid" sleep
	is "$("$nsctl" enter "$pid" sh -c 'pwd; cat /mark')" "/work
mark"
}

@test "PID: user, groups and capabilities become those of root inside" {
	start_container /bin/sh
	# Where setgroups is denied, as unshare does it, there are no groups at all.
	is "$(who "$pid")" "0 0 []"
	is "$(caps Eff "$("$nsctl" enter "$pid" cat /proc/self/status)")" "$(caps Bnd "$(cat "/proc/$pid/status")")"
}

@test "PID: a working directory that was deleted" {
	mkdir "$scratch/gone"
	start env -C "$scratch/gone" sleep 1000
	wait_for runs "$pid" sleep
	rmdir "$scratch/gone"
	refuses 125 "was deleted; choose another with --wdns" "$nsctl" enter "$pid" echo ran
	is "$("$nsctl" enter --wdns=/ "$pid" pwd)" /
}

@test "PID: a working directory outside the root" {
	mkdir "$scratch/root"
	refuses 125 "lies outside the root" "$nsctl" enter -w --root="$scratch/root" "$$" echo ran
}

# ---- the shell

shell() { # shell OPTION… TARGET: which shell it is, and what it is called
	"$nsctl" enter "$@" <<<'readlink "/proc/$$/exe"; echo "$0"'
}

@test "no CMD: the shell of the passwd file inside" {
	start_container /usr/bin/bash
	is "$(SHELL=/bin/false shell "$pid")" "/usr/bin/bash
-bash"
}

@test "no CMD: /bin/sh where the passwd file inside names none" {
	start_container /usr/bin/bash
	local sh
	sh="$(readlink -f /bin/sh)
-sh"
	: >"$scratch/root/etc/passwd"
	is "$(shell "$pid")" "$sh"
	rm "$scratch/root/etc/passwd"
	is "$(shell "$pid")" "$sh"
}

@test "no CMD: /bin/sh where the passwd file inside names one that is not there" {
	start_container /bin/nonexistent
	is "$(shell "$pid")" "$(readlink -f /bin/sh)
-sh"
}

@test "no CMD: the shell of the user that the program will be" {
	start_container /bin/sh
	echo "other:x:7:7::/:/usr/bin/bash" >>"$scratch/root/etc/passwd"
	is "$(shell -t "$pid" -m --root --setuid 7 | tail -1)" -bash
}

@test "no CMD: /bin/sh in a mnt namespace of which no process is known" {
	start_unshared --mount
	is "$(shell "/proc/$pid/ns/mnt" | tail -1)" -sh
}

@test "no CMD: the target's mnt namespace alone has its passwd as well" {
	echo "root:x:0:0::/:/usr/bin/dash" >"$scratch/passwd"
	start unshare --mount sh -c 'mount --bind "$1" /etc/passwd && exec sleep 1000' sh "$scratch/passwd"
	wait_for runs "$pid" sleep
	is "$(shell -t "$pid" -m | tail -1)" -dash
}

# ---- options: namespaces

# letter LONG-OPTION
letter() {
	case $1 in cgroup) echo C ;; ipc) echo i ;; mount) echo m ;; net) echo n ;; pid) echo p ;;
	time) echo T ;; user) echo U ;; uts) echo u ;; esac
}

@test "one namespace option with -t: it alone, in every spelling" {
	start_with_shared_proc
	local long type
	for long in cgroup ipc mount net pid time user uts; do
		type=${long/mount/mnt}
		is "$(inside -t "$pid" "-$(letter "$long")" 2>/dev/null)" "$(mix "$pid" "$type")"
		is "$(inside --target "$pid" "--$long" 2>/dev/null)" "$(mix "$pid" "$type")"
		is "$(inside "-$(letter "$long")" "$pid" 2>/dev/null)" "$(mix "$pid" "$type")"
	done
}

@test "one namespace option with FILE: it alone, in every spelling" {
	start_with_shared_proc
	local long file
	for long in cgroup ipc mount net pid time user uts; do
		file=/proc/$pid/ns/${long/mount/mnt}
		is "$(inside "--$long=$file" 2>/dev/null)" "$(mix "$pid" "${long/mount/mnt}")"
		is "$(inside "-$(letter "$long")$file" 2>/dev/null)" "$(mix "$pid" "${long/mount/mnt}")"
		is "$(inside "-$(letter "$long")=$file" 2>/dev/null)" "$(mix "$pid" "${long/mount/mnt}")"
	done
}

@test "one namespace option with :ID" {
	"$odd" id /proc/self/ns/net >/dev/null 2>&1 || skip "this kernel has no namespace ids"
	start_with_shared_proc
	local long type
	for long in cgroup ipc mount net pid time user uts; do
		type=${long/mount/mnt}
		is "$(inside "--$long=:$("$odd" id "/proc/$pid/ns/$type")" 2>/dev/null)" "$(mix "$pid" "$type")"
	done
	refuses 125 "not a uts namespace" "$nsctl" enter "--uts=:$("$odd" id "/proc/$pid/ns/net")" echo ran
}

@test "namespace options together" {
	start_with_shared_proc
	is "$(inside -t "$pid" -n -u -i)" "$(mix "$pid" net uts ipc)"
	is "$(inside -t "$pid" -U -n)" "$(mix "$pid" user net)"
	is "$(inside -t "$pid" -m -p -T)" "$(mix "$pid" mnt pid time)"
	is "$(inside -t "$pid" -m -u -i -n -p -U -C -T)" "$(all_ns "$pid")"
}

@test "namespaces of several places" {
	start_unshared --net --uts
	local other=$pid
	start_with_shared_proc
	is "$(inside -t "$pid" -i "--net=/proc/$other/ns/net")" \
		"$(mix "$pid" ipc | swap "$(ns_of "$other" net)")"
	is "$(inside -t "$pid" -U -i "--uts=/proc/$other/ns/uts")" \
		"$(mix "$pid" user ipc | swap "$(ns_of "$other" uts)")"
	is "$(inside "--user=/proc/$pid/ns/user" "--net=/proc/$other/ns/net" "--uts=/proc/$pid/ns/uts")" \
		"$(mix "$pid" user uts | swap "$(ns_of "$other" net)")"
}

@test "a process and the mnt namespace of another: the root of that" {
	start_in --mount
	local other=$pid
	nsenter -t "$other" -m mount -t tmpfs mark "$scratch"
	start_unshared --uts
	is "$("$nsctl" enter "$pid" "/proc/$other/ns/mnt" -- stat -fc %T "$scratch")" tmpfs
	is "$("$nsctl" enter "$pid" "/proc/$other/ns/mnt" -- readlink /proc/self/ns/uts)" "$(ns_of "$pid" uts)"
	[ "$(stat -fc %T "$scratch")" != tmpfs ]
}

@test "-a: all that differ; root and working directory stay" {
	start_container /bin/sh
	is "$(inside -t "$pid" -a)" "$(all_ns "$pid")"
	is "$("$nsctl" enter -a "$pid" stat -Lc %d:%i /proc/self/root)" "$(stat -Lc %d:%i /)"
}

@test "-a and a FILE" {
	start_unshared --net
	local other=$pid
	start_apart
	is "$(inside -t "$pid" -a "--net=/proc/$other/ns/net")" \
		"$(all_ns "$pid" | swap "$(ns_of "$other" net)")"
}

@test "a namespace that the caller is in already" {
	is "$(inside -t "$$" -U -n -m)" "$(all_ns self)"
	is "$(inside "--user=/proc/$$/ns/user")" "$(all_ns self)"
}

@test "-t PID:INODE" {
	start_unshared --net
	is "$(inside -t "$pid:$("$odd" pidfd-inode "$pid")" -n)" "$(mix "$pid" net)"
}

@test "-N: the net namespace of a socket" {
	start_odd socket
	is "$("$nsctl" enter -t "$pid" -N 3 readlink /proc/self/ns/net)" "net:[$told]"
	is "$("$nsctl" enter --net-socket 3 "$pid" readlink /proc/self/ns/net)" "net:[$told]"
	refuses 125 "it is not a socket" "$nsctl" enter -t "$pid" -N 0 echo ran
	refuses 125 "descriptor 99 of process $pid" "$nsctl" enter -t "$pid" -N 99 echo ran
	refuses 2 "--net-socket 'x'" "$nsctl" enter -t "$pid" -N x echo ran
}

@test "--user-parent" {
	start unshare --user --map-root-user --fork --kill-child unshare --user sleep 1000
	local outer=$pid
	wait_for child_of "$outer"
	pid=$(child_of "$outer")
	wait_for runs "$pid" sleep
	is "$("$nsctl" enter -t "$pid" --user-parent readlink /proc/self/ns/user)" "$(ns_of "$outer" user)"
	is "$("$nsctl" enter --user="/proc/$pid/ns/user" --user-parent readlink /proc/self/ns/user)" "$(ns_of "$outer" user)"
}

@test "--user-parent of the first user namespace" {
	refuses 125 "the parent of user namespace" "$nsctl" enter -t "$$" --user-parent echo ran
}

@test "a namespace of another type than the option says" {
	start_unshared --net
	refuses 125 "the option for it is --net" "$nsctl" enter --uts="/proc/$pid/ns/net" echo ran
	refuses 125 "the option for it is --mount" "$nsctl" enter --user="/proc/$pid/ns/mnt" echo ran
}

# ---- options: who the program is

start_with_groups() {
	start setpriv --reuid 1234 --regid 2345 --groups 30,40,50 -- sleep 1000
	wait_for runs "$pid" sleep
}

@test "without an option the caller's user, group and groups stay" {
	start_with_groups
	is "$(setpriv --groups 8,9 -- "$nsctl" enter "$pid" sed -n 's/^Groups:\t//p' /proc/self/status)" "8 9 "
	is "$(who "$pid" | cut -d ' ' -f 1,2)" "0 0"
}

@test "into a user namespace: root, its group, and no other" {
	start_unshared --user
	echo "0 100000 10" >"/proc/$pid/uid_map"
	echo "0 100000 10" >"/proc/$pid/gid_map"
	is "$(setpriv --groups 8,9,100003 -- "$nsctl" enter "$pid" cat /proc/self/status | grep -E '^(Uid|Gid|Groups)')" \
		$'Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0 '
}

@test "-S: user, group and groups together" {
	is "$(who -S 7777 self)" "7777 7777 [7777]"
	is "$(setpriv --groups 8,9 -- "$nsctl" enter -S 7777 self id -G)" 7777
}

@test "-S: the group of the passwd entry" {
	start_container /bin/sh
	echo "other:x:7777:7778::/:/bin/sh" >>"$scratch/root/etc/passwd"
	is "$(who -t "$pid" -m -p -r -S 7777)" "7777 7778 [7778]"
}

@test "-S: the passwd entry is that of the mnt namespace entered" {
	echo "other:x:7777:7778::/:/bin/sh" >"$scratch/passwd"
	start unshare --mount sh -c 'mount --bind "$1" /etc/passwd && exec sleep 1000' sh "$scratch/passwd"
	wait_for runs "$pid" sleep
	is "$(who -t "$pid" -m -S 7777)" "7777 7778 [7778]"
	is "$(who -S 7777 "$pid")" "7777 7778 [7778]"
}

@test "-G: the group and the groups; the user stays" {
	is "$(who -G 8888 self)" "0 8888 [8888]"
}

@test "-S and -G" {
	is "$(who -S 7777 -G 8888 self)" "7777 8888 [8888]"
	is "$(who --setuid 7777 --setgid 8888 self)" "7777 8888 [8888]"
}

@test "follow: the target's user, group and all its groups, and no other" {
	start_with_groups
	is "$(who -t "$pid" -S follow -G follow)" "1234 2345 [30 40 50]"
	is "$(who -S follow "$pid")" "1234 2345 [30 40 50]"
	is "$(who -G follow "$pid")" "0 2345 [30 40 50]"
	is "$(who -S 7777 -G follow "$pid")" "7777 2345 [30 40 50]"
	is "$(who -S follow -G 8888 "$pid")" "1234 8888 [8888]"
}

@test "follow, into a user namespace: as the target is seen inside" {
	start setpriv --reuid 1234 --regid 2345 --groups 2346,50 -- unshare --user sleep 1000
	wait_for runs "$pid" sleep
	echo "5 1234 1" >"/proc/$pid/uid_map"
	echo "6 2345 2" >"/proc/$pid/gid_map"
	is "$(who -S follow -G follow "$pid")" "5 6 [7]"
}

@test "follow needs a process" {
	refuses 125 "'follow' needs a process" "$nsctl" enter -S follow /proc/self/ns/net echo ran
}

@test "an id that the user namespace does not have" {
	start_unshared --user --map-root-user
	refuses 125 "user 5 does not exist in the user namespace of process $pid" "$nsctl" enter -S 5 "$pid" echo ran
	refuses 125 "group 5 does not exist" "$nsctl" enter -G 5 "$pid" echo ran
	start_unshared --user
	refuses 125 "user 0 does not exist in the user namespace of process $pid; its uid_map is empty: use --preserve-credentials" \
		"$nsctl" enter "$pid" echo ran
}

@test "--preserve-credentials: user and groups stay, whatever they are inside" {
	start_unshared --user
	is "$(setpriv --groups 8,9 -- "$nsctl" enter --preserve-credentials "$pid" grep -E '^(Uid|Gid|Groups)' /proc/self/status)" \
		$'Uid:\t65534\t65534\t65534\t65534\nGid:\t65534\t65534\t65534\t65534\nGroups:\t65534 65534 '
	echo "7 0 1" >"/proc/$pid/uid_map"
	echo "3 8 2" >"/proc/$pid/gid_map"
	is "$(setpriv --groups 8,9 -- "$nsctl" enter --preserve-credentials "$pid" grep -E '^(Uid|Gid|Groups)' /proc/self/status)" \
		$'Uid:\t7\t7\t7\t7\nGid:\t65534\t65534\t65534\t65534\nGroups:\t3 4 '
}

@test "capabilities: all of the user namespace as root, none as another" {
	start_unshared --user
	echo "0 100000 10" >"/proc/$pid/uid_map"
	echo "0 100000 10" >"/proc/$pid/gid_map"
	local all text
	all=$(caps Bnd "$(cat "/proc/$pid/status")")
	text=$("$nsctl" enter "$pid" cat /proc/self/status)
	is "$(caps Prm "$text"):$(caps Eff "$text"):$(caps Amb "$text")" "$all:$all:0000000000000000"
	text=$("$nsctl" enter -S 5 -G 5 "$pid" cat /proc/self/status)
	is "$(caps Prm "$text"):$(caps Eff "$text")" "0000000000000000:0000000000000000"
}

@test "--keep-caps: those of the user namespace, for another than root" {
	start_unshared --user
	echo "0 100000 10" >"/proc/$pid/uid_map"
	echo "0 100000 10" >"/proc/$pid/gid_map"
	local all text
	all=$(caps Bnd "$(cat "/proc/$pid/status")")
	text=$("$nsctl" enter --keep-caps -S 5 -G 5 "$pid" cat /proc/self/status)
	is "$(caps Prm "$text"):$(caps Eff "$text"):$(caps Amb "$text")" "$all:$all:$all"
	is "$("$nsctl" enter --keep-caps -S 5 -G 5 "$pid" id -u)" 5
}

@test "--keep-caps without a user namespace keeps nothing" {
	is "$(caps Eff "$("$nsctl" enter --keep-caps -S 5 self cat /proc/self/status)")" 0000000000000000
}

@test "-Z changes nothing where there is no SELinux" {
	[ ! -e /sys/fs/selinux/status ] || skip "this kernel has SELinux"
	is "$("$nsctl" enter -Z self cat /proc/self/attr/current 2>&1)" "$(cat /proc/self/attr/current 2>&1)"
}

# ---- options: what the program finds

@test "-r: the target's root, and a directory of the caller's" {
	start_container /bin/sh
	is "$("$nsctl" enter -t "$pid" -r cat /etc/passwd)" "root:x:0:0::/:/bin/sh"
	is "$("$nsctl" enter -t "$pid" --root -p -m cat /etc/passwd)" "root:x:0:0::/:/bin/sh"
}

@test "-r: a directory of the caller's" {
	mount_root
	local option
	for option in "-r$scratch/root" "-r=$scratch/root" "--root=$scratch/root"; do
		# The process's working directory is not in it: then it is the new root.
		is "$("$nsctl" enter -t "$$" "$option" sh -c 'pwd; cat mark')" "/
mark"
	done
}

@test "-w: the target's working directory, and a directory of the caller's" {
	start env -C /usr sleep 1000
	wait_for runs "$pid" sleep
	is "$("$nsctl" enter -t "$pid" -w pwd)" /usr
	local option
	for option in -w/etc -w=/etc --wd=/etc; do
		is "$("$nsctl" enter -t "$pid" "$option" pwd)" /etc
	done
}

@test "-w: a relative one is the caller's" {
	cd /
	is "$("$nsctl" enter -t "$$" -wusr pwd)" /usr
}

@test "-W: a path inside" {
	start_container /bin/sh
	is "$("$nsctl" enter --wdns=/etc "$pid" cat passwd)" "root:x:0:0::/:/bin/sh"
	is "$("$nsctl" enter -t "$pid" -a -r -W/work pwd)" /work
	is "$("$nsctl" enter -t "$pid" -a -r -W=/work pwd)" /work
}

@test "-W: a path that is not there inside" {
	start_container /bin/sh
	refuses 125 "/nonexistent" "$nsctl" enter --wdns=/nonexistent "$pid" echo ran
}

@test "-r alone: the working directory is the new root" {
	start_container /bin/sh
	cd /usr
	is "$("$nsctl" enter -t "$pid" -m -r sh -c 'pwd; cat mark')" "/
mark"
}

@test "-r and -w that do not exist" {
	refuses 125 /nonexistent "$nsctl" enter -r/nonexistent self echo ran
	refuses 125 /nonexistent "$nsctl" enter -w/nonexistent self echo ran
	refuses 125 "Not a directory" "$nsctl" enter -w/etc/passwd self echo ran
}

@test "-w and -W exclude each other" {
	refuses 2 "mutually exclusive arguments: --wd --wdns" "$nsctl" enter -w/ -W/ self echo ran
}

@test "-e: the target's environment, nothing else" {
	start env -i A=1 "B=2 3" PATH=/usr/bin sleep 1000
	wait_for runs "$pid" sleep
	is "$(MARK=caller "$nsctl" enter -e "$pid" env)" "A=1
B=2 3
PATH=/usr/bin"
	is "$(MARK=caller "$nsctl" enter --env -t "$pid" -u env | grep -c MARK)" 0
	is "$(MARK=caller "$nsctl" enter "$pid" sh -c 'echo "$MARK.$A"')" caller.
}

@test "-e: the program is looked for in the target's PATH" {
	mkdir "$scratch/programs"
	printf '#!/bin/sh\necho found\n' >"$scratch/programs/only-there"
	chmod 755 "$scratch/programs/only-there"
	start env "PATH=$PATH:$scratch/programs" sleep 1000
	wait_for runs "$pid" sleep
	is "$("$nsctl" enter -e "$pid" only-there)" found
	refuses 127 "only-there" "$nsctl" enter "$pid" only-there
}

# A cgroup of the test's own in the hierarchy that is mounted with this type, with the process in it.
join_test_cgroup() { # join_test_cgroup FSTYPE OPTION PID
	local mount
	mount=$(findmnt -rno TARGET,OPTIONS -t "$1" | awk -v option="$2" \
		'{ n = split($2, o, ","); for (i = 1; i <= n; i++) if (option == "" || o[i] == option) { print $1; exit } }')
	[ -n "$mount" ] || return 0
	group=$mount/nsctl-test-$unique
	mkdir "$group"
	echo "$3" >"$group/cgroup.procs"
	joined=$((joined + 1))
}

@test "-c: the target's cgroup in every hierarchy; standard input stays" {
	local joined=0
	start_unshared --uts
	join_test_cgroup cgroup2 "" "$pid"
	join_test_cgroup cgroup freezer "$pid"
	join_test_cgroup cgroup pids "$pid"
	[ "$joined" -gt 0 ] || skip "no cgroup can be made here"
	is "$("$nsctl" enter -c "$pid" cat /proc/self/cgroup)" "$(cat "/proc/$pid/cgroup")"
	is "$("$nsctl" enter --join-cgroup -t "$pid" -u cat /proc/self/cgroup)" "$(cat "/proc/$pid/cgroup")"
	is "$(echo from the caller | "$nsctl" enter -c "$pid" cat)" "from the caller"
	is "$("$nsctl" enter "$pid" cat /proc/self/cgroup)" "$(cat /proc/self/cgroup)"
}

@test "-c needs a process" {
	refuses 125 "--join-cgroup needs a process" "$nsctl" enter -c /proc/self/ns/net echo ran
}

@test "open files above 2 are closed" {
	is "$("$nsctl" enter self sh -c 'ls "/proc/$$/fd"; :' 7</etc/passwd 8</)" "0
1
2"
}

@test "--preserve-fds: those from 3 on, as many as said" {
	is "$("$nsctl" enter --preserve-fds 1 self sh -c 'cat <&3; [ ! -e /proc/self/fd/4 ]' 3<<<three 4<<<four)" three
	is "$("$nsctl" enter --preserve-fds 2 self sh -c 'cat <&3; cat <&4' 3<<<three 4<<<four)" "three
four"
	run "$nsctl" enter --preserve-fds 1 self sh -c '[ ! -e /proc/self/fd/4 ]' 3<<<three 4<<<four
	[ "$status" -eq 0 ]
}

@test "--preserve-fds of a descriptor that is not open" {
	refuses 125 "descriptor 3 is not open" "$nsctl" enter --preserve-fds 1 self echo ran 3<&-
}

@test "-p without -m: said once, on standard error" {
	start_apart
	run --separate-stderr "$nsctl" enter -t "$pid" -p echo ran
	is "$status:$output" 0:ran
	is "${#stderr_lines[@]}" 1
	[[ $stderr == *"warning: /proc will show"*"--mount-proc"* ]]
	run --separate-stderr "$nsctl" enter "/proc/$pid/ns/pid" echo ran
	is "${#stderr_lines[@]}" 1
}

@test "-p with -m, or a root, or --mount-proc: nothing to say" {
	start_apart
	run --separate-stderr "$nsctl" enter -t "$pid" -p -m true
	is "$status:$stderr" 0:
	run --separate-stderr "$nsctl" enter "$pid" true
	is "$status:$stderr" 0:
	run --separate-stderr "$nsctl" enter -t "$pid" -p -r true
	is "$status:$stderr" 0:
	run --separate-stderr "$nsctl" enter -t "$pid" -p --mount-proc true
	is "$status:$stderr" 0:
	run --separate-stderr "$nsctl" enter -t "$pid" -n true
	is "$status:$stderr" 0:
}

@test "--mount-proc: a /proc of the pid namespace, in a mnt namespace of the program's own" {
	start_apart
	run --separate-stderr "$nsctl" enter -t "$pid" -p --mount-proc sh -c 'cat /proc/1/comm; readlink /proc/self/ns/mnt'
	is "$status:$stderr" 0:
	is "${lines[0]}" sleep
	[ "${lines[1]}" != "$(ns_of self mnt)" ]
	is "$("$nsctl" enter -t "$pid" -p --mount-proc sh -c 'cd /proc; for p in [0-9]*; do [ ! -d "$p" ] || cat "$p/comm"; done' 2>/dev/null | sort -u | paste -sd ' ')" \
		"sh sleep"
	is "$(cat "/proc/$pid/comm")" sleep
}

@test "--mount-proc and --no-fork exclude each other with a pid namespace" {
	start_apart
	refuses 2 "mutually exclusive arguments: --mount-proc --no-fork" "$nsctl" enter -t "$pid" -p -F --mount-proc echo ran
}

# ---- how it runs

# First the number of nsctl's process, as this side sees it, then what the program prints.
with_number() {
	sh -c 'echo "$$"; exec "$@"' sh "$nsctl" enter "$@" 2>/dev/null
}

@test "only a pid namespace needs a fork" {
	start_apart
	local i
	for i in n u i m U C T; do
		run -0 with_number -t "$pid" "-$i" sh -c 'echo "$$"'
		is "${lines[1]}" "${lines[0]}"
	done
	run -0 with_number -t "$pid" -p sed -n 's/^PPid:\t//p' /proc/self/status
	is "${lines[1]}" "${lines[0]}"
}

@test "-F: no fork; only the program's children are in the pid namespace" {
	start_apart
	run -0 with_number -t "$pid" -p -F sh -c 'echo "$$"; readlink "/proc/$$/ns/pid" /proc/self/ns/pid'
	is "${lines[1]}" "${lines[0]}"
	is "${lines[2]}" "$(ns_of self pid)"
	is "${lines[3]}" "$(ns_of "$pid" pid)"
}

@test "the exit status is the program's, with and without a fork" {
	start_apart
	local status
	for status in 0 1 7 125 126 127 255; do
		run -"$status" "$nsctl" enter self sh -c "exit $status"
		run -"$status" "$nsctl" enter "$pid" sh -c "exit $status"
	done
}

@test "128+N when signal N ended it" {
	start_apart
	local signal
	for signal in 1 2 6 9 15; do
		run -$((128 + signal)) "$nsctl" enter "$pid" sh -c "kill -$signal \$\$"
		run -$((128 + signal)) "$nsctl" enter self sh -c "kill -$signal \$\$"
	done
}

@test "127: not found" {
	start_container /bin/sh
	refuses 127 "'nsctl-has-no-such-program'" "$nsctl" enter self nsctl-has-no-such-program
	refuses 127 "in no directory of PATH in the target's file system" "$nsctl" enter "$pid" nsctl-has-no-such-program
	refuses 127 "not in the target's file system" "$nsctl" enter "$pid" "$scratch/bin/nsctl"
}

@test "127: a script without its interpreter" {
	printf '#!/nonexistent/interpreter\n' >"$scratch/script"
	chmod 755 "$scratch/script"
	refuses 127 "or its interpreter is not" "$nsctl" enter self "$scratch/script"
}

@test "126: found, and no program" {
	refuses 126 "'/etc/passwd': Permission denied" "$nsctl" enter self /etc/passwd
	refuses 126 "'/usr'" "$nsctl" enter self /usr
}

@test "a script without #! is run by the shell, as everywhere" {
	echo 'echo "by a shell"' >"$scratch/script"
	chmod 755 "$scratch/script"
	is "$("$nsctl" enter self "$scratch/script")" "by a shell"
}

@test "126 and 127 through a fork as well" {
	start_in --pid
	refuses 127 no-such-program "$nsctl" enter --mount-proc "$pid" no-such-program
	refuses 126 Permission "$nsctl" enter --mount-proc "$pid" /etc/passwd
}

# The program tells what it got, and ends at the first signal it likes.
listener='trap "echo HUP >>\$0" HUP
	trap "echo INT >>\$0" INT
	trap "echo QUIT >>\$0" QUIT
	trap "echo USR1 >>\$0" USR1
	trap "echo USR2 >>\$0" USR2
	trap "echo WINCH >>\$0" WINCH
	trap "exit 42" TERM
	echo ready >>$0
	while :; do sleep 1000 & wait; kill $!; done'

start_listener() { # start_listener PROGRAM-AND-OPTIONS…
	start env --default-signal "$@" sh -c "$listener" "$scratch/heard"
	wait_for grep -q ready "$scratch/heard"
}

@test "signals are forwarded, and the program's answer comes through" {
	start_in --pid
	start_listener "$nsctl" enter --mount-proc "$pid"
	local signal
	for signal in HUP INT QUIT USR1 USR2 WINCH; do
		kill -"$signal" "$pid"
		wait_for grep -q "$signal" "$scratch/heard"
	done
	kill -TERM "$pid"
	ends_with 42 "$pid"
	is "$(paste -sd ' ' "$scratch/heard")" "ready HUP INT QUIT USR1 USR2 WINCH"
}

@test "a signal that the program does not catch ends both: 128+N" {
	start_in --pid
	start "$nsctl" enter --mount-proc "$pid" sleep 1000
	wait_for child_of "$pid"
	local child
	child=$(child_of "$pid")
	wait_for runs "$child" sleep
	kill -TERM "$pid"
	ends_with 143 "$pid"
	[ ! -e "/proc/$child" ]
}

@test "the program's signals are as the caller's were" {
	start_in --pid
	local filter='/^\(Sig\(Blk\|Ign\|Cgt\)\):/p'
	is "$("$nsctl" enter -t "$pid" -p sed -n "$filter" /proc/self/status 2>/dev/null)" \
		"$(sed -n "$filter" /proc/self/status)"
	is "$(env --ignore-signal=USR1 --block-signal=USR2 "$nsctl" enter -t "$pid" -p sed -n "$filter" /proc/self/status 2>/dev/null)" \
		"$(env --ignore-signal=USR1 --block-signal=USR2 sed -n "$filter" /proc/self/status)"
}

@test "with SIGCHLD ignored the status comes through all the same" {
	start_in --pid
	run -7 env --ignore-signal=CHLD "$nsctl" enter --mount-proc "$pid" sh -c 'exit 7'
}

# Kills nsctl itself; its program is $child.
start_and_kill() { # start_and_kill PROGRAM-AND-OPTIONS…
	start env --default-signal "$@"
	wait_for child_of "$pid"
	child=$(child_of "$pid")
	started+=("$child")
	wait_for test -s "$scratch/heard"
	kill -KILL "$pid"
	wait_for test ! -e "/proc/$child"
}

@test "--kill-child: the program ends with nsctl" {
	start_in --pid
	local child
	start_and_kill "$nsctl" enter --kill-child "$pid" sh -c 'echo ready >"$0"; while :; do sleep 1000; done' "$scratch/heard"
}

@test "--kill-child=SIGNAL: with this one" {
	start_in --pid
	local child target=$pid signal
	for signal in TERM SIGTERM 15; do
		: >"$scratch/heard"
		start_and_kill "$nsctl" enter --kill-child=$signal "$target" \
			sh -c 'trap "echo bye >>\$0; exit" TERM; echo ready >"$0"; while :; do sleep 0.1; done' "$scratch/heard"
		is "$(cat "$scratch/heard")" "ready
bye"
	done
	refuses 2 "unknown signal: NOPE" "$nsctl" enter --kill-child=NOPE "$target" echo ran
}

# ---- at a terminal

# A shell with job control, at a terminal of its own; what it prints is in $scratch/screen.
start_terminal() {
	mkfifo "$scratch/keys"
	start_reading "$scratch/keys" script -qefc "exec env --default-signal -u ENV PS1=\$\  bash --norc --noprofile -i" "$scratch/screen"
	exec 8>"$scratch/keys"
	type_keys 'echo at $((40 + 2))\n'
	shows 'at 42'
}

start_reading() { # start_reading FILE COMMAND…
	"${@:2}" <"$1" >/dev/null 2>&1 3>&- &
	pid=$!
	started+=("$pid")
}

type_keys() {
	# shellcheck disable=SC2059 # the keys are written as printf does
	printf "$1" >&8
}

shows() {
	wait_for grep -aq -- "$1" "$scratch/screen"
}

state_is() { # state_is PID LETTER
	grep -q "^State:.$2" "/proc/$1/status"
}

@test "at a terminal: stopped and continued together, interrupted" {
	start_in --pid
	local target=$pid outer inner
	start_terminal
	type_keys "$nsctl enter --mount-proc $target sh -c 'echo \$((1000 + 1)) up; exec sleep 1000'\n"
	shows '1001 up'
	outer=$(child_of "$(child_of "$pid")")
	wait_for child_of "$outer"
	inner=$(child_of "$outer")
	wait_for runs "$inner" sleep
	type_keys '\032'
	wait_for state_is "$inner" T
	wait_for state_is "$outer" T
	shows Stopped
	type_keys 'fg\n'
	wait_for state_is "$inner" S
	wait_for state_is "$outer" S
	type_keys '\003'
	wait_for test ! -e "/proc/$inner"
	wait_for test ! -e "/proc/$outer"
	type_keys 'echo status $((1000 + $?))\n'
	shows 'status 1130'
}

@test "at a terminal: a shell inside has job control" {
	start_in --pid --mount --mount-proc
	local target=$pid
	start_terminal
	type_keys "$nsctl enter $target bash --norc --noprofile -i; echo status \$((1000 + \$?))\n"
	type_keys 'set -o | grep monitor; echo in $((1 + 1000)) $(readlink /proc/self/ns/pid)\n'
	shows "in 1001 pid:\[$(inode_of "$target" pid)\]"
	shows 'monitor.*on'
	type_keys 'sh -c "echo \$((2 + 1000)) up; exec sleep 1000"\n'
	shows '1002 up'
	type_keys '\032'
	shows Stopped
	type_keys 'kill -KILL %%1; wait %%1; echo killed $((2 + 1000))\n'
	shows 'killed 1002'
	type_keys 'exit 3\n'
	shows 'status 1003'
	run ! grep -aq 'no job control' "$scratch/screen"
}

# ---- a user

@test "a user enters what is his: default" {
	start_unshared_as_user --user --map-root-user --mount --net --uts --ipc
	is "$(as_user "$nsctl" enter "$pid" readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts})" "$(all_ns "$pid")"
	is "$(as_user "$nsctl" enter "$pid" id -u)" 0
	is "$(caps Eff "$(as_user "$nsctl" enter "$pid" cat /proc/self/status)")" "$(caps Bnd "$(cat "/proc/$pid/status")")"
}

@test "a user enters what is his: with options" {
	start_unshared_as_user --user --map-root-user --mount --net --uts --ipc
	is "$(as_user "$nsctl" enter -t "$pid" -U -n readlink /proc/self/ns/{net,user,uts})" \
		"$(ns_of "$pid" net; ns_of "$pid" user; ns_of self uts)"
	is "$(as_user "$nsctl" enter -t "$pid" -a --preserve-credentials id -u)" 0
}

@test "a user enters what is his: his user namespace by FILE" {
	start_unshared_as_user --user --map-root-user --net
	run as_user "$nsctl" enter "/proc/$pid/ns/user" readlink /proc/self/ns/user
	is "$status:$output" "0:$(ns_of "$pid" user)"
	run as_user "$nsctl" enter "/proc/$pid/ns/user" "/proc/$pid/ns/net" -- readlink /proc/self/ns/{net,user}
	is "$status:$output" "0:$(ns_of "$pid" net; ns_of "$pid" user)"
}

@test "a user enters what is his: FILE and --preserve-credentials" {
	start_unshared_as_user --user --map-root-user --net
	is "$(as_user "$nsctl" enter --preserve-credentials -n="/proc/$pid/ns/net" -U="/proc/$pid/ns/user" \
		readlink /proc/self/ns/{net,user})" "$(ns_of "$pid" net; ns_of "$pid" user)"
}

@test "a user enters a user namespace below his own" {
	start_unshared_as_user --user --map-root-user --net unshare --user --map-root-user --uts
	is "$(as_user "$nsctl" enter "$pid" readlink /proc/self/ns/{net,user,uts})" \
		"$(ns_of "$pid" net; ns_of "$pid" user; ns_of "$pid" uts)"
}

@test "a user's pid namespace" {
	start setpriv --reuid="$user" --regid="$user" --clear-groups -- \
		unshare --user --map-root-user --pid --mount --mount-proc --fork --kill-child sleep 1000
	wait_for child_of "$pid"
	pid=$(child_of "$pid")
	wait_for runs "$pid" sleep
	is "$(as_user "$nsctl" enter "$pid" cat /proc/1/comm)" sleep
	is "$(as_user "$nsctl" enter "$pid" sh -c 'exit 7' || echo "status $?")" "status 7"
}

@test "from inside a user namespace, into one below that shares the net namespace" {
	run as_user unshare --user --map-root-user --net sh -c '
		unshare --user --uts sleep 1000 &
		pid=$!
		until [ "$(cat "/proc/$pid/comm")" = sleep ]; do sleep 0.01; done
		"$1" enter --preserve-credentials -t "$pid" -a readlink /proc/self/ns/net /proc/self/ns/user /proc/self/ns/uts
		echo "$?"
		readlink /proc/self/ns/net "/proc/$pid/ns/user" "/proc/$pid/ns/uts"
		kill "$pid"
	' sh "$nsctl"
	is "${#lines[@]}:${lines[3]}" 7:0
	is "${lines[*]:0:3}" "${lines[*]:4:3}"
}

@test "a user without the user namespace: what refused, on which process, what it takes" {
	start_unshared_as_user --user --map-root-user --net
	refuses 125 "cannot enter the net namespace of process $pid: Operation not permitted; it requires CAP_SYS_ADMIN in the user namespace that owns it: add -U" \
		as_user "$nsctl" enter -t "$pid" -n echo ran
	is "$(as_user "$nsctl" enter -t "$pid" -n -U readlink /proc/self/ns/net)" "$(ns_of "$pid" net)"
	refuses 125 "cannot enter net:[$(inode_of "$pid" net)]: Operation not permitted; it requires CAP_SYS_ADMIN in the user namespace that owns it: add --user-parent" \
		as_user "$nsctl" enter "/proc/$pid/ns/net" echo ran
	is "$(as_user "$nsctl" enter --user-parent "/proc/$pid/ns/net" readlink /proc/self/ns/net)" "$(ns_of "$pid" net)"
	# Of root's user namespace: nothing but root will do.
	start_unshared --uts
	touch "$scratch/uts"
	mount --bind "/proc/$pid/ns/uts" "$scratch/uts"
	mounted+=("$scratch/uts")
	refuses 125 "in the user namespace that owns it: run as root" as_user "$nsctl" enter "$scratch/uts" echo ran
}

@test "a user, a process that is not his" {
	start_unshared --net
	refuses 125 "of process $pid: Permission denied; run as root" as_user "$nsctl" enter "$pid" echo ran
	refuses 125 "of process $pid: Permission denied; run as root" as_user "$nsctl" enter -t "$pid" -n echo ran
}

@test "several places: the one that refused is named" {
	start_unshared_as_user --user --map-root-user --net
	local mine=$pid
	# Of the machine's user namespace: entering his own gives him no power over it.
	start unshare --uts setpriv --reuid="$user" --regid="$user" --clear-groups -- sleep 1000
	wait_for runs "$pid" sleep
	refuses 125 "cannot enter uts:[$(inode_of "$pid" uts)]: Operation not permitted" \
		as_user "$nsctl" enter -t "$mine" -U -n --uts="/proc/$pid/ns/uts" echo ran
}

@test "a pid namespace that is not below one's own" {
	start_in --pid
	refuses 125 "only the caller's own pid namespace and those below it" \
		nsenter --target "$pid" --pid -- "$nsctl" enter -F "--pid=/proc/$$/ns/pid" echo ran
}
