/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that hold namespaces: made, found, listed and removed. */
#ifndef NSCTL_KEEP_KEEP_H
#define NSCTL_KEEP_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "ns/ns.h"
#include "proc/process.h"

/*
 * A name is a directory, /run/nsctl/NAME, with a bind mount of each namespace
 * that it holds (NAME/net, NAME/mnt …) and a record of them: see record.h.  Where
 * these directories are, base_directory.h says.  No process has to run, and
 * nothing else is kept anywhere.
 */

/* The longest name in bytes: a hidden name, which is longer, has to fit NAME_MAX. */
#define KEEP_NAME_MAX 200

/*
 * Whether a name can be kept: 1 to KEEP_NAME_MAX bytes, no '/', ':', whitespace
 * or control character, not "self" or a number, and no '.' or '-' at its start.
 * Returns 0, or -EINVAL with the reason in err.
 */
int keep_check_name(const char *name, struct error *err);

/* The name whose mount this path of root's names is, /run/nsctl/NAME/TYPE.  False if it is none. */
bool keep_name_of_path(const char *path, char name[KEEP_NAME_MAX + 1]);

/*
 * Whether keep_make() would make the name: it can be kept, and neither directory
 * of names has it.  A name of an earlier boot that the caller can remove counts as
 * free.  Returns 0; -EINVAL or -EEXIST, with the reason in err.
 */
int keep_check_free(const char *name, struct error *err);

/*
 * Gives namespaces a name: all at once, or nothing.  namespaces[type].fd is -1
 * where there is none of the type.  for_ip_netns: ip-netns(8) gets the net
 * namespace under this name, too.  The descriptors stay the caller's.  A name of
 * an earlier boot is replaced.  Returns 0; what keep_check_free() returns; or
 * another negative errno.
 */
int keep_make(const char *name, const struct ns namespaces[NS_TYPE_COUNT], bool for_ip_netns,
	      struct error *err);

/*
 * Opens the namespaces of a process: all that differ from the caller's, or those of
 * these types.  A process that changes them meanwhile is refused (-EAGAIN).  A
 * process that switches back and forth can evade the check: then it was in each of
 * them, and could have been in all at once, as a process that can return to a
 * namespace by setns(2) can also join it alone.
 *
 * The process may be hostile: what blocks is bounded, but for an execve(2) that
 * begins meanwhile, which needs a deadline of the caller's.  namespaces[type].fd is
 * -1 for those left out.  The caller closes them, also after an error.  Returns 0;
 * -EINVAL where it has none of its own; or another negative errno.
 */
int keep_open_of_process(const struct process *process, ns_type_set types,
			 struct ns namespaces[NS_TYPE_COUNT], struct error *err);

/*
 * Opens the namespaces of a name that are of these types; NS_TYPE_SET_ALL: all
 * that it holds.  Proves by the record that each is still the one that was kept:
 * by type, inode, 64-bit id and boot.  namespaces[type].fd is -1 where it has none
 * of the type.  The caller closes them, also after an error.  Returns 0; -ENOENT
 * where there is no such name, or none of its namespaces is of these types;
 * -ESTALE where one is no longer there; or another negative errno.
 */
int keep_open(const char *name, ns_type_set types, struct ns namespaces[NS_TYPE_COUNT], struct error *err);

/* Whether the name exists, whatever it holds. */
bool keep_exists(const char *name);

/* The result of keep_drop(). */
struct keep_dropped {
	/* Open, where a mount of the record was there: the caller looks who else holds
	 * them, and closes them. */
	struct ns namespaces[NS_TYPE_COUNT];
	/* What was not as the record says, in words; empty: nothing. */
	char remark[256];
};

/*
 * Removes a name: it is gone at once, then its mounts, in every mnt namespace
 * that has a copy of them.  What the record cannot prove is removed all the same,
 * with a remark.  The caller calls keep_dropped_close(), also after an error.
 * Returns 0; -ENOENT where there is no such name; or another negative errno.
 */
int keep_drop(const char *name, struct keep_dropped *dropped, struct error *err);
void keep_dropped_init(struct keep_dropped *dropped);
void keep_dropped_close(struct keep_dropped *dropped);
#define AUTO_DROPPED __attribute__((cleanup(keep_dropped_close)))

enum keep_state {
	KEEP_HELD,      /* mounted, and the one of the record */
	KEEP_UNMOUNTED, /* the record has it, the mount is gone, or in another mnt namespace */
	KEEP_REPLACED,  /* another one is mounted there */
	KEEP_PAST,      /* kept before the machine was booted */
	KEEP_DAMAGED,   /* the record cannot be read: no namespace is known */
};

/* One namespace of one name; or a name of which nothing is known (KEEP_DAMAGED). */
struct kept {
	char *name;
	char *path; /* of its mount; KEEP_DAMAGED: of its directory */
	enum keep_state state;
	enum ns_type type; /* the rest but for KEEP_DAMAGED */
	dev_t dev;         /* of nsfs; 0 unless KEEP_HELD */
	ino_t ino;
	uint64_t id; /* 0: the kernel had none */
};

/* By name, then by type. */
struct kept_list {
	struct kept *items;
	size_t count;
	size_t capacity;
};

/*
 * Lists what is kept, by looking at names, records and mount points; opens no
 * namespace.  Names that this user may not look at are left out.  list is all
 * zero before; the caller frees it, also after an error.  Returns 0 or a negative
 * errno.
 */
int keep_list(struct kept_list *list, struct error *err);
void kept_list_free(struct kept_list *list);
#define AUTO_KEPT __attribute__((cleanup(kept_list_free)))

#endif
