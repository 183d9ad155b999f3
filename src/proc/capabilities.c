/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/capabilities.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ns/ns.h"

bool capabilities_have(uint64_t wanted)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};
	uint64_t effective;

	if (syscall(SYS_capget, &header, data) < 0)
		return false;
	effective = data[0].effective | (uint64_t)data[1].effective << 32;
	return (effective & wanted) == wanted;
}

int capabilities_check_initial_user_ns(void)
{
	struct stat st;

	if (stat("/proc/self/ns/user", &st) < 0)
		return -errno;
	return ns_is_initial(NS_USER, st.st_ino) ? 0 : -EPERM;
}
