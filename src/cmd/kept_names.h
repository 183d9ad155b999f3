/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that namespaces are kept by, for a column. */
#ifndef NSCTL_CMD_KEPT_NAMES_H
#define NSCTL_CMD_KEPT_NAMES_H

#include <stdio.h>

#include "keep/keep.h"
#include "snapshot/snapshot.h"

/* All zero: nothing is kept. */
struct kept_names {
	struct kept_list list; /* what is held, by namespace and then by name */
};

/* Reads the names.  Returns 0 or a negative errno. */
int kept_names_read(struct kept_names *names, struct error *err);

/*
 * Writes the names of some namespaces of a snapshot as the cell of a list, each
 * once, at most 64.  Without a name nothing is written.
 */
void kept_names_write(const struct kept_names *names, const struct snapshot *snapshot, const uint32_t *ns,
		      size_t count, FILE *cell);

void kept_names_free(struct kept_names *names);
#define AUTO_KEPT_NAMES __attribute__((cleanup(kept_names_free)))

#endif
