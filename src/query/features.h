/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interfaces that this kernel and the caller's privileges allow, and those that are used. */
#ifndef NSCTL_QUERY_FEATURES_H
#define NSCTL_QUERY_FEATURES_H

#include <stdbool.h>

#include "scan/engine.h"

/* Interfaces that some kernels lack or some callers may not use. */
enum feature {
	FEATURE_PIDFD,       /* pidfd_open(2) */
	FEATURE_PIDFD_GETFD, /* pidfd_getfd(2) */
	FEATURE_TIME_NS,     /* time_namespaces(7) */
	FEATURE_OPENAT2,     /* openat2(2), RESOLVE_IN_ROOT */
	FEATURE_SETNS_PIDFD, /* setns(2) with a pidfd */
	FEATURE_BTF,         /* the types of the kernel */
	FEATURE_BPF_ITER,    /* BPF iterators of tasks and of their files */
	FEATURE_CLOSE_RANGE, /* close_range(2) */
	FEATURE_PIDFD_INODE, /* pidfds have inodes of their own */
	FEATURE_PIDFD_NS,    /* PIDFD_GET_USER_NAMESPACE and others */
	FEATURE_LISTMOUNT,   /* listmount(2) and statmount(2), of another mnt namespace */
	FEATURE_MNT_NEXT,    /* NS_MNT_GET_NEXT */
	FEATURE_NS_ID,       /* NS_GET_ID */
	FEATURE_NS_HANDLE,   /* open_by_handle_at(2) of a namespace */
	FEATURE_LISTNS,      /* listns(2) */
	FEATURE_LISTS,       /* the kernel's lists of all namespaces, walked by BPF */
	FEATURE_CGROUP2,     /* cgroups(7), version 2 */
	FEATURE_NEW_USER,    /* unshare(2) with CLONE_NEWUSER */
	FEATURE_NEW_OTHERS,  /* the same with the other types */
	FEATURE_MAP_RANGES,  /* id maps of more than the caller's own ids */
	FEATURE_COUNT,
};

enum feature_state {
	FEATURE_ABSENT, /* the kernel lacks it */
	FEATURE_DENIED, /* the kernel has it, but refuses this caller */
	FEATURE_PRESENT,
};

struct feature_answer {
	enum feature_state state;
	int reason;       /* FEATURE_DENIED: an errno value */
	const char *note; /* why, or a limitation; constant, or a part of the features; may be NULL */
};

/* The questions that nsctl answers. */
enum question {
	QUESTION_TASKS,
	QUESTION_FILES,
	QUESTION_RELATIONS,
	QUESTION_MOUNTS,
	QUESTION_TASKLESS,
	QUESTION_MISSED,
	QUESTION_ID,
	QUESTION_ENTER,
	QUESTION_NEW,
	QUESTION_COUNT,
};

struct features {
	struct feature_answer answers[FEATURE_COUNT];
	bool walks_some;                     /* FEATURE_LISTS, or the lists of net and ipc namespaces alone */
	const char *sources[QUESTION_COUNT]; /* constant */
	char ranges[256];                    /* the ids that the caller may map, or why none: a note */
};

/* Tries each interface; nothing that it changes lasts.  engine: the sources are those of its scans. */
void features_probe(enum engine engine, struct features *features);

/* Return the name, "listns", and the first Linux that has it, "6.19"; constant. */
const char *feature_name(enum feature feature);
const char *feature_since(enum feature feature);

/* Return a word for programs, "tasks", and a title, "tasks and their namespaces"; constant. */
const char *question_key(enum question question);
const char *question_title(enum question question);

#endif
