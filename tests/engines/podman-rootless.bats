# SPDX-License-Identifier: GPL-2.0-or-later
# podman as a user.
load lib

as_podman_user() {
	alone env -i -C / PATH="$PATH" HOME=/home/nsctl-test XDG_RUNTIME_DIR="/run/user/$uid" TERM=xterm \
		CONTAINERS_CONF="$work/containers.conf" \
		setpriv --reuid="$uid" --regid="$uid" --clear-groups --inh-caps=-all -- "$@"
}

podman() {
	as_podman_user podman --storage-driver=vfs --cgroup-manager=cgroupfs "$@"
}

setup_file() {
	engine_setup "podman of a user" podman runc newuidmap useradd || return 0
	make_image
	useradd --create-home --shell /bin/sh nsctl-test
	uid=$(id -u nsctl-test)
	export uid
	mkdir -p /run/user
	install -d -m 700 -o "$uid" -g "$uid" "/run/user/$uid"
	write_podman_settings "$work/containers.conf"
	podman load -qi "$work/image.tar"
	podman run -d --name web --network=none --env COLOR=red localhost/bb:1 sleep 5002
}

@test "the container runs" {
	is "$(podman inspect -f '{{.State.Pid}}' web)" "$(init_of 5002)"
	podman exec web /properties >"$work/p" </dev/null
	grep -qx 'environment: COLOR=red' "$work/p"
}
