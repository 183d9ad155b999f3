/* The plan carried out: straight down, nothing left to decide, nothing to give back. */
#ifndef NSCTL_ENTER_ACT_H
#define NSCTL_ENTER_ACT_H

#include "enter/plan.h"

/*
 * Carries the plan out, in this process or, where a pid namespace is entered,
 * in a child.  Fails closed: if any step fails, the program is not run, and
 * the error names the step.
 *
 * Without a fork it returns only on failure.  With one it returns when the
 * program has ended: 0, and *status is what waitpid(2) gave.  On failure a
 * negative errno; exec_failed says whether the program itself could not be
 * executed (then -ENOENT: not found).
 *
 * The process has lost its own surroundings when this returns: print and exit.
 */
int act_run(struct plan *plan, int *status, bool *exec_failed, struct error *err);

#endif
