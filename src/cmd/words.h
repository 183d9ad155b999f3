/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that are typed where the name of a command is expected, and what is meant by them. */
#ifndef NSCTL_CMD_WORDS_H
#define NSCTL_CMD_WORDS_H

#include "base/error.h"

/*
 * Fills err with "is not a command" and a hint: the command that other
 * programs, or the type of a namespace, or a TARGET, suggest; else the nearest
 * of commands, a list that ends with NULL.  Returns -EINVAL.
 */
int words_refuse_command(const char *word, const char *const *commands, struct error *err);

#endif
