/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/descendants.h"

#include <errno.h>
#include <stdlib.h>

static void add_below(struct descendants *descendants, const struct snapshot_relation *above, uint32_t index,
		      uint32_t *next)
{
	if (above->state != RELATION_KNOWN)
		return;
	next[index] = descendants->first[above->ns];
	descendants->first[above->ns] = index;
}

int descendants_open(const struct snapshot *snapshot, struct descendants *descendants)
{
	size_t count = snapshot->ns_count;

	descendants->first = calloc(count + 1, sizeof(*descendants->first));
	descendants->next_child = calloc(count + 1, sizeof(*descendants->next_child));
	descendants->next_owned = calloc(count + 1, sizeof(*descendants->next_owned));
	if (!descendants->first || !descendants->next_child || !descendants->next_owned)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		descendants->first[i] = SNAPSHOT_NONE;
	/* From the last one on, so that each list is in the order of the snapshot. */
	for (uint32_t i = (uint32_t)count; i-- > 0;) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		if (ns->type == NS_PID)
			add_below(descendants, &ns->parent, i, descendants->next_child);
		add_below(descendants, &ns->owner, i, descendants->next_owned);
	}
	return 0;
}

void descendants_close(struct descendants *descendants)
{
	free(descendants->first);
	free(descendants->next_child);
	free(descendants->next_owned);
	*descendants = (struct descendants){0};
}
