/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes the open files that hold a namespace. */
#ifndef NSCTL_QUERY_DESCRIPTORS_H
#define NSCTL_QUERY_DESCRIPTORS_H

#include "snapshot/snapshot.h"

struct described_file {
	char *text;    /* a path, or a socket's addresses, raw; NULL: it no longer holds the namespace */
	char *command; /* of the process that has it, raw; NULL: not known */
};

/*
 * Describes the open files of these holders, which hold one namespace.  Helpers
 * do it: a process can block the readers of its files, and then the text says
 * so.  The caller frees the texts.  Returns 0 or -ENOMEM.
 */
int descriptors_describe(const struct snapshot *snapshot, const uint32_t *holders, size_t count,
			 struct described_file *files);

#endif
