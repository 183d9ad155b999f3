# SPDX-License-Identifier: GPL-2.0-or-later
# containerd by ctr, and the cgroups and annotations that it has below Kubernetes.
load lib

# kubernetes_run ID NAME TYPE CGROUP OPTION… COMMAND…: as the CRI of containerd does.
kubernetes_run() {
	local id=$1 name=$2 type=$3
	shift 3
	ctr -n k8s.io run -d --cgroup "/kubepods/burstable/pod$pod/$id" \
		--label io.kubernetes.pod.name=shop-1 --label io.kubernetes.pod.namespace=market \
		--annotation "io.kubernetes.cri.container-type=$type" --annotation io.kubernetes.cri.sandbox-name=shop-1 \
		--annotation io.kubernetes.cri.sandbox-namespace=market --annotation "io.kubernetes.cri.sandbox-id=$sandbox" \
		${name:+--annotation "io.kubernetes.cri.container-name=$name"} "$@"
}

setup_file() {
	engine_setup containerd containerd ctr runc || return 0
	make_image
	start_daemon containerd
	is_ready ctr version
	ctr image import "$work/image.tar"
	ctr -n k8s.io image import "$work/image.tar"
	ctr run -d --env COLOR=red localhost/bb:1 ctr1 sleep 5001
	export pod=0f3c2a1e-6a53-4b7e-9c3e-1f2d3c4b5a69
	sandbox=$(printf 'a%.0s' {1..64})
	app=$(printf 'b%.0s' {1..64})
	export sandbox app
	kubernetes_run "$sandbox" "" sandbox localhost/bb:1 "$sandbox" sleep 5002
	local pid
	pid=$(init_of 5002)
	kubernetes_run "$app" web container --with-ns "network:/proc/$pid/ns/net" --with-ns "ipc:/proc/$pid/ns/ipc" \
		--with-ns "uts:/proc/$pid/ns/uts" localhost/bb:1 "$app" sleep 5003
}

@test "the containers run" {
	is "$(ctr task ls | awk '$1 == "ctr1" { print $2 }')" "$(init_of 5001)"
	ctr task exec --exec-id test ctr1 /properties >"$work/p"
	grep -qx 'environment: COLOR=red' "$work/p"
	is "$(ns_of "$(init_of 5002)" net)" "$(ns_of "$(init_of 5003)" net)"
}
