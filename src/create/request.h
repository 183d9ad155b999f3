/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's request: the options of new and unshare, parsed only. */
#ifndef NSCTL_CREATE_REQUEST_H
#define NSCTL_CREATE_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "create/id_maps.h"
#include "ns/type.h"
#include "run/supervise.h"
#include "scan/engine.h"

/* The contents of a new net namespace. */
enum network_choice {
	NETWORK_UNCHANGED, /* a loopback interface that is down, as the kernel makes it */
	NETWORK_UP,        /* the same, up */
	NETWORK_PASTA,     /* what pasta(1) makes: the caller's network, without privileges */
};

/* A clock of a new time namespace; see time_namespaces(7). */
struct clock_choice {
	bool is_set;
	int64_t offset_sec; /* against the initial time namespace */
};

/* All strings are borrowed from argv and the environment. */
struct create_request {
	ns_type_set types;
	const char *files[NS_TYPE_COUNT]; /* where each is mounted, so that it lasts; NULL: nowhere */
	const char *keep_name;            /* the name that they are kept by; NULL: none */
	bool everything;                  /* every type that the kernel has */
	const char *like;                 /* a target: the types of which it has its own; NULL: none */
	enum engine engine;               /* finds that target */

	struct id_maps_request ids;
	bool rootless; /* the best map that the caller's rights allow, where ids has none */

	bool fork;    /* the program runs in a child */
	bool no_fork; /* also where a pid namespace is created */
	enum supervisor_habit habit;
	int child_signal;       /* the program gets it when nsctl dies; 0: none */
	unsigned int limit_sec; /* 0: the program runs as long as it likes */
	bool dies_with_parent;  /* the program is killed when nsctl's parent ends */
	bool is_init;           /* a process of nsctl's is the first in the pid namespace */
	int wait_fd;            /* the program starts when all writers of this pipe are closed; -1: at once */

	const char *proc_point;        /* where proc is mounted; NULL: nowhere */
	const char *binfmt_point;      /* the same for binfmt_misc */
	const char *binfmt_definition; /* registered there; NULL: none */
	unsigned long propagation;     /* MS_PRIVATE, MS_SHARED or MS_SLAVE with MS_REC; 0: unchanged */
	const char *root;
	const char *wd;
	enum network_choice network;
	const char *host_name;
	struct clock_choice monotonic;
	struct clock_choice boottime;

	bool set_uid;
	uid_t uid; /* as seen inside */
	bool set_gid;
	gid_t gid;
	bool keep_caps;
	bool clear_env;
	const char *kept_variables; /* names, separated by commas; NULL: none */

	bool as_unshare;   /* keep util-linux's meaning where it differs: nsctl-new(1) has the list */
	char **argv;       /* NULL-terminated; empty: a shell */
	const char *shell; /* the value of SHELL; NULL: none */
};

/* Whether a namespace is to be mounted on a file. */
static inline bool create_request_has_file(const struct create_request *request)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (request->files[type])
			return true;
	}
	return false;
}

#endif
