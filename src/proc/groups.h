/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The group database of a directory tree, read as data: no NSS, nothing is loaded. */
#ifndef NSCTL_PROC_GROUPS_H
#define NSCTL_PROC_GROUPS_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Finds the group of this name in etc/group below root_fd, a tree that may be
 * hostile: see fields_load().  Returns 0; -ENOENT if the group or the file does
 * not exist; or another negative errno.
 */
int group_find(int root_fd, const char *name, gid_t *gid);

/*
 * Lists the groups that have this user as a member.  The caller frees *groups:
 * *count of them, and room for one more.  A missing file has none.  Returns 0
 * or a negative errno.
 */
int group_list(int root_fd, const char *user, gid_t **groups, size_t *count);

/* The parsers of the above: text is the whole of a group(5) file.  0, -ENOENT or -ENOMEM. */
int group_parse(const char *text, const char *name, gid_t *gid);
int group_parse_list(const char *text, const char *user, gid_t **groups, size_t *count);

#endif
