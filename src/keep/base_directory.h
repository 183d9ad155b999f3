/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories that have the names. */
#ifndef NSCTL_KEEP_BASE_DIRECTORY_H
#define NSCTL_KEEP_BASE_DIRECTORY_H

#include <stdbool.h>

#include "base/error.h"

/*
 * /run/nsctl is that of root.  Other users have $XDG_RUNTIME_DIR/nsctl, and so has
 * user 0 of a user namespace that has no rights over /run.  XDG_RUNTIME_DIR is the
 * one variable that the library reads, by secure_getenv(3).
 *
 * A directory is trusted only if it belongs to root or the effective user, and
 * nobody else can write to it; nor, for the user's, to XDG_RUNTIME_DIR.  Nobody
 * else can then put anything there.
 */
#define KEEP_DIRECTORY "/run/nsctl"
#define KEEP_BASE_PATH_SIZE 512

struct keep_base {
	int fd; /* the directory, open for reading; -1: none */
	char path[KEEP_BASE_PATH_SIZE];
};

#define KEEP_BASE_CLOSED ((struct keep_base){.fd = -1})

void keep_base_close(struct keep_base *base);
#define AUTO_BASE __attribute__((cleanup(keep_base_close)))

/* In which names are looked up: root's first. */
#define KEEP_BASE_COUNT 2

/* Opens one of the directories for looking up names.  Returns 0 or a negative errno. */
int keep_base_open(unsigned int index, struct keep_base *base);

/*
 * Opens the directory in which this user keeps names, as a shared mount of
 * itself, so that mounts and their end propagate to mnt namespaces that were made
 * from this one (mount_namespaces(7)), as ip-netns(8) has it.  Makes what is
 * missing.  Returns 0 or a negative errno.
 */
int keep_base_make(struct keep_base *base, struct error *err);

/*
 * Finds the directory of a name: opens it by O_PATH, and the base that has it.
 * The caller closes both.  Returns a descriptor or a negative errno.
 */
int keep_base_find_name(const char *name, struct keep_base *base);

/* Whether the name below the base is this open directory. */
bool keep_base_has(const struct keep_base *base, const char *name, int dir_fd);

/* For EPERM of mount(2): fills err with what would help.  Returns -number. */
int keep_base_refuse_mount(int number, struct error *err);

#endif
