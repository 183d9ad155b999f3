/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bpf/iterator.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "bpf/call.h"
#include "bpf/record.h"

/*
 * Callers that may not call kernel functions, or whose JIT cannot, still have a
 * slower way: without bpf_rdonly_cast() each pointer is read by a helper, and
 * without the number iterator the fixed files of an io_uring are left out.  The
 * walks have no such way: they have programs without the number iterator.
 */
int iterator_load(const struct kernel_types *types, enum program program, const struct program_maps *maps)
{
	const struct program_purpose purpose = {
	    .type = BPF_PROG_TYPE_TRACING,
	    .attach_type = BPF_TRACE_ITER,
	    .btf_id = types->iterators[program],
	};
	struct kernel_types without = *types;
	int ret;

	if (purpose.btf_id == 0)
		return -EOPNOTSUPP;
	ret = program_load(types, program, &purpose, maps);
	if (ret >= 0 || types->functions[FUNCTION_RDONLY_CAST] == 0 ||
	    (program != PROGRAM_TASKS && program != PROGRAM_FILES))
		return ret;
	memset(without.functions, 0, sizeof(without.functions));
	return program_load(&without, program, &purpose, maps);
}

int iterator_attach(int program_fd)
{
	AUTO_CLOSE int link_fd = -1;
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (uint32_t)program_fd;
	attr.link_create.attach_type = BPF_TRACE_ITER;
	link_fd = bpf_call(BPF_LINK_CREATE, &attr);
	if (link_fd < 0)
		return link_fd;
	memset(&attr, 0, sizeof(attr));
	attr.iter_create.link_fd = (uint32_t)link_fd;
	return bpf_call(BPF_ITER_CREATE, &attr);
}

int iterator_open(const struct kernel_types *types, enum program program, const void *state)
{
	size_t size = program == PROGRAM_TASKS ? sizeof(struct program_state) : sizeof(struct files_state);
	AUTO_CLOSE int state_fd = bpf_create_array(size, 1, false);
	AUTO_CLOSE int program_fd = -1;
	const struct program_maps maps = {.state_fd = state_fd, .records_fd = -1};
	int ret;

	if (state_fd < 0)
		return state_fd;
	ret = state ? bpf_set_value(state_fd, state) : 0;
	if (ret < 0)
		return ret;
	program_fd = iterator_load(types, program, &maps);
	return program_fd < 0 ? program_fd : iterator_attach(program_fd);
}
