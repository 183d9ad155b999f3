/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts that hide another one: taken off, and put back. */
#ifndef NSCTL_UNMOUNT_COVERS_H
#define NSCTL_UNMOUNT_COVERS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "unmount/inside.h"

/* More mounts on top of each other are hostile. */
#define COVERS_MAX 16

struct cover {
	int clone_fd; /* a detached copy of the mount, which keeps what is mounted */
	int dir_fd;   /* where it was: the directory, and the name in it */
	char *name;
};

/* Those that are off at present, by the order in which they were taken off.  All zero is none. */
struct covers {
	struct cover covers[COVERS_MAX];
	size_t count;
	pid_t parent; /* of this process, when the first was taken off */
	int lost;     /* the error by which one could not be put back; 0: none was lost */
};

/*
 * Opens mount id at a name of a directory: takes off what is mounted over it.
 * A mount of the held namespace is unmounted for good; any other is remembered
 * in covers.  A cover that is a directory is taken off only if nothing uses it,
 * neither a process nor a mount: those would lose their place.  Returns a
 * descriptor of O_PATH; -EBUSY if a cover is in use; -EXDEV if one is locked or
 * cannot be copied; or another negative errno.
 */
int covers_lift(const struct inside *inside, int dir_fd, const char *name, uint64_t id,
		struct covers *covers);

/*
 * Puts all of them back, the last first.  Until then this process blocks all signals,
 * and the end of its parent does not end it: that is made up for here.
 */
void covers_put_back(struct covers *covers);

#endif
