#include "cmd/memlock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/utsname.h>

static bool counts_bpf(void)
{
	struct utsname name;
	unsigned int major;
	unsigned int minor;

	return uname(&name) == 0 && sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
	       (major < 5 || (major == 5 && minor < 11));
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
