/* SPDX-License-Identifier: GPL-2.0-or-later */
/* podman: containers.json of its storage, one for all its containers; runc or crun runs them. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "container/oci_state.h"
#include "container/users.h"

/* The storage driver is configurable; each driver has its own directory. */
static const char *const drivers[] = {"overlay", "vfs", "btrfs", "zfs"};

#define DRIVER_COUNT (sizeof(drivers) / sizeof(drivers[0]))

static int storage_path(struct containers *containers, uid_t user, const char *driver, char *path,
			size_t size)
{
	char directory[PATH_MAX];

	if (runtime_directory(containers, &runtime_podman, user, directory, sizeof(directory)) < 0 ||
	    (size_t)snprintf(path, size, "%s/%s-containers", directory, driver) >= size)
		return -ENOENT;
	return 0;
}

/* The name of the image is in a string that is JSON itself. */
static int set_image(struct container *container, struct json_text entry)
{
	AUTO_FREE char *metadata = json_get_string(json_member(entry, "metadata"));

	if (!metadata)
		return 0;
	return container_set_json(&container->image,
				  json_member(json_whole(metadata, strlen(metadata)), "image-name"));
}

/* The container that only holds the namespaces of a pod is called PODID-infra by default. */
static void note_sandbox(struct container *container)
{
	container->is_sandbox =
	    container->name && text_ends_with(container->name, strlen(container->name), "-infra");
}

static int fill_container(struct container *container, struct json_text entry)
{
	int ret = container_set_json(&container->name, json_first(json_member(entry, "names")));

	if (ret == 0)
		ret = set_image(container, entry);
	note_sandbox(container);
	return ret;
}

/* Returns 0 or -ENOMEM. */
static int add_entry(struct containers *containers, uid_t user, struct json_text entry)
{
	struct container *container;
	AUTO_FREE char *id = json_get_string(json_member(entry, "id"));
	int ret;

	if (!id || !container_is_id(id))
		return 0;
	container = container_new(&runtime_podman, user, id);
	ret = container ? fill_container(container, entry) : -ENOMEM;
	if (ret < 0) {
		container_free(container);
		return ret;
	}
	return containers_keep(containers, container);
}

static int read_storage(struct containers *containers, uid_t user, const char *driver)
{
	AUTO_FREE char *text = NULL;
	char directory[PATH_MAX];
	struct json_text all;
	ssize_t length;
	int ret = 0;

	if (storage_path(containers, user, driver, directory, sizeof(directory)) < 0)
		return 0;
	length = state_file_load(containers, directory, user, "containers.json", &text);
	if (length < 0)
		return length == -ENOMEM ? -ENOMEM : 0;
	all = json_whole(text, (size_t)length);
	for (struct json_text entry = json_first(all);
	     entry.at && ret == 0 && users_take_container(containers, user); entry = json_next(all, entry))
		ret = add_entry(containers, user, entry);
	return ret;
}

static int read_podman(struct containers *containers, uid_t user)
{
	int ret = 0;

	for (size_t i = 0; i < DRIVER_COUNT && ret == 0; i++)
		ret = read_storage(containers, user, drivers[i]);
	return ret;
}

/* The runtime's state has the start time.  Without it, the PID that conmon wrote. */
static int find_podman_init(struct containers *containers, struct container *container)
{
	int ret = oci_state_find(containers, container);

	for (size_t i = 0; i < DRIVER_COUNT && ret < 0; i++) {
		char directory[PATH_MAX];
		char of_root[64];
		char below[64];
		char path[PATH_MAX];

		snprintf(below, sizeof(below), "containers/%s-containers", drivers[i]);
		snprintf(of_root, sizeof(of_root), "/run/containers/storage/%s-containers", drivers[i]);
		snprintf(path, sizeof(path), "%.256s/userdata/pidfile", container->id);
		if (users_path(containers, container->user, of_root, below, NULL, directory,
			       sizeof(directory)) == 0)
			ret = runtime_read_pid(containers, directory, path, container);
	}
	return ret;
}

static int open_podman_config(struct containers *containers, const struct container *container)
{
	char path[PATH_MAX];
	int ret = -ENOENT;

	snprintf(path, sizeof(path), "%.256s/userdata/config.json", container->id);
	for (size_t i = 0; i < DRIVER_COUNT && ret == -ENOENT; i++) {
		char directory[PATH_MAX];

		if (storage_path(containers, container->user, drivers[i], directory, sizeof(directory)) < 0)
			continue;
		ret = state_file_open(containers, directory, container->user, path);
	}
	return ret;
}

/* conmon, which is no part of the container, has a cgroup of its own: libpod-conmon-ID. */
static const struct cgroup_pattern patterns[] = {
    {.prefix = "libpod-", .suffix = ".scope", .is_hex = true, .has_pod_above = true},
    {.prefix = "libpod-", .suffix = "", .is_hex = true, .has_pod_above = true},
    {.prefix = "libpod-payload-", .suffix = "", .is_hex = true},
    {0},
};

const struct runtime runtime_podman = {
    .name = "podman",
    .patterns = patterns,
    .needs_no_cgroup = true,
    .place = {.of_root = "/var/lib/containers/storage", .below_home = ".local/share/containers/storage"},
    .read_all = read_podman,
    .find_init = find_podman_init,
    .open_config = open_podman_config,
};
