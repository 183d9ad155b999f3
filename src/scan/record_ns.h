/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a BPF program emitted about a namespace to the record of a sink. */
#ifndef NSCTL_SCAN_RECORD_NS_H
#define NSCTL_SCAN_RECORD_NS_H

#include "bpf/record.h"
#include "scan/scan.h"
#include "snapshot/sink.h"

struct record_context {
	const struct scan_request *request;
	const struct sink *sink;
	ino_t own_pid_ns; /* its parent is outside, as for ioctl_ns(2) */
};

/* Reads own_pid_ns.  Returns 0 or a negative errno. */
int record_context_start(struct record_context *context);

/*
 * Returns the record of a namespace: its id and, where the request has
 * relations, its owner, parent and creator.
 */
struct sink_ns record_to_ns(const struct record_context *context, enum ns_type type,
			    const struct record_ns *record);

#endif
