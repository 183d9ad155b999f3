/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name that ip-netns(8) has for a net namespace: /run/netns/NAME. */
#ifndef NSCTL_KEEP_IP_NETNS_H
#define NSCTL_KEEP_IP_NETNS_H

#include <sys/types.h>

#include "base/error.h"
#include "keep/base_directory.h"
#include "keep/record.h"
#include "ns/ns.h"

#define IP_NETNS_DIRECTORY "/run/netns"

/*
 * The file before it has a name.  Its inode is in the record by the time it gets
 * one: whenever nsctl may be killed, it is known whose file it is.
 */
struct ip_netns {
	int dir_fd; /* IP_NETNS_DIRECTORY, a shared mount */
	int fd;     /* a file without a name (O_TMPFILE in open(2)); -1: none is wanted */
	ino_t ino;
};

#define IP_NETNS_NONE ((struct ip_netns){.dir_fd = -1, .fd = -1})

void ip_netns_close(struct ip_netns *file);
#define AUTO_IP_NETNS __attribute__((cleanup(ip_netns_close)))

/*
 * Makes the directory as ip-netns(8) does, under the lock of the base, and the file.
 * Returns 0 or a negative errno.
 */
int ip_netns_prepare(const struct keep_base *base, const char *name, struct ip_netns *file,
		     struct error *err);

/* Gives the file its name, and mounts the net namespace there.  Returns 0 or a negative errno. */
int ip_netns_attach(const struct ip_netns *file, const char *name, const struct ns *ns, struct error *err);

/*
 * Removes the name, if it is still the namespace or the file of the record.
 * Returns 0, also where there is none; -ESTALE where it is another one; or another
 * negative errno.
 */
int ip_netns_remove(const char *name, const struct record *record);

#endif
