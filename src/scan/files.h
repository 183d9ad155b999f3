/* The namespaces that one process holds by open files and sockets. */
#ifndef NSCTL_SCAN_FILES_H
#define NSCTL_SCAN_FILES_H

#include <sys/types.h>

#include "base/map.h"
#include "ns/ns.h"

struct held_file {
	pid_t pid;
	int fd;
	bool is_socket;
	enum ns_type type;
	ino_t ino;
};

struct file_scan {
	dev_t nsfs;         /* the device of every namespace file */
	ns_type_set types;  /* which to find */
	struct map sockets; /* inodes of sockets that were asked already */
	struct held_file *found;
	size_t found_count;
	size_t found_capacity;
};

/* Prepares a scan.  Returns 0 or a negative errno. */
int file_scan_start(struct file_scan *scan, ns_type_set types);

/*
 * Adds what the process holds to scan->found.  ns_fd: its directory
 * /proc/PID/ns; own_net: the inode of the net namespace that it is in: sockets of
 * that one are left out, they end with the process.  Returns 0 or -ENOMEM.
 */
int file_scan_process(struct file_scan *scan, int ns_fd, pid_t pid, ino_t own_net);

void file_scan_free(struct file_scan *scan);

/*
 * Copies descriptor fd of the process to this one (pidfd_getfd(2), Linux 5.6).
 * ns_fd, its directory /proc/PID/ns, ties the number to the process.  Returns a descriptor or a negative
 * errno.
 */
int file_copy(int ns_fd, pid_t pid, int fd);

/* Opens the net namespace of a socket (SIOCGSKNS, Linux 4.9).  Returns 0 or a negative errno. */
int file_open_socket_ns(int socket_fd, struct ns *ns);

#endif
