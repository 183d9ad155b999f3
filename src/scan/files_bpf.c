/* Open files and sockets that hold namespaces, from a BPF iterator. */
#include <errno.h>

#include "base/cleanup.h"
#include "bpf/iterator.h"
#include "bpf/record.h"
#include "ns/type.h"
#include "scan/records.h"
#include "scan/sources.h"

struct reading {
	const struct scan_request *request;
	struct snapshot *snapshot;
};

static int add_holder(struct reading *reading, const struct record_file *record)
{
	enum ns_type type;

	if (!ns_type_from_clone_flag((int)record->clone_flag, &type))
		return -EPROTO;
	if (!(reading->request->types & 1U << type))
		return 0;
	return snapshot_add_descriptor(reading->snapshot, type, record->inum,
				       record->is_socket ? HOLDER_SOCKET : HOLDER_FILE, (pid_t)record->tgid,
				       (int)record->fd);
}

static long take(uint32_t kind, const void *record, size_t available, void *context)
{
	int ret;

	if (kind != RECORD_FILE || available < sizeof(struct record_file))
		return -EPROTO;
	ret = add_holder(context, record);
	return ret < 0 ? ret : (long)sizeof(struct record_file);
}

int scan_files_bpf(const struct scan_request *request, const struct kernel_types *types,
		   struct snapshot *snapshot)
{
	struct reading reading = {.request = request, .snapshot = snapshot};
	AUTO_CLOSE int iterator_fd = iterator_open(types, PROGRAM_FILES);

	return iterator_fd < 0 ? iterator_fd : records_read(iterator_fd, take, &reading);
}
