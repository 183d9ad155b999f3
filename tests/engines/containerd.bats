# SPDX-License-Identifier: GPL-2.0-or-later
# containerd by ctr, and the cgroups and annotations that it has below Kubernetes.
load lib

# kubernetes_run ID NAME TYPE ARGUMENT…: as the CRI of containerd does.
kubernetes_run() {
	local id=$1 name=$2 type=$3
	shift 3
	ctr -n k8s.io run -d --cgroup "/kubepods/burstable/pod$pod/$id" \
		--annotation "io.kubernetes.cri.container-type=$type" --annotation "io.kubernetes.cri.sandbox-id=$sandbox" \
		--annotation io.kubernetes.cri.sandbox-name=shop-1 --annotation io.kubernetes.cri.sandbox-namespace=market \
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

pid_of() {
	ctr task ls | awk -v id="$1" '$1 == id { print $2 }'
}

ctr_exec() { # ctr_exec OPTION… ID COMMAND…
	ctr task exec --exec-id "e$RANDOM" "$@"
}

@test "each command has the names that containerd has" {
	is "$(pid_of ctr1)" "$(init_of 5001)"
	is_named "$(pid_of ctr1)" ctr1 containerd
	is "$("$NSCTL" sets -rn -o CONTAINER --container ctr1)" ctr1
}

@test "every way to write it" {
	is_found "$(pid_of ctr1)" ctr1 containerd:default/ctr1
	is_found "$(init_of 5003)" web containerd:k8s.io/web "$app" "${app:0:12}" "containerd:k8s.io/$app"
	is_unknown nothing containerd:nothing/ctr1 docker:ctr1
}

@test "a pod of Kubernetes: its containers, and what they share" {
	local pid sandbox_pid
	pid=$(init_of 5003)
	sandbox_pid=$(init_of 5002)
	is_named "$pid" web containerd - market/shop-1
	is "$("$NSCTL" show -J pod:market/shop-1 | jq -c '[.pod, .details.sandbox]')" '["market/shop-1",true]'
	is "$("$NSCTL" list -rn -o NPROCS,POD "$(inode_of "$pid" net)")" "2 market/shop-1"
	is_found "$pid" pod:market/shop-1/web
	is_found "$sandbox_pid" pod:market/shop-1
	is_unknown pod:market/shop-1/nothing pod:market/nothing pod:nothing/shop-1
}

@test "enter is in its namespaces" {
	enters_namespaces "$(pid_of ctr1)" ctr1
	enters_namespaces "$(init_of 5003)" pod:market/shop-1/web
}

@test "exec has every property of ctr task exec" {
	is_alike "$(pid_of ctr1)" ctr_exec ctr1 -- ctr1
	is_alike "$(init_of 5003)" ctr -n k8s.io task exec --exec-id e1 "$app" -- pod:market/shop-1/web
}

@test "exec with options has every property of ctr task exec with them" {
	is_alike "$(pid_of ctr1)" ctr_exec --cwd /tmp ctr1 -- -w /tmp ctr1
	is_alike "$(pid_of ctr1)" ctr_exec --user 77:88 ctr1 -- -u 77:88 ctr1
}

@test "the properties are the same for all callers" {
	is_the_same_for_all_callers ctr1
}

@test "a paused container is said to be so, and nothing runs in it" {
	ctr task pause ctr1
	is "$("$NSCTL" show -J ctr1 | jq -r .details.state)" paused
	run -125 "$NSCTL" exec ctr1 true
	[[ $output == *frozen* ]]
	ctr task resume ctr1
	run -0 "$NSCTL" exec ctr1 true
}

@test "killed and removed: the answer follows at once" {
	ctr run -d localhost/bb:1 first sleep 5004
	local pid
	pid=$(pid_of first)
	is_named "$pid" first containerd
	ctr task kill -s KILL first
	wait_for is_gone "$pid"
	is_unknown first
	wait_for ctr task rm first
	ctr container rm first
	is_unknown first
}
