/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The holders that the namespaces of dropped names still have. */
#ifndef NSCTL_CMD_DROPPED_H
#define NSCTL_CMD_DROPPED_H

#include "cmd/command.h"
#include "keep/keep.h"

/* The columns of why, behind the namespace that is held. */
extern const struct table_layout dropped_layout;

struct dropped_list {
	struct ns *items; /* open */
	size_t count;
	size_t capacity;
};

void dropped_list_close(struct dropped_list *list);
#define AUTO_DROPPED_LIST __attribute__((cleanup(dropped_list_close)))

/* Takes over the namespaces.  Without memory some are closed: they will not be shown. */
void dropped_list_take(struct dropped_list *list, struct keep_dropped *dropped);

/* Says what was not as it should be when the name was dropped, if anything. */
void dropped_report_remark(const struct invocation *invocation, const char *name,
			   const struct keep_dropped *dropped);

/*
 * Prints the holders of those that something else holds; nothing where nothing
 * does.  Returns 0 or a negative errno.
 */
int dropped_list_show(const struct invocation *invocation, struct dropped_list *list,
		      const struct common_options *options, struct table *table, struct error *err);

#endif
