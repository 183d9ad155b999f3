/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "container/runtime.h"
#include "container/users.h"

int containers_open(const char *root, struct containers *containers)
{
	*containers = (struct containers){.root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC)};
	return containers->root_fd < 0 ? -errno : 0;
}

void containers_free(struct containers *containers)
{
	for (size_t i = 0; i < containers->count; i++)
		container_free(containers->items[i]);
	free(containers->items);
	free(containers->readings);
	users_free(containers);
	free(containers->own_cgroup);
	map_free(&containers->by_key);
	state_directories_close(containers);
	cleanup_close(&containers->root_fd);
}

/* FNV-1a; a container whose hash another one has is found one by one. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	for (; text && *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
	return (hash ^ '/') * 0x100000001b3U;
}

static uint64_t hash_container(const struct container *container)
{
	uint64_t hash = hash_text(0xcbf29ce484222325U ^ container->user, container->runtime->name);

	return hash_text(hash_text(hash, container->space), container->id);
}

static bool is_same_text(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) == 0 : one == other;
}

bool container_is_same(const struct container *container, const struct container *other)
{
	return container->runtime == other->runtime && container->user == other->user &&
	       is_same_text(container->space, other->space) && strcmp(container->id, other->id) == 0;
}

static struct container *find_read(const struct containers *containers, const struct container *wanted)
{
	uint32_t index = map_find(&containers->by_key, hash_container(wanted));

	if (index == MAP_NONE)
		return NULL;
	if (container_is_same(containers->items[index], wanted))
		return containers->items[index];
	for (size_t i = 0; i < containers->count; i++) {
		if (container_is_same(containers->items[i], wanted))
			return containers->items[i];
	}
	return NULL;
}

int containers_keep(struct containers *containers, struct container *container)
{
	struct container **items = array_reserve(containers->items, &containers->capacity, containers->count,
						 sizeof(struct container *));
	int ret = items ? 0 : -ENOMEM;

	if (ret == 0 && !container->name)
		ret = container_set_text(&container->name, container->id);
	if (items)
		containers->items = items;
	if (ret == 0) {
		ret = map_add(&containers->by_key, hash_container(container), (uint32_t)containers->count);
	}
	if (ret < 0) {
		container_free(container);
		return ret;
	}
	containers->items[containers->count++] = container;
	return 0;
}

/* Reads a container by its id.  Returns NULL without memory; it may be unknown. */
static struct container *read_container(struct containers *containers, const struct container *wanted)
{
	struct container *container = container_copy(wanted);
	int ret = container ? 0 : -ENOMEM;

	if (ret == 0 && wanted->runtime->load) {
		ret = wanted->runtime->load(containers, container);
		container->is_known = ret == 0;
	}
	if (ret == -ENOMEM) {
		container_free(container);
		return NULL;
	}
	return container;
}

/* A file that has all containers of a runtime and user. */
struct state_reading {
	const struct runtime *runtime;
	uid_t user;
};

/* Reads that file, unless it was read.  Returns 0 or -ENOMEM. */
static int read_all(struct containers *containers, const struct runtime *runtime, uid_t user)
{
	struct state_reading *readings;

	for (size_t i = 0; i < containers->reading_count; i++) {
		if (containers->readings[i].runtime == runtime && containers->readings[i].user == user)
			return 0;
	}
	readings = array_reserve(containers->readings, &containers->reading_capacity,
				 containers->reading_count, sizeof(*readings));
	if (!readings)
		return -ENOMEM;
	containers->readings = readings;
	readings[containers->reading_count++] = (struct state_reading){.runtime = runtime, .user = user};
	return runtime->read_all(containers, user);
}

int containers_load(struct containers *containers, const struct container *wanted, struct container **found)
{
	int ret;

	*found = find_read(containers, wanted);
	if (!*found && wanted->runtime->read_all) {
		ret = read_all(containers, wanted->runtime, wanted->user);
		if (ret < 0)
			return ret;
		*found = find_read(containers, wanted);
	}
	if (!*found) {
		*found = read_container(containers, wanted);
		ret = *found ? containers_keep(containers, *found) : -ENOMEM;
		if (ret < 0)
			return ret;
	}
	return (*found)->is_known ? 0 : -ENOENT;
}

int containers_add(struct containers *containers, const struct runtime *runtime, uid_t user,
		   const char *space, const char *id)
{
	const struct container wanted = {
	    .runtime = runtime, .user = user, .space = (char *)space, .id = (char *)id};
	struct container *found;
	int ret;

	if (!users_take_container(containers, user))
		return 0;
	ret = containers_load(containers, &wanted, &found);
	return ret == -ENOENT ? 0 : ret;
}

static int list_runtime(struct containers *containers, const struct runtime *runtime)
{
	int ret = 0;

	if (runtime->list)
		return runtime->list(containers, runtime);
	if (!runtime->read_all)
		return 0;
	ret = read_all(containers, runtime, 0);
	for (size_t i = 0; ret == 0 && i < users_count(containers); i++)
		ret = read_all(containers, runtime, users_at(containers, i));
	return ret;
}

int containers_list(struct containers *containers, const struct runtime *runtime)
{
	int ret = 0;

	for (size_t i = 0; i < runtime_count && ret == 0; i++) {
		if (!runtime || runtimes[i] == runtime)
			ret = list_runtime(containers, runtimes[i]);
	}
	return ret;
}

int containers_list_without_cgroups(struct containers *containers)
{
	int ret = 0;

	for (size_t i = 0; i < runtime_count && ret == 0; i++) {
		if (runtimes[i]->needs_no_cgroup)
			ret = list_runtime(containers, runtimes[i]);
	}
	return ret;
}
