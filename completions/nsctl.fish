# SPDX-License-Identifier: GPL-2.0-or-later
# Completions of nsctl(1) for fish.  nsctl itself knows the words: see
# src/cmd/complete.h for what it prints.  Nothing that it prints is evaluated.

function __nsctl_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l prefix (string match -r '^--?[^=]*=' -- $words[-1])
    set -l value (string replace -- "$prefix" '' $words[-1])
    # The one on PATH, also for another that is named by its path: no key but Enter runs that.
    for line in (command nsctl --complete $words[2..-1] 2>/dev/null)
        switch $line
            case \tnospace # fish adds none behind a comma
            case \tfile
                string replace -r '^' -- "$prefix" (__fish_complete_path $value)
            case \tdirectory
                string replace -r '^' -- "$prefix" (__fish_complete_directories $value)
            case \tcommand
                __fish_complete_command
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c nsctl -f -k -a '(__nsctl_complete)'
