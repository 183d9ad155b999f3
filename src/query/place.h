/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mounts at a path, in every mnt namespace. */
#ifndef NSCTL_QUERY_PLACE_H
#define NSCTL_QUERY_PLACE_H

#include "query/why.h"

/*
 * Makes one row for each mount of any file system at an absolute path, with a
 * process that sees it; the path is relative to the root of that process.  In a
 * mnt namespace without processes only mounts of namespaces are known.  Hidden
 * mounts are found as well.  Returns 0 or -ENOMEM.
 */
int place_make_rows(const struct snapshot *snapshot, const char *path, uint32_t own_mnt,
		    struct why_rows *rows);

#endif
