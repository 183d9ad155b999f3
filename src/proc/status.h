/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contents of /proc/PID/status, stat and comm, and the id maps of a user namespace. */
#ifndef NSCTL_PROC_STATUS_H
#define NSCTL_PROC_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "proc/process.h"

/* pid namespaces nest at most 32 deep (MAX_PID_NS_LEVEL, pid_namespaces(7)). */
#define STATUS_NSPID_MAX 33

struct process_status {
	char state; /* as ps(1) prints it; 'Z' is a zombie */
	pid_t tgid;
	pid_t ppid;
	uid_t uid;  /* real; all ids are as seen from the reader's user namespace */
	uid_t euid; /* effective */
	gid_t gid;
	gid_t egid;
	gid_t *groups; /* freed by process_status_free() */
	size_t group_count;
	pid_t nspid[STATUS_NSPID_MAX]; /* outermost first; empty before Linux 4.1 */
	size_t nspid_count;
};

int process_read_status(const struct process *process, struct process_status *status);
void process_status_free(struct process_status *status);
#define AUTO_STATUS __attribute__((cleanup(process_status_free)))

/*
 * Loads the status file "status" or "task/TID/status" below dir_fd, the
 * directory /proc/PID.  The caller frees the text, also after an error.
 * Returns 0 or a negative errno.
 */
int process_load_status(int dir_fd, const char *name, char **text);

/* Whether two readings have the same process, users and groups. */
bool process_has_same_credentials(const struct process_status *a, const struct process_status *b);

/* The parser of the above: text is the whole of a status file.  0, -EPROTO or -ENOMEM. */
int process_parse_status(const char *text, struct process_status *status);

/* Returns the text behind "key:" at the start of a line of a status file, or NULL. */
const char *process_find_value(const char *text, const char *key);

/*
 * Reads a mask of hexadecimal digits from the text of a status file; key:
 * "SigIgn".  Returns false if it has no such line.
 */
bool process_parse_mask(const char *text, const char *key, uint64_t *mask);

/* The name of the program (comm), raw: any bytes but NUL. */
int process_read_comm(const struct process *process, char *comm, size_t size);

/* The longest command line that is read, and a NUL. */
#define COMMAND_SIZE 8192

/*
 * Reads the command line, truncated, its arguments separated by spaces; comm if it
 * has none, and with marks_zombie " <defunct>" behind that of a zombie.  Raw: any
 * bytes but NUL.  Returns 0 or a negative errno.
 *
 * Reading cmdline takes the mmap_lock of the process, which any user can hold
 * forever: it may block, as reading environ may.  Only a helper of
 * bounded_run() calls it.
 */
int process_read_command(const struct process *process, bool marks_zombie, char text[COMMAND_SIZE]);

/* "[comm]", as ps(1) shows a process whose command line is not known; never blocks. */
int process_read_comm_in_brackets(const struct process *process, char *text, size_t size);

#define PROCESS_KERNEL_THREAD 0x00200000UL /* PF_KTHREAD in flags */
#define PROCESS_EXITING 0x00000004UL       /* PF_EXITING: every zombie has it */

/* From /proc/PID/stat; see proc(5). */
struct process_stat {
	char state;
	pid_t ppid;
	unsigned long flags;  /* PF_* of the kernel's sched.h */
	uint64_t start_ticks; /* since boot, in sysconf(_SC_CLK_TCK) a second */
};

int process_read_stat(const struct process *process, struct process_stat *stat);

/* The parser of the above.  0 or -EPROTO. */
int process_parse_stat(const char *text, struct process_stat *stat);

/* Whether it is a kernel thread: PF_KTHREAD in the flags of /proc/PID/stat. */
bool process_is_kernel_thread(const struct process *process);

/* One range of uid_map or gid_map; see user_namespaces(7). */
struct id_range {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

/* The kernel allows 340 ranges (UID_GID_MAP_MAX_EXTENTS, since Linux 4.15). */
#define ID_MAP_MAX 340

struct id_map {
	struct id_range ranges[ID_MAP_MAX];
	size_t count;
};

/* name is "uid_map" or "gid_map". */
int process_read_id_map(const struct process *process, const char *name, struct id_map *map);

/* The parser of the above.  0 or -EPROTO. */
int id_map_parse(const char *text, struct id_map *map);

/* Both return false if the id has no counterpart. */
bool id_map_to_inside(const struct id_map *map, uint32_t outside, uint32_t *inside);
bool id_map_to_outside(const struct id_map *map, uint32_t inside, uint32_t *outside);

#endif
