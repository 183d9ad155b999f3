/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bpf/call.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KERNEL_ENOTSUPP 524 /* ENOTSUPP of the kernel's errno.h, which libc lacks */

int bpf_call(enum bpf_cmd command, union bpf_attr *attr)
{
	long ret = syscall(SYS_bpf, command, attr, sizeof(*attr));

	if (ret >= 0)
		return (int)ret;
	return errno == KERNEL_ENOTSUPP ? -EOPNOTSUPP : -errno;
}

int bpf_set_value(int map_fd, const void *value)
{
	const uint32_t first = 0;
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (uint32_t)map_fd;
	attr.key = (uint64_t)(uintptr_t)&first;
	attr.value = (uint64_t)(uintptr_t)value;
	return bpf_call(BPF_MAP_UPDATE_ELEM, &attr);
}

int bpf_create_array(size_t value_size, size_t count, bool is_mapped)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = sizeof(uint32_t);
	attr.value_size = (uint32_t)value_size;
	attr.max_entries = (uint32_t)count;
	attr.map_flags = is_mapped ? BPF_F_MMAPABLE : 0;
	return bpf_call(BPF_MAP_CREATE, &attr);
}
