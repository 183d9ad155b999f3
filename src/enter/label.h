/* The SELinux context of the program. */
#ifndef NSCTL_ENTER_LABEL_H
#define NSCTL_ENTER_LABEL_H

#include "base/error.h"
#include "enter/request.h"

struct plan;

struct label {
	int exec_fd; /* /proc/thread-self/attr/exec of the caller's /proc; -1: leave the label alone */
};

#define LABEL_NONE ((struct label){.exec_fd = -1})

/*
 * Opens the file that takes the target's label.  Does nothing on a kernel
 * without SELinux, as nsenter.  Returns 0 or a negative errno.
 */
int label_plan(const struct enter_request *request, struct plan *plan, struct error *err);
void label_free(struct label *label);

/*
 * Before anything else changes: sets the label that execve(2) will give the
 * program; a fork keeps it.  Returns 0 or a negative errno.
 */
int label_apply(const struct plan *plan, struct error *err);

#endif
