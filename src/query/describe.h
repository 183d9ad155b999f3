/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that is known of one process or one namespace, for show. */
#ifndef NSCTL_QUERY_DESCRIBE_H
#define NSCTL_QUERY_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ns/ns.h"
#include "proc/process.h"
#include "proc/status.h"
#include "scan/engine.h"

/* A value that could not be read has a reason beside it: a positive errno, else 0. */
struct ns_facts {
	int reason; /* of all that follows, except ino */
	int ino_reason;
	enum ns_type type;
	ino_t ino;
	uint64_t id;     /* 0: this kernel has none */
	bool has_caller; /* the caller is in it */
	struct ns_relation owner;
	struct ns_relation parent;
};

/* Reads id, owner and parent of an open namespace; the rest of facts stays. */
void ns_facts_read(const struct ns *ns, struct ns_facts *facts);

struct thread_description {
	pid_t tid;
	char comm[64];
	struct process_links links;
};

struct process_description {
	pid_t pid;
	char comm[64];
	bool is_kernel_thread;
	struct process_status status;
	struct ns_facts links[NS_LINK_COUNT];
	struct id_map uid_map;
	struct id_map gid_map;
	int uid_map_reason;
	int gid_map_reason;
	/* Threads whose links differ from the process's; freed by process_description_free(). */
	struct thread_description *threads;
	size_t thread_count;
};

/* Returns 0; -ESRCH if the process ended meanwhile; or another negative errno. */
int describe_process(const struct process *process, struct process_description *description,
		     struct error *err);

/* Counts the links that could not be read for lack of permission. */
size_t process_description_denied(const struct process_description *description);

void process_description_free(struct process_description *description);
#define AUTO_PROCESS_DESCRIPTION __attribute__((cleanup(process_description_free)))

struct ns_description {
	struct ns_facts facts;
	uid_t owner_uid; /* the user who created the owner, or the user namespace itself */
	int owner_uid_reason;
	pid_t member; /* a process in it, or 0 */

	uint64_t mount_count; /* mnt */
	int mount_count_reason;
	char offsets[256]; /* time: /proc/PID/timens_offsets */
	int offsets_reason;
	char host_name[65]; /* uts; HOST_NAME_MAX and a NUL */
	int host_name_reason;
	struct id_map uid_map; /* user */
	struct id_map gid_map;
	int maps_reason;
};

/* Scans with this engine for a process in it. */
void describe_ns(const struct ns *ns, enum engine engine, struct ns_description *description);

#endif
