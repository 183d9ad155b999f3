/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One process or thread, held so that a reused PID cannot be mistaken for it. */
#ifndef NSCTL_PROC_PROCESS_H
#define NSCTL_PROC_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "ns/ns.h"

/*
 * Everything about the process is read below dir_fd: the kernel ties that
 * directory to the process, not to the PID, and answers ESRCH when the process
 * is gone, even if the PID was reused.
 */
struct process {
	pid_t pid;  /* as seen from here: a process, or a single thread */
	int dir_fd; /* /proc/PID, O_PATH */
	int pidfd;  /* -1 for a thread that leads no process, before Linux 6.9 */
};

#define PROCESS_CLOSED ((struct process){.dir_fd = -1, .pidfd = -1})

/* The largest number a process can have: PID_MAX_LIMIT of the kernel's threads.h, 64 bits. */
#define PROCESS_PID_MAX 4194304

/* Opens the directory /proc/PID, O_PATH, whatever has this PID now.  Returns a descriptor or a negative
 * errno. */
int process_open_directory(pid_t pid);

/* Opens process or thread pid, also a zombie.  Returns 0 or a negative errno. */
int process_open(pid_t pid, struct process *process, struct error *err);
void process_close(struct process *process);

static inline void cleanup_process(struct process *process)
{
	process_close(process);
}
#define AUTO_PROCESS __attribute__((cleanup(cleanup_process)))

/* Whether the process still exists, if only as a zombie.  Then all that was read belongs to it. */
bool process_exists(const struct process *process);

/*
 * Stores the pidfd's inode, unique for the boot: pidfds have inodes of their own
 * since Linux 6.9.  Returns 0; -ENOTTY if this kernel's do not; or another
 * negative errno.
 */
int process_read_pidfd_inode(const struct process *process, uint64_t *inode);

/* Opens the namespace behind a link; -ESRCH for a zombie or a process that ended. */
int process_open_ns(const struct process *process, enum ns_link link, struct ns *ns);

/* The ten links, read without opening a namespace. */
struct process_links {
	ino_t ino[NS_LINK_COUNT];  /* 0 if it could not be read */
	int reason[NS_LINK_COUNT]; /* then: a positive errno */
};
void process_read_links(const struct process *process, struct process_links *links);

/* The same for the caller. */
void process_read_own_links(struct process_links *own);

/* The same for some links, below ns_fd, the directory /proc/PID/ns; the others and their reasons are 0. */
void process_read_links_at(int ns_fd, ns_link_set wanted, struct process_links *links);

/*
 * Opens the namespace behind a link below ns_fd.  Its inode is not reused while
 * it is open.  Returns 0; -ESRCH if the link no longer leads to ino; or another
 * negative errno.
 */
int process_hold_ns_at(int ns_fd, enum ns_link link, ino_t ino, struct ns *ns);

/* Reads one link below ns_fd, the directory /proc/PID/ns.  Returns 0 or a negative errno. */
int process_read_link_at(int ns_fd, enum ns_link link, ino_t *ino);

/* The same below dir_fd, the directory /proc/PID. */
int process_read_link(int dir_fd, enum ns_link link, ino_t *ino);

/*
 * Adds a hint for EACCES or EPERM on something of a process; it differs for root.
 */
void process_hint_at_permission(struct error *err);

/* Parses a link such as "net:[4026531833]", as readlink(2) returns it. */
bool process_parse_link(const char *text, enum ns_type *type, ino_t *ino);

#endif
