# SPDX-License-Identifier: GPL-2.0-or-later
# nsctl why, beyond each holder by itself (found.bats).
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
	common_teardown
}

why() {
	"$nsctl" why "$@" 2>/dev/null
}

@test "several holders, a line each, processes first" {
	start_unshared --net
	local member=$pid
	start sleep 1000 9<"/proc/$member/ns/net" 10<"/proc/$member/ns/net"
	wait_for runs "$pid" sleep
	touch "$scratch/kept"
	mount --bind "/proc/$member/ns/net" "$scratch/kept"
	mounted+=("$scratch/kept")
	is "$(why -rn -o HOLDER,PID,FD "$(inode_of "$member" net)" | sed '$s/mount [0-9]* /mount /')" "process $member -
file $pid 9
file $pid 10
mount -"
}

@test "a file of the namespace that is named does not make nsctl itself a holder" {
	touch "$scratch/kept"
	unshare "--uts=$scratch/kept" true
	mounted+=("$scratch/kept")
	is "$(why -rn -o HOLDER "$scratch/kept")" mount
}

@test "JSON" {
	start_unshared --uts
	is "$(why -J "$(inode_of "$pid" uts)" | jq -c '.holders[0] | del(.age, .cgroup)')" \
		"{\"holder\":\"process\",\"pid\":$pid,\"tid\":null,\"fd\":null,\"ns\":null,\"what\":\"sleep 1000\",\"command\":null,\"release\":\"kill $pid\",\"ppid\":$BASHPID,\"user\":\"root\",\"uid\":0,\"state\":\"S\",\"container\":null,\"container_id\":null,\"runtime\":null,\"image\":null,\"pod\":null,\"unit\":null}"
}

@test "as a user: what of his own holds it, and that more may" {
	start_unshared_as_user --user
	run -0 --separate-stderr as_user "$nsctl" why -rn -o HOLDER,PID "user:[$(inode_of "$pid" user)]"
	is "$output" "process $pid"
	[[ $stderr == *"could not be read; run as root"* ]]
}

@test "nothing but nsctl itself is seen to hold it" {
	refuses 1 "nothing but nsctl itself is seen to hold" as_user "$nsctl" why "$(ns_of self net)"
}

# release NS [FILTER]: types the RELEASE of the first row as it stands.
release() {
	local line
	line=$(why -n -u -o RELEASE "$1" | head -n 1 | sed 's/ *$//')
	[ -n "$line" ]
	PATH=$scratch/bin:$PATH sh -c "$line"
}

holder_gone() { # holder_gone NS HOLDER PID
	! why -rn -o HOLDER,PID "$1" | grep -q "^$2 $3$"
}

# releases NS HOLDER PID: what is typed ends that holder.
releases() {
	is "$(why -rn -o HOLDER,PID "$1" | head -n 1)" "$2 $3"
	release "$1"
	wait_for holder_gone "$1" "$2" "$3"
}

# A mnt namespace whose mounts are its own, with a namespace mounted at
# $scratch/kept: its process is $pid, the namespace $kept.
start_keeper() {
	touch "$scratch/kept"
	start unshare --mount --propagation private "$@" sh -c 'unshare --uts="$1" true; exec sleep 1000' sh "$scratch/kept"
	if [ $# -gt 0 ]; then
		wait_for child_of "$pid"
		pid=$(child_of "$pid")
		started+=("$pid")
	fi
	wait_for runs "$pid" sleep
	keeper=$pid
	kept=$(stat -c %i "/proc/$pid/root$scratch/kept")
	before=$(count_mounts "$keeper")
}

# In the mnt namespace of start_keeper(), of which nobody makes copies meanwhile.
within() {
	nsenter -t "$keeper" -m "$@"
}

# How many namespaces are mounted in the mnt namespace of a process.
count_mounts() {
	grep -c ' - nsfs ' "/proc/$1/mountinfo" || true
}

@test "what is typed ends a process, also where SIGTERM does not" {
	start_unshared --uts
	releases "uts:[$(inode_of "$pid" uts)]" process "$pid"
	# The first process of a pid namespace; unshare that waits for it and blocks the signal.
	start unshare --pid --fork --uts sleep 1000
	local outer=$pid inner
	wait_for child_of "$outer"
	inner=$(child_of "$outer")
	started+=("$inner")
	wait_for runs "$inner" sleep
	is "$(why -n -o RELEASE "pid:[$(inode_of "$inner" pid)]" | head -n 1)" "kill -KILL $inner"
	releases "pid:[$(inode_of "$inner" pid)]" process "$inner"
	# Ignored; stopped.
	start unshare --uts sh -c 'trap "" TERM; exec sleep 1000'
	wait_for runs "$pid" sleep
	releases "uts:[$(inode_of "$pid" uts)]" process "$pid"
	start_unshared --uts
	kill -STOP "$pid"
	releases "uts:[$(inode_of "$pid" uts)]" process "$pid"
}

@test "what is typed ends a process that blocks SIGTERM" {
	start unshare --uts unshare --pid --fork --kill-child sleep 1000
	wait_for child_of "$pid"
	started+=("$(child_of "$pid")")
	# One of the two processes is in the namespace by nothing else.
	is "$(why -rn -o PID,RELEASE "uts:[$(inode_of "$pid" uts)]" | grep "^$pid ")" "$pid kill\\x20-KILL\\x20$pid"
}

@test "what is typed ends what holds by a thread, its children, a file, a socket" {
	start_odd threads
	releases "net:[$(inode_of "$told" net)]" thread "$pid"
	rm "$scratch/told"
	start_odd expecting
	releases "$told" for-children "$pid"
	rm "$scratch/told"
	start_odd socket
	releases "$told" socket "$pid"
	touch "$scratch/kept"
	unshare "--ipc=$scratch/kept" true
	kept=$(stat -c %i "$scratch/kept")
	start sleep 1000 9<"$scratch/kept"
	wait_for runs "$pid" sleep
	umount -l "$scratch/kept"
	releases "$kept" file "$pid"
}

@test "what is typed ends a mount: here, also while it is open" {
	start_keeper
	is "$(within "$nsctl" why -n -o RELEASE "$kept" 2>/dev/null)" "umount $scratch/kept"
	start nsenter -t "$keeper" -m sh -c 'exec sleep 1000 9<"$1"' sh "$scratch/kept"
	wait_for runs "$pid" sleep
	is "$(within "$nsctl" why -n -o RELEASE "$kept" 2>/dev/null)" "kill $pid
umount -l $scratch/kept"
	within sh -c "$(within "$nsctl" why -n -o RELEASE "$kept" 2>/dev/null | tail -n 1)"
	is "$(count_mounts "$keeper")" "$((before - 1))"
	is "$(why -rn -o HOLDER,PID "$kept")" "file $pid"
}

@test "what is typed ends a mount: there, with no program but the caller's" {
	start_keeper
	is "$(why -n -o RELEASE "$kept")" "umount -N $pid $scratch/kept"
	release "$kept"
	is "$(count_mounts "$keeper")" "$((before - 1))"
}

@test "what is typed ends a mount: there, where /proc is of another pid namespace" {
	start_keeper --pid --mount-proc --fork --kill-child
	[[ $(why -n -o RELEASE "$kept") == "nsenter -t "* ]]
	release "$kept"
	is "$(count_mounts "$keeper")" "$((before - 1))"
}

@test "what is typed ends a mount: there, in an empty root without /proc" {
	start_in_empty_root
	is "$(why -n -o RELEASE "$kept")" "nsenter -t $pid -m -r/ umount -c /proc/$pid/root'/a place'"
	release "$kept"
	is "$(count_mounts "$pid")" 0
}

@test "what is typed ends a mount: as a user, who is root there" {
	touch "$scratch/kept"
	chown "$user" "$scratch/kept"
	start_unshared_as_user --user --map-root-user --mount sh -c 'unshare --uts="$1" true; exec sleep 1000' sh "$scratch/kept"
	kept=$(stat -c %i "/proc/$pid/root$scratch/kept")
	before=$(count_mounts "$pid")
	as_user sh -c "$(as_user "$nsctl" why -n -o RELEASE "$kept" 2>/dev/null)"
	is "$(count_mounts "$pid")" "$((before - 1))"
}

@test "a mount that another one hides: what is typed releases it, and nothing else" {
	start_keeper
	nsenter -t "$pid" -m unshare --uts="$scratch/kept" true
	local cover
	cover=$(stat -c %i "/proc/$pid/root$scratch/kept")
	is "$(why -n -o HOLDER,RELEASE "$kept")" "mount nsctl drop --holders 'uts:[$kept]'"
	[[ $(why -n -o WHAT "$kept") == *" (hidden under another mount)" ]]
	is "$(why -n -o RELEASE "$cover")" "umount -N $pid $scratch/kept"
	# No path that leads to the other one.
	is "$("$nsctl" list -rn -o NSFS "$kept" 2>/dev/null)" -
	is "$("$nsctl" list -rn -o NSFS "$cover" 2>/dev/null)" "/proc/$pid/root$scratch/kept"
	# Where its id is known it can be opened all the same (Linux 6.18): then it is this one.
	local entered
	entered=$("$nsctl" enter "uts:[$kept]" readlink /proc/self/ns/uts 2>/dev/null) || entered=
	if [ -z "$entered" ]; then
		refuses 125 "only a mount that is hidden holds it" "$nsctl" enter "uts:[$kept]" true
		refuses 1 "only a mount that is hidden holds it" "$nsctl" show "uts:[$kept]"
	else
		is "$entered" "uts:[$kept]"
		is "$("$nsctl" show -rn -o NS "uts:[$kept]" 2>/dev/null)" "$kept"
	fi
	# The same from within.
	is "$(nsenter -t "$pid" -m "$nsctl" why -n -o RELEASE "$kept" 2>/dev/null)" "nsctl drop --holders 'uts:[$kept]'"
	is "$(nsenter -t "$pid" -m "$nsctl" list -rn -o NSFS "$kept" 2>/dev/null)" -
	release "$kept"
	is "$(grep -c " $scratch/kept " "/proc/$pid/mountinfo")" 1
	is "$(stat -c %i "/proc/$pid/root$scratch/kept")" "$cover"
}

@test "a mount that came with a mnt namespace of another owner is locked there" {
	touch "$scratch/kept"
	mount --bind "$scratch" "$scratch"
	mounted+=("$scratch")
	mount --make-private "$scratch"
	unshare "--uts=$scratch/kept" true
	mounted+=("$scratch/kept")
	kept=$(stat -c %i "$scratch/kept")
	start_unshared_as_user --user --map-root-user --mount
	is "$(why -rn -a -o PID,RELEASE "$kept" | grep "^$pid ")" "$pid -"
	[[ $(why -n -a -o WHAT "$kept") == *"(locked: "* ]]
	# Also when nothing but the copy is left.
	umount "$scratch/kept"
	unset 'mounted[1]'
	is "$(why -rn -o PID,RELEASE "$kept")" "$pid -"
}

@test "copies of a mount in other mnt namespaces are one row, and all on request" {
	touch "$scratch/kept"
	unshare "--uts=$scratch/kept" true
	mounted+=("$scratch/kept")
	kept=$(stat -c %i "$scratch/kept")
	local i
	for i in 1 2 3; do start_unshared --mount; done
	is "$(why -rn -o HOLDER,RELEASE "$kept")" "mount umount\\x20$scratch/kept"
	# Other mnt namespaces may be made meanwhile.
	[[ $(why -n -o WHAT "$kept") =~ ^"$scratch/kept, and in "([0-9]+)" other mnt namespaces"$ ]]
	[ "${BASH_REMATCH[1]}" -ge 3 ]
	[ "$(why -rn -a -o HOLDER "$kept" | grep -c mount)" -ge 4 ]
	[ "$(why -J "$kept" | jq '.holders | length')" -ge 4 ]
	# A mount at another place is no copy.
	touch "$scratch/other"
	mount --bind "$scratch/kept" "$scratch/other"
	mounted+=("$scratch/other")
	# In the order of their ids, of which the kernel gives free ones again.
	is "$(why -rn -o RELEASE "$kept" | sort)" "umount\\x20$scratch/kept
umount\\x20$scratch/other"
}

@test "what is typed names a mount by any bytes" {
	local name
	start_keeper
	for name in $'a\nb' 'a\x0ab' "it's 100%" $'end\n' '$(exit 3)' $'\xff\e[31m' 'a"b' 'ä' '*' $'\t' -; do
		touch "$scratch/$name"
		within unshare "--uts=$scratch/$name" true
		kept=$(stat -c %i "/proc/$keeper/root$scratch/$name")
		is_clean "$(why -n -o RELEASE "$kept")"
		release "$kept"
		is "$(count_mounts "$keeper")" "$before"
		within unshare "--uts=$scratch/$name" true
		kept=$(stat -c %i "/proc/$keeper/root$scratch/$name")
		within sh -c "$(within "$nsctl" why -n -u -o RELEASE "$kept" 2>/dev/null)"
		is "$(count_mounts "$keeper")" "$before"
	done
}

@test "two mount points that look alike are shown apart, as list and why agree" {
	touch "$scratch/"$'a\nb' "$scratch/a\\x0ab"
	unshare "--uts=$scratch/"$'a\nb' true
	mounted+=("$scratch/"$'a\nb')
	mount --bind "$scratch/"$'a\nb' "$scratch/a\\x0ab"
	mounted+=("$scratch/a\\x0ab")
	kept=$(stat -c %i "$scratch/a\\x0ab")
	local both="$scratch/a\\x0ab
$scratch/a\\x5cx0ab"
	is "$(why -n -o WHAT "$kept" | sed 's/, and in .*//')" "$both"
	is "$("$nsctl" list -n -o NSFS "$kept" 2>/dev/null | grep -v /root/)" "$both"
	is "$("$nsctl" list -J -o NSFS "$kept" 2>/dev/null | jq -r '.namespaces[0].nsfs[]' | grep -v /root/)" "$both"
	is "$("$nsctl" list -rn -o NSFS "$kept" 2>/dev/null | tr , '\n' | grep -v /root/)" "$both"
}

@test "what nothing ends is said to be so" {
	[[ $(why -n -o WHAT "uts:[$(inode_of self uts)]" | grep -c "the first process cannot be ended\|a kernel thread") -ge 1 ]]
}

@test "a mount where the processes of its mnt namespace have another root" {
	local dir
	mkdir -p "$scratch/root"/{tmp,usr}
	for dir in bin lib lib64; do
		[ ! -L "/$dir" ] || cp -P "/$dir" "$scratch/root/$dir"
	done
	touch "$scratch/root/tmp/kept"
	start unshare --mount --propagation private sh -c '
		unshare "--uts=$1/root/tmp/kept" true
		mount --rbind /usr "$1/root/usr" && exec chroot "$1/root" sleep 1000' sh "$scratch"
	wait_for runs "$pid" sleep
	kept=$(stat -c %i "/proc/$pid/root/tmp/kept")
	is "$(stat -Lc %i "$("$nsctl" list -rn -o NSFS "$kept" 2>/dev/null)")" "$kept"
	release "$kept"
	is "$(count_mounts "$pid")" 0
	# Outside that root, too: its own mountinfo does not show that.
	touch "$scratch/outside"
	nsenter -t "$pid" -m unshare --uts="$scratch/outside" true
	kept=$(nsenter -t "$pid" -m stat -c %i "$scratch/outside")
	is "$(why -rn -o PID,NS "$kept")" "$pid $(ns_of "$pid" mnt)"
	is "$(stat -Lc %i "$("$nsctl" list -rn -o NSFS "$kept" 2>/dev/null)")" "$kept"
	release "$kept"
	[ "$(nsenter -t "$pid" -m stat -c %i "$scratch/outside")" != "$kept" ]
}

@test "a path that is no namespace here, but a mount elsewhere" {
	mkdir "$scratch/disk" "$scratch/plain"
	start unshare --mount --propagation private sh -c 'mount -t tmpfs none "$1"; exec sleep 1000' sh "$scratch/disk"
	wait_for runs "$pid" sleep
	local path
	for path in "$scratch/disk" "$scratch/disk/" "$scratch/plain/../disk"; do
		run -0 --separate-stderr "$nsctl" why -rn -o HOLDER,PID,NS,RELEASE,COMMAND "$path"
		is "$output" "mount $pid $(ns_of "$pid" mnt) umount\\x20-N\\x20$pid\\x20$scratch/disk sleep\\x201000"
		[[ $stderr == *"is not a namespace here"* ]]
	done
	is "$(why -n -o WHAT "$scratch/disk")" "tmpfs at $scratch/disk in $(ns_of "$pid" mnt), of 1 process: sleep 1000"
	release "$scratch/disk"
	refuses 1 "is not a namespace" "$nsctl" why "$scratch/disk"
	refuses 1 "is not a namespace" "$nsctl" why "$scratch/plain"
}

@test "a path that does not exist here, but is a mount elsewhere" {
	start unshare --mount --propagation private sh -ec '
		mount -t tmpfs none /mnt; mkdir -p /mnt/nsctl-test/deep
		mount -t tmpfs none /mnt/nsctl-test/deep; exec sleep 1000'
	wait_for runs "$pid" sleep
	is "$(why -rn -o PID /mnt/nsctl-test/deep)" "$pid"
}

@test "a name of ip netns that is mounted elsewhere only" {
	local name=nsctl-test-$unique ino
	mkdir -p /run/netns
	start unshare --mount --propagation private sh -ec '
		mount -t tmpfs none /run/netns; touch "/run/netns/$1"
		unshare "--net=/run/netns/$1" true; exec sleep 1000' sh "$name"
	wait_for runs "$pid" sleep
	ino=$(stat -c %i "/proc/$pid/root/run/netns/$name")
	is "$(why -n -o WHAT "netns:$name")" "net:[$ino] at /run/netns/$name in $(ns_of "$pid" mnt), of 1 process: sleep 1000"
	is "$(why -rn -o PID "/var/run/netns/$name")" "$pid"
	release "netns:$name"
	refuses 1 "No such file" "$nsctl" why "netns:$name"
}

@test "what is not there, what is wrong" {
	refuses 1 "is gone, or lies outside" "$nsctl" why 'net:[4000000000]'
	refuses 1 "cannot open '/nowhere/at-all'" "$nsctl" why /nowhere/at-all
	refuses 2 "is a process" "$nsctl" why "$$"
	refuses 2 "missing NS" "$nsctl" why
	refuses 2 "unexpected argument '2'" "$nsctl" why 1 2
	refuses 2 "not a target" "$nsctl" why foo
}

@test "for people each release is whole, in a line of its own; a table may be cut" {
	local long
	long=$scratch/$(printf 'long-%.0s' {1..40})
	touch "$long"
	unshare "--uts=$long" true
	mounted+=("$long")
	run -0 --separate-stderr "$nsctl" why "$long"
	[ "${lines[0]%% *}" = HOLDER ]
	grep -qx "  umount $long" <<<"$output"
	# As it stands.
	run -0 --separate-stderr script -qec "stty cols 60; '$nsctl' why '$long'" /dev/null
	grep -qx "  umount $long"$'\r' <<<"$output"
	run -0 --separate-stderr "$nsctl" why -n "$long"
	[[ $output != *"umount"* ]]
}

@test "no command line to release the caller's own namespace" {
	run -0 --separate-stderr "$nsctl" why "$(ns_of self uts)"
	[[ $output == HOLDER* ]]
	[[ $output != *"To release it"* ]]
}
