/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mounts of a new mnt namespace, and its root and working directory. */
#ifndef NSCTL_CREATE_MOUNTS_H
#define NSCTL_CREATE_MOUNTS_H

#include "create/creation.h"

/* In the order of unshare(1): each depends on those before it. */
creation_step create_set_propagation;
creation_step create_load_fixed_interpreter; /* from the caller's root: flag F of binfmt_misc */
creation_step create_set_directories;
creation_step create_mount_proc;
creation_step create_mount_binfmt;

#endif
