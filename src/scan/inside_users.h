/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that users have inside: in the /etc/passwd that their processes see. */
#ifndef NSCTL_SCAN_INSIDE_USERS_H
#define NSCTL_SCAN_INSIDE_USERS_H

#include "snapshot/details.h"
#include "snapshot/snapshot.h"

/*
 * Sets details[i].inside_user, the name of details[i].inside in the passwd file
 * below the root of tasks[i].  A file is read once, however many tasks see it.  It
 * may be hostile, see user_find(), and so may the server of its file system: names
 * without an answer are counted as unanswered.  Returns 0 or -ENOMEM.
 */
int inside_users_read(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
		      struct task_details *details);

#endif
