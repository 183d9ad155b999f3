/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The id maps of a new user namespace: what was asked for, which ranges that
 * makes, and which process has to write them.  See user_namespaces(7).
 */
#ifndef NSCTL_CREATE_ID_MAPS_H
#define NSCTL_CREATE_ID_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "proc/id_kind.h"
#include "proc/status.h"

/* One --map-users or --map-groups; see unshare(1). */
enum id_wish_kind {
	ID_WISH_RANGE,  /* this range */
	ID_WISH_AUTO,   /* the caller's first range of /etc/subuid, from 0 on inside */
	ID_WISH_SUBIDS, /* the same range, each id as itself inside */
	ID_WISH_ALL,    /* every id of the caller's user namespace, as itself inside */
};

struct id_wish {
	enum id_wish_kind kind;
	struct id_range range; /* ID_WISH_RANGE only */
};

/* All that was asked for the users, or for the groups. */
struct id_wishes {
	struct id_wish list[ID_MAP_MAX];
	size_t count;
	bool has_single; /* --map-user, --map-group, -r, -c */
	uint32_t single; /* then: what the caller's effective id becomes inside */
};

/* The value for /proc/PID/setgroups. */
enum setgroups_choice {
	SETGROUPS_UNCHANGED,
	SETGROUPS_DENY,
	SETGROUPS_ALLOW,
};

/* All zero: no map at all. */
struct id_maps_request {
	struct id_wishes of[ID_KIND_COUNT];
	enum setgroups_choice setgroups;
	bool has_owner; /* --owner: the caller becomes this user and group before it creates the namespace */
	uid_t owner_uid;
	gid_t owner_gid;
};

/*
 * Adds a wish, the argument of --map-users or --map-groups: auto, subids, all,
 * INSIDE:OUTSIDE:COUNT or OUTSIDE,INSIDE,COUNT.  Returns 0 or -EINVAL.
 */
int id_wishes_parse(const char *text, struct id_wishes *wishes, struct error *err);

/* Parses the argument of --owner, UID:GID.  Returns 0 or -EINVAL. */
int id_maps_parse_owner(const char *text, struct id_maps_request *request, struct error *err);

/* Parses the argument of --setgroups, allow or deny.  Returns 0 or -EINVAL. */
int id_maps_parse_setgroups(const char *text, enum setgroups_choice *choice, struct error *err);

/* Which process writes a map. */
enum id_map_writer {
	ID_MAP_UNWRITTEN, /* none: the namespace has no such map */
	ID_MAP_INSIDE,    /* the one in the namespace: a single id needs no privilege */
	ID_MAP_OUTSIDE,   /* one outside, with CAP_SETUID or CAP_SETGID */
	ID_MAP_PROGRAM,   /* newuidmap(1) or newgidmap(1), run outside */
};

struct id_map_plan {
	struct id_map map;
	enum id_map_writer writer;
	const char *program; /* ID_MAP_PROGRAM: its path; constant */
};

struct id_maps {
	struct id_map_plan of[ID_KIND_COUNT];
	enum setgroups_choice setgroups;
	/* Set before a process outside writes gid_map: afterwards it could no longer be denied. */
	bool denies_outside;
};

/*
 * Decides the ranges, and which process writes them: with the caller's effective ids and
 * capabilities, so before it changes either or creates anything.  Reads
 * /etc/subuid, /etc/subgid and /proc/self where they are asked for.  The ranges are
 * those of unshare(1), in its order: the single id first, cut out of the others.
 * Changes nothing.  Returns 0 or a negative errno.
 */
int id_maps_plan(const struct id_maps_request *request, struct id_maps *maps, struct error *err);

/* Whether id_maps_write_outside() has something to do, so that a process has to stay outside. */
bool id_maps_need_outside(const struct id_maps *maps);

/*
 * Writes what the process outside has to: called there, once the other one has
 * created the user namespace, which then has to wait.  pid: that of the other one, as
 * the caller's /proc shows it; proc_pid_fd: its directory /proc/PID.  May run a
 * program, whose messages become part of the error.  Returns 0 or a negative errno.
 */
int id_maps_write_outside(const struct id_maps *maps, pid_t pid, int proc_pid_fd, struct error *err);

/*
 * Writes the rest, called in the new user namespace by its first process, after
 * id_maps_write_outside() if that was needed: uid_map, setgroups and gid_map.
 * self_proc_fd: the caller's own directory /proc/PID.  *file: the name of the file that
 * was written last, constant.  Returns 0 or a negative errno.
 */
int id_maps_write_inside(const struct id_maps *maps, int self_proc_fd, const char **file, struct error *err);

#endif
