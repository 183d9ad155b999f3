/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bind mounts of namespaces in one mnt namespace. */
#ifndef NSCTL_SCAN_MOUNTS_OF_H
#define NSCTL_SCAN_MOUNTS_OF_H

#include "base/map.h"
#include "scan/scan.h"

struct found_mount {
	enum ns_type type;
	bool is_cut;
	ino_t ino;
	uint64_t mount_id;
	uint32_t point; /* where in the text it starts */
	uint32_t kept;  /* of the first of each namespace: how many there are of it */
	uint64_t more;  /* likewise: how many are left out */
};

/* Lives in a helper of bounded_run(): a hostile process can block any of this. */
struct mounts_reader {
	const struct scan_request *request;
	const struct snapshot *snapshot;
	bool lists_all; /* the kernel lists all mounts of a mnt namespace */
	struct nsctl_statmount *answer;

	/* The last mnt namespace. */
	uint32_t mnt_ns;
	uint64_t id; /* 0: the kernel has none */
	struct found_mount *found;
	size_t count;
	size_t capacity;
	char *text; /* the mount points */
	size_t text_size;
	size_t text_capacity;
	struct map first; /* from a namespace to the first mount that was found of it */
};

/* All zero is closed.  Returns 0 or -ENOMEM. */
int mounts_reader_open(struct mounts_reader *reader, const struct scan_request *request,
		       const struct snapshot *snapshot);
void mounts_reader_close(struct mounts_reader *reader);

/* Reads the mounts in a mnt namespace of the snapshot.  Returns 0 or -ENOMEM. */
int mounts_read(struct mounts_reader *reader, uint32_t mnt_ns);

#endif
