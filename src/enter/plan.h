/* Everything opened and decided before the first setns(2): what act_enter() and act_run() then do, step by
 * step. */
#ifndef NSCTL_ENTER_PLAN_H
#define NSCTL_ENTER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "enter/cgroups.h"
#include "enter/confine.h"
#include "enter/instant.h"
#include "enter/mounts.h"
#include "enter/request.h"
#include "enter/supervise.h"
#include "ns/ns.h"
#include "proc/passwd.h"
#include "proc/process.h"

/* One setns(2): an nsfs descriptor and its type, or a pidfd and all types at once. */
struct join {
	int fd; /* borrowed from the plan */
	ns_type_set types;
};

struct credentials {
	bool set_groups; /* setgroups(2) once inside */
	bool set_gid;
	bool set_uid;
	bool keep_caps;
	bool drop_groups_first; /* inside it may be too late: the user namespace may deny setgroups(2) */
	bool groups_optional;   /* inside, the denial is no error */
	uid_t uid;              /* ids are as seen inside */
	gid_t gid;
	gid_t *groups;
	size_t group_count;
	struct confinement confinement;
};

/* The variables that identity_set_environment() sets. */
struct user_variables {
	char home[sizeof(((struct user *)0)->home) + 8];
	char user[sizeof(((struct user *)0)->name) + 8];
	char logname[sizeof(((struct user *)0)->name) + 8];
	char shell[sizeof(((struct user *)0)->shell) + 8];
};

struct plan {
	struct process process;      /* dir_fd is -1 where no process is a target */
	struct instant seen;         /* what the plan decided by, of the process */
	struct ns ns[NS_TYPE_COUNT]; /* opened from a file, or where one setns(2) will not do */

	ns_type_set types;      /* what will be entered */
	ns_type_set of_process; /* those of them that are the process's own, not a file's */
	bool has_maps;          /* a user namespace is entered, and the process is in it: its id maps count */
	struct join joins[NS_TYPE_COUNT];
	size_t join_count;
	bool by_pidfd; /* one join takes the namespaces that the process has then */
	int own_ns_fd; /* /proc/self/ns of the caller's side: what was entered is read there */

	struct cgroups cgroups;
	int context_fd; /* /proc/thread-self/attr/exec; -1: leave the label alone */

	int given_root_fd;     /* opened from a path of the caller's; -1: none */
	int given_wd_fd;       /* the same */
	int root_fd;           /* borrowed from seen or given_root_fd; -1: leave the root alone */
	int wd_fd;             /* the same; -1: none */
	bool wd_checked;       /* refuse a working directory outside the root */
	bool wd_stays;         /* with a root alone: return to the directory that was current */
	const char *wd_inside; /* a path; NULL: none */

	bool fork;
	struct supervisor supervisor; /* with a fork */
	struct mounts mounts;
	bool proc_will_lie; /* a pid namespace without its /proc */
	bool net_will_lie;  /* a net namespace without its /sys and resolv.conf */
	int child_signal;

	struct credentials credentials;

	char **environment;          /* for the program */
	char *environment_text;      /* what environment points into, where it is the target's */
	char **own_environment;      /* the array, where it is not the caller's; else NULL */
	bool environment_is_damaged; /* the target has written over its own */
	struct user_variables user_variables;
	char **argv;
	const char *program; /* argv[0], or the shell's path */
	char *shell_argv[2];
	char shell[256];
	char shell_name[260]; /* "-sh" */
};

/*
 * Makes the plan.  What it holds is released by plan_free().  Returns 0, or a
 * negative errno: then nothing has changed anywhere.
 */
int plan_make(const struct enter_request *request, struct plan *plan, struct error *err);
void plan_free(struct plan *plan);
#define AUTO_PLAN __attribute__((cleanup(plan_free)))

/* The parts of plan_make(), each in a file of its own. */
int plan_namespaces(const struct enter_request *request, struct plan *plan, struct error *err);
int plan_surroundings(const struct enter_request *request, struct plan *plan, struct error *err);
int plan_credentials(const struct enter_request *request, struct plan *plan, struct error *err);
int plan_mounts(const struct enter_request *request, struct plan *plan, struct error *err);
int plan_program(const struct enter_request *request, struct plan *plan, struct error *err);
int plan_descriptors(const struct enter_request *request, const struct plan *plan, struct error *err);

/*
 * The tree in which the program will find itself, as far as it can be seen
 * from here: a new O_PATH descriptor, or -1.
 */
int plan_open_root(const struct plan *plan);
#endif
