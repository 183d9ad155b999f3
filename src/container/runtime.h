/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One container runtime: how its cgroups are called, where its state files are.  Only container/ uses it. */
#ifndef NSCTL_CONTAINER_RUNTIME_H
#define NSCTL_CONTAINER_RUNTIME_H

#include "container/container.h"
#include "container/json_skim.h"
#include "container/state_file.h"

/* The shape of one component of a cgroup's path. */
struct cgroup_pattern {
	const char *parent;   /* the component above it; NULL: any */
	const char *prefix;   /* what stands before the id */
	const char *suffix;   /* and behind it */
	bool is_hex;          /* the id is 64 hexadecimal digits */
	bool parent_begins;   /* the component above it only begins with parent */
	bool parent_is_space; /* the component above it is the namespace of containerd */
	bool has_pod_above;   /* the component above it may be that of a pod of podman */
	bool is_escaped;      /* the id is escaped as systemd.unit(5) escapes names: \x2d is a dash */
	/* Any cgroup looks like this: it is a container's only if state files say so. */
	bool is_weak;
};

/* Where the state files are, as for users_path(). */
struct state_place {
	const char *of_root;
	const char *below_runtime;
	const char *below_home;
};

struct oci_state;

/* A runtime is one row and its functions, in one file; runtimes.c lists the rows. */
struct runtime {
	const char *name;       /* "docker": in the column RUNTIME, and before the colon of a target */
	const char *other_name; /* of a target, too; NULL: none */
	const struct cgroup_pattern *patterns; /* end with an empty one; NULL: its cgroups have no id */
	const char *default_space;             /* for a cgroup that names none; NULL: it has no spaces */
	bool needs_no_cgroup;                  /* its containers can be in a cgroup that does not name them */
	struct state_place place;              /* has an entry for each container */

	const struct oci_state *state; /* of an OCI runtime; NULL: it is none */

	/*
	 * Fills name, image, pod and is_sandbox of the container with this id, space
	 * and user.  Returns 0; -ENOENT where it has no state files that can be
	 * believed; or -ENOMEM.  NULL: it has no state files.
	 */
	int (*load)(struct containers *containers, struct container *container);

	/* Adds each container that has state files by containers_add().  0 or -ENOMEM. */
	int (*list)(struct containers *containers, const struct runtime *runtime);

	/*
	 * In the place of both, where one file has all containers of a user: adds them
	 * by containers_keep().  0 or -ENOMEM.
	 */
	int (*read_all)(struct containers *containers, uid_t user);

	/* Fills init and start of a loaded container.  0 or -ESRCH. */
	int (*find_init)(struct containers *containers, struct container *container);

	/* As container_open_config().  NULL: it is no OCI runtime. */
	int (*open_config)(struct containers *containers, const struct container *container);
};

extern const struct runtime runtime_docker;
extern const struct runtime runtime_podman;
extern const struct runtime runtime_containerd;
extern const struct runtime runtime_crio;
extern const struct runtime runtime_runc;
extern const struct runtime runtime_crun;
extern const struct runtime runtime_lxc;
extern const struct runtime runtime_incus;
extern const struct runtime runtime_nspawn;
extern const struct runtime runtime_flatpak;
extern const struct runtime runtime_bubblewrap;

extern const struct runtime *const runtimes[];
extern const size_t runtime_count;

/*
 * Adds the container of this runtime, user, space (or NULL) and id, loaded, unless
 * it is there or has no state files.  Returns 0 or -ENOMEM.
 */
int containers_add(struct containers *containers, const struct runtime *runtime, uid_t user,
		   const char *space, const char *id);

/*
 * Finds the container with the runtime, user, space and id of the wanted one, or reads
 * it; found is borrowed.  Returns 0; -ENOENT where it has no state files: then found has
 * nothing but what wanted has; or -ENOMEM.
 */
int containers_load(struct containers *containers, const struct container *wanted, struct container **found);

/* Makes one that is to be filled.  Returns NULL without memory. */
struct container *container_new(const struct runtime *runtime, uid_t user, const char *id);

/* Adds one that is filled, and takes it in any case.  Returns 0 or -ENOMEM. */
int containers_keep(struct containers *containers, struct container *container);

/* Whether both have the same runtime, user, space and id. */
bool container_is_same(const struct container *container, const struct container *other);

/* Stores a copy of a text, which replaces the one before.  0 or -ENOMEM. */
int container_set_text(char **text, const char *value);

/*
 * The most of a name, an image or a pod, in bytes.  They are shown for each process: what
 * is longer would be a user's way to take all memory.
 */
#define CONTAINER_TEXT_MAX 1024

/* Stores the text of a JSON string, if it is one, and neither empty nor too long.  0 or -ENOMEM. */
int container_set_json(char **text, struct json_text value);

/* Stores NAMESPACE/NAME, if both are there.  0 or -ENOMEM. */
int container_set_pod(struct container *container, struct json_text space, struct json_text name);

/* Whether a text can be a container's id: one component of a path. */
bool container_is_id(const char *text);

/* Stores the directory of a runtime's state files.  0 or -ENOENT. */
int runtime_directory(struct containers *containers, const struct runtime *runtime, uid_t user, char *path,
		      size_t size);

/* A list() for runtimes that have an entry for each container in their directory. */
int runtime_list_entries(struct containers *containers, const struct runtime *runtime);

/* Loads ID/FILE below the directory of the container's runtime.  Returns the length, or a negative errno. */
ssize_t runtime_load_file(struct containers *containers, const struct container *container, const char *file,
			  char **text);

/* Opens ID/FILE there.  Returns a descriptor or a negative errno. */
int runtime_open_file(struct containers *containers, const struct container *container, const char *file);

/*
 * Fills init and start by a PID that a file has and nothing else: start is 0 then.
 * 0 or -ESRCH.
 */
int runtime_read_pid(struct containers *containers, const char *directory, const char *path,
		     struct container *container);

#endif
