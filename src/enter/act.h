/* The plan carried out, step by step: nothing left to decide, nothing to give back. */
#ifndef NSCTL_ENTER_ACT_H
#define NSCTL_ENTER_ACT_H

#include "enter/plan.h"

/*
 * Steps in: descriptors, label, cgroups, namespaces, directories.  On failure
 * the error names the step; the caller must print it and exit, as this process
 * is neither outside nor inside then.  Returns 0 or a negative errno.
 */
int act_enter(const struct plan *plan, struct error *err);

/*
 * Then runs the program, in this process or, where a pid namespace was entered,
 * in a child.  If any step fails, the program is not run, and the error names
 * the step.
 *
 * Without a fork it returns only on failure.  With one it returns when the
 * program has ended: 0, and *status is what waitpid(2) gave.  On failure a
 * negative errno; exec_failed says whether the program itself could not be
 * executed (then -ENOENT: not found).
 */
int act_run(struct plan *plan, int *status, bool *exec_failed, struct error *err);

#endif
