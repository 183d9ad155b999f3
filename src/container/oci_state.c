/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/oci_state.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "container/users.h"

const struct oci_state oci_state_runc = {
    .place = {.of_root = "/run/runc", .below_runtime = "runc"},
    .file = "state.json",
    .pid = "init_process_pid",
    .start = "init_process_start",
};

const struct oci_state oci_state_crun = {
    .place = {.of_root = "/run/crun", .below_runtime = "crun"},
    .file = "status",
    .pid = "pid",
    .start = "process-start-time",
};

/* The members that are wanted stand first; the file of runc has dozens of kilobytes. */
#define STATE_HEAD 1024

static bool parse_state(const struct oci_state *state, struct json_text text, struct container *container)
{
	uint64_t pid;
	uint64_t start;

	if (!json_get_number(json_member(text, state->pid), PROCESS_PID_MAX, &pid) || pid == 0 ||
	    !json_get_number(json_member(text, state->start), UINT64_MAX, &start) || start == 0)
		return false;
	container->init = (pid_t)pid;
	container->start = start;
	return true;
}

static bool format_path(const char *id, const char *file, char path[PATH_MAX])
{
	return (size_t)snprintf(path, PATH_MAX, "%s/%s", id, file) < PATH_MAX;
}

int oci_state_read(struct containers *containers, const struct oci_state *state, const char *directory,
		   struct container *container)
{
	AUTO_FREE char *text = NULL;
	char path[PATH_MAX];
	char head[STATE_HEAD];
	ssize_t length;

	if (!format_path(container->id, state->file, path))
		return -ESRCH;
	length = state_file_read(containers, directory, container->user, path, head, sizeof(head));
	if (length < 0)
		return -ESRCH;
	if (parse_state(state, json_whole(head, (size_t)length), container))
		return 0;
	length = state_file_load(containers, directory, container->user, path, &text);
	return length >= 0 && parse_state(state, json_whole(text, (size_t)length), container) ? 0 : -ESRCH;
}

int oci_state_load(struct containers *containers, struct container *container)
{
	const struct runtime *runtime = container->runtime;
	char directory[PATH_MAX];
	int ret = runtime_directory(containers, runtime, container->user, directory, sizeof(directory));

	if (ret < 0)
		return ret;
	return oci_state_read(containers, runtime->state, directory, container) < 0 ? -ENOENT : 0;
}

int oci_state_find_loaded(struct containers *containers, struct container *container)
{
	(void)containers;
	return container->init > 0 ? 0 : -ESRCH;
}

int oci_state_find(struct containers *containers, struct container *container)
{
	static const struct oci_state *const states[] = {&oci_state_crun, &oci_state_runc};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		const struct state_place *place = &states[i]->place;
		char directory[PATH_MAX];

		if (users_path(containers, container->user, place->of_root, place->below_runtime, NULL,
			       directory, sizeof(directory)) == 0 &&
		    oci_state_read(containers, states[i], directory, container) == 0)
			return 0;
	}
	return -ESRCH;
}

/* The bundle's path is one of the labels that runc keeps: "bundle=/srv/web". */
static char *find_bundle(struct json_text labels)
{
	static const char label_name[] = "bundle=";

	for (struct json_text label = json_first(labels); label.at; label = json_next(labels, label)) {
		AUTO_FREE char *text = json_get_string(label);

		if (text && strncmp(text, label_name, strlen(label_name)) == 0)
			return strdup(text + strlen(label_name));
	}
	return NULL;
}

int oci_state_open_bundle(struct containers *containers, const char *directory,
			  const struct container *container)
{
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *bundle = NULL;
	char path[PATH_MAX];
	struct json_text config;
	ssize_t length;

	if (!format_path(container->id, oci_state_runc.file, path))
		return -ENOENT;
	length = state_file_load(containers, directory, container->user, path, &text);
	if (length < 0)
		return (int)length;
	config = json_member(json_whole(text, (size_t)length), "config");
	bundle = find_bundle(json_member(config, "labels"));
	if (!bundle || bundle[0] != '/')
		return -ENOENT;
	return state_file_open(containers, bundle, container->user, "config.json");
}
