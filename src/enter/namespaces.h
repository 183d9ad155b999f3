/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces that are entered, and where each is from. */
#ifndef NSCTL_ENTER_NAMESPACES_H
#define NSCTL_ENTER_NAMESPACES_H

#include "enter/part.h"
#include "ns/ns.h"

struct namespaces {
	struct ns ns[NS_TYPE_COUNT]; /* those given, or opened to be entered one by one */
	ns_type_set given;           /* the types of targets, files and sockets; the caller may be in some */
	ns_type_set types;           /* what will be entered */
	ns_type_set of_process;      /* those of them that are the process's own, not a file's */
	bool has_maps;    /* the process is in the user namespace that is entered: its id maps apply */
	const char *name; /* the kept name that is the only target, borrowed from the request; or NULL */
	int own_fd;       /* the caller's /proc/self/ns: join_apply() checks by it */
};

#define NAMESPACES_NONE ((struct namespaces){.own_fd = -1, .ns = {[0 ... NS_TYPE_COUNT - 1] = {.fd = -1}}})

/* Opens the targets and the given files, reads the process as it is at this instant, and chooses. */
plan_fn namespaces_plan;
void namespaces_free(struct namespaces *namespaces);

/*
 * Opens the namespace of this type that the process had when it was read,
 * unless one is open: -EAGAIN where the process has changed it since.  Returns
 * 0 or a negative errno.
 */
int namespaces_open(struct plan *plan, enum ns_type type, struct error *err);

#endif
