/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces that one process holds by open files and sockets. */
#ifndef NSCTL_SCAN_FILES_H
#define NSCTL_SCAN_FILES_H

#include <stdint.h>
#include <sys/types.h>

#include "base/map.h"
#include "ns/ns.h"

struct held_file {
	pid_t pid;
	pid_t tid; /* a thread that has a table of its own; 0: the process's */
	int fd;
	bool is_socket;
	enum ns_type type;
	ino_t ino;
	uint32_t kept; /* of the first for each namespace: how many there are of it */
	uint32_t more; /* likewise: how many are left out */
};

/* Lives in a helper of bounded_run(): a hostile process can block any of this. */
struct files {
	dev_t nsfs;         /* the device of every namespace file */
	ns_type_set types;  /* which to find */
	struct map sockets; /* from a socket's inode to that of its net namespace */
	pid_t *tables; /* of each large table that was read a task that has it, in the order of kcmp(2) */
	size_t table_count;
	size_t table_capacity;

	/* The last process. */
	struct held_file *found;
	size_t found_count;
	size_t found_capacity;
	struct map first; /* from a namespace to the first that was found of it */
	pid_t shares;     /* has the same table, which is large, and was read; 0: none */
};

/* Prepares for looking at processes.  Returns 0 or a negative errno. */
int files_start(struct files *files, ns_type_set types);

/*
 * Finds what a process holds: files->found, with no more than HOLDERS_OF_ONE for
 * each namespace.  ns_fd: its directory /proc/PID/ns, or /proc/PID/task/TID/ns
 * of a thread whose leader has exited; own_net: the inode of the net namespace
 * that it is in: sockets of that one are left out, they end with the process.
 * tid: a thread that has a table of descriptors of its own (unshare(2) with
 * CLONE_FILES), whose directory it is then; 0: the table is that of the process.
 * Returns 0 or a negative errno; -EACCES where this user may not look.
 */
int files_look(struct files *files, int ns_fd, pid_t pid, pid_t tid, ino_t own_net);

/* Forgets what was found of the last process. */
void files_clear(struct files *files);

/*
 * Copies descriptor fd of the process to this one (pidfd_getfd(2), Linux 5.6).
 * ns_fd, its directory /proc/PID/ns, ties the number to the process.  Returns
 * a descriptor or a negative errno.  Only helpers of bounded_run() call it: it
 * can block, and so can closing what may not be a socket after all.
 */
int descriptor_copy(int ns_fd, pid_t pid, int fd);

/* Opens the net namespace of a socket (SIOCGSKNS, Linux 4.9).  Returns 0 or a negative errno. */
int socket_open_ns(int socket_fd, struct ns *ns);

#endif
