/* The user database of a directory tree, read as data: no NSS, nothing is loaded. */
#ifndef NSCTL_PROC_USERS_H
#define NSCTL_PROC_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct user {
	char name[64];
	uid_t uid;
	gid_t gid;
	char home[512]; /* empty where it is longer */
	char shell[256];
};

/*
 * Finds uid in etc/passwd below root_fd, a tree that may be hostile: only a
 * regular file counts, and no more than its first mebibyte.  Returns 0, or
 * -ENOENT where the user or the file is not there, or another negative errno.
 * A helper reads the file: -ETIMEDOUT where the file system does not answer.
 */
int user_find(int root_fd, uid_t uid, struct user *user);

/* The same for the user of this name. */
int user_find_name(int root_fd, const char *name, struct user *user);

/*
 * The text of that file, which the caller frees, also after an error.  Only
 * helpers of bounded_run() call it.  Returns 0 or a negative errno.
 */
int users_load(int root_fd, char **text);

/* Stores the next user of a passwd(5) text, and moves text behind it.  False at the end. */
bool user_next(const char **text, struct user *user);

/* The parsers of the above: text is the whole of a passwd(5) file. */
bool user_parse(const char *text, uid_t uid, struct user *user);
bool user_parse_name(const char *text, const char *name, struct user *user);

#endif
