# SPDX-License-Identifier: GPL-2.0-or-later
# LXC.
load lib

setup_file() {
	engine_setup LXC lxc-start lxc-attach || return 0
	mkdir /var/lib/lxc/lx1
	cp -a "$root" /var/lib/lxc/lx1/rootfs
	cat >/var/lib/lxc/lx1/config <<-'END'
		lxc.uts.name = lx1
		lxc.rootfs.path = dir:/var/lib/lxc/lx1/rootfs
		lxc.net.0.type = empty
		lxc.init.cmd = /bin/sleep 5002
		lxc.mount.auto = proc:mixed sys:ro
		lxc.pty.max = 8
		lxc.environment = COLOR=red
		lxc.cap.drop = sys_module mknod
		lxc.prlimit.nofile = 1024
		lxc.proc.oom_score_adj = 10
	END
	alone lxc-start -n lx1 -d -o "$work/lxc.log"
}

@test "the container runs" {
	is "$(lxc-info -n lx1 -pH)" "$(init_of 5002)"
	alone lxc-attach -n lx1 --clear-env -- /properties >"$work/p" </dev/null
	grep -qx 'environment: COLOR=red' "$work/p"
}
