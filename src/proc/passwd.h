/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user database of a directory tree, read as data: no NSS, nothing is loaded. */
#ifndef NSCTL_PROC_PASSWD_H
#define NSCTL_PROC_PASSWD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct user {
	char name[64];
	uid_t uid;
	gid_t gid;
	char home[512]; /* empty if it is longer */
	char shell[256];
};

/*
 * Finds uid in etc/passwd below root_fd, a tree that may be hostile: see
 * fields_load().  Returns 0; -ENOENT if the user or the file does not exist;
 * -ETIMEDOUT if the file system does not answer; or another negative errno.
 */
int user_find(int root_fd, uid_t uid, struct user *user);

/* The same for the user of this name. */
int user_find_name(int root_fd, const char *name, struct user *user);

/* Stores the next user of a passwd(5) text, and moves text behind it.  Returns false at the end. */
bool user_next(const char **text, struct user *user);

/* The parsers of the above: text is the whole of a passwd(5) file. */
bool user_parse(const char *text, uid_t uid, struct user *user);
bool user_parse_name(const char *text, const char *name, struct user *user);

#endif
