/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The properties of a new program in a container, by its OCI configuration or by another process. */
#ifndef NSCTL_PROC_SETTINGS_H
#define NSCTL_PROC_SETTINGS_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/error.h"
#include "proc/missing.h"
#include "proc/process.h"

/* See capabilities(7). */
enum capability_set {
	CAPABILITIES_BOUNDING,
	CAPABILITIES_EFFECTIVE,
	CAPABILITIES_PERMITTED,
	CAPABILITIES_INHERITABLE,
	CAPABILITIES_AMBIENT,
	CAPABILITY_SET_COUNT
};

/* As seccomp(2) wants it. */
struct seccomp_filter {
	struct sock_filter *instructions;
	unsigned short count;
	unsigned int flags; /* SECCOMP_FILTER_FLAG_* */
};

/* A resource limit; RLIM_INFINITY: none. */
struct settings_limit {
	bool is_set;       /* else it stays the caller's */
	bool may_be_lower; /* where it cannot be raised, the caller's own hard limit will do */
	struct rlimit limit;
};

/* The words are those of the OCI runtime specification, config.md, "process". */
struct settings {
	uid_t uid; /* all ids are as seen in the user namespace of the container */
	gid_t gid;
	bool is_unmapped; /* but user or group do not exist there */
	gid_t *groups;    /* the supplementary groups, all of them */
	size_t group_count;
	bool has_umask;
	mode_t umask;
	char *cwd; /* a path inside; NULL: the working directory of the process */

	char **variables; /* "NAME=VALUE", no name twice; ends with NULL */
	char *text;       /* what they point into */
	bool is_damaged;  /* there were entries without "=" */

	uint64_t capabilities[CAPABILITY_SET_COUNT]; /* bits such as 1ULL << CAP_CHOWN */
	bool no_new_privs;
	struct seccomp_filter *filters; /* in the order of loading */
	size_t filter_count;
	size_t filters_unread; /* those that the process has, where its filters were not asked for */
	char *apparmor;        /* a profile; NULL: the caller's */
	char *selinux;         /* a context; NULL: the caller's */

	struct settings_limit limits[RLIM_NLIMITS];
	bool has_oom_score_adj;
	int oom_score_adj;
};

void settings_free(struct settings *settings);

/* Leaves no filters. */
void settings_drop_filters(struct settings *settings);

/*
 * Reads the settings of a process from /proc, but for its environment, its label
 * and its filters.  in_user_ns: the program will be in the process's user
 * namespace, and not in the caller's: ids are translated.  Freed by
 * settings_free(), also after an error.  Returns 0 or a negative errno.
 *
 * proc(5): status has Umask since Linux 4.7, Seccomp_filters since 5.9.
 */
int settings_read_process(const struct process *process, bool in_user_ns, struct settings *settings,
			  struct error *err);

/*
 * Whether what a process can change in a moment is equal in both: ids, capabilities,
 * no_new_privs, seccomp and umask.
 */
bool settings_are_same(const struct settings *a, const struct settings *b);

/*
 * Takes the variables from the NUL-terminated strings of text, an allocation that
 * settings owns from now on: drops entries without a name or "=" (is_damaged), and of
 * equal names all but the last.  Returns 0 or -ENOMEM.
 */
int settings_set_variables(struct settings *settings, char *text, size_t length);

/* "nofile" for RLIMIT_NOFILE; NULL for a number that has no name. */
const char *limit_name(unsigned int resource);

/* Finds the number of "RLIMIT_NOFILE".  Returns false: it is none. */
bool limit_find(const char *name, unsigned int *resource);

/* The parser of /proc/PID/limits: text is the whole of it.  0 or -EPROTO. */
int settings_parse_limits(const char *text, struct settings_limit limits[RLIM_NLIMITS]);

#endif
