# SPDX-License-Identifier: GPL-2.0-or-later
# podman as a user, with runc and with crun: no cgroup names its containers, and its files are the user's.
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
	engine_setup "podman of a user" podman runc crun newuidmap useradd || return 0
	make_image
	useradd --create-home --shell /bin/sh nsctl-test
	uid=$(id -u nsctl-test)
	export uid
	mkdir -p /run/user
	install -d -m 700 -o "$uid" -g "$uid" "/run/user/$uid"
	install -m 755 "$NSCTL" "$work/nsctl"
	write_podman_settings "$work/containers.conf" "$([ -n "$ENGINE_CGROUPS" ] && echo crun || echo runc)"
	podman load -qi "$work/image.tar"
	podman run -d --name web --network=none --env COLOR=red localhost/bb:1 sleep 5002
}

pid_of() {
	podman inspect -f '{{.State.Pid}}' "$1"
}

@test "root's commands have the names that podman has" {
	is "$(pid_of web)" "$(init_of 5002)"
	is_named "$(pid_of web)" web podman localhost/bb:1
}

@test "so have the user's own" {
	local pid
	pid=$(pid_of web)
	is "$(as_podman_user "$work/nsctl" sets -rn -o PID,CONTAINER,RUNTIME,IMAGE "$pid")" "$pid web podman localhost/bb:1"
	is "$(as_podman_user "$work/nsctl" ps -rn -o PID web)" "$pid"
}

@test "every way to write it" {
	local id
	id=$(podman inspect -f '{{.Id}}' web)
	is_found "$(pid_of web)" web podman:web "$id" "${id:0:12}"
	is_unknown nothing podman:nothing docker:web
}

@test "enter is in its namespaces" {
	enters_namespaces "$(pid_of web)" web
}

# As in podman.bats; and crun makes no session.
export differs='^Groups in order:|^environment: HOSTNAME=|^session: |^process group: '

@test "root's exec has every property of podman exec" {
	is_alike "$(pid_of web)" podman exec web -- web
	is_alike "$(pid_of web)" podman exec -u root web -- -u root web
}

@test "the user's exec has every property of podman exec" {
	local pid
	pid=$(pid_of web)
	properties_by "$pid" podman exec web >"$BATS_TEST_TMPDIR/engine"
	properties_by "$pid" as_podman_user "$work/nsctl" exec web >"$BATS_TEST_TMPDIR/nsctl"
	is "$(comparable "$differs" <"$BATS_TEST_TMPDIR/nsctl")" "$(comparable "$differs" <"$BATS_TEST_TMPDIR/engine")"
}

@test "stopped and removed: the answer follows at once" {
	podman run -d --name first --network=none localhost/bb:1 sleep 5004
	is_named "$(pid_of first)" first podman localhost/bb:1
	podman stop -t 0 first
	refuses 1 "not running" "$NSCTL" ps first
	podman rm -f first
	is_unknown first
}
