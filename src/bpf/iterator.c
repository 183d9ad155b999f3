#include "bpf/iterator.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bpf/program.h"
#include "bpf/record.h"

static int open_iterator(const struct kernel_types *types, enum program program, const void *state,
			 size_t size)
{
	AUTO_CLOSE int state_fd = program_create_array(size, 1, false);
	AUTO_CLOSE int program_fd = -1;
	const struct program_maps maps = {.state_fd = state_fd, .records_fd = -1};
	int ret;

	if (state_fd < 0)
		return state_fd;
	ret = state ? program_set_value(state_fd, state) : 0;
	if (ret < 0)
		return ret;
	program_fd = program_load(types, program, &maps);
	return program_fd < 0 ? program_fd : program_open_iterator(program_fd);
}

int iterator_open(const struct kernel_types *types, enum program program, const void *state)
{
	size_t size = program == PROGRAM_TASKS ? sizeof(struct program_state) : sizeof(struct files_state);
	struct rlimit before;
	bool is_raised = program_raise_memlock(&before) == 0;
	int fd = open_iterator(types, program, state, size);

	if (is_raised && setrlimit(RLIMIT_MEMLOCK, &before) < 0 && fd >= 0) {
		int ret = -errno;

		close(fd);
		return ret;
	}
	return fd;
}
