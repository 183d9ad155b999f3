/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of a kept name: what it holds, to be proved later. */
#ifndef NSCTL_KEEP_RECORD_H
#define NSCTL_KEEP_RECORD_H

#include <stddef.h>

#include "ns/ns.h"

/*
 * A text, nsctl-keep(1) describes it:
 *
 *     nsctl-keep 1
 *     boot 6d6cbd4e-4b0c-4b8b-9a53-1c1e5d3cbd3b
 *     net 4026532281 412
 *     ip-netns 5077
 *
 * The first line has the version.  Each namespace has its type, inode and 64-bit
 * id, which is 0 where the kernel has none.  The last line is there for a name
 * that ip-netns(8) has as well: the inode of its file, before it was mounted upon.
 */
#define RECORD_FILE "record"
#define RECORD_SIZE 1024

/* /proc/sys/kernel/random/boot_id: a UUID; random(4). */
#define RECORD_BOOT_SIZE 37

/* Stores that of the present boot.  Returns 0 or a negative errno. */
int record_read_boot(char boot[RECORD_BOOT_SIZE]);

struct record_ns {
	ino_t ino; /* 0: the name has none of this type */
	uint64_t id;
};

struct record {
	char boot[RECORD_BOOT_SIZE];
	struct record_ns ns[NS_TYPE_COUNT];
	ino_t ip_netns; /* 0: ip-netns(8) does not have the name */
};

/* Fills a record from open namespaces (fd -1: none of the type).  Returns 0 or a negative errno. */
int record_make(const struct ns namespaces[NS_TYPE_COUNT], struct record *record);

/* Whether the record was made since the machine was booted. */
bool record_is_of_this_boot(const struct record *record);

/* Writes it as a text of at most RECORD_SIZE bytes.  Returns its length. */
size_t record_format(const struct record *record, char text[RECORD_SIZE]);

/* Reads a text that is exactly what record_format() writes.  Returns 0 or -EPROTO. */
int record_parse(const char *text, struct record *record);

/* Writes the file below dir_fd, which must not exist.  Returns 0 or a negative errno. */
int record_write(int dir_fd, const struct record *record);

/* Reads the file below dir_fd.  Returns 0; -EPROTO where it is damaged; or another negative errno. */
int record_read(int dir_fd, struct record *record);

#endif
