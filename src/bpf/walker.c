/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bpf/walker.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bpf/call.h"
#include "bpf/iterator.h"
#include "bpf/walk_layout.h"

#define MAX_RUNS 10000
#define MAX_TRIES 3
#define GROWTH 8

static bool has_all(const int64_t *offsets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (offsets[i] == WALK_MISSING)
			return false;
	}
	return true;
}

/* The lists that can be walked in this kernel: types, or 1 for all; 0: none. */
static uint32_t choose_wanted(enum walk walk, const struct walk_layout *layout)
{
	const int64_t supers[] = {layout->ipc_mount,  layout->mount_super, layout->super_type,
				  layout->super_node, layout->super_info,  layout->type_supers};
	const int64_t mounts[] = {layout->files_table,  layout->table_files, layout->super_mounts,
				  layout->mount_root,   layout->mount,       layout->mount_ns,
				  layout->dentry_inode, layout->mount_id,    layout->mount_next};
	uint32_t types = 0;

	if (layout->inum == WALK_MISSING)
		return 0;
	if (walk == WALK_OF_MQUEUE)
		return has_all(supers, sizeof(supers) / sizeof(supers[0]));
	if (walk == WALK_OF_MOUNTS)
		return has_all(mounts, sizeof(mounts) / sizeof(mounts[0]));
	for (enum walk_type type = 0; type < WALK_TYPES; type++)
		types |= layout->node[type] == WALK_MISSING ? 0 : 1U << type;
	return types;
}

static int map_arrays(struct walker *walker)
{
	void *state =
	    mmap(NULL, sizeof(*walker->state), PROT_READ | PROT_WRITE, MAP_SHARED, walker->state_fd, 0);
	void *records = mmap(NULL, walker->capacity * sizeof(*walker->records), PROT_READ, MAP_SHARED,
			     walker->records_fd, 0);

	walker->state = state == MAP_FAILED ? NULL : state;
	walker->records = records == MAP_FAILED ? NULL : records;
	return walker->state && walker->records ? 0 : -ENOMEM;
}

static int load_program(const struct kernel_types *types, struct walker *walker)
{
	static const struct {
		enum program program;
		enum program bounded;
	} programs[WALK_COUNT] = {
	    [WALK_OF_TYPES] = {PROGRAM_TYPES, PROGRAM_TYPES_BOUNDED},
	    [WALK_OF_MQUEUE] = {PROGRAM_MQUEUE, PROGRAM_MQUEUE_BOUNDED},
	    [WALK_OF_MOUNTS] = {PROGRAM_MOUNTS, PROGRAM_MOUNTS_BOUNDED},
	};
	const struct program_maps maps = {.state_fd = walker->state_fd, .records_fd = walker->records_fd};

	walker->program_fd = -EOPNOTSUPP;
	if (types->functions[FUNCTION_NUM_NEW] != 0)
		walker->program_fd = iterator_load(types, programs[walker->walk].program, &maps);
	walker->is_bounded = walker->program_fd < 0;
	if (walker->is_bounded)
		walker->program_fd = iterator_load(types, programs[walker->walk].bounded, &maps);
	return walker->program_fd < 0 ? walker->program_fd : 0;
}

static int open_parts(const struct kernel_types *types, struct walker *walker)
{
	int ret;

	walker->nsfs_fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (walker->nsfs_fd < 0)
		return -errno;
	walker->state_fd = bpf_create_array(sizeof(*walker->state), 1, true);
	if (walker->state_fd < 0)
		return walker->state_fd;
	walker->records_fd = bpf_create_array(sizeof(*walker->records), walker->capacity, true);
	if (walker->records_fd < 0)
		return walker->records_fd;
	ret = map_arrays(walker);
	if (ret < 0)
		return ret;
	walk_layout_fill(types, &walker->state->layout);
	walker->state->nsfs_fd = (uint64_t)walker->nsfs_fd;
	walker->wanted = choose_wanted(walker->walk, &walker->state->layout);
	return walker->wanted == 0 ? -EOPNOTSUPP : load_program(types, walker);
}

int walker_open(const struct kernel_types *types, enum walk walk, size_t capacity, struct walker *walker)
{
	int ret;

	*walker = WALKER_CLOSED;
	walker->walk = walk;
	walker->capacity = capacity;
	walker->types = types;
	ret = open_parts(types, walker);
	if (ret < 0)
		walker_close(walker);
	return ret;
}

/* The program emits nothing into the file: reading it runs the program. */
static int run_once(const struct walker *walker)
{
	AUTO_CLOSE int fd = iterator_attach(walker->program_fd);
	char nothing[64];
	ssize_t length;

	if (fd < 0)
		return fd;
	do
		length = read(fd, nothing, sizeof(nothing));
	while (length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR)));
	return length < 0 ? -errno : 0;
}

static int walk_once(struct walker *walker)
{
	struct walk_state *state = walker->state;
	int runs = walker->is_bounded ? MAX_RUNS : 1;
	int ret = 0;

	state->wanted = walker->wanted & ~state->done;
	state->is_over = 0;
	state->type = 0;
	state->at = 0;
	while (ret == 0 && runs-- > 0 && !state->is_over)
		ret = run_once(walker);
	return ret == 0 && state->is_full ? -ENOSPC : ret;
}

static int walk_to_end(struct walker *walker)
{
	struct walk_state *state = walker->state;
	int ret = 0;

	state->count = 0;
	state->is_full = 0;
	state->done = 0;
	for (int tries = 0; tries < MAX_TRIES && ret == 0 && state->done != walker->wanted; tries++)
		ret = walk_once(walker);
	return ret;
}

int walker_run(struct walker *walker)
{
	int ret = walk_to_end(walker);

	while (ret == -ENOSPC && walker->capacity * GROWTH <= WALKER_CAPACITY_MAX) {
		const struct kernel_types *types = walker->types;
		size_t capacity = walker->capacity * GROWTH;
		enum walk walk = walker->walk;

		walker_close(walker);
		ret = walker_open(types, walk, capacity, walker);
		if (ret == 0)
			ret = walk_to_end(walker);
	}
	return ret;
}

void walker_close(struct walker *walker)
{
	if (walker->state)
		munmap(walker->state, sizeof(*walker->state));
	if (walker->records)
		munmap(walker->records, walker->capacity * sizeof(*walker->records));
	cleanup_close(&walker->nsfs_fd);
	cleanup_close(&walker->state_fd);
	cleanup_close(&walker->records_fd);
	cleanup_close(&walker->program_fd);
	*walker = WALKER_CLOSED;
}
