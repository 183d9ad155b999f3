/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Removing a name from one of the directories, and one that is in none. */
#ifndef NSCTL_KEEP_DROP_H
#define NSCTL_KEEP_DROP_H

#include "keep/base_directory.h"
#include "keep/keep.h"

/* As keep_drop(), for a name of this directory; dropped was initialized. */
int keep_drop_from(const struct keep_base *base, const char *name, struct keep_dropped *dropped,
		   struct error *err);

/* Fills err for a name that is not kept, with the nearest one that is.  Returns -ENOENT. */
int keep_set_unknown(const char *name, struct error *err);

#endif
