/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and groups: what is the same for both but for its names. */
#ifndef NSCTL_PROC_ID_KIND_H
#define NSCTL_PROC_ID_KIND_H

enum id_kind {
	ID_USERS,
	ID_GROUPS,
	ID_KIND_COUNT,
};

struct id_kind_names {
	const char *noun;     /* "user" */
	const char *map;      /* "uid_map", below /proc/PID */
	const char *subids;   /* "/etc/subuid" */
	const char *program;  /* "newuidmap" */
	const char *option;   /* "--map-users" */
	int capability;       /* CAP_SETUID, over the parent: required for more than one id */
	const char *cap_name; /* "CAP_SETUID" */
};

/* Constant. */
const struct id_kind_names *id_kind_names(enum id_kind kind);

#endif
