/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything opened and decided before the first setns(2), part by part; act.h carries it out. */
#ifndef NSCTL_ENTER_PLAN_H
#define NSCTL_ENTER_PLAN_H

#include "enter/binary.h"
#include "enter/capability_sets.h"
#include "enter/cgroups.h"
#include "enter/configuration.h"
#include "enter/confined.h"
#include "enter/credentials.h"
#include "enter/descriptors.h"
#include "enter/directories.h"
#include "enter/environment.h"
#include "enter/filters.h"
#include "enter/instant.h"
#include "enter/join.h"
#include "enter/label.h"
#include "enter/limits.h"
#include "enter/mounts.h"
#include "enter/namespaces.h"
#include "enter/part.h"
#include "enter/program.h"
#include "enter/standard_streams.h"
#include "enter/terminal.h"
#include "proc/missing.h"
#include "proc/passwd.h"
#include "proc/process.h"
#include "proc/settings.h"
#include "run/supervise.h"

struct act_shared;

struct plan {
	struct process process;      /* dir_fd is -1 where no process is a target */
	struct container *container; /* whose first process it is; NULL: the target is no container */
	struct instant seen;         /* the state of the process on which the plan is based */

	struct namespaces namespaces;
	struct configuration configuration;
	struct join join;
	struct directories directories;
	struct environment environment;
	struct label label;
	struct cgroups cgroups;
	struct credentials credentials;
	struct program program;
	struct descriptors descriptors;
	struct terminal terminal;
	struct supervisor supervisor;
	struct act_shared *shared; /* mapped; NULL: not yet */
	struct mounts mounts;
	struct exe_file exe_file;
	bool joins_keyring; /* a new one: see keyring_apply() */

	/* For a confined program only. */
	bool is_confined;
	struct user user; /* the one asked for; without an entry in passwd(5) it has no name */
	struct settings settings;
	struct missing missing;
	struct capability_sets capability_sets;
	struct limits limits;
	struct filters filters;
	struct standard_streams streams;
};

/*
 * Makes the plan.  What it holds is released by plan_free(), also on failure.
 * Returns 0, or a negative errno: then nothing has changed anywhere.
 */
int plan_make(const struct enter_request *request, struct plan *plan, struct error *err);
void plan_free(struct plan *plan);
#define AUTO_PLAN __attribute__((cleanup(plan_free)))

/* Whether a namespace of this type will be entered. */
static inline bool plan_enters(const struct plan *plan, enum ns_type type)
{
	return plan->namespaces.types & 1U << type;
}

/* Whether a process is among the targets: 0, or -EINVAL: what was asked for needs one. */
int plan_need_process(const struct plan *plan, const char *what, struct error *err);

#endif
