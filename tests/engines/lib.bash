# SPDX-License-Identifier: GPL-2.0-or-later
# For the bats files of container engines: an image, and what is the same of each engine.
# They run below tests/engines/apart, which takes away whatever they start.

bats_require_minimum_version 1.5.0
load ../lib

# engine_setup NAME PROGRAM…: for setup_file; fails where the engine cannot run here, and
# every test of the file is skipped.
engine_setup() {
	local name=$1 program
	shift
	export skipped_because=
	[ "$(id -u)" -eq 0 ] || skipped_because="$name: needs root"
	[ -n "${RUNS_APART:-}" ] || skipped_because="$name: runs below tests/engines/apart only"
	for program in jq busybox "$@"; do
		command -v "$program" >/dev/null || skipped_because="$name: no program $program here: make deps-engines"
	done
	[ -z "$skipped_because" ] || return 1
	export work=$BATS_FILE_TMPDIR
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/file" "$work"
	make_root
}

setup() {
	[ -z "$skipped_because" ] || skip "$skipped_because"
}

# The tree of every container: busybox, the program that prints its properties, two users.
make_root() {
	root=$work/root
	mkdir -p "$root"/{bin,dev,etc,home/app,proc,root,run,srv/dir,sys,tmp,usr}
	export root
	cp "$(command -v busybox)" "$root/bin/"
	chroot "$root" /bin/busybox --install -s /bin
	cp "${TEST_PROGRAMS:?the directory of the programs}/properties" "$root/properties"
	printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'app:x:1000:1000:App:/home/app:/bin/sh' >"$root/etc/passwd"
	printf '%s\n' 'root:x:0:' 'app:x:1000:' 'extra:x:2000:app' >"$root/etc/group"
	echo 'ID=engines-test' >"$root/etc/os-release"
	chown 1000:1000 "$root/home/app"
	chmod 1777 "$root/tmp"
}

# make_image: an archive that docker load, podman load and ctr image import read: localhost/bb:1.
make_image() {
	local hash
	mkdir "$work/image"
	tar -C "$root" -cf "$work/image/layer.tar" .
	hash=$(sha256sum <"$work/image/layer.tar")
	jq -n --arg hash "sha256:${hash%% *}" --arg machine "$(dpkg --print-architecture)" '{
		architecture: $machine, os: "linux", rootfs: {type: "layers", diff_ids: [$hash]},
		config: {
			Env: ["PATH=/bin", "WORDS=two words", "EMPTY="],
			Cmd: ["/bin/sleep", "5000"], WorkingDir: "/srv/dir", User: "app"
		}}' >"$work/image/config.json"
	jq -n '[{Config: "config.json", RepoTags: ["localhost/bb:1"], Layers: ["layer.tar"]}]' >"$work/image/manifest.json"
	tar -C "$work/image" -cf "$work/image.tar" layer.tar config.json manifest.json
	rm -r "$work/image"
	chmod 644 "$work/image.tar"
}

# run_alone PROGRAM ARGUMENT…: in place of this shell, and without the descriptors of bats,
# which waits until nobody has them.
run_alone() {
	local fd
	for fd in /proc/self/fd/*; do
		fd=${fd##*/}
		[ "$fd" -le 2 ] || eval "exec $fd>&-"
	done
	exec "$@"
}

alone() {
	(run_alone "$@")
}

# start_daemon PROGRAM ARGUMENT…: what it says is in $work/daemon.log; apart ends it.
start_daemon() {
	run_alone setsid "$@" </dev/null >>"$work/daemon.log" 2>&1 &
}

# is_ready COMMAND…: waits until it succeeds, as a daemon needs a moment.
is_ready() {
	wait_for "$@" || {
		tail -n 20 "$work/daemon.log" >&2
		return 1
	}
}

# write_podman_settings FILE RUNTIME: root may lack CAP_SYS_RESOURCE here, which podman's own limits need.
write_podman_settings() {
	cat >"$1" <<-END
		[containers]
		default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
		[engine]
		runtime = "$2"
		cgroup_manager = "cgroupfs"
		events_logger = "file"
	END
	chmod 644 "$1"
}

# The options of docker run and podman run for a container with every property set.  Not a
# soft limit of files below the hard one: runc 1.1 with Go 1.19 raises it now and then.
confined_options=(--network=none --env COLOR=red --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --ulimit core=1000:2000
	--oom-score-adj 123 --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges
	--memory 64m --pids-limit 100 --user app)

# Version 2 of cgroups has no controllers where version 1 has them.
has_limits() {
	[ ! -e /sys/fs/cgroup/cgroup.controllers ] || grep -q memory /sys/fs/cgroup/cgroup.controllers
}

# make_bundle DIR PROGRAM: for runc and crun, with the same properties and a filter.
make_bundle() {
	mkdir "$1"
	(cd "$1" && "$2" spec)
	local limits=true
	has_limits || limits=false
	jq --arg root "$root" --argjson limits "$limits" '
		.root = {path: $root, readonly: false} | .process += {
			terminal: false, args: ["/bin/sleep", "5000"], cwd: "/srv/dir", noNewPrivileges: true,
			env: ["PATH=/bin", "COLOR=red", "WORDS=two words", "EMPTY="], oomScoreAdj: 123,
			user: {uid: 1000, gid: 1000, additionalGids: [2000]},
			rlimits: [{type: "RLIMIT_NOFILE", soft: 1024, hard: 1024}, {type: "RLIMIT_CORE", soft: 1000, hard: 2000}]
		}
		| if $limits then .linux.resources += {memory: {limit: 67108864}, pids: {limit: 50}} else . end
		| .linux.seccomp = {
			defaultAction: "SCMP_ACT_ALLOW",
			syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}]
		}' "$1/config.json" >"$1/config"
	mv "$1/config" "$1/config.json"
}

# start_bundle PROGRAM ID: what make_bundle made.
start_bundle() {
	(cd "$work/bundle" && alone "$1" run -d "$2" </dev/null >"$work/output" 2>&1) || {
		cat "$work/output" >&2
		return 1
	}
}

# runs_sleep ARGUMENT: whether one process has this as its last argument; prints it.
runs_sleep() {
	local pid
	pid=$(pgrep -x -f "[^ ]*sleep $1")
	[[ $pid =~ ^[0-9]+$ ]] && echo "$pid"
}

# init_of ARGUMENT: the same, of a container that was just started: an engine may return
# before it executes the program.  Every container sleeps a time of its own.
init_of() {
	wait_for runs_sleep "$1" && runs_sleep "$1"
}

# is_named PID NAME RUNTIME [IMAGE [POD]]: every command says so of the container with this
# init.  Its own namespaces are those that differ from the caller's.
is_named() {
	local pid=$1 name="$2 $3" more="${4:--} ${5:--}" type
	is "$("$NSCTL" sets -rn -o PID,CONTAINER,RUNTIME,IMAGE,POD "$pid")" "$pid $name $more"
	is "$("$NSCTL" sets -rn -o PID,CONTAINER,RUNTIME | grep -c " $name\$")" 1
	is "$("$NSCTL" ps -rn -o PID,CONTAINER,RUNTIME,IMAGE,POD "$pid" | head -n 1)" "$pid $name $more"
	is "$("$NSCTL" show -J "$pid" | jq -r '[.pid, .container, .runtime, .image // "-", .pod // "-"] | join(" ")')" \
		"$pid $name $more"
	for type in mnt pid; do
		is "$("$NSCTL" list -rn -o CONTAINER,RUNTIME,IMAGE,POD "$(inode_of "$pid" "$type")")" "$name $more"
	done
}

# is_found PID TARGET…: each of them leads to it, and nothing else does.
is_found() {
	local pid=$1 target
	shift
	for target; do
		is "$("$NSCTL" show -J "$target" | jq .pid)" "$pid"
		is "$("$NSCTL" ps -rn -o PID "$target" | head -n 1)" "$pid"
	done
}

# is_unknown TARGET…: no command takes it for a target.
is_unknown() {
	local target
	for target; do
		run ! "$NSCTL" ps "$target"
		[[ $output != *NSPID* ]]
		run ! "$NSCTL" enter "$target" true
	done
}

# is_gone PID: it has ended, and its parent has waited for it: until then its container can be found.
is_gone() {
	[ ! -e "/proc/$1" ]
}

# properties_by INIT COMMAND…: what a process has that the command starts in the
# container, by its arguments /properties FILE; INIT is any process of the container.
properties_by() {
	local init=$1
	shift
	rm -f "/proc/$init/root/tmp/properties"
	"$@" /properties /tmp/properties </dev/null >"$BATS_TEST_TMPDIR/output" 2>&1 || {
		cat "$BATS_TEST_TMPDIR/output" >&2
		return 1
	}
	cat "/proc/$init/root/tmp/properties"
}

# comparable [PATTERN]: without what differs by intent.  Engines have other pipes, or none,
# as standard streams; and nsctl leaves no program behind when it is killed.
comparable() {
	grep -vE "^stream |^signal at the parent's death:${1:+|$1}"
}

# is_alike INIT ENGINE-COMMAND… -- NSCTL-OPTION… TARGET: in every property.  $differs is a
# pattern of what is known to differ.
is_alike() {
	local init=$1 engine=()
	shift
	while [ "$1" != -- ]; do
		engine+=("$1")
		shift
	done
	shift
	properties_by "$init" "${engine[@]}" >"$BATS_TEST_TMPDIR/engine"
	properties_by "$init" "$NSCTL" exec "$@" >"$BATS_TEST_TMPDIR/nsctl"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/engine")" -gt 80 ]
	is "$(comparable "${differs:-}" <"$BATS_TEST_TMPDIR/nsctl")" "$(comparable "${differs:-}" <"$BATS_TEST_TMPDIR/engine")"
}

# is_the_same_for_all_callers TARGET: nothing but what the manual names comes from the caller.
is_the_same_for_all_callers() {
	local pid callers='^nice: |^I/O priority: |^Cpus_allowed_list: |^personality: '
	pid=$("$NSCTL" show -J "$1" | jq .pid)
	properties_by "$pid" "$NSCTL" exec "$1" | comparable "$callers" >"$BATS_TEST_TMPDIR/usual"
	properties_by "$pid" as_odd_caller "$NSCTL" exec "$1" | comparable "$callers" >"$BATS_TEST_TMPDIR/odd"
	is "$(cat "$BATS_TEST_TMPDIR/odd")" "$(cat "$BATS_TEST_TMPDIR/usual")"
}

# as_odd_caller COMMAND…: with as many properties of its own as a process can have.
as_odd_caller() (
	umask 027
	trap '' HUP USR1
	export SECRET=word LD_PRELOAD='' PATH=/usr/sbin:/usr/bin:/sbin:/bin
	exec 8</dev/null 9<"$BATS_TEST_FILENAME"
	nice -n 5 ionice -c 3 taskset -c 0 setarch --addr-no-randomize \
		prlimit --nofile=333: --core=5: --nproc=5000: --stack=4194304: -- \
		env --ignore-signal=USR2 --block-signal=WINCH -C /usr "$@"
)

# on_terminal ROWS COLUMNS COMMAND…: with a terminal of this size.
on_terminal() {
	script -qefc "stty rows $1 cols $2; $(printf '%q ' "${@:3}")" /dev/null
}

# is_alike_on_terminal INIT ENGINE-COMMAND… -- NSCTL-OPTION… TARGET: both on a terminal.  The
# engines give it its size when the program may run already, nsctl before.
is_alike_on_terminal() {
	local init=$1 engine=() differs="${differs:+$differs|}^terminal size: "
	shift
	while [ "$1" != -- ]; do
		engine+=("$1")
		shift
	done
	shift
	properties_by "$init" on_terminal 40 132 "${engine[@]}" >"$BATS_TEST_TMPDIR/engine"
	properties_by "$init" on_terminal 40 132 "$NSCTL" exec "$@" >"$BATS_TEST_TMPDIR/nsctl"
	grep -qx 'terminal size: 40 x 132' "$BATS_TEST_TMPDIR/nsctl"
	is "$(comparable "$differs" <"$BATS_TEST_TMPDIR/nsctl")" "$(comparable "$differs" <"$BATS_TEST_TMPDIR/engine")"
}

# enters_namespaces PID TARGET: enter is in all of the container's.
enters_namespaces() {
	is "$(properties_by "$1" "$NSCTL" enter "$2" | grep '^namespace')" \
		"$(readlink "/proc/$1/ns/"* | sed 's/\(\([a-z]*\):.*\)/\1/' | paste -d ' ' <(cd "/proc/$1/ns" && printf 'namespace %s:\n' *) -)"
}
