/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All options of a command, for getopt_long(3), and what is said of a wrong one. */
#ifndef NSCTL_CMD_OPTION_SET_H
#define NSCTL_CMD_OPTION_SET_H

#include <getopt.h>

#include "cmd/command.h"

/* enter has most, about 30. */
#define OPTIONS_MAX 64

/* Returned instead of an exit status: go on. */
#define OPTIONS_TAKEN 0x10000

struct option_set {
	const struct command_option *rows[OPTIONS_MAX];
	bool is_given[OPTIONS_MAX];
	size_t count;
	struct option options[OPTIONS_MAX + 1];
	char letters[3 * OPTIONS_MAX + 5];
	int (*take_equals)(void *options, const char *value, struct error *err);
};

/* Collects the options of the command's tables, --help and --version among them. */
void option_set_build(struct option_set *set, const struct command *command);

/* The option with this letter, or NULL. */
const struct command_option *option_set_find_letter(const struct option_set *set, int letter);

/* The option with this name, or the only one that begins with it, as getopt_long(3) finds it; or NULL. */
const struct command_option *option_set_find_long(const struct option_set *set, const char *name,
						  size_t length);

/* Takes what getopt_long(3) returned.  Returns 0, or a negative errno with err. */
int option_set_take(struct option_set *set, int found, const char *value, void *options, struct error *err);

/* Whether no two of the options that were given exclude each other.  Returns 0, or -EINVAL with err. */
int option_set_check(const struct option_set *set, struct error *err);

/*
 * Fills err for an option that is unknown, or has no value and needs one.
 * found: what getopt_long(3) returned for word, ':' or '?'.
 */
void option_set_refuse(const struct option_set *set, int found, const char *word, const char *program,
		       struct error *err);

#endif
