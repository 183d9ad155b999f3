# SPDX-License-Identifier: GPL-2.0-or-later
# docker, on a containerd of its own service, as the package starts both.
load lib

setup_file() {
	engine_setup docker docker dockerd containerd || return 0
	make_image
	start_daemon containerd
	is_ready ctr version
	start_daemon dockerd --containerd=/run/containerd/containerd.sock --iptables=false --ip6tables=false \
		--ip-forward=false --storage-driver=vfs
	is_ready docker version
	docker load -qi "$work/image.tar"
	docker run -d --name plain localhost/bb:1 sleep 5001
	docker run -d --name web "${confined_options[@]}" localhost/bb:1 sleep 5002
}

@test "the containers run" {
	is "$(docker inspect -f '{{.State.Pid}}' web)" "$(init_of 5002)"
	docker exec web /properties >"$work/p"
	grep -qx 'limit core: 1000 2000' "$work/p"
}
