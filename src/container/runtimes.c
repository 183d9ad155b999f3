/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "container/runtime.h"
#include "container/users.h"

/*
 * A container has state files of the runtime below its own, too: the first that knows
 * it counts, so the one that people type comes first.  Where none does, lxc.payload.NAME is
 * said to be of LXC, which Incus uses.
 */
const struct runtime *const runtimes[] = {
    &runtime_docker, &runtime_podman, &runtime_crio, &runtime_containerd, &runtime_lxc,        &runtime_incus,
    &runtime_nspawn, &runtime_runc,   &runtime_crun, &runtime_flatpak,    &runtime_bubblewrap,
};

const size_t runtime_count = sizeof(runtimes) / sizeof(runtimes[0]);

static bool is_name(const char *name, const char *word, size_t length)
{
	return name && text_is_word(word, length, name);
}

const struct runtime *runtime_find(const char *name, size_t length)
{
	for (size_t i = 0; i < runtime_count; i++) {
		if (is_name(runtimes[i]->name, name, length) ||
		    is_name(runtimes[i]->other_name, name, length))
			return runtimes[i];
	}
	return NULL;
}

void runtimes_each(void (*look)(const char *name, void *context), void *context)
{
	for (size_t i = 0; i < runtime_count; i++)
		look(runtimes[i]->name, context);
}

int runtime_directory(struct containers *containers, const struct runtime *runtime, uid_t user, char *path,
		      size_t size)
{
	return users_path(containers, user, runtime->place.of_root, runtime->place.below_runtime,
			  runtime->place.below_home, path, size);
}

struct listing {
	struct containers *containers;
	const struct runtime *runtime;
	uid_t user;
};

static int add_entry(const char *name, void *context)
{
	const struct listing *listing = context;

	return containers_add(listing->containers, listing->runtime, listing->user, NULL, name);
}

static int list_entries_of(struct listing *listing)
{
	char directory[PATH_MAX];

	if (runtime_directory(listing->containers, listing->runtime, listing->user, directory,
			      sizeof(directory)) < 0)
		return 0;
	return state_directory_each(listing->containers, directory, listing->user, NULL, add_entry, listing);
}

int runtime_list_entries(struct containers *containers, const struct runtime *runtime)
{
	struct listing listing = {.containers = containers, .runtime = runtime};
	int ret = list_entries_of(&listing);

	for (size_t i = 0; ret == 0 && i < users_count(containers); i++) {
		listing.user = users_at(containers, i);
		ret = list_entries_of(&listing);
	}
	return ret;
}

/* Stores the directory of the runtime, and the path of the file below it.  0 or -ENOENT. */
static int find_file(struct containers *containers, const struct container *container, const char *file,
		     char directory[PATH_MAX], char path[PATH_MAX])
{
	if (runtime_directory(containers, container->runtime, container->user, directory, PATH_MAX) < 0 ||
	    (size_t)snprintf(path, PATH_MAX, "%s/%s", container->id, file) >= PATH_MAX)
		return -ENOENT;
	return 0;
}

int runtime_open_file(struct containers *containers, const struct container *container, const char *file)
{
	char directory[PATH_MAX];
	char path[PATH_MAX];
	int ret = find_file(containers, container, file, directory, path);

	return ret < 0 ? ret : state_file_open(containers, directory, container->user, path);
}

ssize_t runtime_load_file(struct containers *containers, const struct container *container, const char *file,
			  char **text)
{
	char directory[PATH_MAX];
	char path[PATH_MAX];
	int ret = find_file(containers, container, file, directory, path);

	*text = NULL;
	return ret < 0 ? ret : state_file_load(containers, directory, container->user, path, text);
}

int runtime_read_pid(struct containers *containers, const char *directory, const char *path,
		     struct container *container)
{
	char text[32];
	uint64_t pid;
	ssize_t length = state_file_read(containers, directory, container->user, path, text, sizeof(text));

	if (length < 0)
		return -ESRCH;
	text[strcspn(text, "\n")] = '\0';
	if (!text_parse_number(text, PROCESS_PID_MAX, &pid) || pid == 0)
		return -ESRCH;
	container->init = (pid_t)pid;
	return 0;
}
