/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The maps as the kernel takes them: a file by a single write(2), once. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "create/id_maps.h"
#include "create/id_program.h"
#include "create/reasons.h"

/* A file of /proc takes less than a page at once (user_namespaces(7)); this is enough for the largest page.
 */
#define TEXT_SIZE (ID_MAP_MAX * 33 + 1)

static int write_at(int dir_fd, const char *name, const char *text)
{
	AUTO_CLOSE int fd = openat(dir_fd, name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	size_t length = strlen(text);
	ssize_t written;

	if (fd < 0)
		return -errno;
	do {
		written = write(fd, text, length);
	} while (written < 0 && errno == EINTR);
	if (written < 0)
		return -errno;
	return (size_t)written == length ? 0 : -EIO;
}

static int write_map(enum id_kind kind, const struct id_map_plan *plan, int dir_fd, struct error *err)
{
	char text[TEXT_SIZE] = "";
	size_t length = 0;
	int ret;

	for (size_t i = 0; i < plan->map.count; i++) {
		const struct id_range *range = &plan->map.ranges[i];

		length += (size_t)snprintf(text + length, sizeof(text) - length, "%u %u %u\n", range->inside,
					   range->outside, range->count);
	}
	ret = write_at(dir_fd, id_kind_names(kind)->map, text);
	return ret < 0 ? reasons_of_map(kind, plan, -ret, err) : 0;
}

/* Before Linux 3.19 there is no such file, and nothing to deny. */
static int write_setgroups(enum setgroups_choice choice, int dir_fd, struct error *err)
{
	int ret;

	if (choice == SETGROUPS_UNCHANGED)
		return 0;
	ret = write_at(dir_fd, "setgroups", choice == SETGROUPS_DENY ? "deny" : "allow");
	return ret < 0 && ret != -ENOENT ? reasons_of_setgroups_file(choice, -ret, err) : 0;
}

static bool is_outside(const struct id_map_plan *plan)
{
	return plan->writer == ID_MAP_OUTSIDE || plan->writer == ID_MAP_PROGRAM;
}

bool id_maps_need_outside(const struct id_maps *maps)
{
	return is_outside(&maps->of[ID_USERS]) || is_outside(&maps->of[ID_GROUPS]);
}

static int write_one_outside(enum id_kind kind, const struct id_map_plan *plan, pid_t pid, int proc_pid_fd,
			     struct error *err)
{
	int ret;

	if (plan->writer == ID_MAP_OUTSIDE)
		return write_map(kind, plan, proc_pid_fd, err);
	if (plan->writer != ID_MAP_PROGRAM)
		return 0;
	ret = id_program_run(kind, plan->program, pid, &plan->map, err);
	return ret == -EPERM ? reasons_of_map(kind, plan, EPERM, err) : ret;
}

int id_maps_write_outside(const struct id_maps *maps, pid_t pid, int proc_pid_fd, struct error *err)
{
	int ret = write_one_outside(ID_USERS, &maps->of[ID_USERS], pid, proc_pid_fd, err);

	if (ret == 0 && maps->denies_outside)
		ret = write_setgroups(SETGROUPS_DENY, proc_pid_fd, err);
	if (ret == 0)
		ret = write_one_outside(ID_GROUPS, &maps->of[ID_GROUPS], pid, proc_pid_fd, err);
	return ret;
}

int id_maps_write_inside(const struct id_maps *maps, int self_proc_fd, const char **file, struct error *err)
{
	const struct id_map_plan *groups = &maps->of[ID_GROUPS];
	bool has_own_groups = groups->writer == ID_MAP_INSIDE;
	int ret = 0;

	*file = id_kind_names(ID_USERS)->map;
	if (maps->of[ID_USERS].writer == ID_MAP_INSIDE)
		ret = write_map(ID_USERS, &maps->of[ID_USERS], self_proc_fd, err);
	if (ret < 0)
		return ret;
	*file = "setgroups";
	/* Without CAP_SETGID over the parent the kernel takes gid_map only then, since Linux 3.19. */
	if (has_own_groups || !maps->denies_outside)
		ret = write_setgroups(has_own_groups ? SETGROUPS_DENY : maps->setgroups, self_proc_fd, err);
	if (ret < 0 || !has_own_groups)
		return ret;
	*file = id_kind_names(ID_GROUPS)->map;
	return write_map(ID_GROUPS, groups, self_proc_fd, err);
}
