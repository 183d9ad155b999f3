/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part that list and lsns share. */
#ifndef NSCTL_CMD_LIST_H
#define NSCTL_CMD_LIST_H

#include "cmd/command.h"
#include "ns/type.h"
#include "query/rows.h"
#include "table/table.h"

struct list_options {
	struct common_options common;
	ns_type_set types; /* none asked for: all */
	pid_t task;        /* 0: all */
	enum tree tree;
	bool is_list; /* --list was given; as lsns --tree overrides it */
	bool persistent;
};

#define NOTED_IN(field) offsetof(struct list_options, field)

/* For options that both have: see command_option. */
int list_take_tree(void *options, const char *value, struct error *err);
int list_take_task(void *options, const char *value, struct error *err);

/*
 * Reads a number strictly, or as_lsns as lsns(8) does.  Returns false where it
 * is none, or is larger than max.
 */
bool list_parse_number(const struct list_options *options, const char *text, uint64_t max, uint64_t *number);

/*
 * Scans and prints; the words of the invocation name the namespaces.  Returns 0
 * or a negative errno.
 */
int list_run(const struct invocation *invocation, const struct list_options *options, struct table *table,
	     struct error *err);

#endif
