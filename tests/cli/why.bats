# nsctl why, beyond each holder by itself (found.bats).
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	build_odd
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
	is "$(why -J "$(inode_of "$pid" uts)" | jq -c '.holders[0]')" \
		"{\"holder\":\"process\",\"pid\":$pid,\"tid\":null,\"fd\":null,\"ns\":null,\"what\":\"sleep 1000\",\"command\":null,\"release\":\"kill $pid\"}"
}

@test "kernel threads are not to be killed" {
	[ "$(cat /proc/2/comm)" = kthreadd ] || skip "no kernel threads are seen from here"
	is "$(why -rn -o HOLDER,PID,RELEASE "uts:[$(inode_of 2 uts)]" | grep '^process 2 ')" "process 2 -"
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

@test "a mount where the process that stands for the mnt namespace has another root" {
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
	local ino
	ino=$(stat -c %i "/proc/$pid/root/tmp/kept")
	is "$("$nsctl" why -n -o RELEASE "$ino" 2>/dev/null)" "nsctl enter -m -t $pid umount $scratch/root/tmp/kept"
}

@test "what is not there, what is wrong" {
	refuses 1 "is gone, or lies outside" "$nsctl" why 'net:[4000000000]'
	refuses 1 "cannot open '/nowhere/at-all'" "$nsctl" why /nowhere/at-all
	refuses 2 "is a process" "$nsctl" why "$$"
	refuses 2 "an NS is missing" "$nsctl" why
	refuses 2 "one NS at a time" "$nsctl" why 1 2
	refuses 2 "not a target" "$nsctl" why foo
}
