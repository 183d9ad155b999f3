/* SPDX-License-Identifier: GPL-2.0-or-later */
/* docker: ID/config.v2.json below its data root; containerd and runc run its containers. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "container/oci_state.h"
#include "container/users.h"

/* The labels of cri-dockerd, by which docker runs the containers of Kubernetes. */
static int set_kubernetes(struct container *container, struct json_text labels)
{
	struct json_text name = json_member(labels, "io.kubernetes.container.name");
	int ret = container_set_pod(container, json_member(labels, "io.kubernetes.pod.namespace"),
				    json_member(labels, "io.kubernetes.pod.name"));

	container->is_sandbox = json_is_word(json_member(labels, "io.kubernetes.docker.type"), "podsandbox");
	return ret == 0 && container->pod ? container_set_json(&container->name, name) : ret;
}

/* The name has a slash before it: "/web". */
static int set_name(struct container *container, struct json_text value)
{
	AUTO_FREE char *name = json_get_string(value);

	if (!name || !name[0])
		return 0;
	return container_set_text(&container->name, name[0] == '/' ? name + 1 : name);
}

static int load_docker(struct containers *containers, struct container *container)
{
	AUTO_FREE char *text = NULL;
	ssize_t length = runtime_load_file(containers, container, "config.v2.json", &text);
	struct json_text state;
	struct json_text config;
	int ret;

	if (length < 0)
		return length == -ENOMEM ? -ENOMEM : -ENOENT;
	state = json_whole(text, (size_t)length);
	config = json_member(state, "Config");
	ret = set_name(container, json_member(state, "Name"));
	if (ret == 0)
		ret = container_set_json(&container->image, json_member(config, "Image"));
	return ret < 0 ? ret : set_kubernetes(container, json_member(config, "Labels"));
}

/* State.Pid of config.v2.json outlives a crash of the daemon: the state of runc has the start time. */
static int find_docker_init(struct containers *containers, struct container *container)
{
	char directory[PATH_MAX];
	int ret = users_path(containers, container->user, "/run/docker/runtime-runc/moby",
			     "docker/runtime-runc/moby", NULL, directory, sizeof(directory));

	return ret < 0 ? -ESRCH : oci_state_read(containers, &oci_state_runc, directory, container);
}

#define TASKS "io.containerd.runtime.v2.task/moby"

static int open_task_config(struct containers *containers, const struct container *container,
			    const char *of_root)
{
	char directory[PATH_MAX];
	char path[PATH_MAX];

	if (users_path(containers, container->user, of_root, "docker/containerd/daemon/" TASKS, NULL,
		       directory, sizeof(directory)) < 0 ||
	    (size_t)snprintf(path, sizeof(path), "%s/config.json", container->id) >= sizeof(path))
		return -ENOENT;
	return state_file_open(containers, directory, container->user, path);
}

/* Below the containerd that has a service of its own or, without one, below that which dockerd starts. */
static int open_docker_config(struct containers *containers, const struct container *container)
{
	int fd = open_task_config(containers, container, "/run/containerd/" TASKS);

	if (fd != -ENOENT)
		return fd;
	return open_task_config(containers, container, "/run/docker/containerd/daemon/" TASKS);
}

static const struct cgroup_pattern patterns[] = {
    {.parent = "docker", .prefix = "", .suffix = "", .is_hex = true},
    {.prefix = "docker-", .suffix = ".scope", .is_hex = true},
    /* Below any other with docker run --cgroup-parent, and as cri-dockerd of Kubernetes has it. */
    {.prefix = "", .suffix = "", .is_hex = true, .is_weak = true},
    {0},
};

const struct runtime runtime_docker = {
    .name = "docker",
    .patterns = patterns,
    .place = {.of_root = "/var/lib/docker/containers", .below_home = ".local/share/docker/containers"},
    .load = load_docker,
    .list = runtime_list_entries,
    .find_init = find_docker_init,
    .open_config = open_docker_config,
};
