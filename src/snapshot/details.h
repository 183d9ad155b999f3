/* The details of a task that only tasks that are shown need. */
#ifndef NSCTL_SNAPSHOT_DETAILS_H
#define NSCTL_SNAPSHOT_DETAILS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct task_details {
	bool is_gone;  /* it ended since the scan: nothing else is set */
	bool has_stat; /* the next two could be read */
	pid_t ppid;
	bool is_kernel_thread;
	bool has_age;
	uint64_t age; /* seconds since it started */
	char state;   /* as ps(1) prints it; 0: not read */
	bool has_uid;
	uid_t uid;     /* effective, as seen from the caller's user namespace */
	char *user;    /* the name of uid on this system, or the number; NULL: not read */
	char *command; /* its command line, raw, or its name where it has none; NULL: not read */
	pid_t nspid;   /* its number in its own pid namespace; 0: not read */
	bool has_inside;
	uid_t inside;      /* its uid in its own user namespace */
	char *inside_user; /* the name of inside there; NULL: it has none, or it was not read */
};

/* Makes a copy with texts of its own.  Returns 0 or -ENOMEM; to is to be freed in any case. */
int task_details_copy(const struct task_details *from, struct task_details *to);

void task_details_free(struct task_details *details);
#define AUTO_DETAILS __attribute__((cleanup(task_details_free)))

#endif
