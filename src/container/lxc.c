/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LXC: /var/lib/lxc/NAME/config. */
#include "container/lxc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "proc/cgroup_directory.h"
#include "proc/cgroup_tree.h"
#include "proc/status.h"

/* The name of its cgroup begins with this. */
#define PAYLOAD "lxc.payload."

/* The first process of a pid namespace, in the cgroup of a container. */
struct lxc_search {
	char cgroup[300];
	uid_t user; /* whose container it is */
	pid_t init;
	size_t levels; /* how many pid namespaces it is in; of a nested container it is more */
};

static int look_at_process(pid_t pid, void *context)
{
	struct lxc_search *search = context;
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	AUTO_STATUS struct process_status status = {0};
	struct error ignored; /* it ended meanwhile */

	if (process_open(pid, &process, &ignored) < 0 || process_read_status(&process, &status) < 0 ||
	    status.nspid_count < 2 || status.nspid[status.nspid_count - 1] != 1)
		return 0;
	if (search->init == 0 || status.nspid_count < search->levels) {
		search->init = pid;
		search->levels = status.nspid_count;
	}
	return 0;
}

/*
 * Users and other containers may make cgroups of any name in the part of the tree that
 * is delegated to them: it is not looked at.
 */
static int look_at_cgroup(int dir_fd, const char *name, const char *path, void *context)
{
	struct lxc_search *search = context;

	(void)path;
	if (strcmp(name, search->cgroup) != 0) {
		bool is_delegated =
		    strncmp(name, PAYLOAD, strlen(PAYLOAD)) == 0 || !cgroup_belongs_to(dir_fd, search->user);

		return is_delegated ? CGROUP_SKIP : 0;
	}
	cgroup_tree_processes(dir_fd, look_at_process, search);
	return search->init ? -EEXIST : CGROUP_SKIP;
}

int lxc_find_init(struct containers *containers, struct container *container)
{
	struct lxc_search search = {.user = container->user};

	(void)containers;
	snprintf(search.cgroup, sizeof(search.cgroup), PAYLOAD "%.256s", container->id);
	cgroup_tree_walk(look_at_cgroup, &search);
	if (search.init == 0)
		return -ESRCH;
	container->init = search.init;
	return 0;
}

static int load_lxc(struct containers *containers, struct container *container)
{
	int fd = runtime_open_file(containers, container, "config");

	cleanup_close(&fd);
	return fd < 0 ? -ENOENT : 0;
}

/* lxc.monitor.NAME is that of lxc-start(1), which is no part of the container. */
const struct cgroup_pattern lxc_patterns[] = {
    {.prefix = PAYLOAD, .suffix = ""},
    {.parent = "lxc.payload", .prefix = "", .suffix = ""},
    {.parent = "lxc", .prefix = "", .suffix = ""},
    {0},
};

const struct runtime runtime_lxc = {
    .name = "lxc",
    .patterns = lxc_patterns,
    .place = {.of_root = "/var/lib/lxc", .below_home = ".local/share/lxc"},
    .load = load_lxc,
    .list = runtime_list_entries,
    .find_init = lxc_find_init,
};
