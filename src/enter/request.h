/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's request: the options of enter and nsenter, parsed only. */
#ifndef NSCTL_ENTER_REQUEST_H
#define NSCTL_ENTER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "ns/type.h"
#include "scan/engine.h"
#include "target/target.h"

/* The user or group of the program. */
enum id_choice {
	ID_DEFAULT, /* 0 where a user namespace is entered, else the caller's */
	ID_NUMBER,  /* the one given */
	ID_NAME,    /* that of a name, in the files of the tree that the program gets */
	ID_FOLLOW,  /* the target's */
};

/* A directory option: not given, given alone (the target's), or with a path of the caller's. */
struct directory_choice {
	bool wanted;
	const char *path; /* NULL: the target's */
};

/* The terminal of the program. */
enum terminal_choice {
	TERMINAL_NONE,   /* what the caller's standard streams are */
	TERMINAL_AUTO,   /* a pseudo-terminal, where they are a terminal and a mnt namespace is entered */
	TERMINAL_WANTED, /* a pseudo-terminal; an error where standard input is no terminal */
};

/* All strings are borrowed from argv. */
struct enter_request {
	const struct target *targets; /* any number of namespaces, at most one process */
	size_t target_count;
	enum engine engine; /* finds the namespaces that are named by a number */

	bool everything;                  /* all that differs from the caller's, root and working directory */
	ns_type_set wanted;               /* the types asked for, of the process */
	bool all;                         /* every type that differs, of the process */
	const char *files[NS_TYPE_COUNT]; /* a path or ":ID"; NULL where not given */
	int net_socket;                   /* a descriptor number of the process; -1 for none */
	bool user_parent;

	enum id_choice uid_choice;
	enum id_choice gid_choice;
	uid_t uid;
	gid_t gid;
	const char *user_name;
	const char *group_name;
	bool init_groups; /* the groups that /etc/group of that tree gives the user */
	bool preserve_credentials;
	bool keep_caps;

	struct directory_choice root;
	struct directory_choice wd;
	const char *wd_inside; /* a path inside the target; NULL for none */

	bool environment;        /* the target's */
	bool caller_environment; /* also in a container, which has its own otherwise */
	bool join_cgroup;
	bool join_with_ns; /* the same where a cgroup namespace is entered, if this caller can */
	bool follow_context;
	bool mount_proc;
	bool mount_sys;
	bool dns; /* resolv.conf and hosts of the target */
	bool no_fork;
	unsigned int preserve_fds; /* descriptors 3 … 2 + preserve_fds stay open */
	int child_signal;          /* what the program gets when nsctl dies */
	enum terminal_choice terminal;

	/* nsctl exec: the program runs as the container's own do, and not with the caller's privileges. */
	bool confined;
	bool permit_missing;          /* what cannot be had is left out, with a warning */
	bool copy_seccomp;            /* stop the process for a moment, to copy its filters */
	bool privileged;              /* all capabilities; neither filter nor label */
	bool detach;                  /* do not wait for the program's end */
	bool keep_stdin;              /* else it is empty */
	const char *const *variables; /* NAME=VALUE, for the environment */
	size_t variable_count;

	bool as_nsenter;   /* keep util-linux's meaning where it differs: nsctl-enter(1) has the list */
	char **argv;       /* NULL-terminated; empty: a shell */
	const char *shell; /* as_nsenter: the value of SHELL; NULL: the user's */
};

#endif
