/*
 * iter/task_file: the open files of every process that the reader sees, but
 * for all that hold no namespace: what is told are namespace files, and sockets
 * of another net namespace than their process's.
 */
#include "bpf/kernel.h"

#define NSFS_MAGIC 0x6e736673
#define CLONE_NEWNET 0x40000000
#define TYPE_MASK 0170000
#define TYPE_SOCKET 0140000

struct context {
	struct iterator_meta *meta;
	const void *task;
	uint32_t fd __attribute__((aligned(8)));
	const void *file __attribute__((aligned(8)));
};

/* Its threads have the same, as long as the one that leads is there. */
INLINE int is_other_than_leaders(const void *task)
{
	const void *leader = GET(void *, task, TASK_LEADER);

	return task != leader && GET(void *, leader, TASK_FILES) != NULL;
}

/* The type moved with Linux 6.18. */
INLINE uint32_t type_of(const void *inode)
{
	const void *common = PROBE(void *, inode, INODE_PRIVATE);
	uint32_t type = PROBE(uint32_t, common, COMMON_TYPE);

	return type ? type : PROBE(uint32_t, PROBE(void *, common, COMMON_OPS), OPS_TYPE);
}

/* 0 where it is the task's own. */
INLINE uint32_t foreign_net(const void *task, const void *file)
{
	uint32_t own = GET(uint32_t, GET(void *, GET(void *, task, TASK_NSPROXY), NSPROXY_NET), NET_INUM);
	const void *socket = PROBE(void *, file, FILE_PRIVATE);
	const void *sock = PROBE(void *, socket, SOCKET_SK);
	uint32_t net = PROBE(uint32_t, PROBE(void *, sock, SOCK_NET), NET_INUM);

	return net == own ? 0 : net;
}

__attribute__((section("files"), used)) int tell(const struct context *context)
{
	struct record_file record = {.kind = RECORD_FILE};
	const void *task = context->task;
	const void *file = context->file;
	uint32_t level;
	const void *inode;

	if (!task || !file || is_other_than_leaders(task))
		return 0;
	inode = GET(void *, file, FILE_INODE);
	if (GET(uint64_t, GET(void *, inode, INODE_SB), SB_MAGIC) == NSFS_MAGIC) {
		record.inum = GET(uint64_t, inode, INODE_INO);
		record.clone_flag = type_of(inode);
	} else if ((GET(unsigned short, inode, INODE_MODE) & TYPE_MASK) == TYPE_SOCKET) {
		record.is_socket = 1;
		record.inum = foreign_net(task, file);
		record.clone_flag = CLONE_NEWNET;
	}
	if (record.inum == 0)
		return 0;
	level = reader_level(program_state());
	record.pid = task_number(task, level);
	record.tgid = process_number(task, level);
	record.fd = context->fd;
	bpf_seq_write(context->meta->seq, &record, sizeof(record));
	return 0;
}
