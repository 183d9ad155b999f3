/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two kinds of description that show prints. */
#ifndef NSCTL_CMD_SHOW_H
#define NSCTL_CMD_SHOW_H

#include "query/describe.h"
#include "table/options.h"

/* Both print to standard output: as text, raw rows or JSON.  They return 0 or a negative errno. */
int show_process(const struct process_description *description, const struct table_options *options,
		 struct error *err);
int show_ns(const struct ns_description *description, const struct table_options *options, struct error *err);

#endif
