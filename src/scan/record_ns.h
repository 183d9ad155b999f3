/* What a BPF program emitted about a namespace, taken over into the snapshot. */
#ifndef NSCTL_SCAN_RECORD_NS_H
#define NSCTL_SCAN_RECORD_NS_H

#include "bpf/record.h"
#include "scan/scan.h"

struct record_context {
	const struct scan_request *request;
	struct snapshot *snapshot;
	ino_t own_pid_ns; /* what lies above it is not shown */
};

/* Returns 0 or a negative errno. */
int record_context_start(struct record_context *context);

/* Takes over the id and, where they are wanted, owner and parent, which may be new.  Returns 0 or -ENOMEM. */
int record_describe_ns(const struct record_context *context, uint32_t index, const struct record_ns *record);

#endif
