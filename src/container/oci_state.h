/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state files of OCI runtimes, which start the containers of the other runtimes. */
#ifndef NSCTL_CONTAINER_OCI_STATE_H
#define NSCTL_CONTAINER_OCI_STATE_H

#include "container/runtime.h"

/* How an OCI runtime writes them. */
struct oci_state {
	struct state_place place;
	const char *file;  /* within the container's directory */
	const char *pid;   /* the member with the PID of its first process */
	const char *start; /* and with that process's start time, in clock ticks */
};

extern const struct oci_state oci_state_runc;
extern const struct oci_state oci_state_crun;

/* Fills init and start from DIRECTORY/ID.  Returns 0 or -ESRCH. */
int oci_state_read(struct containers *containers, const struct oci_state *state, const char *directory,
		   struct container *container);

/* A load() for OCI runtimes: their containers have no name but the id. */
int oci_state_load(struct containers *containers, struct container *container);

/* A find_init() for them: oci_state_load() has read it. */
int oci_state_find_loaded(struct containers *containers, struct container *container);

/* As oci_state_read(), from wherever runc and crun have it by default for this user.  Returns 0 or -ESRCH. */
int oci_state_find(struct containers *containers, struct container *container);

/* Opens config.json of the bundle that runc was started with, by DIRECTORY/ID/state.json. */
int oci_state_open_bundle(struct containers *containers, const char *directory,
			  const struct container *container);

#endif
