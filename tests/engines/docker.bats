# SPDX-License-Identifier: GPL-2.0-or-later
# docker, on a containerd that has a service of its own, as Debian's packages start both; with
# cgroup v2 alone, on one that it starts itself.
load lib

setup_file() {
	engine_setup docker docker dockerd containerd || return 0
	make_image
	if [ "$ENGINE_CGROUPS" != v2 ]; then
		start_daemon containerd
		is_ready ctr version
	fi
	start_daemon dockerd --iptables=false --ip6tables=false --ip-forward=false --storage-driver=vfs
	is_ready docker version
	docker load -qi "$work/image.tar"
	docker run -d --name plain localhost/bb:1 sleep 5001
	docker run -d --name web "${confined_options[@]}" localhost/bb:1 sleep 5002
}

pid_of() {
	docker inspect -f '{{.State.Pid}}' "$1"
}

id_of() {
	docker inspect -f '{{.Id}}' "$1"
}

@test "each command has the names that docker has" {
	is "$(pid_of web)" "$(init_of 5002)"
	is_named "$(pid_of plain)" plain docker localhost/bb:1
	is_named "$(pid_of web)" web docker localhost/bb:1
	is "$("$NSCTL" sets -rn -o CONTAINER --container web)" web
}

@test "every way to write it" {
	local id
	id=$(id_of web)
	is_found "$(pid_of web)" web docker:web "$id" "${id:0:12}" "docker:${id:0:12}"
	is_unknown nothing docker:nothing podman:web "0$id"
}

@test "ps has the processes that docker top has" {
	docker exec -d web sleep 5003
	wait_for runs_sleep 5003
	is "$("$NSCTL" ps -rn -o PID web | sort)" "$(docker top web -o pid | tail -n +2 | sort)"
	is_named "$(pid_of web)" web docker localhost/bb:1
	kill "$(init_of 5003)"
}

@test "show has what docker inspect has" {
	"$NSCTL" show -J web >"$BATS_TEST_TMPDIR/json"
	is "$(jq -r .container_id "$BATS_TEST_TMPDIR/json")" "$(id_of web)"
	is "$(jq -c '.details | [.state, .capabilities.bounding, .no_new_privs, .seccomp]' "$BATS_TEST_TMPDIR/json")" \
		'["running",["CAP_CHOWN"],true,"filter"]'
	is "$(jq -r '.details | [.memory.limit // 0, .pids.limit // "<nil>"] | join(" ")' "$BATS_TEST_TMPDIR/json")" \
		"$(docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}' web)"
	[[ $(jq -r .details.root.path "$BATS_TEST_TMPDIR/json") == /var/lib/docker/vfs/dir/* ]]
}

@test "why has the names of the holders" {
	local pid
	pid=$(pid_of web)
	is "$("$NSCTL" why -rn -o PID,CONTAINER,RUNTIME "$(inode_of "$pid" net)" | grep "^$pid ")" "$pid web docker"
}

@test "enter is in its namespaces" {
	enters_namespaces "$(pid_of web)" web
}

@test "exec has every property of docker exec" {
	is_alike "$(pid_of plain)" docker exec plain -- plain
	is_alike "$(pid_of web)" docker exec web -- web
}

@test "exec with options has every property of docker exec with them" {
	local pid
	pid=$(pid_of plain)
	# The program of docker may not be traced: it gains its capabilities by being executed.
	differs='^dumpable: ' is_alike "$pid" docker exec -u root plain -- -u root plain
	differs='^dumpable: ' is_alike "$(pid_of web)" docker exec -u root web -- -u root web
	is_alike "$pid" docker exec -u 1 plain -- -u 1 plain
	is_alike "$pid" docker exec -u app:extra plain -- -u app:extra plain
	is_alike "$pid" docker exec -u 77:88 plain -- -u 77:88 plain
	is_alike "$pid" docker exec -w /tmp plain -- -w /tmp plain
	is_alike "$pid" docker exec -e COLOR=blue -e WORDS= plain -- -e COLOR=blue -e WORDS= plain
}

@test "exec --privileged has every property of docker exec --privileged" {
	docker exec --privileged plain true || skip "docker exec --privileged does not work here"
	is_alike "$(pid_of plain)" docker exec --privileged plain -- --privileged plain
	is_alike "$(pid_of plain)" docker exec --privileged -u root plain -- --privileged -u root plain
}

@test "the properties are the same for all callers" {
	is_the_same_for_all_callers plain
	is_the_same_for_all_callers web
}

@test "exec on a terminal has every property of docker exec on one" {
	is_alike_on_terminal "$(pid_of plain)" docker exec -it plain -- -it plain
}

@test "a container below another cgroup, in the network of another one, with a mount of the host" {
	mkdir "$work/volume"
	docker run -d --name odd --cgroup-parent /some/where --network container:web --read-only --tmpfs /tmp:mode=1777 \
		-v "$work/volume:/volume:ro" localhost/bb:1 sleep 5005
	is_named "$(pid_of odd)" odd docker localhost/bb:1
	is_alike "$(pid_of odd)" docker exec odd -- odd
	is "$("$NSCTL" list -rn -o NPROCS "$(inode_of "$(pid_of odd)" net)")" 2
	is "$("$NSCTL" show -J odd | jq -c '.details.host_mounts | map(select(.point == "/volume") | [.source, .point, .read_only])')" \
		"[[\"$work/volume\",\"/volume\",true]]"
	docker rm -f odd
}

@test "the limit of memory counts for exec" {
	has_limits || skip "cgroup v2 has no controller of memory here"
	run docker exec web dd if=/dev/zero of=/dev/null bs=200M count=1
	local of_docker=$status
	run "$NSCTL" exec web dd if=/dev/zero of=/dev/null bs=200M count=1
	is "$status" "$of_docker"
	is "$status" 137
	run -0 "$NSCTL" exec web true
}

@test "a paused container is said to be so, and nothing runs in it" {
	docker pause web
	is "$("$NSCTL" show -J web | jq -r .details.state)" paused
	refuses 125 frozen "$NSCTL" exec web true
	docker unpause web
	is "$("$NSCTL" show -J web | jq -r .details.state)" running
	run -0 "$NSCTL" exec web true
}

@test "renamed, stopped, started and removed: the answer follows at once" {
	docker run -d --name first --network=none localhost/bb:1 sleep 5004
	local pid
	pid=$(pid_of first)
	is_named "$pid" first docker localhost/bb:1
	docker rename first second
	is_named "$pid" second docker localhost/bb:1
	is_found "$pid" second
	is_unknown first
	docker stop -t 0 second
	is_unknown second
	refuses 1 "not running" "$NSCTL" ps second
	docker start second
	is_named "$(pid_of second)" second docker localhost/bb:1
	docker rm -f second
	is_unknown second
}

@test "it works while docker and containerd do not answer" {
	local pid daemons
	pid=$(pid_of web)
	daemons=$(pgrep -x 'dockerd|containerd')
	# shellcheck disable=SC2086 # a list of words
	kill -STOP $daemons
	run timeout 1 docker ps
	local of_docker=$status
	is_named "$pid" web docker localhost/bb:1
	run "$NSCTL" exec web sh -c 'echo $COLOR'
	# shellcheck disable=SC2086 # a list of words
	kill -CONT $daemons
	is "$of_docker" 124
	is "$output" red
}
