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
	write_podman_settings "$CONTAINERS_CONF" runc
	podman load -qi "$work/image.tar"
	podman run -d --name plain --network=none localhost/bb:1 sleep 5001
	podman run -d --name web "${confined_options[@]}" --group-add extra localhost/bb:1 sleep 5002
	podman pod create --name pod1 --network=none --infra-image localhost/bb:1 --infra-command 'sleep 5003'
	podman run -d --pod pod1 --name inpod localhost/bb:1 sleep 5004
}

pid_of() {
	podman inspect -f '{{.State.Pid}}' "$1"
}

id_of() {
	podman inspect -f '{{.Id}}' "$1"
}

@test "each command has the names that podman has" {
	is "$(pid_of web)" "$(init_of 5002)"
	is_named "$(pid_of plain)" plain podman localhost/bb:1
	is_named "$(pid_of web)" web podman localhost/bb:1
	is "$("$NSCTL" sets -rn -o CONTAINER --container web)" web
}

@test "every way to write it" {
	local id
	id=$(id_of web)
	is_found "$(pid_of web)" web podman:web "$id" "${id:0:12}" "podman:${id:0:12}"
	is_unknown nothing podman:nothing docker:web "0$id"
}

@test "a pod: its containers, and what they share" {
	local pod pid sandbox
	pod=$(podman pod inspect -f '{{.Id}}' pod1)
	sandbox=$(init_of 5003)
	pid=$(pid_of inpod)
	is_named "$pid" inpod podman localhost/bb:1 "${pod:0:12}"
	is_named "$sandbox" "${pod:0:12}-infra" podman localhost/bb:1 "${pod:0:12}"
	is "$("$NSCTL" show -J "${pod:0:12}-infra" | jq .details.sandbox)" true
	is "$("$NSCTL" list -rn -o NPROCS,POD "$(inode_of "$pid" net)")" "2 ${pod:0:12}"
}

@test "ps has the processes that podman top has" {
	podman exec -d web sleep 5005
	wait_for runs_sleep 5005
	is "$("$NSCTL" ps -rn -o PID web | sort)" "$(podman top web hpid | tail -n +2 | sort)"
	is_named "$(pid_of web)" web podman localhost/bb:1
	kill "$(init_of 5005)"
}

@test "enter is in its namespaces" {
	enters_namespaces "$(pid_of web)" web
}

# podman 4.3 looks the groups up once more, and leaves out the group of the passwd entry,
# which the container's first process has, and the HOSTNAME that the container has.
export differs='^Groups in order:|^environment: HOSTNAME='

@test "exec has every property of podman exec" {
	is_alike "$(pid_of plain)" podman exec plain -- plain
	is_alike "$(pid_of web)" podman exec web -- web
	is_alike "$(pid_of inpod)" podman exec inpod -- inpod
}

@test "exec with options has every property of podman exec with them" {
	local pid
	pid=$(pid_of plain)
	is_alike "$pid" podman exec -u root plain -- -u root plain
	# It gives root the capabilities of the bounding set in spite of no_new_privs; docker does not.
	differs+='|^Cap' is_alike "$(pid_of web)" podman exec -u root web -- -u root web
	is_alike "$pid" podman exec -u 1 plain -- -u 1 plain
	is_alike "$pid" podman exec -u 77:88 plain -- -u 77:88 plain
	is_alike "$pid" podman exec -w /tmp plain -- -w /tmp plain
	is_alike "$pid" podman exec -e COLOR=blue -e WORDS= plain -- -e COLOR=blue -e WORDS= plain
}

@test "exec --privileged has every property of podman exec --privileged" {
	podman exec --privileged plain true || skip "podman exec --privileged does not work here"
	# It keeps the filter, which docker does not.
	local differs="$differs|^Seccomp"
	is_alike "$(pid_of plain)" podman exec --privileged plain -- --privileged plain
	is_alike "$(pid_of plain)" podman exec --privileged -u root plain -- --privileged -u root plain
}

@test "the properties are the same for all callers" {
	is_the_same_for_all_callers plain
	is_the_same_for_all_callers web
}

@test "exec on a terminal has every property of podman exec on one" {
	is_alike_on_terminal "$(pid_of plain)" podman --storage-driver=vfs exec -it plain -- -it plain
}

@test "a paused container is said to be so, and nothing runs in it" {
	podman pause web
	is "$("$NSCTL" show -J web | jq -r .details.state)" paused
	run -125 "$NSCTL" exec web true
	[[ $output == *frozen* ]]
	podman unpause web
	is "$("$NSCTL" show -J web | jq -r .details.state)" running
	run -0 "$NSCTL" exec web true
}

@test "renamed, stopped, started and removed: the answer follows at once" {
	podman run -d --name first --network=none localhost/bb:1 sleep 5006
	local pid
	pid=$(pid_of first)
	is_named "$pid" first podman localhost/bb:1
	podman rename first second
	is_named "$pid" second podman localhost/bb:1
	is_found "$pid" second
	is_unknown first
	podman stop -t 0 second
	is_unknown second
	refuses 1 "not running" "$NSCTL" ps second
	podman start second
	is_named "$(pid_of second)" second podman localhost/bb:1
	podman rm -t 0 -f second
	is_unknown second
}
