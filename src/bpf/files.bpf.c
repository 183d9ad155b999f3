/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iter/task_file: the open files that hold a namespace, of every process that the
 * reader sees.  Each table of descriptors is read once.
 */
#include "bpf/kernel.h"

#define NSFS_MAGIC 0x6e736673
#define PROC_MAGIC 0x9fa0
#define ANONYMOUS_MAGIC 0x09041934
#define CLONE_NEWNET 0x40000000
#define TYPE_MASK 0170000
#define TYPE_SOCKET 0140000
/* The mnt namespace of a tree that is mounted nowhere: WALK_ANONYMOUS_INUM. */
#define ANONYMOUS_INUM 0xeffffff7U

/* The records of one file have to fit the kernel's buffer of 32 KiB. */
#define MAX_FIXED_FILES 512
/* "[io_urin", of "[io_uring]". */
#define RING_NAME 0x6e6972755f6f695bULL

struct context {
	struct iterator_meta *meta;
	const void *task;
	uint32_t fd __attribute__((aligned(8)));
	const void *file __attribute__((aligned(8)));
};

INLINE uint64_t read_long(uint64_t address)
{
	uint64_t value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (const void *)address);
	return value;
}

INLINE struct files_state *files_state(void)
{
	return (struct files_state *)program_state();
}

INLINE void emit_shared(struct seen_table *seen, const struct context *context, const void *task,
			uint32_t pid)
{
	struct record_shared_table record = {.kind = RECORD_SHARED_TABLE, .owner = seen->owner};

	record.tgid = process_number(task, reader_level(program_state()));
	/* Threads of one process are one holder. */
	if (record.tgid == record.owner || bpf_seq_write(context->meta->seq, &record, sizeof(record)) == 0)
		seen->last = pid;
}

/*
 * Whether the table was read before, for another task that shares it.  The address
 * of a freed table may be reused: the other task must still have it.
 */
INLINE int is_seen(struct files_state *state, const struct context *context, const void *task)
{
	const void *files = GET(void *, task, TASK_FILES);
	uint32_t pid = GET(uint32_t, task, TASK_PID);
	uint64_t address = address_of(&state->scratch, files);
	struct seen_table *seen = &state->tables[(address * 0x9E3779B97F4A7C15ULL) >> (64 - TABLE_SLOT_BITS)];

	if (seen->files != address ||
	    (seen->pid != pid && PROBE(uint64_t, (const void *)seen->task, TASK_FILES) != address)) {
		seen->files = address;
		seen->task = address_of(&state->scratch, task);
		seen->pid = pid;
		seen->last = 0;
		seen->owner = process_number(task, reader_level(program_state()));
	}
	if (seen->pid == pid)
		return 0;
	if (seen->last != pid)
		emit_shared(seen, context, task, pid);
	return 1;
}

INLINE int has_own_table(const void *task)
{
	const void *leader = GET(void *, task, TASK_LEADER);

	return task != leader && GET(void *, leader, TASK_FILES) != GET(void *, task, TASK_FILES);
}

/* The type moved with Linux 6.18. */
INLINE uint32_t type_of(const void *common)
{
	uint32_t type = PROBE(uint32_t, common, COMMON_TYPE);

	return type ? type : PROBE(uint32_t, PROBE(void *, common, COMMON_OPS), OPS_TYPE);
}

INLINE void fill_namespace(struct record_file *record, const void *inode)
{
	const void *common = PROBE(void *, inode, INODE_PRIVATE);

	record->inum = PROBE(uint64_t, inode, INODE_INO);
	record->clone_flag = type_of(common);
}

/*
 * A net namespace; 0 where it is the task's own.  If a task changes its nsproxy
 * meanwhile, its memory may be reused: it is read again.
 */
INLINE void fill_net(struct files_state *state, struct record_file *record, const void *task, const void *net)
{
	const void *nsproxy = GET(void *, task, TASK_NSPROXY);
	uint64_t before = address_of(&state->scratch, nsproxy);
	uint32_t own = GET(uint32_t, GET(void *, nsproxy, NSPROXY_NET), NET_INUM);

	if (address_of(&state->scratch, GET(void *, task, TASK_NSPROXY)) != before)
		own = 0;
	record->inum = PROBE(uint32_t, net, NET_INUM);
	record->clone_flag = CLONE_NEWNET;
	if (record->inum == own)
		record->inum = 0;
}

/* The operations of a file's entry in procfs. */
INLINE uint64_t entry_operations(const struct files_state *state, uint64_t inode)
{
	const void *entry = (const void *)read_long(inode + state->entry);

	return entry ? PROBE(uint64_t, entry, ENTRY_OPS) : 0;
}

/* Reads the operations of the reader's own open files. */
INLINE void read_operations(struct files_state *state)
{
	const void *files = PROBE(void *, bpf_get_current_task(), TASK_FILES);
	uint64_t table = PROBE(uint64_t, PROBE(void *, files, FILES_TABLE), TABLE_FILES);

#pragma unroll
	for (int i = 0; i < RECORD_PROC_FILES; i++) {
		const void *file = (const void *)read_long(table + 8ULL * state->proc_fds[i]);

		state->operations[i] = entry_operations(state, PROBE(uint64_t, file, FILE_INODE));
	}
	state->has_operations = 1;
}

/* The net namespace that the file shows: the first word of its private data, or the data itself. */
INLINE void fill_proc_net(struct files_state *state, struct record_file *record, const void *task,
			  const void *file, uint64_t inode)
{
	const void *data = PROBE(void *, PROBE(void *, file, FILE_PRIVATE), SEQ_PRIVATE);
	uint64_t operations = entry_operations(state, inode);

	if (operations == 0)
		return;
	if (operations == state->operations[0])
		fill_net(state, record, task, (const void *)read_long((uint64_t)data));
	else if (operations == state->operations[1])
		fill_net(state, record, task, data);
	record->how = RECORD_PROC_NET;
}

INLINE int is_ring(const void *file)
{
	const void *name = PROBE(void *, PROBE(void *, file, FILE_DENTRY), DENTRY_NAME);

	return read_long((uint64_t)name) == RING_NAME;
}

INLINE int is_namespace(const void *inode)
{
	return PROBE(uint64_t, PROBE(void *, inode, INODE_SB), SB_MAGIC) == NSFS_MAGIC;
}

/* Fixed files as Linux 6.13 and newer have them. */
INLINE void emit_ring(struct record_file *record, const struct context *context, const void *file)
{
	const void *ring = PROBE(void *, file, FILE_PRIVATE);
	const void *data = (const char *)ring + FIELD_MARK(KERNEL_RING_FILES);
	uint64_t nodes;
	uint32_t count;
	uint64_t numbers;
	const int *number;

	/* Keeps the compiler from adding up two marks. */
	__asm__("" : "+r"(data));
	nodes = PROBE(uint64_t, data, RSRC_NODES);
	count = PROBE(uint32_t, data, RSRC_COUNT);
	record->how = RECORD_RING;
	CALL_WITH_ITERATOR(NUM_NEW_MARK, &numbers);
	while ((number = (const int *)CALL_WITH_ITERATOR(NUM_NEXT_MARK, &numbers)) != NULL) {
		uint32_t index = (uint32_t)*number;
		const void *node;
		const void *inode;

		if (index >= count || index >= MAX_FIXED_FILES)
			break;
		node = (const void *)read_long(nodes + 8ULL * index);
		if (!node)
			continue;
		/* The lowest three bits are flags. */
		inode = (const void *)(PROBE(uint64_t, node, NODE_FILE) & ~7ULL);
		inode = PROBE(void *, inode, FILE_INODE);
		if (!is_namespace(inode))
			continue;
		fill_namespace(record, inode);
		bpf_seq_write(context->meta->seq, record, sizeof(*record));
	}
	CALL_WITH_ITERATOR(NUM_DESTROY_MARK, &numbers);
}

INLINE void fill_detached(struct files_state *state, struct record_file *record, const void *file)
{
	uint64_t mnt_ns = read_long(PROBE(uint64_t, file, FILE_MNT) + state->mnt_ns);
	uint32_t inum = PROBE(uint32_t, (const void *)mnt_ns, MNT_INUM);

	/* The kernel's internal mounts have an error there. */
	if (mnt_ns == 0 || mnt_ns >= -4095ULL || (inum != 0 && inum != ANONYMOUS_INUM))
		return;
	record->how = RECORD_DETACHED;
	record->mnt_ns = mnt_ns;
	record->inum = ANONYMOUS_INUM;
}

/* Fills in the namespace that the file holds.  Returns whether it is an io_uring, which may hold others. */
INLINE int fill_held(struct files_state *state, struct record_file *record, const void *task,
		     const void *file)
{
	const void *inode = PROBE(void *, file, FILE_INODE);
	uint64_t magic = PROBE(uint64_t, PROBE(void *, inode, INODE_SB), SB_MAGIC);

	if (magic == NSFS_MAGIC) {
		fill_namespace(record, inode);
	} else if ((PROBE(unsigned short, inode, INODE_MODE) & TYPE_MASK) == TYPE_SOCKET) {
		record->how = RECORD_SOCKET;
		fill_net(
		    state, record, task,
		    PROBE(void *, PROBE(void *, PROBE(void *, file, FILE_PRIVATE), SOCKET_SK), SOCK_NET));
	} else if (magic == PROC_MAGIC) {
		fill_proc_net(state, record, task, file, (uint64_t)inode);
	}
	return magic == ANONYMOUS_MAGIC && is_ring(file);
}

__attribute__((section("files"), used)) int emit_file(const struct context *context)
{
	struct record_file record = {.kind = RECORD_FILE};
	struct files_state *state = files_state();
	const void *task = context->task;
	const void *file = context->file;
	uint32_t level;
	int is_ring_file;

	if (!task || !file)
		return 0;
	task = untrusted_task(task);
	if (is_seen(state, context, task))
		return 0;
	/* A number to the verifier: see untrusted_task(). */
	file = (const void *)address_of(&state->scratch, file);
	if (!state->has_operations)
		read_operations(state);
	is_ring_file = fill_held(state, &record, task, file);
	if (record.inum == 0 && !is_ring_file && state->wants_detached)
		fill_detached(state, &record, file);
	if (record.inum == 0 && !is_ring_file)
		return 0;
	level = reader_level(program_state());
	record.pid = task_number(task, level);
	record.tgid = process_number(task, level);
	record.fd = context->fd;
	record.is_own_table = has_own_table(task);
	if (is_ring_file)
		emit_ring(&record, context, file);
	else
		bpf_seq_write(context->meta->seq, &record, sizeof(record));
	return 0;
}
