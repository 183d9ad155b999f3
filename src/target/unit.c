/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unit:nginx.service, unit:user@1000/foo.service: the processes of a systemd unit, by its cgroup. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "proc/cgroup.h"
#include "proc/cgroup_tree.h"
#include "proc/status.h"
#include "target/kind.h"
#include "target/members.h"

#define UNIT_PREFIX "unit:"
#define USER_MANAGER "user@"

/* The cgroup of a unit, on its way to be found. */
struct unit_search {
	char name[256];          /* "nginx.service" */
	char manager[64];        /* "user@1000.service": of that user's units; "": of the system's */
	char root[COMMAND_SIZE]; /* the cgroup that systemd has its units in */
	int cgroup_fd;           /* -1: not found */
	pid_t first;             /* the process that started first; 0: none */
	uint64_t start;          /* of it */
};

static bool parse_unit(const char *text, struct target *target)
{
	const char *slash = strchr(text, '/');

	target->name = text;
	if (strncmp(text, USER_MANAGER, strlen(USER_MANAGER)) == 0 && slash)
		return slash[1] && !strchr(slash + 1, '/');
	return text[0] && !slash;
}

/* Without a type it is a service, as for systemctl(1). */
static void set_unit_name(const char *name, char *out, size_t size)
{
	snprintf(out, size, "%s%s", name, unit_has_type(name) ? "" : ".service");
}

static void set_unit(const struct target *target, struct unit_search *search)
{
	const char *slash = strchr(target->name, '/');

	if (!slash) {
		set_unit_name(target->name, search->name, sizeof(search->name));
		return;
	}
	set_unit_name(slash + 1, search->name, sizeof(search->name));
	snprintf(search->manager, sizeof(search->manager), "%.*s.service", (int)strcspn(target->name, "/."),
		 target->name);
}

/* Units are in slices; other cgroups may be a container's, which makes what it likes below. */
static bool has_units_below(const struct unit_search *search, const char *name, const char *path)
{
	return path_below(path, search->root) || text_ends_with(name, strlen(name), ".slice") ||
	       (search->manager[0] && strcmp(name, search->manager) == 0);
}

static bool is_of_manager(const struct unit_search *search, const char *path)
{
	char component[80];

	if (!search->manager[0])
		return strstr(path, "/" USER_MANAGER) == NULL ||
		       strncmp(search->name, USER_MANAGER, strlen(USER_MANAGER)) == 0;
	snprintf(component, sizeof(component), "/%s/", search->manager);
	return strstr(path, component) != NULL;
}

static int look_at_unit(int dir_fd, const char *name, const char *path, void *context)
{
	struct unit_search *search = context;

	if (strcmp(name, search->name) == 0 && is_of_manager(search, path)) {
		search->cgroup_fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 3);
		return search->cgroup_fd < 0 ? -errno : -EEXIST;
	}
	return has_units_below(search, name, path) ? 0 : CGROUP_SKIP;
}

/* The process that started first is the main one, as a rule. */
static int look_at_member(pid_t pid, void *context)
{
	struct unit_search *search = context;
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	struct process_stat stat;
	struct error ignored; /* it ended meanwhile */

	if (process_open(pid, &process, &ignored) < 0 || process_read_stat(&process, &stat) < 0 ||
	    stat.state == 'Z')
		return 0;
	if (search->first == 0 || stat.start_ticks < search->start) {
		search->first = pid;
		search->start = stat.start_ticks;
	}
	return 0;
}

static int find_unit(const struct target *target, struct unit_search *search, struct error *err)
{
	int ret;

	set_unit(target, search);
	unit_read_root(search->root, sizeof(search->root));
	ret = cgroup_tree_walk(look_at_unit, search);
	if (ret < 0 && ret != -EEXIST)
		return error_set_errno(err, -ret, "cannot look for the cgroup of '%.256s'", target->text);
	if (search->cgroup_fd >= 0)
		cgroup_tree_processes(search->cgroup_fd, look_at_member, search);
	if (search->first)
		return 0;
	error_set(err, ESRCH, "no process of the unit '%.256s' is running", search->name);
	return error_hint(err,
			  "`nsctl sets -o +UNIT` shows the units of sets; those of a user are " UNIT_PREFIX
			  "user@UID/NAME");
}

static int open_unit(const struct target *target, enum engine engine, struct opened_target *opened,
		     struct error *err)
{
	struct unit_search search = {.cgroup_fd = -1};
	int ret = find_unit(target, &search, err);

	(void)engine;
	cleanup_close(&search.cgroup_fd);
	opened->is_process = true;
	return ret < 0 ? ret : process_open(search.first, &opened->process, err);
}

static int find_unit_members(const struct target *target, const struct snapshot *snapshot,
			     struct found_target *found, struct error *err)
{
	struct unit_search search = {.cgroup_fd = -1};
	int ret = find_unit(target, &search, err);

	if (ret == 0)
		ret = members_of_cgroup(snapshot, search.cgroup_fd, search.first, found, err);
	cleanup_close(&search.cgroup_fd);
	return ret;
}

const struct target_row target_unit = {
    .kind = TARGET_PROCESS,
    .prefix = UNIT_PREFIX,
    .written = UNIT_PREFIX "NAME",
    .needs = TARGET_NEEDS_TASKS,
    .parse = parse_unit,
    .open = open_unit,
    .find = find_unit_members,
};
