/* SPDX-License-Identifier: GPL-2.0-or-later */
/* containerd: NAMESPACE/ID below the directory of its tasks; Kubernetes by its CRI. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "container/oci_state.h"
#include "container/users.h"

#define TASKS "/io.containerd.runtime.v2.task"

/* The state directory of containerd(8), by distribution: its own, k3s and RKE2, MicroK8s. */
static const char *const states[] = {"/run/containerd", "/run/k3s/containerd",
				     "/var/snap/microk8s/common/run/containerd"};

#define STATE_COUNT (sizeof(states) / sizeof(states[0]))

/* containerd's namespace of docker, which docker.c lists by name. */
#define DOCKER_SPACE "moby"

static bool format_path(const struct container *container, const char *file, char path[PATH_MAX])
{
	return (size_t)snprintf(path, PATH_MAX, "%s/%s/%s", container->space, container->id, file) < PATH_MAX;
}

/* The annotations that the CRI plugin of containerd sets. */
static int set_kubernetes(struct container *container, struct json_text annotations)
{
	struct json_text name = json_member(annotations, "io.kubernetes.cri.container-name");
	struct json_text image = json_member(annotations, "io.kubernetes.cri.image-name");
	int ret =
	    container_set_pod(container, json_member(annotations, "io.kubernetes.cri.sandbox-namespace"),
			      json_member(annotations, "io.kubernetes.cri.sandbox-name"));

	container->is_sandbox =
	    json_is_word(json_member(annotations, "io.kubernetes.cri.container-type"), "sandbox");
	if (ret == 0)
		ret = container_set_json(&container->image, image);
	return ret < 0 ? ret : container_set_json(&container->name, name);
}

static int load_containerd(struct containers *containers, struct container *container)
{
	char path[PATH_MAX];

	if (!container->space || container->user != 0 || !format_path(container, "config.json", path))
		return -ENOENT;
	for (size_t i = 0; i < STATE_COUNT; i++) {
		AUTO_FREE char *text = NULL;
		char directory[PATH_MAX];
		ssize_t length;

		snprintf(directory, sizeof(directory), "%s" TASKS, states[i]);
		length = state_file_load(containers, directory, 0, path, &text);
		if (length == -ENOMEM)
			return -ENOMEM;
		if (length >= 0)
			return set_kubernetes(container,
					      json_member(json_whole(text, (size_t)length), "annotations"));
	}
	return -ENOENT;
}

struct listing {
	struct containers *containers;
	const char *directory;
	const char *space;
};

static int add_entry(const char *name, void *context)
{
	const struct listing *listing = context;

	return containers_add(listing->containers, &runtime_containerd, 0, listing->space, name);
}

static int list_space(const char *name, void *context)
{
	struct listing *listing = context;

	if (strcmp(name, DOCKER_SPACE) == 0)
		return 0;
	listing->space = name;
	return state_directory_each(listing->containers, listing->directory, 0, name, add_entry, listing);
}

static int list_containerd(struct containers *containers, const struct runtime *runtime)
{
	int ret = 0;

	(void)runtime;
	for (size_t i = 0; i < STATE_COUNT && ret == 0; i++) {
		char directory[PATH_MAX];
		struct listing listing = {.containers = containers, .directory = directory};

		snprintf(directory, sizeof(directory), "%s" TASKS, states[i]);
		ret = state_directory_each(containers, directory, 0, NULL, list_space, &listing);
	}
	return ret;
}

/* The state of runc has the start time; init.pid has the PID for any runtime. */
static int find_containerd_init(struct containers *containers, struct container *container)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < STATE_COUNT; i++) {
		char directory[PATH_MAX];

		snprintf(directory, sizeof(directory), "%s/runc/%s", states[i], container->space);
		if (oci_state_read(containers, &oci_state_runc, directory, container) == 0)
			return 0;
		snprintf(directory, sizeof(directory), "%s" TASKS, states[i]);
		if (format_path(container, "init.pid", path) &&
		    runtime_read_pid(containers, directory, path, container) == 0)
			return 0;
	}
	return -ESRCH;
}

static int open_containerd_config(struct containers *containers, const struct container *container)
{
	char path[PATH_MAX];
	int ret = -ENOENT;

	if (!format_path(container, "config.json", path))
		return -ENOENT;
	for (size_t i = 0; i < STATE_COUNT && ret == -ENOENT; i++) {
		char directory[PATH_MAX];

		snprintf(directory, sizeof(directory), "%s" TASKS, states[i]);
		ret = state_file_open(containers, directory, 0, path);
	}
	return ret;
}

static const struct cgroup_pattern patterns[] = {
    {.prefix = "cri-containerd-", .suffix = ".scope"},
    {.parent = "pod", .parent_begins = true, .prefix = "", .suffix = "", .is_hex = true},
    {.prefix = "", .suffix = "", .parent_is_space = true, .is_weak = true},
    {0},
};

const struct runtime runtime_containerd = {
    .name = "containerd",
    .patterns = patterns,
    .default_space = "k8s.io",
    .load = load_containerd,
    .list = list_containerd,
    .find_init = find_containerd_init,
    .open_config = open_containerd_config,
};
