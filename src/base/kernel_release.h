/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The release of the running kernel, where no call shows whether it has a feature. */
#ifndef NSCTL_BASE_KERNEL_RELEASE_H
#define NSCTL_BASE_KERNEL_RELEASE_H

#include <linux/version.h>

/*
 * The first two numbers of uname(2), as KERNEL_VERSION(major, minor, 0); 0 if they
 * cannot be read.  setarch --uname-2.6 makes it 2.6.
 */
unsigned int kernel_release(void);

#endif
