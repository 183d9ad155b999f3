/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the cgroup of a process to its container. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "container/runtime.h"
#include "container/users.h"
#include "proc/cgroup.h"
#include "proc/status.h"

/* Whether a part of the tree of cgroups is a user's, and whose. */
struct delegation {
	bool is_delegated;
	uid_t user;
};

/* Tries root and each user that may have containers of its own. */
static int load_of_any_user(struct containers *containers, const struct delegation *delegation,
			    struct container *wanted, struct container **found)
{
	int ret;

	wanted->user = delegation->is_delegated ? delegation->user : 0;
	ret = containers_load(containers, wanted, found);
	if (delegation->is_delegated)
		return ret;
	for (size_t i = 0; ret == -ENOENT && i < users_count(containers); i++) {
		struct container *first = *found;

		wanted->user = users_at(containers, i);
		ret = containers_load(containers, wanted, found);
		if (ret == -ENOENT)
			*found = first;
	}
	return ret;
}

/* Whether a component of this length matches the pattern; stores the place of the id. */
static bool matches(const struct cgroup_pattern *pattern, const char *above, size_t above_length,
		    const char *component, size_t length, const char **id, size_t *id_length)
{
	size_t before = strlen(pattern->prefix);
	size_t behind = strlen(pattern->suffix);
	size_t parent = pattern->parent ? strlen(pattern->parent) : 0;

	if (pattern->parent && (above_length < parent || strncmp(above, pattern->parent, parent) != 0 ||
				(above_length != parent && !pattern->parent_begins)))
		return false;
	if (length <= before + behind || strncmp(component, pattern->prefix, before) != 0 ||
	    !text_ends_with(component, length, pattern->suffix))
		return false;
	*id = component + before;
	*id_length = length - before - behind;
	return !pattern->is_hex || (*id_length == 64 && strspn(*id, "0123456789abcdef") >= *id_length);
}

/* A component of a cgroup's path, and the one above it. */
struct component {
	const char *above;
	size_t above_length;
	const char *name;
	size_t length;
	struct delegation delegation; /* by one of those above it */
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes the escapes of systemd.unit(5) in place. */
static void unescape(char *name)
{
	char *to = name;

	while (*name) {
		if (name[0] == '\\' && name[1] == 'x' && hex_digit(name[2]) > 0 && hex_digit(name[3]) >= 0) {
			*to++ = (char)(hex_digit(name[2]) << 4 | hex_digit(name[3]));
			name += 4;
		} else {
			*to++ = *name++;
		}
	}
	*to = '\0';
}

/* podman has the pods in a database only: the cgroup above that of the container has the id of its pod. */
static int set_pod_above(struct container *container, const struct component *component)
{
	static const char slice[] = "machine-libpod_pod_"; /* …ID.slice, with the systemd driver */
	const char *id = component->above;
	size_t length = component->above_length;
	char text[65];

	if (length > strlen(slice) && strncmp(id, slice, strlen(slice)) == 0) {
		id += strlen(slice);
		length -= strlen(slice);
	}
	if (length < 64 || strspn(id, "0123456789abcdef") < 64)
		return 0;
	snprintf(text, sizeof(text), "%.*s", CONTAINER_SHORT_ID, id);
	return container_set_text(&container->pod, text);
}

/*
 * Returns 0 where it is a container with state files; -ENOENT; or -ENOMEM.
 * unknown: the first that only looks like one.
 */
static int look_at_pattern(struct containers *containers, const struct runtime *runtime,
			   const struct cgroup_pattern *pattern, const struct component *component,
			   struct container **found, struct container **unknown)
{
	AUTO_FREE char *id = NULL;
	AUTO_FREE char *space = NULL;
	struct container wanted = {.runtime = runtime, .space = (char *)runtime->default_space};
	const char *at;
	size_t length;
	int ret;

	if (!matches(pattern, component->above, component->above_length, component->name, component->length,
		     &at, &length))
		return -ENOENT;
	id = strndup(at, length);
	space = pattern->parent_is_space ? strndup(component->above, component->above_length) : NULL;
	if (!id || (pattern->parent_is_space && !space))
		return -ENOMEM;
	if (pattern->is_escaped)
		unescape(id);
	if (!container_is_id(id) || (space && !container_is_id(space)))
		return -ENOENT;
	wanted.id = id;
	if (space)
		wanted.space = space;
	ret = load_of_any_user(containers, &component->delegation, &wanted, found);
	if (ret == -ENOENT && !pattern->is_weak && !*unknown)
		*unknown = *found;
	if (ret == 0 && pattern->has_pod_above && !(*found)->pod)
		ret = set_pod_above(*found, component);
	return ret;
}

static int look_at_component(struct containers *containers, const struct component *component,
			     struct container **found, struct container **unknown)
{
	int ret = -ENOENT;

	for (size_t i = 0; i < runtime_count && ret == -ENOENT; i++) {
		const struct cgroup_pattern *pattern = runtimes[i]->patterns;

		for (; pattern && pattern->prefix && ret == -ENOENT; pattern++)
			ret = look_at_pattern(containers, runtimes[i], pattern, component, found, unknown);
	}
	return ret;
}

/* Returns the part of the path after the caller's own cgroup: the components before it name no container. */
static const char *skip_own_cgroup(struct containers *containers, const char *path)
{
	char own[COMMAND_SIZE];
	const char *below;
	AUTO_CLOSE int self_fd = -1;

	if (!containers->own_cgroup) {
		self_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (self_fd < 0 || process_read_cgroup(self_fd, own, sizeof(own)) < 0)
			own[0] = '\0';
		containers->own_cgroup = strdup(own);
	}
	below = containers->own_cgroup ? path_below(containers->own_cgroup, path) : NULL;
	return below ? below : path;
}

/*
 * systemd delegates the cgroups below user@UID.service to this user.  The user can give a
 * cgroup there the name of a container of root or of another user.
 */
static void note_delegation(struct component *component)
{
	uid_t user;

	if (!component->delegation.is_delegated && unit_is_manager(component->name, component->length, &user))
		component->delegation = (struct delegation){.is_delegated = true, .user = user};
}

/* Runtimes make at most a dozen levels.  The owner of a cgroup can make a thousand below it. */
#define LEVELS_MAX 64

int containers_of_cgroup(struct containers *containers, const char *path, const struct container **found)
{
	struct container *container = NULL;
	struct container *unknown = NULL;
	struct component component = {.above = ""};
	const char *own_end = skip_own_cgroup(containers, path);
	unsigned int levels = 0;
	int ret = -ENOENT;

	*found = NULL;
	for (; *path && ret == -ENOENT && levels < LEVELS_MAX; path += component.length) {
		path += strspn(path, "/");
		component.above = component.name ? component.name : "";
		component.above_length = component.length;
		component.name = path;
		component.length = strcspn(path, "/");
		if (component.length > 0 && component.name >= own_end) {
			ret = look_at_component(containers, &component, &container, &unknown);
			levels++;
		}
		note_delegation(&component);
	}
	if (ret == -ENOENT && unknown) {
		container = unknown;
		ret = 0;
	}
	if (ret == 0) {
		container->has_processes = true;
		*found = container;
	}
	return ret;
}

int containers_cut_cgroup(struct containers *containers, const struct container *container, char *path,
			  size_t *levels)
{
	AUTO_FREE char *above = strdup(path);
	char *end = above ? above + strlen(above) : NULL;
	size_t length = 0; /* of the shortest that is the container's */

	*levels = 0;
	for (size_t level = 0; end; level++, end = strrchr(above, '/')) {
		const struct container *found;
		int ret;

		*end = '\0';
		ret = containers_of_cgroup(containers, above, &found);
		if (ret == -ENOMEM)
			return ret;
		if (ret < 0 || !container_is_same(found, container))
			continue;
		length = (size_t)(end - above);
		*levels = level;
	}
	if (!above)
		return -ENOMEM;
	if (length == 0)
		return -ENOENT;
	path[length] = '\0';
	return 0;
}
