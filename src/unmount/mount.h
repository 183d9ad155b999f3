/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One mount of the held namespace, unmounted inside its mnt namespace. */
#ifndef NSCTL_UNMOUNT_MOUNT_H
#define NSCTL_UNMOUNT_MOUNT_H

#include "unmount/inside.h"
#include "unmount/unmount.h"

/*
 * For a helper inside the mnt namespace.  point: where the mount should be, as
 * the scan had it; it is looked for elsewhere if it is not there.  Fills result
 * and number.
 */
void mount_unmount(const struct inside *inside, const char *point, struct unmount_outcome *outcome);

/*
 * The same of every mount of the held namespace that its path leads to, in one
 * pass and without waiting for a file system: there may be 100,000.
 */
void mount_unmount_many(const struct inside *inside);

#endif
