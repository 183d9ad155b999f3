/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that can follow on a command line, for the completions of shells. */
#ifndef NSCTL_CMD_COMPLETE_H
#define NSCTL_CMD_COMPLETE_H

#include "cmd/command.h"

/* The word to complete.  Its beginning stays as it is: "--engine=", or "NS," of a list. */
struct completion {
	const char *word;
	size_t fixed; /* length of that beginning */
};

/*
 * Prints a line for each word that can be the last one of words, the words
 * behind the name of the command: the word and, behind a tab, what it is.  A line
 * that begins with the tab asks the shell for more: "file", "directory" or
 * "command" to complete such names as well; "nospace" to add no blank, as the word
 * can go on.  count is not 0.
 */
void complete_words(const struct command *command, const char *const *words, size_t count);

/* Prints a candidate, if it continues the word.  help: any text; "": none. */
void complete_offer(const struct completion *completion, const char *candidate, const char *help);

/* Prints a line that asks the shell for more. */
void complete_ask(const char *request);

/* Offers targets: namespaces, and processes where these are accepted. */
void complete_target(const struct completion *completion, bool with_processes);

/* Offers the names of nsctl-keep(1), with prefix before each. */
void complete_kept_name(const struct completion *completion, const char *prefix);

/* Offers processes alone. */
void complete_process(const struct completion *completion);

/* Offers containers that run, by their names. */
void complete_container(const struct completion *completion);

#endif
