# SPDX-License-Identifier: GPL-2.0-or-later
# exec in a user's container: the configuration is the user's, and root carries it out.  It gives
# the user nothing that is root's.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	hide_names
	directory=/run/user/$user/crun/web
	mkdir -p "$directory"
	chown -R "$user:$user" "/run/user/$user"
	process='"user":{"uid":0,"gid":0},"cwd":"/","env":["PATH=/usr/bin:/bin"]'
}

teardown() {
	common_teardown
}

# start_container OPTION…: a sleep in a user namespace of the user, with these limits of files.
start_container() {
	start setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- \
		prlimit --nofile=100:200 unshare --user --map-root-user "$@" sleep 1000
	wait_for runs "$pid" sleep
	awk -v pid="$pid" '{ sub(/.*[)] /, ""); printf "{\"pid\": %d, \"process-start-time\": %s}\n", pid, $20 }' "/proc/$pid/stat" \
		>"$directory/status"
	chown "$user:$user" "$directory/status"
}

# configure MEMBERS: of process.
configure() {
	printf '{"process":{%s%s}}\n' "$process" "$1" >"$directory/config.json"
	chown "$user:$user" "$directory/config.json"
}

limit_of() { # limit_of NAME COMMAND…: soft and hard
	"${@:2}" cat /proc/self/limits | awk -v name="$1" 'index($0, name) == 1 { sub(name " *", ""); print $1, $2 }'
}

@test "limits: at most those of its first process" {
	start_container --mount
	configure ',"rlimits":[{"type":"RLIMIT_NOFILE","soft":150,"hard":250},{"type":"RLIMIT_RTPRIO","soft":99,"hard":99}]'
	is "$(limit_of "Max open files" "$nsctl" exec web)" "150 200"
	is "$(limit_of "Max realtime priority" "$nsctl" exec web)" "$(awk '/^Max realtime priority/ { print $4, $5 }' "/proc/$pid/limits")"
	configure ',"rlimits":[{"type":"RLIMIT_NOFILE","soft":50,"hard":60}]'
	is "$(limit_of "Max open files" "$nsctl" exec web)" "50 60"
}

@test "oom_score_adj: not below that of its first process" {
	start_container --mount
	echo 500 >"/proc/$pid/oom_score_adj"
	configure ',"oomScoreAdj":0'
	is "$("$nsctl" exec web cat /proc/self/oom_score_adj)" 500
	configure ',"oomScoreAdj":600'
	is "$("$nsctl" exec web cat /proc/self/oom_score_adj)" 600
}

@test "labels: that of its first process" {
	start_container --mount
	configure ',"apparmorProfile":"unconfined","selinuxLabel":"system_u:system_r:unconfined_t:s0"'
	# Where no module is enabled, the configuration's would be an error; and nobody has a label.
	run -0 "$nsctl" exec web true
	is "$("$nsctl" exec web sh -c 'cat /proc/self/attr/current 2>/dev/null' | tr -d '\0')" "$(tr -d '\0' 2>/dev/null <"/proc/$pid/attr/current")"
}

@test "groups: more than the kernel has are refused at once" {
	start_container --mount
	process='"user":{"uid":0,"gid":0,"additionalGids":['$(yes 0 | head -n 100000 | paste -sd ,)']},"cwd":"/"'
	configure ""
	refuses 125 "additionalGids is not an array of at most 65,536 ids" "$nsctl" exec web true
}

@test "a container in root's mnt namespace does not get root's terminal" {
	start_container
	configure ""
	local command
	for command in enter exec; do
		run -0 python3 -c '
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    print("root has", os.ttyname(0), flush=True)
    os.execv(sys.argv[1], sys.argv[1:])
text = b""
try:
    while part := os.read(fd, 4096):
        text += part
except OSError:
    pass
print(text.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$nsctl" "$command" web readlink /proc/self/fd/1
		local root_has
		root_has=$(sed -n 's/^root has \([^\r]*\).*/\1/p' <<<"$output")
		[[ $root_has == /dev/pts/* ]]
		[[ $output == *$'\n'/dev/pts/* ]]
		is "$(grep -c "^$root_has" <<<"$output")" 0
	done
}

# on_terminal INPUT COMMAND…: runs it on a terminal on which INPUT is typed; what it shows is in $output.
on_terminal() {
	run -0 timeout 30 python3 -c '
import os, pty, sys, termios
pid, fd = pty.fork()
if pid == 0:
    print("ready", flush=True)
    os.execvp(sys.argv[2], sys.argv[2:])
text = b""
try:
    while part := os.read(fd, 4096):
        if not text:
            os.write(fd, sys.argv[1].encode() + b"\n")
        text += part
except OSError:
    pass
print(text.decode())
os.waitpid(pid, 0)' "$@"
}

@test "exec: the terminal that is standard error, or output, is not read, nor opened anew" {
	start_container --mount
	configure ""
	local reads='timeout 1 head -n 1 <&2; timeout 1 head -n 1 </proc/self/fd/2; timeout 1 head -n 1 <>/proc/self/fd/2; echo "ends with $?" >&2'
	on_terminal secret sh -c '"$@" | sed "s/^/read: /"; echo end' sh "$nsctl" exec web sh -c "$reads"
	[[ $output == *"ends with "[!0]*end* ]]
	[[ $output != *"read: secret"* ]]
	reads='{ timeout 1 head -n 1 <&3; timeout 1 head -n 1 </proc/self/fd/3; } 3>&1 >&2 2>/dev/null; echo end'
	on_terminal secret sh -c '"$@" 2>"$0"' "$scratch/error" "$nsctl" exec web sh -c "$reads"
	[[ $output == *end* ]]
	run ! grep -q secret "$scratch/error"
}
