/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CRI-O: ID/userdata below the run directory of the same storage that podman has. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "container/oci_state.h"

/* The annotations that CRI-O sets, and by which its containers differ from podman's there. */
static int set_kubernetes(struct container *container, struct json_text annotations)
{
	struct json_text type = json_member(annotations, "io.kubernetes.cri-o.ContainerType");
	int ret;

	if (!type.at)
		return -ENOENT;
	container->is_sandbox = json_is_word(type, "sandbox");
	ret = container_set_pod(container, json_member(annotations, "io.kubernetes.pod.namespace"),
				json_member(annotations, "io.kubernetes.pod.name"));
	if (ret == 0)
		ret = container_set_json(&container->image,
					 json_member(annotations, "io.kubernetes.cri-o.ImageName"));
	return ret < 0 ? ret
		       : container_set_json(&container->name,
					    json_member(annotations, "io.kubernetes.container.name"));
}

static int load_crio(struct containers *containers, struct container *container)
{
	AUTO_FREE char *text = NULL;
	ssize_t length;

	if (container->user != 0)
		return -ENOENT;
	length = runtime_load_file(containers, container, "userdata/config.json", &text);
	if (length < 0)
		return length == -ENOMEM ? -ENOMEM : -ENOENT;
	return set_kubernetes(container, json_member(json_whole(text, (size_t)length), "annotations"));
}

static int find_crio_init(struct containers *containers, struct container *container)
{
	char path[PATH_MAX];
	int ret = oci_state_find(containers, container);

	snprintf(path, sizeof(path), "%.256s/userdata/pidfile", container->id);
	return ret == 0 ? 0
			: runtime_read_pid(containers, container->runtime->place.of_root, path, container);
}

static int open_crio_config(struct containers *containers, const struct container *container)
{
	return runtime_open_file(containers, container, "userdata/config.json");
}

/* crio-conmon-ID is that of conmon, which is no part of the container. */
static const struct cgroup_pattern patterns[] = {
    {.prefix = "crio-", .suffix = ".scope", .is_hex = true},
    {.prefix = "crio-", .suffix = "", .is_hex = true},
    {0},
};

const struct runtime runtime_crio = {
    .name = "cri-o",
    .other_name = "crio",
    .patterns = patterns,
    .place = {.of_root = "/run/containers/storage/overlay-containers"},
    .load = load_crio,
    .list = runtime_list_entries,
    .find_init = find_crio_init,
    .open_config = open_crio_config,
};
