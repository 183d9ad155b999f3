# SPDX-License-Identifier: GPL-2.0-or-later
# Completions of nsctl(1) for bash.  nsctl itself knows the words: see
# src/cmd/complete.h for what it prints.  Nothing that it prints is evaluated.

# Adds a word to COMPREPLY, quoted if the shell would not take it as it stands.
# The part of it that bash does not replace, up to the last break that was typed, is left out.
_nsctl_add() { # _nsctl_add WORD TYPED
	local word=${1#"$2"}
	[[ $word != *[!A-Za-z0-9,.:=+/_@%-]* ]] || printf -v word %q "$word"
	COMPREPLY+=("$word")
}

# Several words are shown with what they are, where bash only lists them
# (COMP_TYPE 63, "?"): nothing of that can get into the command line.
_nsctl_describe() { # _nsctl_describe LINE…
	local line width=0
	for line; do
		line=${line%%$'\t'*}
		((${#line} <= width)) || width=${#line}
	done
	COMPREPLY=()
	for line; do
		[[ $line != *$'\t'* ]] || printf -v line "%-${width}s  %s" "${line%%$'\t'*}" "${line#*$'\t'}"
		COMPREPLY+=("${line:0:${COLUMNS:-80}-1}")
	done
}

_nsctl() {
	local line=${COMP_LINE:0:COMP_POINT} word words lines
	# As the shell splits them, but for quotes: read removes the backslashes.
	# shellcheck disable=SC2162
	IFS=$' \t\n' read -d '' -a words <<<"$line"
	[[ $line != *[[:blank:]] || $line == *\\[[:blank:]] ]] || words+=('')
	# The one on PATH, also for another that is named by its path: no key but Enter runs that.
	mapfile -t lines < <(command nsctl --complete "${words[@]:1}" 2>/dev/null)

	local breaks=${COMP_WORDBREAKS//[^=:]/} typed=${words[-1]} offered=()
	if [[ -n $breaks && $typed == *["$breaks"]* ]]; then
		typed=${typed%"${typed##*["$breaks"]}"}
	else
		typed=
	fi
	COMPREPLY=()
	for line in "${lines[@]}"; do
		case $line in
		$'\tnospace') compopt -o nospace ;;
		$'\tfile') compopt -o default ;;
		$'\tdirectory') compopt -o dirnames ;;
		$'\tcommand')
			while read -r word; do
				_nsctl_add "$word" "$typed"
			done < <(compgen -c -- "${words[-1]}")
			;;
		*)
			_nsctl_add "${line%%$'\t'*}" "$typed"
			offered+=("$line")
			;;
		esac
	done
	[[ ${#offered[@]} -lt 2 || $COMP_TYPE != 63 ]] || _nsctl_describe "${offered[@]}"
}

complete -F _nsctl nsctl
