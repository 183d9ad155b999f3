/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of description that show prints. */
#ifndef NSCTL_CMD_SHOW_H
#define NSCTL_CMD_SHOW_H

#include "query/describe.h"
#include "query/describe_container.h"
#include "table/json.h"
#include "table/options.h"

/* The container and the unit that a process is in. */
struct show_membership {
	const struct container *container; /* NULL: none */
	char unit[512];                    /* "": none */
};

/*
 * Both print to standard output: as text, raw rows or JSON.  They return 0 or a
 * negative errno.  details: where the target is a container, whose first process it is;
 * else NULL.
 */
int show_process(const struct process_description *description, const struct show_membership *membership,
		 const struct container_description *details, const struct table_options *options,
		 struct error *err);
int show_ns(const struct ns_description *description, const struct table_options *options, struct error *err);

/* Prints the page of a container, in place of the fields of a process. */
void show_print_container(const struct process_description *description,
			  const struct show_membership *membership,
			  const struct container_description *details);

/* Calls warn with a sentence for each part of a container that could not be read. */
void show_each_gap(const struct container_description *details,
		   void (*warn)(const char *sentence, void *context), void *context);

/* Adds the object "details" of a container. */
void show_write_details(struct json *json, const struct container_description *details);

#endif
