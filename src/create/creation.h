/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything decided before the first namespace is created; create.h carries it out. */
#ifndef NSCTL_CREATE_CREATION_H
#define NSCTL_CREATE_CREATION_H

#include <sched.h>

#include "create/id_maps.h"
#include "create/outside.h"
#include "create/request.h"
#include "proc/exe_file.h"
#include "run/supervise.h"

struct creation {
	const struct create_request *request;
	ns_type_set types; /* those asked for, and those that an option needs */
	struct id_maps maps;
	char map_sentence[256]; /* what --rootless chose, and why nothing better; "": it did not choose */
	const char *proc_point; /* where proc is mounted; NULL: nowhere */
	char **argv;
	const char *path; /* the program, or the shell */
	char *shell_argv[2];
	char shell[256];      /* that of the user, where no other is named */
	char shell_name[260]; /* "-sh" */
	struct supervisor supervisor;
	struct exe_file exe_file;
	int last_fd; /* no descriptor of nsctl's has a higher number; -1: the program may have all */
	struct outside outside; /* the process that stays in the caller's namespaces */
	int self_fd;            /* the caller's /proc/PID, O_PATH; -1: not needed, or none */
	int proc_fd;            /* the caller's /proc, O_PATH: inside, another one may be mounted there */
	pid_t proc_pid;      /* this process, as that /proc numbers it: it may be of another pid namespace */
	pid_t parent;        /* the caller's parent */
	bool is_root;        /* the caller's effective user is 0 */
	bool is_trial;       /* nothing is to last, and no program is run */
	uint64_t own_mnt_id; /* the 64-bit id of the caller's mnt namespace; 0: not needed, or none */
};

/*
 * Decides.  What it holds is released by creation_free(), also on failure.
 * Returns 0, or a negative errno: then nothing has changed anywhere.
 */
int creation_plan(const struct create_request *request, struct creation *creation, struct error *err);
void creation_free(struct creation *creation);
#define AUTO_CREATION __attribute__((cleanup(creation_free)))

/* Opens self_fd, and reads proc_pid, again: in a copy of the process that planned.  -1 without a /proc. */
void creation_open_self(struct creation *creation);

static inline bool creation_has(const struct creation *creation, enum ns_type type)
{
	return creation->types & 1U << type;
}

/*
 * One step of carrying it out.  Returns 0, or a negative errno; a step that fails
 * without an explanation leaves err as it is.
 */
typedef int creation_step(struct creation *creation, struct error *err);

#endif
