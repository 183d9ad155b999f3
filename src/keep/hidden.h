/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hidden directories: names that are not made yet, or not removed yet. */
#ifndef NSCTL_KEEP_HIDDEN_H
#define NSCTL_KEEP_HIDDEN_H

#include <limits.h>

#include "base/error.h"
#include "keep/base_directory.h"

/*
 * A name is made in a hidden directory, .NAME.XXXXXXXXXXXXXXXX, and begins to
 * exist when that is renamed to NAME; it ends by the rename back.  Whoever works
 * on a hidden directory has it locked.  A lock ends with its process, however that
 * ends: a hidden directory that can be locked is what a dead nsctl left, and the
 * next one removes it.
 */
struct hidden {
	int fd; /* the directory, locked; -1: none */
	char name[NAME_MAX + 1];
};

#define HIDDEN_CLOSED ((struct hidden){.fd = -1})

void hidden_close(struct hidden *hidden);
#define AUTO_HIDDEN __attribute__((cleanup(hidden_close)))

/* Makes a hidden directory for a name, and locks it.  Returns 0 or a negative errno. */
int hidden_make(const struct keep_base *base, const char *name, struct hidden *hidden);

/* Publishes it as the name.  Returns 0; -EEXIST where the name exists; or another negative errno. */
int hidden_publish(const struct keep_base *base, const struct hidden *hidden, const char *name);

/*
 * Locks the directory of a name and hides it: the name is gone.  Calls look
 * between, while it still is what it was.  Returns 0; -ENOENT where there is no such
 * name; or another negative errno.
 */
int hidden_take(const struct keep_base *base, const char *name, void (*look)(int dir_fd, void *context),
		void *context, struct hidden *hidden);

/*
 * Removes a hidden directory with all its mounts, and what ip-netns(8) has by its
 * record.  The record stays until the rest is gone.  Returns 0; -ESTALE, with err
 * untouched, where ip-netns(8) has another namespace by the name, which stays; or
 * another negative errno.
 */
int hidden_remove(const struct keep_base *base, const struct hidden *hidden, struct error *err);

/* Removes the hidden directories that nobody works on; those that cannot be removed stay. */
void hidden_sweep(const struct keep_base *base);

#endif
