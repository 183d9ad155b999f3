/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for values that could not be read. */
#ifndef NSCTL_CMD_REASON_H
#define NSCTL_CMD_REASON_H

#include <stdbool.h>

/* The word in the place of a value: "denied", "none", "unknown".  reason: a positive errno. */
const char *reason_word(int reason);

/* Whether the caller lacks the permission. */
bool reason_is_denial(int reason);

#endif
