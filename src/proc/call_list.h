/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that are made while the program's own code is not mapped. */
#ifndef NSCTL_PROC_CALL_LIST_H
#define NSCTL_PROC_CALL_LIST_H

#include <stddef.h>

struct call {
	long number; /* SYS_… */
	long arguments[6];
	long result; /* set: what the kernel returned, -errno on failure */
};

/* Memory that is copied before the first call; size: a multiple of 8. */
struct copied {
	void *to;
	const void *from;
	size_t size;
};

/*
 * Copies, and then makes all calls from first up to end, whatever they return.
 * It uses nothing but its own code, its stack and what is passed.
 */
typedef void call_list_fn(struct call *first, const struct call *end, const struct copied *copied);

/*
 * The code of a call_list_fn, which can be executed wherever it is mapped, and its
 * size: 0 on processors for which nobody has written it.
 */
const void *call_list_code(size_t *size);

/* The same for any processor, as a part of the program. */
call_list_fn call_list_run;

#endif
