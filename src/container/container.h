/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containers: what a runtime made and named, found by cgroups and state files.  No daemon is asked. */
#ifndef NSCTL_CONTAINER_CONTAINER_H
#define NSCTL_CONTAINER_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/map.h"
#include "proc/process.h"

struct runtime;

/* All texts are what the runtime or its user chose: they may hold any byte but NUL. */
struct container {
	const struct runtime *runtime;
	uid_t user;         /* the owner of its state files */
	char *id;           /* unique for the runtime, user and space */
	char *space;        /* the namespace of containerd; NULL: the runtime has none */
	char *name;         /* as the runtime shows it; the id where no file has a name */
	char *image;        /* NULL: not known */
	char *pod;          /* NAMESPACE/NAME of Kubernetes, the id of podman's; NULL: in none */
	bool is_sandbox;    /* it holds the namespaces of its pod, and runs no program of the pod */
	bool has_processes; /* containers_of_cgroup() has returned it */
	bool is_known;      /* it has state files here; else id and name are all that its cgroup says */
	pid_t init;         /* its first process, by container_find_init(); 0: not asked, or not running */
	uint64_t start;     /* of init: field 22 of /proc/PID/stat, in clock ticks; 0: not recorded */
};

/* Whether a name ends with a type of unit that has processes or holds others: ".service". */
bool unit_has_type(const char *name);

/*
 * Finds the systemd unit of a cgroup: the part of the path that names it, a service,
 * scope or the like, and before it the manager of a user's units.  Stores it as the target
 * unit: takes it.  Returns false where there is none.
 */
bool unit_of_cgroup(const char *path, char *unit, size_t size);

/* The same for many: root is what unit_read_root() stored. */
bool unit_below_root(const char *path, const char *root, char *unit, size_t size);

/* Whether the length bytes of a name are "user@UID.service", the manager of a user's units; stores the user.
 */
bool unit_is_manager(const char *name, size_t length, uid_t *user);

/*
 * Stores the cgroup that systemd has its units in: process 1 is in ROOT/init.scope, and
 * inside of a container ROOT need not be "" (systemd.special(7)).
 */
void unit_read_root(char *root, size_t size);

/* The name of its runtime: "docker". */
const char *container_runtime(const struct container *container);

struct state_directory;
struct container_user;
struct state_reading;

/* The containers that were read so far, and where they are read.  Freed by containers_free(). */
struct containers {
	int root_fd; /* the tree that has the state files */
	struct container **items;
	size_t count;
	size_t capacity;
	struct map by_key; /* of the items that were loaded by their id */
	struct state_directory *directories;
	size_t directory_count;
	size_t directory_capacity;
	struct container_user *users; /* that may have containers of their own; read once */
	size_t user_count;
	bool has_users;
	uid_t crowded_user;             /* has more containers than are read; 0: none has */
	struct state_reading *readings; /* files of several containers that were read */
	size_t reading_count;
	size_t reading_capacity;
	char *own_cgroup; /* of the caller; NULL: not known */
};

/*
 * Reads nothing yet.  root: the directory that has the state files, "/".
 * Returns 0 or a negative errno; containers is to be freed in any case.
 */
int containers_open(const char *root, struct containers *containers);
void containers_free(struct containers *containers);
#define AUTO_CONTAINERS __attribute__((cleanup(containers_free)))

/*
 * The container that a cgroup belongs to; path: as process_read_cgroup() stores
 * it.  Of nested containers it is the outermost that has state files here: a
 * process cannot move to another container by a cgroup that it makes below its
 * own.  Below the manager of a user's units it is one of that user.  Returns 0;
 * -ENOENT where no container is known by it; or -ENOMEM.  *found belongs to containers.
 */
int containers_of_cgroup(struct containers *containers, const char *path, const struct container **found);

/*
 * Shortens the path of a cgroup that a process of the container is in to the
 * cgroup of the container: what is below that, it made itself.  Stores how many
 * components were cut off.  Returns 0; -ENOENT where no part of the path names the
 * container, and the path stays; or -ENOMEM.
 */
int containers_cut_cgroup(struct containers *containers, const struct container *container, char *path,
			  size_t *levels);

/*
 * Reads the containers of a runtime, with their first processes; NULL: of all
 * runtimes that keep state files.  Files that this user may not read are left
 * out.  Returns 0 or -ENOMEM.
 */
int containers_list(struct containers *containers, const struct runtime *runtime);

/* The same for runtimes whose containers need not have a cgroup that names them.  0 or -ENOMEM. */
int containers_list_without_cgroups(struct containers *containers);

/* The runtime of this name, or NULL. */
const struct runtime *runtime_find(const char *name, size_t length);

/* Calls look for each runtime. */
void runtimes_each(void (*look)(const char *name, void *context), void *context);

/*
 * Finds the first process of the container.  Returns 0; -ESRCH where it is not
 * running; or -ENOMEM.
 */
int container_find_init(struct containers *containers, struct container *container);

/*
 * Opens its first process, and checks that it is the one that the runtime
 * started: by its start time or, where no file records that, by its cgroup.
 * process is to be closed in any case.  Returns 0; -ESRCH where it is not
 * running; or another negative errno.
 */
int container_open_init(struct containers *containers, struct container *container, struct process *process,
			struct error *err);

/* The same without an error: whether it is running. */
bool container_is_running(struct containers *containers, struct container *container);

/*
 * Opens the configuration that its runtime started it with, config.json of the
 * OCI runtime specification, for reading.  Returns a descriptor; -ENOENT where
 * there is none: its runtime is no OCI runtime, or the file is not to be
 * believed; or another negative errno.
 */
int container_open_config(struct containers *containers, const struct container *container);

/* Makes a copy that is freed by container_free().  Returns NULL without memory. */
struct container *container_copy(const struct container *container);
void container_free(struct container *container);

/* How many letters of an id people are shown, as docker ps prints it. */
#define CONTAINER_SHORT_ID 12

#endif
