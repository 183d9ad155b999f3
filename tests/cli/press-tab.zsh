#!/usr/bin/zsh -f
# SPDX-License-Identifier: GPL-2.0-or-later
# press-tab.zsh bash|zsh COMPLETIONS LINE…: an interactive shell on a terminal
# loads the file or directory of completions; then each line, with its tabs, is
# typed.  Prints what the terminal shows, and after each line in a line of its
# own "line:" and what is on the command line then.  $programs is the PATH of
# that shell.
zmodload zsh/zpty

typeset -A shells=(
	bash 'bash --norc --noprofile -i'
	zsh 'zsh -f -i'
)
typeset -A setups=(
	bash '
		bind "set completion-query-items 0"
		bind "set page-completions off"
		bind "set enable-bracketed-paste off"
		. "$completions"
		show() { printf "\nline:%s\n" "$READLINE_LINE"; READLINE_LINE=; }
		bind -x "\"\C-t\": show"
	'
	zsh '
		unset zle_bracketed_paste
		LISTMAX=10000
		fpath=("$completions" $fpath)
		autoload -Uz compinit
		compinit -D -u
		show() { printf "\nline:%s\n" "$BUFFER"; BUFFER=; }
		zle -N show
		bindkey "^T" show
	'
)

export TERM=dumb completions=$2
zpty -b terminal $shells[$1]
# In a file: on a dumb terminal each key of a long line draws it anew.
() {
	zpty -w terminal ". $1"
	zpty -r terminal seen '*READY*'
} =(print -r -- "PS1=$setups[$1]stty -echo columns 200; COLUMNS=200; PATH=${(q)programs}; echo READY")
shift 2
for line; do
	zpty -w -n terminal "$line"$'\C-t'
	zpty -r terminal seen $'*\nline:*\n' || exit 1
	print -r -- "${seen//$'\r'/}"
done
zpty -d terminal
