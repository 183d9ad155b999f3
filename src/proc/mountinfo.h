/* The lines of /proc/PID/mountinfo; see proc(5). */
#ifndef NSCTL_PROC_MOUNTINFO_H
#define NSCTL_PROC_MOUNTINFO_H

#include <stdbool.h>
#include <stdint.h>

struct mountinfo_line {
	uint64_t id;
	const char *root;  /* of a namespace: "net:[4026532281]" */
	const char *point; /* as the reader of the file sees it */
	const char *fstype;
};

/*
 * Reads one line, in place: the strings are parts of it, their octal escapes
 * taken back.  Returns false where it is none.
 */
bool mountinfo_parse(char *line, struct mountinfo_line *parsed);

/* Looks at one mount.  0: go on; anything else ends the reading. */
typedef int mountinfo_fn(const struct mountinfo_line *line, void *context);

/* Reads a whole file, at path below dir_fd.  Returns 0, what look returned, or a negative errno. */
int mountinfo_read(int dir_fd, const char *path, mountinfo_fn *look, void *context);

#endif
