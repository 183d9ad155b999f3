/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of a creation, as two tables. */
#ifndef NSCTL_CREATE_STEPS_H
#define NSCTL_CREATE_STEPS_H

#include "create/creation.h"

/* Where a step fails without setting err, its name is the message: "cannot NAME: reason". */
struct creation_row {
	const char *name;
	creation_step *step;
};

extern const struct creation_row steps_creating[];

/* In the process that becomes the program, or the first of a pid namespace. */
extern const struct creation_row steps_furnishing[];

/* Takes all steps, up to the first that fails.  Returns 0 or a negative errno. */
int steps_take(const struct creation_row *rows, struct creation *creation, struct error *err);

#endif
