# SPDX-License-Identifier: GPL-2.0-or-later
# podman as root: containers, and a pod.
load lib

podman() {
	alone podman --storage-driver=vfs "$@"
}

setup_file() {
	engine_setup podman podman runc || return 0
	make_image
	export CONTAINERS_CONF=$work/containers.conf
	write_podman_settings "$CONTAINERS_CONF"
	podman load -qi "$work/image.tar"
	podman run -d --name plain --network=none localhost/bb:1 sleep 5001
	podman run -d --name web "${confined_options[@]}" --group-add extra localhost/bb:1 sleep 5002
	podman pod create --name pod1 --network=none --infra-image localhost/bb:1 --infra-command 'sleep 5003'
	podman run -d --pod pod1 --name inpod localhost/bb:1 sleep 5004
}

@test "the containers run" {
	is "$(podman inspect -f '{{.State.Pid}}' web)" "$(init_of 5002)"
	properties_by "$(init_of 5002)" podman exec web >"$work/p"
	grep -qx 'limit core: 1000 2000' "$work/p"
}
