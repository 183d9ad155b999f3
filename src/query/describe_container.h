/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of a container that show prints for a person on call. */
#ifndef NSCTL_QUERY_DESCRIBE_CONTAINER_H
#define NSCTL_QUERY_DESCRIBE_CONTAINER_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "container/container.h"
#include "proc/cgroup_resources.h"
#include "proc/process.h"

/* A value that could not be read has a reason beside it: a positive errno, else 0. */
struct container_resource {
	int reason; /* of used; ENOENT: no cgroup of its own accounts for it */
	uint64_t used;
	uint64_t limit;      /* the tightest of its cgroup and those above; RESOURCE_UNLIMITED: none */
	char *limit_path;    /* the cgroup that sets it; NULL: none does */
	bool is_limit_above; /* that is one above its own */
};

enum container_state {
	CONTAINER_UNKNOWN, /* whether it is frozen could not be read */
	CONTAINER_RUNNING,
	CONTAINER_PAUSED,  /* its own cgroup is frozen, as its engine does it */
	CONTAINER_FROZEN,  /* another cgroup that its first process is in is frozen */
	CONTAINER_STOPPED, /* its first process is stopped by a signal or a debugger */
	CONTAINER_ENDED,   /* its first process has ended and was not waited for yet */
};

/* The limits and the usage of its cgroups: cgroup v1 and v2, also side by side; see cgroups(7). */
struct container_use {
	char *path;     /* its own cgroup, as the caller's cgroup namespace shows it; NULL: not known */
	bool is_shared; /* it has none of its own: that is the cgroup of its first process */
	enum container_state state;
	struct container_resource memory; /* bytes */
	struct container_resource pids;   /* processes and threads */
	struct container_resource cpu;    /* used: microseconds; limit: thousandths of a processor */
	int oom_reason;
	uint64_t oom_kills; /* processes killed for lack of memory (Linux 4.13) */
	int throttled_reason;
	uint64_t throttled; /* periods in which it used up its processor time */
	uint64_t throttled_usec;
};

/* Sets of bits such as 1ULL << CAP_SYS_ADMIN; see capabilities(7). */
struct container_confinement {
	int reason;           /* of all but label */
	uint64_t effective;   /* of the first process */
	uint64_t bounding;    /* the most that its programs can gain */
	uint64_t host;        /* the bounding set of init here; if that cannot be read, the caller's */
	unsigned int seccomp; /* SECCOMP_MODE_*; 0: none (seccomp(2)) */
	bool no_new_privs;
	int label_reason; /* EINVAL: no security module has labels */
	char *label;      /* of AppArmor, SELinux or Smack */
};

enum host_mount_kind {
	HOST_FILES,
	HOST_ENGINE, /* in a directory that is called by the container's id: its host name, its hosts */
	HOST_DEVICE, /* a device, not a directory of them */
	HOST_CGROUP, /* cgroups that are not its own alone */
};

/* A mount of the container whose files are the host's, too: as the caller's mounts show them. */
struct host_mount {
	char *source;
	char *point; /* below the root of the first process */
	bool is_read_only;
	enum host_mount_kind kind;
	bool is_nested; /* it came along with outer, as a mount below the source of that */
	size_t nested;  /* how many such there are below this one */
	size_t nested_writable;
	struct host_mount *outer; /* the nearest mount above it that is not nested; NULL: none */
};

struct container_mounts {
	int reason;            /* of all that follows */
	bool shares_namespace; /* the container is in the caller's mnt namespace; no mounts are listed */
	char *root;            /* the directory on the host; NULL: not known, or only the container has it */
	char *root_type;       /* type of the file system, "overlay"; NULL: not known */
	bool root_is_read_only;
	struct host_mount *items;
	size_t count;
	size_t capacity;
};

#define ADDRESSES_MAX 256

struct container_address {
	char interface[IF_NAMESIZE]; /* any bytes but NUL and slashes */
	uint8_t family;              /* AF_INET or AF_INET6 */
	uint8_t prefix;
	unsigned char bytes[16];
};

struct container_addresses {
	int reason;            /* of the rest */
	bool shares_namespace; /* the container is in the caller's net namespace; none are listed */
	bool has_more;         /* than ADDRESSES_MAX */
	struct container_address *items;
	size_t count;
};

struct container_description {
	const struct container *container; /* borrowed */
	bool has_age;
	uint64_t age; /* of the first process, in seconds */
	struct container_use use;
	struct container_confinement confinement;
	struct container_mounts mounts;
	struct container_addresses addresses;
};

/*
 * Reads what there is to know of a running container by its first process.  What a
 * process or its file systems could delay is read by helpers.  Freed by
 * container_description_free(), also after an error.  Returns 0 or -ENOMEM.
 */
int describe_container(const struct process *process, const struct container *container,
		       struct containers *containers, struct container_description *description,
		       struct error *err);

void container_description_free(struct container_description *description);
#define AUTO_CONTAINER_DESCRIPTION __attribute__((cleanup(container_description_free)))

/*
 * Finds the container that a process is in: by its cgroup; else by the first process
 * of one whose cgroup has no id, in the same mnt namespace; else by its parents.
 * Returns 0; -ENOENT where it is in none; or -ENOMEM.  *found belongs to containers.
 */
int container_of_process(struct containers *containers, const struct process *process,
			 const struct container **found);

/* Its parts, which describe_container() calls.  They return 0 or -ENOMEM. */
int container_read_use(struct containers *containers, const struct container *container,
		       const struct process *process, struct container_use *use);
int container_read_confinement(const struct process *process, struct container_confinement *confinement);
int container_read_mounts(const struct container *container, const struct process *process,
			  const struct container_use *use, struct container_mounts *mounts);
int container_read_addresses(const struct process *process, struct container_addresses *addresses);

#endif
