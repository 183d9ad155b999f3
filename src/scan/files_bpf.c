/* Open files and sockets that hold namespaces, from a BPF iterator. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "bpf/iterator.h"
#include "bpf/record.h"
#include "ns/ns.h"
#include "scan/records.h"
#include "scan/sources.h"

struct reading {
	const struct scan_request *request;
	struct snapshot *snapshot;
};

static int add_holder(struct reading *reading, const struct record_file *record, enum ns_type type, ino_t ino)
{
	struct snapshot_holder holder = {
	    .kind = record->net ? HOLDER_SOCKET : HOLDER_FILE,
	    .pid = (pid_t)record->tgid,
	    .fd = (int)record->fd,
	    .mnt_ns = SNAPSHOT_NONE,
	};
	int ret;

	if (!(reading->request->types & 1U << type))
		return 0;
	ret = snapshot_add_ns(reading->snapshot, type, ino, &holder.ns);
	return ret < 0 ? ret : snapshot_add_holder(reading->snapshot, &holder);
}

/* There are few of them, and opening one tells its type and that it still is one. */
static int add_namespace(struct reading *reading, const struct record_file *record)
{
	AUTO_NS struct ns ns = NS_CLOSED;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/task/%u/fd/%u", record->tgid, record->pid, record->fd);
	if (ns_open_at(AT_FDCWD, path, &ns) < 0)
		return 0; /* closed meanwhile */
	return add_holder(reading, record, ns.type, ns.ino);
}

static long take(uint32_t kind, const void *bytes, size_t available, void *context)
{
	const struct record_file *record = bytes;
	int ret = 0;

	if (kind != RECORD_FILE || available < sizeof(*record))
		return -EPROTO;
	if (record->net)
		ret = add_holder(context, record, NS_NET, record->net);
	else
		ret = add_namespace(context, record);
	return ret < 0 ? ret : (long)sizeof(*record);
}

int scan_files_bpf(const struct scan_request *request, const struct kernel_types *types,
		   struct snapshot *snapshot)
{
	struct reading reading = {.request = request, .snapshot = snapshot};
	AUTO_CLOSE int iterator_fd = iterator_open(types, ITERATOR_FILES);

	return iterator_fd < 0 ? iterator_fd : records_read(iterator_fd, take, &reading);
}
