/* What is mounted at a path, in every mnt namespace. */
#ifndef NSCTL_QUERY_PLACE_H
#define NSCTL_QUERY_PLACE_H

#include "query/why.h"

/*
 * One row for each mount at an absolute path, of whatever file system, with a
 * process that sees it; as the root of that process has the path.  The paths
 * of a mnt namespace without processes are known of mounts of namespaces only.
 * What is hidden there is found as well.  Returns 0 or -ENOMEM.
 */
int place_make_rows(const struct snapshot *snapshot, const char *path, uint32_t own_mnt,
		    struct why_rows *rows);

#endif
