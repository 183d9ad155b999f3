/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A namespace mounted on a file, and such a file removed. */
#ifndef NSCTL_KEEP_PIN_H
#define NSCTL_KEEP_PIN_H

#include <stdbool.h>

#include "ns/ns.h"

/*
 * Makes the file of the namespace's type below dir_fd and mounts it there: by its
 * descriptor, so that no path can lead to another one.  A mnt namespace is mounted
 * where nothing propagates, as the kernel requires (mount_namespaces(7)): on a
 * private mount of its file.  Returns 0 or a negative errno; what was made by then
 * is left.
 */
int pin_make(int dir_fd, const struct ns *ns);

/*
 * Whether the kernel refuses every mount of this mnt namespace from here
 * (mnt_ns_loop() in its fs/namespace.c): a mnt namespace cannot be mounted in
 * itself, nor in one with a higher id, which it could contain in turn.  Then err
 * says so.  Other failures leave err as it is.
 */
bool pin_explain_loop(const struct ns *ns, struct error *err);

/* Mounts the namespace on a file that exists.  Returns 0 or a negative errno. */
int pin_bind(int dir_fd, const char *name, const struct ns *ns);

/*
 * Removes the file, and every mount on it: in the caller's mnt namespace by
 * umount2(2), in others by unlink(2), which detaches them there (Linux 3.18).
 * Returns 0, also where there is no such file, or a negative errno.
 */
int pin_remove(int dir_fd, const char *name);

#endif
