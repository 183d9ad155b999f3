# SPDX-License-Identifier: GPL-2.0-or-later
# A booted systemd: machines that systemd-machined has, units, and the cgroups that podman,
# docker and containerd have where systemd manages them.  Runs below tests/engines/booted.
load lib

podman() {
	alone podman --storage-driver=vfs "$@"
}

setup_file() {
	engine_setup "booted systemd" machinectl systemd-run podman docker dockerd containerd ctr runc || return 0
	systemctl is-active --quiet basic.target || {
		skipped_because="booted systemd: runs below tests/engines/booted only"
		return 0
	}
	make_image
	cp -a "$root" "$work/machine"
	systemd-run --quiet --unit=machine systemd-nspawn -D "$work/machine" --machine=web --private-network /bin/sleep 5001
	is_ready runs_sleep 5001
}

@test "a machine: each command has the name that machinectl has" {
	is "$(machinectl show web -p Leader --value)" "$(init_of 5001)"
	is_named "$(init_of 5001)" web nspawn
	is "$("$NSCTL" show -J web | jq -r .unit)" machine-web.scope
	is_found "$(init_of 5001)" web machine:web unit:machine-web.scope
	is_unknown machine:nothing
	enters_namespaces "$(init_of 5001)" web
}

@test "a machine that ends: the answer follows at once" {
	local pid
	cp -a "$root" "$work/another"
	systemd-run --quiet --unit=another systemd-nspawn -D "$work/another" --machine=first --private-network /bin/sleep 5002
	is_ready runs_sleep 5002
	pid=$(init_of 5002)
	is_named "$pid" first nspawn
	machinectl terminate first
	wait_for is_gone "$pid"
	is_unknown first
}

@test "a unit: its processes, as systemctl has them" {
	local pid
	pid=$(systemctl show -p MainPID --value dbus.service)
	is "$("$NSCTL" ps -rn -o PID,UNIT unit:dbus.service)" "$pid dbus.service"
	is_unknown unit:nothing.service
}

@test "exec in a unit has every property of its main process" {
	systemd-run --quiet --unit=confined -p RootDirectory="$root" -p MountAPIVFS=yes -p User=1000 -p Group=1000 \
		-p SupplementaryGroups=games -p NoNewPrivileges=yes -p CapabilityBoundingSet=CAP_CHOWN -p LimitNOFILE=512:1024 \
		-p OOMScoreAdjust=123 -p UMask=0027 -p WorkingDirectory=/srv/dir -p PrivateNetwork=yes \
		-p Environment=COLOR=red -p IgnoreSIGPIPE=no /properties /tmp/first /bin/sleep 5003
	wait_for runs_sleep 5003
	local pid unlike='^session: |^process group: |^parent: |^environment: (INVOCATION_ID|SYSTEMD_EXEC_PID)='
	pid=$(init_of 5003)
	# The filters that all have here are those of systemd-nspawn, with which none can be copied.
	refuses 125 seccomp "$NSCTL" exec unit:confined.service true
	properties_by "$pid" "$NSCTL" exec --permit-missing unit:confined.service >"$BATS_TEST_TMPDIR/nsctl"
	is "$(comparable "$unlike" <"$BATS_TEST_TMPDIR/nsctl")" "$(comparable "$unlike" <"$root/tmp/first")"
}

@test "a unit of a user" {
	useradd --create-home --shell /bin/sh nsctl-test
	local uid
	uid=$(id -u nsctl-test)
	systemctl start "user@$uid.service"
	setpriv --reuid="$uid" --regid="$uid" --clear-groups env XDG_RUNTIME_DIR="/run/user/$uid" \
		systemd-run --user --quiet --unit=mine sleep 5004
	wait_for runs_sleep 5004
	is "$("$NSCTL" ps -rn -o PID,UNIT "unit:user@$uid/mine.service")" "$(init_of 5004) user@$uid/mine.service"
}

@test "podman where systemd manages the cgroups" {
	export CONTAINERS_CONF=$work/containers.conf
	write_podman_settings "$CONTAINERS_CONF" runc
	sed -i 's/"cgroupfs"/"systemd"/' "$CONTAINERS_CONF"
	podman load -qi "$work/image.tar"
	podman run -d --name pod1 "${confined_options[@]}" localhost/bb:1 sleep 5005
	local pid
	pid=$(podman inspect -f '{{.State.Pid}}' pod1)
	grep -q ":/machine.slice/libpod-$(podman inspect -f '{{.Id}}' pod1).scope" "/proc/$pid/cgroup"
	is_named "$pid" pod1 podman localhost/bb:1
	differs='^Groups in order:|^environment: HOSTNAME=' is_alike "$pid" podman exec pod1 -- pod1
	podman rm -t 0 -f pod1
	is_unknown pod1
}

@test "docker where systemd manages the cgroups" {
	start_daemon containerd
	is_ready ctr version
	start_daemon dockerd --exec-opt native.cgroupdriver=systemd --iptables=false --ip6tables=false --ip-forward=false \
		--bridge=none --storage-driver=vfs
	is_ready docker version
	docker load -qi "$work/image.tar"
	docker run -d --name dock1 "${confined_options[@]}" localhost/bb:1 sleep 5006
	local pid
	pid=$(docker inspect -f '{{.State.Pid}}' dock1)
	grep -q ":/system.slice/docker-$(docker inspect -f '{{.Id}}' dock1).scope" "/proc/$pid/cgroup"
	is_named "$pid" dock1 docker localhost/bb:1
	is_alike "$pid" docker exec dock1 -- dock1
	docker rm -f dock1
	is_unknown dock1
}

@test "a pod of Kubernetes where systemd manages the cgroups" {
	local pod=0f3c2a1e_6a53_4b7e_9c3e_1f2d3c4b5a69 id pid
	id=$(printf 'c%.0s' {1..64})
	ctr version >/dev/null || start_daemon containerd
	is_ready ctr version
	ctr -n k8s.io image import --snapshotter native "$work/image.tar"
	ctr -n k8s.io run -d --snapshotter native --runc-systemd-cgroup --cgroup "kubepods-burstable-pod$pod.slice:cri-containerd:$id" \
		--annotation io.kubernetes.cri.container-type=container --annotation io.kubernetes.cri.sandbox-id=none \
		--annotation io.kubernetes.cri.sandbox-name=shop-1 --annotation io.kubernetes.cri.sandbox-namespace=market \
		--annotation io.kubernetes.cri.container-name=web localhost/bb:1 "$id" sleep 5007
	pid=$(init_of 5007)
	grep -q "/kubepods-burstable-pod$pod.slice/cri-containerd-$id.scope" "/proc/$pid/cgroup"
	is_named "$pid" web containerd - market/shop-1
	is_found "$pid" pod:market/shop-1/web containerd:k8s.io/web "$id"
	is_alike "$pid" ctr -n k8s.io task exec --exec-id e1 "$id" -- pod:market/shop-1/web
}
