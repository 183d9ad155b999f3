/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/describe_container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "container/parents.h"
#include "proc/cgroup.h"
#include "proc/status.h"

/* The kernel's own labels are shorter; an xattr of SELinux has at most 64 KiB. */
#define LABEL_LIMIT ((size_t)64 << 10)

/* The most that a container can be given here. */
static void read_host_capabilities(uint64_t *capabilities)
{
	static const char *const paths[] = {"/proc/1/status", "/proc/self/status"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		AUTO_FREE char *text = NULL;

		if (process_load_status(AT_FDCWD, paths[i], &text) == 0 &&
		    process_parse_mask(text, "CapBnd", capabilities))
			return;
	}
}

static int read_label(const struct process *process, struct container_confinement *confinement)
{
	ssize_t length =
	    bounded_load_at(process->dir_fd, "attr/current", LABEL_LIMIT, &confinement->label, NULL);

	if (length == -ENOMEM)
		return -ENOMEM;
	confinement->label_reason = length < 0 ? (int)-length : 0;
	if (length > 0 && confinement->label[length - 1] == '\n')
		confinement->label[length - 1] = '\0';
	if (length == 0)
		confinement->label_reason = EINVAL;
	return 0;
}

int container_read_confinement(const struct process *process, struct container_confinement *confinement)
{
	AUTO_FREE char *text = NULL;
	uint64_t mode = 0;
	uint64_t no_new_privs = 0;
	int ret = process_load_status(process->dir_fd, "status", &text);

	if (ret == -ENOMEM)
		return ret;
	read_host_capabilities(&confinement->host);
	if (ret == 0 && (!process_parse_mask(text, "CapEff", &confinement->effective) ||
			 !process_parse_mask(text, "CapBnd", &confinement->bounding) ||
			 !process_parse_mask(text, "Seccomp", &mode) ||
			 !process_parse_mask(text, "NoNewPrivs", &no_new_privs)))
		ret = -EPROTO;
	confinement->reason = -ret;
	confinement->seccomp = (unsigned int)mode;
	confinement->no_new_privs = no_new_privs != 0;
	return read_label(process, confinement);
}

/* Inside a time namespace the clock has an offset, and the start time has the same. */
static void read_age(const struct process *process, struct container_description *description)
{
	struct process_stat stat;
	struct timespec now;
	uint64_t start;

	if (process_read_stat(process, &stat) < 0 || clock_gettime(CLOCK_BOOTTIME, &now) < 0)
		return;
	start = stat.start_ticks / (uint64_t)sysconf(_SC_CLK_TCK);
	description->age = (uint64_t)now.tv_sec > start ? (uint64_t)now.tv_sec - start : 0;
	description->has_age = true;
}

/* Whether the first process of the container is in this mnt namespace. */
static bool has_mnt_ns(struct containers *containers, struct container *container, ino_t mnt)
{
	AUTO_PROCESS struct process init = PROCESS_CLOSED;
	struct error ignored; /* it does not run */
	ino_t ino;

	return container->is_known && container_open_init(containers, container, &init, &ignored) == 0 &&
	       process_read_link(init.dir_fd, NS_LINK_MNT, &ino) == 0 && ino == mnt;
}

static int find_by_mnt_ns(struct containers *containers, ino_t mnt, const struct container **found)
{
	int ret = containers_list_without_cgroups(containers);

	for (size_t i = 0; ret == 0 && i < containers->count; i++) {
		*found = containers->items[i];
		if (has_mnt_ns(containers, containers->items[i], mnt))
			return 0;
	}
	return ret < 0 ? ret : -ENOENT;
}

int container_of_process(struct containers *containers, const struct process *process,
			 const struct container **found)
{
	char path[COMMAND_SIZE];
	struct process_links own;
	struct process_links its;
	int ret = process_read_cgroup(process->dir_fd, path, sizeof(path));

	if (ret == 0)
		ret = containers_of_cgroup(containers, path, found);
	if (ret == 0 || ret == -ENOMEM)
		return ret;
	process_read_own_links(&own);
	process_read_links(process, &its);
	if (its.ino[NS_LINK_MNT] == 0 || its.ino[NS_LINK_MNT] == own.ino[NS_LINK_MNT])
		return -ENOENT;
	ret = find_by_mnt_ns(containers, its.ino[NS_LINK_MNT], found);
	return ret == -ENOENT ? container_of_parents(containers, process->pid, own.ino[NS_LINK_MNT], found)
			      : ret;
}

int describe_container(const struct process *process, const struct container *container,
		       struct containers *containers, struct container_description *description,
		       struct error *err)
{
	int ret;

	*description = (struct container_description){.container = container};
	read_age(process, description);
	ret = container_read_use(containers, container, process, &description->use);
	if (ret == 0)
		ret = container_read_confinement(process, &description->confinement);
	if (ret == 0)
		ret = container_read_mounts(container, process, &description->use, &description->mounts);
	if (ret == 0)
		ret = container_read_addresses(process, &description->addresses);
	return ret < 0 ? error_set_errno(err, -ret, "cannot describe the container '%.200s'", container->name)
		       : 0;
}

void container_description_free(struct container_description *description)
{
	struct container_use *use = &description->use;

	free(use->path);
	free(use->memory.limit_path);
	free(use->pids.limit_path);
	free(use->cpu.limit_path);
	free(description->confinement.label);
	for (size_t i = 0; i < description->mounts.count; i++) {
		free(description->mounts.items[i].source);
		free(description->mounts.items[i].point);
	}
	free(description->mounts.items);
	free(description->mounts.root);
	free(description->mounts.root_type);
	free(description->addresses.items);
}
