# SPDX-License-Identifier: GPL-2.0-or-later
# What shells offer behind the Tab key: nsctl --complete, and the real shells.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	needs_root
	common_setup
	completions=$BATS_TEST_DIRNAME/../../completions
	export PATH=$scratch/bin:$PATH HOME=$scratch
	# All that a shell finds when it completes a program, in press-tab.zsh as well.
	export programs=$scratch/bin
	ln -s nsctl "$programs/solitaire"
	ln -s "$(command -v ls)" "$programs/" # for fish's own functions
	# Another program of the name, which nobody means to run yet.
	mkdir "$scratch/other"
	printf '#!/bin/sh\n: >%q\n' "$scratch/other/ran" >"$scratch/other/nsctl"
	chmod 777 "$scratch/other"
	chmod 755 "$scratch/other/nsctl"
	# What bash and zsh make of a line alike, for becomes.
	alike=(
		'nsctl list --js|' 'nsctl list --json '
		'nsctl list --engine=b|' 'nsctl list --engine=bpf '
		'nsctl list --engine b|' 'nsctl list --engine bpf '
		'nsctl list -o NS,TY|' 'nsctl list -o NS,TYPE'
		'nsctl show sel|' 'nsctl show self '
		'nsctl show netns:b|' 'nsctl show netns:blue '
		'nsctl show netns:x|' 'nsctl show netns:x:blue '
		'nsctl show netns:x:|' 'nsctl show netns:x:blue '
		'nsctl enter netns:a|' 'nsctl enter netns:a\ b\$\(touch\ x\) '
		'nsctl enter netns:a\ |' 'nsctl enter netns:a\ b\$\(touch\ x\) '
		'nsctl show /run/world/lo|' 'nsctl show /run/world/lone-file '
	)
}

teardown() {
	common_teardown
}

# in_world COMMAND…: where there are three names of ip netns, and two processes
# beside the command; one of each is hostile.  The other process is $sleeper.
# The files are those of /run/world.
in_world() {
	export hostile=$'%F{red}%B: $(touch x) `touch x` a:b\\c \e[31m\t\'";touch x'
	shown='%F{red}%B: $(touch x) `touch x` a:b\c \x1b[31m\x09'"'"'";touch x 1000'
	unshare --mount --pid --fork --kill-child --mount-proc bash -ec '
		mount -t tmpfs none /run
		mkdir /run/netns
		touch /run/netns/blue "/run/netns/a b\$(touch x)" /run/netns/x:blue
		mkdir -p /run/world/only /run/world/c=d
		touch /run/world/a=b /run/world/lone-file
		cd /run
		# No loop that forks: the PIDs stay low, and none begins like another.
		runs_as() { mapfile -d "" words <"/proc/$1/cmdline" && [[ ${words[0]} == "$2" ]]; }
		unshare --uts sleep 1000 &
		export sleeper=$!
		(exec -a "$hostile" sleep 1000) &
		until runs_as "$sleeper" sleep && runs_as "$!" "$hostile"; do :; done
		"$@"
		[ ! -e x ]' bash "$@"
}

# offered WORD…: what the last one can become, without what it is.
offered() {
	nsctl --complete "$@" | cut -f 1
}

# type_in SHELL FILE LINE…: on a terminal; what that shows is in $screen.
type_in() {
	screen=$scratch/screen
	in_world timeout 60 "$BATS_TEST_DIRNAME/press-tab.zsh" "$@" >"$screen"
}

# becomes SHELL FILE LINE RESULT…: what is then on the command line, for each
# pair; a | in a line is the Tab key.
becomes() {
	local shell=$1 file=$2 lines=() results=()
	shift 2
	while [ $# -gt 0 ]; do
		lines+=("${1//|/$'\t'}")
		results+=("line:$2")
		shift 2
	done
	type_in "$shell" "$file" "${lines[@]}"
	is "$(grep '^line:' "$screen")" "$(printf '%s\n' "${results[@]}")"
}

@test "commands and options, with what they are" {
	is "$(nsctl --complete '' | head -n 2)" "$(printf '%s\t%s\n' sets "each set of namespaces: which are its own, which it shares" list "every namespace, whatever holds it")"
	is "$(offered)" "$(offered '')"
	is "$(offered c)" compare
	is "$(offered help wh)" why
	is "$(nsctl --complete list --js)" $'--json\tJSON'
	is "$(offered list -J)" -J
	is "$(offered list --no)" $'--nowrap\n--noheadings\n--notruncate'
	is "$(offered --nsp)" --nsproxy
	is "$(offered -J --nsp)" --nsproxy
	# As getopt_long(3) takes it, where nothing else begins so.
	is "$(offered list --engi=b)" --engi=bpf
	is "$(offered list --engi b)" bpf
	is "$(nsctl --complete enter --w=)" ""
	is "$(nsctl --complete enter --setu)" $'--setuid\tid or name in the target\'s passwd file, or \'follow\': the target\'s user and groups, and no more privileges'
	is "$(offered list -- --)" ""
	is "$(nsctl --complete enter 1 ls --)" $'\tfile'
	refuses 2 "'foo' is not a command" nsctl --complete foo ''
}

@test "every value that is offered is accepted" {
	local option choice
	for option in color engine tree; do
		[ "$(offered list "--$option=" | wc -l)" -eq 3 ]
		for choice in $(offered list "--$option="); do
			nsctl list "$choice" >/dev/null
		done
	done
	[ "$(offered list -t '' | grep -c .)" -eq 8 ]
	for choice in $(offered list -t '') $(offered list --type=net,u); do
		nsctl list -t "${choice#--type=}" >/dev/null
	done
	is "$(offered enter --kill-child=T | sort)" "$(printf -- '--kill-child=%s\n' TERM TRAP TSTP TTIN TTOU)"
	for choice in $(offered enter --kill-child=); do
		nsctl enter "$choice" self true
	done
	is "$(offered enter --setuid f)" follow
}

@test "columns: all of each command, in lists, in the case that was typed" {
	local command
	for command in sets list show compare ps why features; do
		is "$(offered "$command" -o '' | sed 1d)" "$(nsctl "$command" -H | sed 's/ .*//')"
	done
	is "$(nsctl --complete list -o NS,+TY)" $'\tnospace\nNS,+TYPE\ttype of the namespace'
	is "$(nsctl --complete list --output=+ty)" $'\tnospace\n--output=+type\ttype of the namespace'
	is "$(offered list -JoNS,TY | sed 1d)" -JoNS,TYPE
	is "$(nsctl --complete list --sort -NP)" $'-NPROCS\tnumber of processes'
}

@test "targets: processes with their commands, names of ip netns, namespaces, files" {
	local names=$'netns:a b$(touch x)\ta name of ip netns\nnetns:blue\ta name of ip netns\nnetns:x:blue\ta name of ip netns'
	export user
	export -f as_user
	is "$(in_world bash -c '
		inode=$(stat -Lc %i "/proc/$sleeper/ns/uts")
		{
			nsctl --complete show "$sleeper"
			nsctl --complete enter -t "$sleeper"
			nsctl --complete list --task="$sleeper"
			# As a user who will run it by sudo(8).
			as_user "$programs/nsctl" --complete show "$sleeper"
			nsctl --complete why "$inode"
		} | sed "s/\<$sleeper\>/PID/; s/\<$inode\>/INODE/"')" "$(printf '%s\t%s\n' PID "sleep 1000" PID "sleep 1000" --task=PID "sleep 1000" PID "sleep 1000" \
		INODE "uts, 1 process: sleep 1000")"
	is "$(nsctl --complete show sel)" $'self\tthe caller'
	is "$(in_world nsctl --complete compare self netns: | sort)" "$names"
	is "$(in_world nsctl --complete why netns: | sort)" "$names"
	is "$(in_world bash -c 'nsctl --complete why "" | cut -f 1 | grep -cxE "self|$sleeper" || true')" 0
}

@test "what is asked of the shell: files, directories, programs" {
	is "$(nsctl --complete show /pr)" $'\tfile'
	is "$(nsctl --complete show ./)" $'\tfile'
	is "$(nsctl --complete enter --mount=)" $'\tfile'
	is "$(nsctl --complete enter --mount=/a=)" $'\tfile'
	# No shell completes a path behind a letter.
	is "$(nsctl --complete enter -m/)" ""
	is "$(nsctl --complete enter -w/)" ""
	is "$(nsctl --complete enter --root=)" $'\tdirectory'
	is "$(nsctl --complete enter self '')" $'\tcommand'
	is "$(nsctl --complete enter -t 1 -n '')" $'\tcommand'
	is "$(nsctl --complete enter -n/proc/1/ns/net '')" $'\tcommand'
	is "$(nsctl --complete enter --targ 1 '')" $'\tcommand'
	is "$(nsctl --complete enter self sh -c '')" $'\tfile'
	# Nothing can follow.
	is "$(nsctl --complete ps self '')" ""
	is "$(nsctl --complete features '')" ""
	is "$(nsctl --complete list -p self '')" ""
	is "$(nsctl --complete list --filter '')" ""
	is "$(nsctl --complete ps -- -- '')" ""
}

@test "a -- ends the options, and the targets before it; the program's own changes nothing" {
	is "$(nsctl --complete enter -- sel)" $'self\tthe caller'
	is "$(nsctl --complete enter -- self '')" $'\tcommand'
	is "$(nsctl --complete enter self -- '')" $'\tcommand'
	is "$(nsctl --complete enter /proc/self/ns/net /proc/self/ns/uts -- '')" $'\tcommand'
	is "$(nsctl --complete enter -- /proc/self/ns/net /proc/self/ns/uts -- '')" $'\tcommand'
	is "$(nsctl --complete enter -t 1 -- '')" $'\tcommand'
	is "$(nsctl --complete enter self -- grep -- '')" $'\tfile'
	is "$(nsctl --complete enter self grep -- '')" $'\tfile'
	is "$(nsctl --complete enter -t 1 grep -- '')" $'\tfile'
	is "$(nsctl --complete enter /proc/self/ns/net /etc -- '')" $'\tfile'
}

@test "bash" {
	becomes bash "$completions/nsctl.bash" \
		'nsctl li|' 'nsctl list ' \
		"${alike[@]}" \
		'nsctl list -o +ns|' 'nsctl list -o +ns' \
		'nsctl show /run/world/a|' 'nsctl show /run/world/a\=b ' \
		'nsctl show /run/world/a\=|' 'nsctl show /run/world/a\=b ' \
		'nsctl enter --mount=/run/world/lo|' 'nsctl enter --mount=/run/world/lone-file ' \
		'nsctl enter --root=/run/world/c|' 'nsctl enter --root=/run/world/c\=d/' \
		'nsctl enter --root=/run/world/on|' 'nsctl enter --root=/run/world/only/' \
		'nsctl enter self solit|' 'nsctl enter self solitaire ' \
		'nsctl enter self ls /run/world/on|' 'nsctl enter self ls /run/world/only/' \
		'true; A=1 nsctl fea|' 'true; A=1 nsctl features '
}

@test "bash runs no function, and no program that a path names" {
	printf 'nsctl() { : >x; }\n. %q\n' "$completions/nsctl.bash" >"$scratch/with-function"
	becomes bash "$scratch/with-function" \
		'nsctl li|' 'nsctl list ' \
		"$scratch/other/nsctl li|" "$scratch/other/nsctl list " \
		"$scratch/gone/nsctl li|" "$scratch/gone/nsctl list "
	[ ! -e "$scratch/other/ran" ]
}

@test "bash-completion finds it, also behind sudo" {
	mkdir -p "$scratch/share/bash-completion/completions"
	ln -s "$completions/nsctl.bash" "$scratch/share/bash-completion/completions/nsctl"
	XDG_DATA_DIRS=$scratch/share becomes bash /usr/share/bash-completion/bash_completion \
		'nsctl li|' 'nsctl list ' \
		'sudo nsctl list --engine=b|' 'sudo nsctl list --engine=bpf ' \
		'sudo nsctl show netns:b|' 'sudo nsctl show netns:blue '
}

@test "bash shows what words are, and types nothing of it" {
	# Alt-* inserts all of them.
	becomes bash "$completions/nsctl.bash" $'nsctl s\e*' 'nsctl sets show '
	type_in bash "$completions/nsctl.bash" $'nsctl \t\t' $'nsctl show \t\t'
	grep -x 'help  *the help of a command' "$screen"
	grep -xE "[0-9]+ +sleep 1000" "$screen"
	grep -E '^[0-9]+ ' "$screen" | grep -F "  $shown"
	grep -x 'line:nsctl show ' "$screen"
}

@test "zsh" {
	becomes zsh "$completions" \
		'nsctl li|' 'nsctl list ' \
		"${alike[@]}" \
		'nsctl list -o +ty|' 'nsctl list -o +type' \
		'nsctl show /run/world/a=|' 'nsctl show /run/world/a=b ' \
		'nsctl enter --mount=/run/world/a=|' 'nsctl enter --mount=/run/world/a=b ' \
		'nsctl enter --root=/run/world/c=|' 'nsctl enter --root=/run/world/c=d/' \
		'nsctl enter --root=/run/world/on|' 'nsctl enter --root=/run/world/only/' \
		'nsctl enter self solit|' 'nsctl enter self solitaire ' \
		'nsctl enter self ls /run/world/on|' 'nsctl enter self ls /run/world/only/' \
		'true; A=1 nsctl fea|' 'true; A=1 nsctl features '
}

@test "zsh and fish run no program that a path names" {
	becomes zsh "$completions" \
		"$scratch/other/nsctl li|" "$scratch/other/nsctl list " \
		"$scratch/gone/nsctl li|" "$scratch/gone/nsctl list "
	complete_in_fish "$scratch/other/nsctl li" "$scratch/gone/nsctl li"
	is "$(cut -f 1 "$scratch/out")" $'list\nlist'
	[ ! -e "$scratch/other/ran" ]
}

@test "zsh shows what words are, and types nothing of it" {
	type_in zsh "$completions" $'nsctl \t' $'nsctl list -\t' $'nsctl show \t'
	grep -x 'help  *-- the help of a command *' "$screen"
	grep -x -- '--json  *-J  *-- JSON *' "$screen"
	grep -xE "[0-9]+ +-- sleep 1000 *" "$screen"
	grep -E '^[0-9]+ ' "$screen" | grep -F -- "-- $shown"
	grep -x 'line:nsctl show ' "$screen"
}

# For each line: what it can become.
complete_in_fish() {
	in_world timeout 60 fish --no-config -c '
		source $argv[1]
		set PATH $programs
		for line in $argv[2..-1]
			complete -C $line
		end' "$completions/nsctl.fish" "$@" >"$scratch/out"
}

@test "fish" {
	complete_in_fish 'nsctl li' 'nsctl list --js' 'nsctl list --engine=b' 'nsctl list --engine b' 'nsctl list -o NS,TY' \
		'nsctl show netns:b' 'nsctl show netns:a' 'nsctl show /run/world/lo' 'nsctl enter --root=/run/world/on' \
		'nsctl show /run/world/a=' 'nsctl enter --mount=/run/world/a=' 'nsctl enter --root=/run/world/c=d' \
		'nsctl enter self ls /run/world/on' 'true; A=1 nsctl fea'
	is "$(cat "$scratch/out")" "$(printf '%s\n' $'list\tevery namespace, whatever holds it' $'--json\tJSON' --engine=bpf bpf $'NS,TYPE\ttype of the namespace' \
		$'netns:blue\ta name of ip netns' $'netns:a b$(touch x)\ta name of ip netns' /run/world/lone-file $'--root=/run/world/only/\tDirectory' \
		/run/world/a=b --mount=/run/world/a=b $'--root=/run/world/c=d/\tDirectory' \
		/run/world/only/ $'features\twhat this kernel and these privileges allow')"
	complete_in_fish 'nsctl enter self solit' 'nsctl show '
	is "$(head -n 1 "$scratch/out" | cut -f 1)" solitaire
	grep -x $'[0-9]*\tsleep 1000' "$scratch/out"
	grep -E $'^[0-9]+\t' "$scratch/out" | grep -F $'\t'"$shown"
}
