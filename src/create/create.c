/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/create.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/child.h"
#include "create/in_child.h"
#include "create/program.h"
#include "create/reasons.h"
#include "create/steps.h"
#include "proc/process.h"

/* As unshare(1): the namespaces stay mounted where the program cannot be executed. */
static int run_in_place(struct creation *creation, struct create_result *result, struct error *err)
{
	int ret = creation->is_trial ? 0 : outside_make_last(creation, err);

	if (ret == 0)
		ret = outside_commit(creation, err);
	outside_end(&creation->outside);
	if (ret == 0)
		ret = steps_take(steps_furnishing, creation, err);
	if (creation->is_trial)
		return ret < 0 ? ret : program_check(creation, err);
	if (ret == 0)
		ret = program_wait_for_caller(creation, err);
	return ret < 0 ? ret : program_execute(creation, &result->exec_failed, err);
}

int create_run(struct creation *creation, const struct create_observer *observer,
	       struct create_result *result, struct error *err)
{
	int ret = exe_file_replace(&creation->exe_file, false, err);

	*result = (struct create_result){0};
	if (ret == 0)
		ret = outside_start(creation, err);
	if (ret == 0)
		ret = steps_take(steps_creating, creation, err);
	if (ret == 0)
		ret = exe_file_replace(&creation->exe_file, true, err);
	if (ret < 0)
		return ret;
	return creation->supervisor.wanted ? in_child_run(creation, observer, result, err)
					   : run_in_place(creation, result, err);
}

/* In a child: what it creates ends with it. */
static void try_in_child(struct creation *creation, struct error *err)
{
	struct create_result ignored;

	creation->is_trial = true;
	creation->parent = getppid();
	creation_open_self(creation);
	create_run(creation, NULL, &ignored, err);
	outside_end(&creation->outside);
}

/* After unshare(2): a copy of this process would be in that pid namespace, and permitted more. */
static bool has_pid_ns_for_children(void)
{
	struct process_links own;

	process_read_own_links(&own);
	return own.ino[NS_LINK_PID] != own.ino[NS_LINK_PID_FOR_CHILDREN];
}

int create_try(struct creation *creation, struct error *err)
{
	struct error *shared;
	pid_t child;

	if (creation_has(creation, NS_PID) && has_pid_ns_for_children())
		return reasons_of_unshare(creation->types, EINVAL, err);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return error_set_errno(err, errno, "cannot map memory");
	child = fork();
	if (child == 0) {
		try_in_child(creation, shared);
		_exit(0);
	}
	if (child < 0)
		reasons_of_fork(errno, err);
	if (child > 0 && child_wait(child, NULL) == 0)
		*err = *shared;
	munmap(shared, sizeof(*shared));
	return -err->number;
}
