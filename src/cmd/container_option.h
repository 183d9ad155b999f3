/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --container NAME: what belongs to one container. */
#ifndef NSCTL_CMD_CONTAINER_OPTION_H
#define NSCTL_CMD_CONTAINER_OPTION_H

#include "cmd/command.h"
#include "target/target.h"

/* Where a command has one target at most: it, and behind it the container. */
struct pointed {
	struct target targets[2];
	struct found_target found[2];
	size_t count;
	const struct target *target;          /* NULL: none was named */
	const struct found_target *at_target; /* what it turned out to be */
	const struct target *container;       /* of --container; NULL: none */
	const struct found_target *members;   /* its processes, in tasks */
};

/*
 * Reads the word, or NULL, and the container of the options.  The texts stay the
 * caller's.  pointed is to be freed in any case.  Returns 0, or -EINVAL with err.
 */
int pointed_parse(const char *word, const struct common_options *options, struct pointed *pointed,
		  struct error *err);

/*
 * As target_scan(), for both; a container needs the links to mnt namespaces, which
 * are read in addition to what request asks for.
 */
int pointed_scan(struct pointed *pointed, const struct scan_request *request, struct snapshot *snapshot,
		 struct error *err);

void pointed_free(struct pointed *pointed);
#define AUTO_POINTED __attribute__((cleanup(pointed_free)))

/* The types of namespaces to read to find the processes of a container, beside those. */
#define CONTAINER_TYPES (1U << NS_MNT)

/* For people: no process of the container is in what was named.  word: NULL where that is several. */
void container_report_none(const struct invocation *invocation, const char *container, const char *word);

#endif
