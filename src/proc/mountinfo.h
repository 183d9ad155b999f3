/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of /proc/PID/mountinfo; see proc(5). */
#ifndef NSCTL_PROC_MOUNTINFO_H
#define NSCTL_PROC_MOUNTINFO_H

#include <stdbool.h>
#include <stdint.h>

struct mountinfo_line {
	uint64_t id;
	uint64_t parent;    /* the mount that it is mounted on */
	uint32_t dev_major; /* of the file system */
	uint32_t dev_minor;
	const char *root;  /* of a namespace: "net:[4026532281]" */
	const char *point; /* as the reader of the file sees it */
	bool is_read_only; /* the mount; its file system may be so as well */
	const char *fstype;
	const char *options; /* of the file system (super options), not of the mount */
};

/*
 * Parses one line, in place: the strings are parts of it, without their octal
 * escapes.  Returns false if it is none.
 */
bool mountinfo_parse(char *line, struct mountinfo_line *parsed);

/* Looks at one mount.  Returns 0 to go on; anything else ends the reading. */
typedef int mountinfo_fn(const struct mountinfo_line *line, void *context);

/* Reads a whole file, at path below dir_fd.  Returns 0, what look returned, or a negative errno. */
int mountinfo_read(int dir_fd, const char *path, mountinfo_fn *look, void *context);

/* The same for the text of such a file, which is changed. */
int mountinfo_parse_all(char *text, mountinfo_fn *look, void *context);

/*
 * Stores the id of the mount that an open file lies on, the first field of its
 * line: by statx(2), Linux 5.8, or else from fdinfo (proc(5), Linux 3.15).
 * Returns 0 or a negative errno.
 */
int mountinfo_read_id(int fd, uint64_t *id);

/* The same for a descriptor of any process: path is that of its fdinfo file. */
int mountinfo_read_fdinfo(const char *path, uint64_t *id);

/* The parser of these two: text is the whole of an fdinfo file.  0 or -EPROTO. */
int mountinfo_parse_fdinfo(const char *text, uint64_t *id);

#endif
