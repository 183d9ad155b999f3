/* What an open file that holds a namespace is. */
#ifndef NSCTL_QUERY_DESCRIPTORS_H
#define NSCTL_QUERY_DESCRIPTORS_H

#include "snapshot/snapshot.h"

struct described_file {
	char *text;    /* a path, or a socket's addresses, raw; NULL: it holds the namespace no more */
	char *command; /* of the process that has it, raw; NULL: not known */
};

/*
 * Describes files, by the index of each holder; all are of one namespace.  In
 * helpers: a process can let whoever asks for its files wait, and then the text
 * says so.  The texts are the caller's.  Returns 0 or -ENOMEM.
 */
int descriptors_describe(const struct snapshot *snapshot, const uint32_t *holders, size_t count,
			 struct described_file *files);

#endif
