/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings that a process has, from /proc. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "proc/id_kind.h"
#include "proc/settings.h"
#include "proc/status.h"

static int set_unreadable(const struct process *process, const char *what, int ret, struct error *err)
{
	return error_set_errno(err, -ret, "cannot read the %s of process %d", what, process->pid);
}

/* From ids as the reader sees them to those inside.  Groups without a counterpart cannot be set: they are
 * left out, as by enter. */
static int translate_ids(const struct process *process, struct settings *settings, struct error *err)
{
	struct id_map users;
	struct id_map groups;
	size_t kept = 0;
	int ret = process_read_id_map(process, id_kind_names(ID_USERS)->map, &users);

	if (ret == 0)
		ret = process_read_id_map(process, id_kind_names(ID_GROUPS)->map, &groups);
	if (ret < 0)
		return set_unreadable(process, "id maps", ret, err);
	settings->is_unmapped = !id_map_to_inside(&users, settings->uid, &settings->uid) ||
				!id_map_to_inside(&groups, settings->gid, &settings->gid);
	for (size_t i = 0; i < settings->group_count; i++) {
		if (id_map_to_inside(&groups, settings->groups[i], &settings->groups[kept]))
			kept++;
	}
	settings->group_count = kept;
	return 0;
}

static bool parse_capabilities(const char *text, uint64_t capabilities[CAPABILITY_SET_COUNT])
{
	static const char *const keys[CAPABILITY_SET_COUNT] = {
	    [CAPABILITIES_BOUNDING] = "CapBnd",  [CAPABILITIES_EFFECTIVE] = "CapEff",
	    [CAPABILITIES_PERMITTED] = "CapPrm", [CAPABILITIES_INHERITABLE] = "CapInh",
	    [CAPABILITIES_AMBIENT] = "CapAmb",
	};

	for (size_t i = 0; i < CAPABILITY_SET_COUNT; i++) {
		if (!process_parse_mask(text, keys[i], &capabilities[i]))
			return false;
	}
	return true;
}

/* What the file says about seccomp: 0 disabled, 1 strict, 2 filters (SECCOMP_MODE_*). */
static size_t count_filters(const char *text)
{
	const char *count = process_find_value(text, "Seccomp_filters");
	uint64_t mode = 0;

	/* A kernel without seccomp has no such line. */
	if (!process_parse_mask(text, "Seccomp", &mode) || mode == 0)
		return 0;
	return mode == 2 && count ? strtoul(count, NULL, 10) : 1;
}

static int parse_status(const char *text, struct settings *settings)
{
	AUTO_STATUS struct process_status status = {0};
	const char *umask = process_find_value(text, "Umask");
	uint64_t no_new_privs;
	int ret = process_parse_status(text, &status);

	if (ret < 0)
		return ret;
	if (!parse_capabilities(text, settings->capabilities) ||
	    !process_parse_mask(text, "NoNewPrivs", &no_new_privs))
		return -EPROTO;
	settings->uid = status.euid;
	settings->gid = status.egid;
	settings->groups = status.groups;
	settings->group_count = status.group_count;
	status.groups = NULL;
	settings->no_new_privs = no_new_privs != 0;
	settings->filters_unread = count_filters(text);
	settings->has_umask = umask;
	settings->umask = umask ? (mode_t)(strtoul(umask, NULL, 8) & 0777) : 0;
	return 0;
}

static int read_oom_score_adj(const struct process *process, struct settings *settings)
{
	char text[16];
	ssize_t length = file_read_at(process->dir_fd, "oom_score_adj", text, sizeof(text));

	if (length < 0)
		return (int)length;
	settings->has_oom_score_adj = sscanf(text, "%d", &settings->oom_score_adj) == 1;
	return settings->has_oom_score_adj ? 0 : -EPROTO;
}

static int read_limits(const struct process *process, struct settings *settings)
{
	char text[4096];
	ssize_t length = file_read_at(process->dir_fd, "limits", text, sizeof(text));

	return length < 0 ? (int)length : settings_parse_limits(text, settings->limits);
}

int settings_read_process(const struct process *process, bool in_user_ns, struct settings *settings,
			  struct error *err)
{
	AUTO_FREE char *text = NULL;
	int ret = process_load_status(process->dir_fd, "status", &text);

	*settings = (struct settings){0};
	if (ret == 0)
		ret = parse_status(text, settings);
	if (ret < 0)
		return set_unreadable(process, "status", ret, err);
	if (in_user_ns && translate_ids(process, settings, err) < 0)
		return -err->number;
	ret = read_limits(process, settings);
	if (ret < 0)
		return set_unreadable(process, "limits", ret, err);
	ret = read_oom_score_adj(process, settings);
	return ret < 0 ? set_unreadable(process, "oom_score_adj", ret, err) : 0;
}
