#include "bpf/walker.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bpf/program.h"
#include "ns/uapi.h"

#define MAX_RUNS 10000
#define MAX_TRIES 3
#define GROWTH 8

static int64_t offset_of(const struct kernel_types *types, enum kernel_field field)
{
	return types->offsets[field] == FIELD_MISSING ? WALK_MISSING : (int64_t)types->offsets[field];
}

/* From a type's struct ns_common to another field of the type's structure. */
static int64_t from_common(const struct kernel_types *types, enum kernel_field field, int64_t object)
{
	int64_t offset = offset_of(types, field);

	return offset == WALK_MISSING ? offset : offset + object;
}

static int64_t first_of(const struct kernel_types *types, enum kernel_field field, enum kernel_field other)
{
	return offset_of(types, types->offsets[field] == FIELD_MISSING ? other : field);
}

static void fill_type(const struct kernel_types *types, enum walk_type type, struct walk_layout *layout)
{
	static const struct {
		enum kernel_field nsproxy;
		enum kernel_field inum;
		enum kernel_field owner;
		uint32_t flag;
	} fields[WALK_TYPES] = {
	    [WALK_CGROUP] = {KERNEL_NSPROXY_CGROUP, KERNEL_CGROUP_INUM, KERNEL_CGROUP_USER_NS,
			     CLONE_NEWCGROUP},
	    [WALK_IPC] = {KERNEL_NSPROXY_IPC, KERNEL_IPC_INUM, KERNEL_IPC_USER_NS, CLONE_NEWIPC},
	    [WALK_MNT] = {KERNEL_NSPROXY_MNT, KERNEL_MNT_INUM, KERNEL_MNT_USER_NS, CLONE_NEWNS},
	    [WALK_NET] = {KERNEL_NSPROXY_NET, KERNEL_NET_INUM, KERNEL_NET_USER_NS, CLONE_NEWNET},
	    [WALK_PID] = {KERNEL_NSPROXY_PID_FOR_CHILDREN, KERNEL_PID_INUM, KERNEL_PID_USER_NS, CLONE_NEWPID},
	    [WALK_TIME] = {KERNEL_NSPROXY_TIME, KERNEL_TIME_INUM, KERNEL_TIME_USER_NS, CLONE_NEWTIME},
	    [WALK_USER] = {KERNEL_CRED_USER_NS, KERNEL_USER_INUM, KERNEL_USER_PARENT, CLONE_NEWUSER},
	    [WALK_UTS] = {KERNEL_NSPROXY_UTS, KERNEL_UTS_INUM, KERNEL_UTS_USER_NS, CLONE_NEWUTS},
	};
	int64_t object = offset_of(types, KERNEL_COMMON_INUM) - offset_of(types, fields[type].inum);

	layout->object[type] = object;
	layout->flag[type] = fields[type].flag;
	layout->task[type] = offset_of(types, type == WALK_USER ? KERNEL_TASK_CRED : KERNEL_TASK_NSPROXY);
	layout->nsproxy[type] = offset_of(types, fields[type].nsproxy);
	layout->owner[type] = from_common(types, fields[type].owner, object);
	layout->node[type] = first_of(types, KERNEL_COMMON_LIST, KERNEL_COMMON_TREE_LIST);
	layout->refs[type] = first_of(types, KERNEL_COMMON_REFS, KERNEL_COMMON_COUNT);
	layout->id[type] = offset_of(types, KERNEL_COMMON_ID);
	layout->parent[type] = WALK_MISSING;
	layout->creator[type] = WALK_MISSING;
}

/* What only some types have. */
static void fill_exceptions(const struct kernel_types *types, struct walk_layout *layout)
{
	int64_t net = layout->object[WALK_NET];

	layout->parent[WALK_PID] = from_common(types, KERNEL_PID_PARENT, layout->object[WALK_PID]);
	layout->creator[WALK_USER] = from_common(types, KERNEL_USER_OWNER, layout->object[WALK_USER]);
	if (layout->node[WALK_NET] == WALK_MISSING)
		layout->node[WALK_NET] = from_common(types, KERNEL_NET_LIST, net);
	if (layout->refs[WALK_NET] == WALK_MISSING)
		layout->refs[WALK_NET] = from_common(types, KERNEL_NET_COUNT, net);
	if (layout->refs[WALK_IPC] == WALK_MISSING)
		layout->refs[WALK_IPC] = from_common(types, KERNEL_IPC_COUNT, layout->object[WALK_IPC]);
	if (layout->id[WALK_NET] == WALK_MISSING)
		layout->id[WALK_NET] = from_common(types, KERNEL_NET_COOKIE, net);
}

static void fill_namespaces(const struct kernel_types *types, struct walk_layout *layout)
{
	layout->inum = offset_of(types, KERNEL_COMMON_INUM);
	layout->ops = offset_of(types, KERNEL_COMMON_OPS);
	layout->stashed = offset_of(types, KERNEL_COMMON_STASHED);
	layout->type = offset_of(types, KERNEL_COMMON_TYPE);
	layout->ops_type = layout->type == WALK_MISSING ? offset_of(types, KERNEL_OPS_TYPE) : WALK_MISSING;
	layout->user_inum = offset_of(types, KERNEL_USER_INUM);
	layout->user_owner = offset_of(types, KERNEL_USER_OWNER);
	layout->ipc_mount = offset_of(types, KERNEL_IPC_MQ);
	for (enum walk_type type = 0; type < WALK_TYPES; type++)
		fill_type(types, type, layout);
	fill_exceptions(types, layout);
}

static void fill_files(const struct kernel_types *types, struct walk_layout *layout)
{
	layout->task_files = offset_of(types, KERNEL_TASK_FILES);
	layout->files_table = offset_of(types, KERNEL_FILES_TABLE);
	layout->table_files = offset_of(types, KERNEL_TABLE_FILES);
	layout->file_inode = offset_of(types, KERNEL_FILE_INODE);
	layout->inode_super = offset_of(types, KERNEL_INODE_SB);
	layout->inode_private = offset_of(types, KERNEL_INODE_PRIVATE);
	layout->dentry_inode = offset_of(types, KERNEL_DENTRY_INODE);
}

static void fill_mounts(const struct kernel_types *types, struct walk_layout *layout)
{
	int64_t instance = offset_of(types, KERNEL_MOUNT_INSTANCE);

	layout->mount_super = offset_of(types, KERNEL_VFSMOUNT_SB);
	layout->mount_root = offset_of(types, KERNEL_VFSMOUNT_ROOT);
	layout->super_type = offset_of(types, KERNEL_SB_TYPE);
	layout->super_node = offset_of(types, KERNEL_SB_INSTANCES);
	layout->super_info = offset_of(types, KERNEL_SB_INFO);
	layout->super_mounts = offset_of(types, KERNEL_SB_MOUNTS);
	layout->type_supers = offset_of(types, KERNEL_FSTYPE_SUPERS);
	layout->mount = offset_of(types, KERNEL_MOUNT_MNT);
	layout->mount_ns = offset_of(types, KERNEL_MOUNT_NS);
	layout->mount_id = offset_of(types, KERNEL_MOUNT_ID);
	layout->mnt_inum = offset_of(types, KERNEL_MNT_INUM);
	layout->is_chain = instance == WALK_MISSING;
	layout->mount_node = layout->is_chain ? 0 : instance;
	layout->mount_next = layout->is_chain ? offset_of(types, KERNEL_MOUNT_NEXT) : instance;
}

static bool has_all(const int64_t *offsets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (offsets[i] == WALK_MISSING)
			return false;
	}
	return true;
}

/* What of it this kernel lets be walked: types, or 1 for all; 0: nothing. */
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

static int load(const struct kernel_types *types, struct walker *walker)
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
		walker->program_fd = program_load(types, programs[walker->walk].program, &maps);
	walker->is_bounded = walker->program_fd < 0;
	if (walker->is_bounded)
		walker->program_fd = program_load(types, programs[walker->walk].bounded, &maps);
	return walker->program_fd < 0 ? walker->program_fd : 0;
}

static int open_parts(const struct kernel_types *types, struct walker *walker)
{
	int ret;

	walker->nsfs_fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (walker->nsfs_fd < 0)
		return -errno;
	walker->state_fd = program_create_array(sizeof(*walker->state), 1, true);
	if (walker->state_fd < 0)
		return walker->state_fd;
	walker->records_fd = program_create_array(sizeof(*walker->records), walker->capacity, true);
	if (walker->records_fd < 0)
		return walker->records_fd;
	ret = map_arrays(walker);
	if (ret < 0)
		return ret;
	fill_namespaces(types, &walker->state->layout);
	fill_files(types, &walker->state->layout);
	fill_mounts(types, &walker->state->layout);
	walker->state->nsfs_fd = (uint64_t)walker->nsfs_fd;
	walker->wanted = choose_wanted(walker->walk, &walker->state->layout);
	return walker->wanted == 0 ? -EOPNOTSUPP : load(types, walker);
}

int walker_open(const struct kernel_types *types, enum walk walk, size_t capacity, struct walker *walker)
{
	struct rlimit before;
	bool is_raised = program_raise_memlock(&before) == 0;
	int ret;

	*walker = WALKER_CLOSED;
	walker->walk = walk;
	walker->capacity = capacity;
	walker->types = types;
	ret = open_parts(types, walker);
	if (is_raised && setrlimit(RLIMIT_MEMLOCK, &before) < 0 && ret == 0)
		ret = -errno;
	if (ret < 0)
		walker_close(walker);
	return ret;
}

/* The program emits nothing into the file: reading it runs the program. */
static int run_once(const struct walker *walker)
{
	AUTO_CLOSE int fd = program_open_iterator(walker->program_fd);
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
