/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries out the plan, step by step: nothing is left to decide, nothing can be undone. */
#ifndef NSCTL_ENTER_ACT_H
#define NSCTL_ENTER_ACT_H

#include "enter/plan.h"

/*
 * Steps in: descriptors, label, cgroups unless a child joins them, namespaces,
 * directories.  On failure the error names the step; the caller must print it and exit,
 * as this process is neither outside nor inside then.  Returns 0 or a negative errno.
 */
int act_enter(const struct plan *plan, struct error *err);

struct step;

/* Memory that the process of the program shares with this one, also where it has a copy of the rest. */
struct act_shared {
	const struct plan *plan;
	const struct step *failed;
	struct error err;
};

/*
 * Then runs the program, in this process or, where the plan wants one, in a child.  If a step fails, the
 * program is not run, and the error names the step.
 *
 * Without a child it returns only on failure.  With one it returns when the
 * program has ended: 0, and in *status what waitpid(2) reported.  On failure a
 * negative errno, and in *exec_failed whether execve(2) failed (-ENOENT: the
 * program was not found).
 */
int act_run(struct plan *plan, int *status, bool *exec_failed, struct error *err);

#endif
