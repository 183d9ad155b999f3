/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/memlock.h"

#include <errno.h>

#include "base/kernel_release.h"

static bool counts_bpf(void)
{
	unsigned int release = kernel_release();

	return release != 0 && release < KERNEL_VERSION(5, 11, 0);
}

bool memlock_raise(struct rlimit *before)
{
	const struct rlimit none = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};

	if (!counts_bpf() || (before && getrlimit(RLIMIT_MEMLOCK, before) < 0))
		return false;
	return setrlimit(RLIMIT_MEMLOCK, &none) == 0;
}

int memlock_restore(const struct rlimit *before, struct error *err)
{
	if (setrlimit(RLIMIT_MEMLOCK, before) < 0)
		return error_set_errno(err, errno, "cannot restore the limit of locked memory");
	return 0;
}
