/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mounts of the held namespace in one mnt namespace, unmounted by helpers there. */
#ifndef NSCTL_UNMOUNT_BATCH_H
#define NSCTL_UNMOUNT_BATCH_H

#include "unmount/unmount.h"

/* What all batches share. */
struct unmounting {
	const struct snapshot *snapshot;
	const struct ns *held; /* type, dev and ino; need not be open */
	int proc_fd;           /* /proc */
	ino_t own_mnt;         /* the caller's mnt namespace */
	unsigned int round;    /* the number of scans before */
	struct unmount_outcomes *outcomes;
};

/*
 * Attempts each of these holders, mounts in the same mnt namespace, once.  Adds
 * their outcomes.  Returns 0 or -ENOMEM.
 */
int batch_unmount(const struct unmounting *unmounting, const uint32_t *holders, size_t count);

#endif
