/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mount that its path does not lead to, since others are mounted over it or over a directory above. */
#ifndef NSCTL_UNMOUNT_UNREACHABLE_H
#define NSCTL_UNMOUNT_UNREACHABLE_H

#include "unmount/covers.h"
#include "unmount/tree.h"

/*
 * Opens a mount wherever it is.  A directory below a cover is opened by its file
 * handle, on the mount that it lies on (open_by_handle_at(2)); that changes
 * nothing.  A cover right over a mount is taken off: the caller calls
 * covers_put_back() in any case.  Returns a descriptor of O_PATH; -EXDEV where no
 * way leads there; or what covers_lift() returns.
 */
int unreachable_open(const struct inside *inside, const struct tree_mount *mount, struct covers *covers);

#endif
