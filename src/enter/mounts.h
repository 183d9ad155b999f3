/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts for the program alone, in a new mnt namespace. */
#ifndef NSCTL_ENTER_MOUNTS_H
#define NSCTL_ENTER_MOUNTS_H

#include "enter/part.h"

/* A file of the target that is mounted over the caller's. */
struct copied_file {
	char *text;
	size_t length;
};

struct mounts {
	bool proc; /* a /proc of the pid namespace that is entered */
	bool sys;  /* a /sys of the net namespace that is entered */
	bool dns;
	struct copied_file resolv_conf; /* with dns */
	struct copied_file hosts;
	const char *netns_name; /* bind /etc/netns/NAME/... over /etc/...; NULL: do not */
	char **names;           /* the entries of that directory that have a counterpart in /etc */
	size_t name_count;
	char *skipped_name; /* one that has none; NULL where all have */
	bool proc_mismatch; /* the program's /proc is not of the pid namespace that is entered */
	bool net_mismatch;  /* its /sys and resolv.conf are not of the net namespace */
};

plan_fn mounts_plan;   /* reads what is to be copied or bound */
apply_fn mounts_apply; /* makes the mnt namespace and the mounts; all else stays */
void mounts_free(struct mounts *mounts);

/* Files below it are mounted over those in /etc: see ip-netns(8). */
#define MOUNTS_NETNS_DIRECTORY "/etc/netns"

#endif
