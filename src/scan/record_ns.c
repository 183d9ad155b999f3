/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/record_ns.h"

#include <errno.h>
#include <sys/stat.h>

int record_context_start(struct record_context *context)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) < 0)
		return -errno;
	context->own_pid_ns = st.st_ino;
	return 0;
}

static struct ns_relation to_relation(ino_t ino)
{
	return (struct ns_relation){.state = ino ? RELATION_KNOWN : RELATION_NONE, .ino = ino};
}

/* Callers in the initial user namespace, which BPF requires, see every owner. */
struct sink_ns record_to_ns(const struct record_context *context, enum ns_type type,
			    const struct record_ns *record)
{
	struct sink_ns ns = {.type = type, .ino = record->inum, .id = record->id};

	if (!context->request->relations)
		return ns;
	ns.creator = record->creator;
	ns.has_creator = true;
	ns.owner = to_relation(record->owner);
	ns.parent.state = RELATION_NONE;
	if (type == NS_USER)
		ns.parent = ns.owner;
	else if (type == NS_PID)
		ns.parent = to_relation(record->parent);
	if (type == NS_PID && record->parent != 0 && record->inum == context->own_pid_ns)
		ns.parent.state = RELATION_OUTSIDE;
	return ns;
}
