/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/container.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "container/runtime.h"
#include "proc/cgroup_directory.h"
#include "proc/status.h"

const char *container_runtime(const struct container *container)
{
	return container->runtime->name;
}

void container_free(struct container *container)
{
	if (!container)
		return;
	free(container->id);
	free(container->space);
	free(container->name);
	free(container->image);
	free(container->pod);
	free(container);
}

struct container *container_new(const struct runtime *runtime, uid_t user, const char *id)
{
	struct container *container = calloc(1, sizeof(*container));

	if (!container)
		return NULL;
	container->runtime = runtime;
	container->user = user;
	container->is_known = true;
	container->id = strdup(id);
	if (container->id)
		return container;
	container_free(container);
	return NULL;
}

int container_set_text(char **text, const char *value)
{
	char *copy = value ? strdup(value) : NULL;

	if (value && !copy)
		return -ENOMEM;
	free(*text);
	*text = copy;
	return 0;
}

struct container *container_copy(const struct container *container)
{
	struct container *copy = malloc(sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *container;
	copy->id = copy->space = copy->name = copy->image = copy->pod = NULL;
	if (container_set_text(&copy->id, container->id) == 0 &&
	    container_set_text(&copy->space, container->space) == 0 &&
	    container_set_text(&copy->name, container->name) == 0 &&
	    container_set_text(&copy->image, container->image) == 0 &&
	    container_set_text(&copy->pod, container->pod) == 0)
		return copy;
	container_free(copy);
	return NULL;
}

int container_set_json(char **text, struct json_text value)
{
	AUTO_FREE char *decoded = json_get_string(value);

	if (!decoded || !decoded[0] || strlen(decoded) > CONTAINER_TEXT_MAX)
		return 0;
	return container_set_text(text, decoded);
}

int container_set_pod(struct container *container, struct json_text space, struct json_text name)
{
	AUTO_FREE char *space_text = json_get_string(space);
	AUTO_FREE char *name_text = json_get_string(name);
	char *pod;

	if (!space_text || !name_text || strlen(space_text) + strlen(name_text) >= CONTAINER_TEXT_MAX)
		return 0;
	if (asprintf(&pod, "%s/%s", space_text, name_text) < 0)
		return -ENOMEM;
	free(container->pod);
	container->pod = pod;
	return 0;
}

bool container_is_id(const char *text)
{
	return text[0] && strcmp(text, ".") != 0 && strcmp(text, "..") != 0 && !strchr(text, '/');
}

int container_find_init(struct containers *containers, struct container *container)
{
	if (!container->is_known || !container->runtime->find_init)
		return -ESRCH;
	if (container->init > 0)
		return 0;
	return container->runtime->find_init(containers, container);
}

static int set_not_running(const struct container *container, struct error *err)
{
	return error_set(err, ESRCH, "the container '%.200s' of %s is not running", container->name,
			 container->runtime->name);
}

/* Returns 1 where the cgroup is the container's, 0 if others could have made it, -1 if it names another. */
static int names_container(struct containers *containers, const struct container *container,
			   const struct cgroup_hierarchy *cgroup)
{
	AUTO_FREE char *path = strdup(cgroup->path);
	size_t levels;

	if (!path || !cgroup->is_open || containers_cut_cgroup(containers, container, path, &levels) < 0)
		return -1;
	return cgroup_is_made_by(cgroup->dir_fd, cgroup->depth, levels, container->user);
}

/* Where no start time is recorded, its cgroups say whether the process is of the container. */
static bool is_in_its_cgroup(struct containers *containers, const struct container *container,
			     const struct process *process)
{
	AUTO_CGROUP_HIERARCHIES struct cgroup_hierarchies cgroups = {.count = 0};
	AUTO_FREE char *text = NULL;
	bool is_named = false;

	if (file_load_at(process->dir_fd, "cgroup", CGROUP_FILE_LIMIT, &text) < 0 ||
	    cgroup_hierarchies_parse(text, "", &cgroups) < 0 ||
	    cgroup_hierarchies_open(&cgroups, NULL, NULL) < 0)
		return false;
	for (size_t i = 0; i < cgroups.count; i++) {
		int names = names_container(containers, container, &cgroups.items[i]);

		if (names == 0)
			return false;
		is_named |= names > 0;
	}
	return is_named;
}

/* User namespaces nest at most 32 deep (user_namespaces(7)). */
#define USER_NS_DEPTH 33

/*
 * Whether the process is in a user namespace that the user created, or below one.  A state
 * file of a user could name any process, and lead root to run a program that the user
 * chose in the namespaces of that process.
 */
static bool is_of_user(const struct process *process, uid_t user)
{
	AUTO_NS struct ns ns = NS_CLOSED;
	struct process_links own;
	uid_t owner;

	process_read_own_links(&own);
	if (process_open_ns(process, NS_LINK_USER, &ns) < 0)
		return false;
	for (size_t i = 0; i < USER_NS_DEPTH && ns.ino != own.ino[NS_LINK_USER]; i++) {
		struct ns above = NS_CLOSED;

		if (ns_read_owner_uid(&ns, &owner) == 0 && owner == user)
			return true;
		if (ns_open_owner(&ns, &above) < 0)
			return false;
		ns_close(&ns);
		ns = above;
	}
	return false;
}

static bool is_its_init(struct containers *containers, const struct container *container,
			const struct process *process)
{
	struct process_stat stat;

	if (container->user != 0 && !is_of_user(process, container->user))
		return false;
	if (container->start == 0)
		return is_in_its_cgroup(containers, container, process);
	return process_read_stat(process, &stat) == 0 && stat.start_ticks == container->start;
}

int container_open_init(struct containers *containers, struct container *container, struct process *process,
			struct error *err)
{
	int ret = container_find_init(containers, container);

	*process = PROCESS_CLOSED;
	if (ret == -ESRCH)
		return set_not_running(container, err);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the state of the container '%.200s'",
				       container->name);
	ret = process_open(container->init, process, err);
	if (ret == -ESRCH || ret == -ENOENT || (ret == 0 && !is_its_init(containers, container, process)))
		return set_not_running(container, err);
	return ret;
}

bool container_is_running(struct containers *containers, struct container *container)
{
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	struct error ignored; /* it does not run */

	return container_open_init(containers, container, &process, &ignored) == 0;
}

int container_open_config(struct containers *containers, const struct container *container)
{
	if (!container->is_known || !container->runtime->open_config)
		return -ENOENT;
	return container->runtime->open_config(containers, container);
}
