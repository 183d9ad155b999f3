/* The plan carried out: straight down, nothing left to decide, nothing to give back. */
#ifndef NSCTL_ENTER_ACT_H
#define NSCTL_ENTER_ACT_H

#include "enter/plan.h"

/*
 * Steps in: label, cgroups, namespaces, directories.  This process has lost its
 * own surroundings when it returns.  Fails closed: if any step fails, the error
 * names it, and the caller prints and exits.  Returns 0 or a negative errno.
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
