/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of unshare(1), which scripts look for, where nsctl is called by that name. */
#ifndef NSCTL_CREATE_UTIL_LINUX_H
#define NSCTL_CREATE_UTIL_LINUX_H

#include "create/creation.h"

/*
 * Called as unshare: makes the message "PHRASE: reason", as unshare(1) words it, and
 * leaves what the message said beyond the reason to the hint.  Called as nsctl, the
 * error stays.  Returns -err->number.
 */
int create_word_as_unshare(const struct creation *creation, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
