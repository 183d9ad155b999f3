/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/kernel_release.h"

#include <stdio.h>
#include <sys/utsname.h>

unsigned int kernel_release(void)
{
	struct utsname name;
	unsigned int major;
	unsigned int minor;

	if (uname(&name) < 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return 0;
	return KERNEL_VERSION(major, minor, 0);
}
