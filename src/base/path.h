/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths as text: nothing is looked up. */
#ifndef NSCTL_BASE_PATH_H
#define NSCTL_BASE_PATH_H

/*
 * The part of path below root, with the slash that it begins with; "" where both
 * are the same; NULL where path is elsewhere.  Slashes at the end of root do not
 * count: "/a/" below "/a" is "".  The result points into path.
 */
const char *path_below(const char *root, const char *path);

#endif
