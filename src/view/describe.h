/* A description of a process or a namespace, as text, raw rows or JSON. */
#ifndef NSCTL_VIEW_DESCRIBE_H
#define NSCTL_VIEW_DESCRIBE_H

#include "query/describe.h"
#include "view/options.h"

/* Both print to standard output and return 0 or a negative errno. */
int view_process(const struct process_description *description, const struct view_options *options,
		 struct error *err);
int view_ns(const struct ns_description *description, const struct view_options *options, struct error *err);

/* Whether the columns that options name are there, of both.  Returns 0 or -EINVAL. */
int view_check_columns(const struct view_options *options, struct error *err);

/* For --list-columns, of both. */
void view_list_columns(void);

#endif
