/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/steps.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "create/clocks.h"
#include "create/credentials.h"
#include "create/mounts.h"
#include "create/namespaces.h"
#include "create/network.h"
#include "create/util_linux.h"

static int write_maps_inside(struct creation *creation, struct error *err)
{
	const char *file;
	int ret = id_maps_write_inside(&creation->maps, creation->self_fd, &file, err);

	return ret < 0 ? create_word_as_unshare(creation, err, "write failed /proc/self/%s", file) : 0;
}

/*
 * The process that the caller started is the one that is tied to it.  Changing the
 * credentials clears the signal, so this comes after every change.
 */
static int follow_caller(struct creation *creation, struct error *err)
{
	if (!creation->request->dies_with_parent)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return -errno;
	if (getppid() != creation->parent)
		return error_set(err, ESRCH, "the caller of nsctl has ended");
	return 0;
}

static int follow_parent(struct creation *creation, struct error *err)
{
	return creation->supervisor.wanted ? supervisor_follow_parent(&creation->supervisor, err)
					   : follow_caller(creation, err);
}

const struct creation_row steps_creating[] = {
    {"become the owner", create_become_owner},
    {"create the namespaces", create_unshare},
    {"write the id maps", outside_write_maps},
    {"write the id maps", write_maps_inside},
    {"set the clocks", create_set_clocks},
    {"enter the time namespace", create_join_time},
    {"tie the program's life to the caller's", follow_caller},
    {0},
};

const struct creation_row steps_furnishing[] = {
    {"set the propagation", create_set_propagation},
    {"register the interpreter", create_load_fixed_interpreter},
    {"change the directories", create_set_directories},
    {"mount proc", create_mount_proc},
    {"mount binfmt_misc", create_mount_binfmt},
    {"set the host name", create_set_host_name},
    {"bring the loopback interface up", create_start_loopback},
    {"change the credentials", create_set_credentials},
    {"keep the capabilities", create_keep_capabilities},
    {"tie the program's life to the caller's", follow_parent},
    {"set the environment", create_set_environment},
    {0},
};

int steps_take(const struct creation_row *rows, struct creation *creation, struct error *err)
{
	for (; rows->step; rows++) {
		int ret;

		*err = (struct error){0};
		ret = rows->step(creation, err);
		if (ret < 0 && !err->message[0])
			return error_set_errno(err, -ret, "cannot %s", rows->name);
		if (ret < 0)
			return ret;
	}
	return 0;
}
