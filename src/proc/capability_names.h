/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of capabilities; see capabilities(7). */
#ifndef NSCTL_PROC_CAPABILITY_NAMES_H
#define NSCTL_PROC_CAPABILITY_NAMES_H

#include <stdbool.h>

/* "CAP_CHOWN"; NULL for a number that no name is known for (Linux 5.9 has the last). */
const char *capability_name(unsigned int capability);

/* Finds the number of "CAP_CHOWN", in upper case as the OCI configuration has it.  False: it is none. */
bool capability_find(const char *name, unsigned int *capability);

#endif
