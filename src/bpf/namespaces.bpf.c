/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Three walks along the kernel's own lists, which have every namespace, whatever
 * holds it.  Since Linux 6.18 there is a list for each type; before, only for net
 * namespaces.  Each ipc namespace has a superblock of mqueue.  Every mount of nsfs,
 * in a mnt namespace or in none, is in a list of its superblock.
 *
 * An iterator's program runs under rcu_read_lock(), and the lists of namespaces
 * are RCU lists: within one run every node stays valid.  With the kernel's number
 * iterator (Linux 6.4) one run walks the whole list.  Without it a run takes a few
 * steps, and the next one continues after a check that the node is still linked.
 */
#include "bpf/kernel.h"
#include "bpf/walk.h"

#define STEPS_A_RUN 16

static void *(*const bpf_map_lookup_elem)(const void *map, const void *key) = (void *)1;
static uint64_t (*const bpf_get_current_task_address)(void) = (void *)35;

struct context {
	struct iterator_meta *meta;
};

INLINE uint64_t read_long(uint64_t address)
{
	uint64_t value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (const void *)address);
	return value;
}

INLINE uint32_t read_int(uint64_t address)
{
	uint32_t value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (const void *)address);
	return value;
}

INLINE struct walk_state *walk_state(void)
{
	return (struct walk_state *)program_state();
}

INLINE struct walk_record *next_record(struct walk_state *walk)
{
	const void *records = (const void *)RECORDS_MARK;
	uint32_t index = walk->count;
	struct walk_record *record;

	__asm__("" : "+r"(records));
	record = bpf_map_lookup_elem(records, &index);
	if (record)
		walk->count = index + 1;
	else
		walk->is_full = 1;
	return record;
}

INLINE int end(struct walk_state *walk, uint32_t done)
{
	walk->done |= done;
	walk->type++;
	walk->at = 0;
	return 1;
}

/* The reader's own namespace of a type. */
INLINE uint64_t own_common(const struct walk_layout *layout, uint32_t type)
{
	uint64_t from = read_long(bpf_get_current_task_address() + layout->task[type]);

	return read_long(from + layout->nsproxy[type]) - layout->object[type];
}

INLINE int emit(struct walk_state *walk, uint64_t common, uint32_t type)
{
	const struct walk_layout *layout = &walk->layout;
	uint64_t owner = read_long(common + layout->owner[type]);
	uint64_t parent = read_long(common + layout->parent[type]);
	struct walk_record *record = next_record(walk);

	if (!record)
		return 0;
	record->clone_flag = layout->flag[type];
	record->inum = read_int(common + layout->inum);
	record->id = read_long(common + layout->id[type]);
	record->refs = read_int(common + layout->refs[type]);
	record->is_stashed = read_long(common + layout->stashed) != 0;
	record->owner = read_int(owner + layout->user_inum);
	record->owner_creator = read_int(owner + layout->user_owner);
	record->creator = read_int(common + layout->creator[type]);
	record->parent = read_int(parent - layout->object[type] + layout->inum);
	return 1;
}

/* Goes to the next node; all of these return whether there is one. */
INLINE int step_type(struct walk_state *walk)
{
	const struct walk_layout *layout = &walk->layout;
	uint32_t type = walk->type & 7;
	uint64_t next;
	uint64_t common;

	if (walk->type >= WALK_TYPES)
		return 0;
	if (!(walk->wanted >> type & 1))
		return end(walk, 0);
	if (walk->at == 0) {
		common = own_common(layout, type);
		walk->operations = read_long(common + layout->ops);
		walk->at = walk->start = common + layout->node[type];
		walk->heads = 0;
	}
	next = read_long(walk->at);
	common = next - layout->node[type];
	walk->at = next;
	/* The head is the one node that is no namespace. */
	if (read_long(common + layout->ops) != walk->operations)
		return next == 0 || ++walk->heads > 1 ? end(walk, 0) : 1;
	if (!emit(walk, common, type))
		return 0;
	return next == walk->start ? end(walk, 1U << type) : 1;
}

/* Not an RCU list: a removed node does not lead to its neighbour any more. */
INLINE int step_mqueue(struct walk_state *walk)
{
	const struct walk_layout *layout = &walk->layout;
	uint64_t info;

	if (walk->type != 0)
		return 0;
	if (walk->at == 0) {
		info = own_common(layout, WALK_IPC) + layout->object[WALK_IPC];
		info = read_long(read_long(info + layout->ipc_mount) + layout->mount_super);
		walk->at = read_long(read_long(info + layout->super_type) + layout->type_supers);
	}
	if (read_long(walk->at + 8) == 0)
		return end(walk, 0);
	info = read_long(walk->at - layout->super_node + layout->super_info);
	if (info != 0 && !emit(walk, info - layout->object[WALK_IPC], WALK_IPC))
		return 0;
	walk->at = read_long(walk->at);
	return walk->at == 0 ? end(walk, 1) : 1;
}

INLINE uint64_t nsfs_super(const struct walk_state *walk)
{
	const struct walk_layout *layout = &walk->layout;
	uint64_t files = read_long(bpf_get_current_task_address() + layout->task_files);
	uint64_t table = read_long(read_long(files + layout->files_table) + layout->table_files);
	uint64_t file = read_long(table + 8 * walk->nsfs_fd);

	return read_long(read_long(file + layout->file_inode) + layout->inode_super);
}

INLINE int emit_mount(struct walk_state *walk, uint64_t mount, uint64_t common)
{
	const struct walk_layout *layout = &walk->layout;
	struct walk_record *record = next_record(walk);

	if (!record)
		return 0;
	record->clone_flag =
	    read_int(common + layout->type) | read_int(read_long(common + layout->ops) + layout->ops_type);
	record->inum = read_int(common + layout->inum);
	record->id = read_long(common + layout->id[WALK_MNT]);
	record->refs = 1;
	record->mount_id = read_int(mount + layout->mount_id);
	record->mnt_ns = read_long(mount + layout->mount_ns);
	record->mnt_inum = read_int(record->mnt_ns + layout->mnt_inum);
	return 1;
}

INLINE int step_mount(struct walk_state *walk)
{
	const struct walk_layout *layout = &walk->layout;
	uint64_t mount;
	uint64_t common;

	if (walk->type != 0)
		return 0;
	if (walk->at == 0) {
		common = nsfs_super(walk) + layout->super_mounts;
		walk->start = layout->is_chain ? 0 : common;
		walk->at = read_long(common);
	}
	mount = walk->at - layout->mount_node;
	walk->at = read_long(mount + layout->mount_next);
	common = read_long(read_long(mount + layout->mount + layout->mount_root) + layout->dentry_inode);
	common = read_long(common + layout->inode_private);
	/* The root of nsfs itself is no namespace. */
	if (common != 0 && !emit_mount(walk, mount, common))
		return 0;
	if (walk->at == walk->start)
		return end(walk, 1);
	return walk->at == 0 ? end(walk, 0) : 1;
}

#ifdef BOUNDED

/* Nothing holds the node between two runs: it was removed if its neighbour does not lead back to it. */
INLINE int is_linked(uint64_t node)
{
	return node == 0 ||
	       (read_long(read_long(node) + 8) == node && read_long(read_long(node + 8)) == node);
}

/* Mounts in a chain, and superblocks, have no link back: these lists are walked again where they break. */
#define WALK(step, is_list)                                                                                  \
	struct walk_state *state = walk_state();                                                             \
                                                                                                             \
	(void)context;                                                                                       \
	if ((is_list) && !is_linked(state->at))                                                              \
		end(state, 0);                                                                               \
	for (int i = 0; i < STEPS_A_RUN; i++) {                                                              \
		if (!step(state)) {                                                                          \
			state->is_over = 1;                                                                  \
			break;                                                                               \
		}                                                                                            \
	}                                                                                                    \
	return 0

#else

/* The iterator is called for each map: one call is enough.  The verifier checks its loop once. */
#define WALK(step, is_list)                                                                                  \
	struct walk_state *state = walk_state();                                                             \
	uint64_t numbers;                                                                                    \
                                                                                                             \
	if (context->meta->number != 0)                                                                      \
		return 0;                                                                                    \
	CALL_WITH_ITERATOR(NUM_NEW_MARK, &numbers);                                                          \
	while (CALL_WITH_ITERATOR(NUM_NEXT_MARK, &numbers) != 0) {                                           \
		if (!step(state))                                                                            \
			break;                                                                               \
	}                                                                                                    \
	CALL_WITH_ITERATOR(NUM_DESTROY_MARK, &numbers);                                                      \
	state->is_over = 1;                                                                                  \
	return 0

#endif

__attribute__((section("types"), used)) int walk_types(const struct context *context)
{
	WALK(step_type, 1);
}

__attribute__((section("mqueue"), used)) int walk_mqueue(const struct context *context)
{
	WALK(step_mqueue, 0);
}

__attribute__((section("mounts"), used)) int walk_mounts(const struct context *context)
{
	WALK(step_mount, walk_state()->layout.is_chain == 0);
}
