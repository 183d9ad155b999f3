/* Which directory it is, and by which mount it is reached. */
#ifndef NSCTL_PROC_PLACE_H
#define NSCTL_PROC_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct place {
	uint32_t dev_major;
	uint32_t dev_minor;
	uint64_t ino;
	uint64_t mount_id; /* 0 where it is not known */
};

/*
 * Reads the place of the file name below dir_fd, of dir_fd itself where name is
 * "".  Links are followed, magic ones too; nothing is mounted, and a remote
 * file system is not asked.  By statx(2) (STATX_MNT_ID, Linux 5.8); where a
 * filter of system calls refuses that, by fstat(2) and fdinfo, which may ask.
 * Returns 0 or a negative errno.
 */
int place_read(int dir_fd, const char *name, struct place *place);

/* Whether both are the same directory; by the same mount, as far as that is known of both. */
bool place_is_same(const struct place *one, const struct place *other);

#endif
