# SPDX-License-Identifier: GPL-2.0-or-later
# LXC, whose containers have no configuration of OCI: exec runs programs as the first process runs.
load lib

make_container() { # make_container NAME SECONDS
	mkdir "/var/lib/lxc/$1"
	cp -a "$root" "/var/lib/lxc/$1/rootfs"
	cat >"/var/lib/lxc/$1/config" <<-END
		lxc.uts.name = $1
		lxc.rootfs.path = dir:/var/lib/lxc/$1/rootfs
		lxc.net.0.type = empty
		lxc.init.cmd = /properties /tmp/first /bin/sleep $2
		lxc.init.uid = 1000
		lxc.init.gid = 1000
		lxc.mount.auto = proc:mixed sys:ro
		lxc.pty.max = 8
		lxc.environment = COLOR=red
		lxc.cap.drop = sys_module mknod
		lxc.no_new_privs = 1
		lxc.prlimit.nofile = 1024
		lxc.proc.oom_score_adj = 10
	END
	alone lxc-start -n "$1" -d -o "$work/lxc.log"
	wait_for runs_sleep "$2"
}

setup_file() {
	engine_setup LXC lxc-start lxc-attach || return 0
	make_container web 5002
}

pid_of() {
	lxc-info -n "$1" -pH
}

@test "each command has the names that LXC has" {
	is "$(pid_of web)" "$(init_of 5002)"
	is_named "$(pid_of web)" web lxc
	is "$("$NSCTL" sets -rn -o CONTAINER --container web)" web
}

@test "every way to write it" {
	is_found "$(pid_of web)" web lxc:web
	is_unknown nothing lxc:nothing docker:web
}

@test "ps has the container's processes, not its monitor" {
	alone lxc-attach -n web -- sleep 5003 </dev/null >/dev/null 2>&1 &
	wait_for runs_sleep 5003
	is "$("$NSCTL" ps -rn -o PID web | sort -n)" "$(printf '%s\n' "$(init_of 5002)" "$(init_of 5003)" | sort -n)"
	kill "$(init_of 5003)"
	wait
}

@test "enter is in its namespaces" {
	enters_namespaces "$(pid_of web)" web
}

@test "exec has every property of the first process, and a HOME" {
	local differs='^process 1: |^terminal |^in the foreground: '
	properties_by "$(pid_of web)" "$NSCTL" exec web >"$BATS_TEST_TMPDIR/nsctl"
	grep -qx 'environment: HOME=/home/app' "$BATS_TEST_TMPDIR/nsctl"
	is "$(comparable "$differs|^environment: HOME=" <"$BATS_TEST_TMPDIR/nsctl")" \
		"$(comparable "$differs" <"/proc/$(pid_of web)/root/tmp/first")"
}

@test "the properties are the same for all callers" {
	is_the_same_for_all_callers web
}

@test "a frozen container is said to be so, and nothing runs in it" {
	lxc-freeze web
	is "$("$NSCTL" show -J web | jq -r .details.state)" paused
	run -125 "$NSCTL" exec web true
	[[ $output == *frozen* ]]
	lxc-unfreeze web
	run -0 "$NSCTL" exec web true
}

@test "stopped and destroyed: the answer follows at once" {
	make_container first 5004
	is_named "$(pid_of first)" first lxc
	lxc-stop -k first
	is_unknown first
	refuses 1 "not running" "$NSCTL" ps first
	lxc-destroy first
	is_unknown first
}
