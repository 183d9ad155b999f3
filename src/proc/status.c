/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

/* 65,536 groups (NGROUPS_MAX) of at most eleven characters, and the rest. */
#define STATUS_LIMIT (1U << 20)

/* The mark of ps(1) behind the name of a zombie. */
#define DEFUNCT " <defunct>"

/* Newlines in the name of the process are escaped: it cannot forge a line. */
const char *process_find_value(const char *text, const char *key)
{
	size_t length = strlen(key);

	while (text && *text) {
		if (strncmp(text, key, length) == 0 && text[length] == ':')
			return text + length + 1;
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

/* Reads the next number of a line, and moves text behind it.  Returns false at the end of the line. */
static bool next_number(const char **text, uint32_t *number)
{
	const char *p = *text;
	char *end;
	unsigned long value;

	while (*p == ' ' || *p == '\t')
		p++;
	if (*p < '0' || *p > '9')
		return false;
	errno = 0;
	value = strtoul(p, &end, 10);
	if (errno || value > UINT32_MAX)
		return false;
	*text = end;
	*number = (uint32_t)value;
	return true;
}

static bool read_pid(const char *text, const char *key, pid_t *pid)
{
	const char *value = process_find_value(text, key);
	uint32_t number;

	if (!value || !next_number(&value, &number) || number > INT32_MAX)
		return false;
	*pid = (pid_t)number;
	return true;
}

static bool read_ids(const char *text, const char *key, uint32_t *real, uint32_t *effective)
{
	const char *value = process_find_value(text, key);

	return value && next_number(&value, real) && next_number(&value, effective);
}

static int read_groups(const char *text, struct process_status *status)
{
	const char *value = process_find_value(text, "Groups");
	const char *start = value;
	uint32_t number;
	size_t count = 0;

	if (!value)
		return -EPROTO;
	while (next_number(&value, &number))
		count++;
	if (count == 0)
		return 0;
	status->groups = calloc(count, sizeof(*status->groups));
	if (!status->groups)
		return -ENOMEM;
	for (size_t i = 0; i < count && next_number(&start, &number); i++)
		status->groups[i] = number;
	status->group_count = count;
	return 0;
}

static void read_nspid(const char *text, struct process_status *status)
{
	const char *value = process_find_value(text, "NSpid");
	uint32_t number;

	while (value && status->nspid_count < STATUS_NSPID_MAX && next_number(&value, &number))
		status->nspid[status->nspid_count++] = (pid_t)number;
}

bool process_parse_mask(const char *text, const char *key, uint64_t *mask)
{
	const char *value = process_find_value(text, key);

	return value && sscanf(value, "%16" SCNx64, mask) == 1;
}

int process_parse_status(const char *text, struct process_status *status)
{
	const char *state = process_find_value(text, "State");

	*status = (struct process_status){0};
	if (!state || state[0] != '\t' || state[1] == '\0' || state[1] == '\n')
		return -EPROTO;
	status->state = state[1];
	if (!read_pid(text, "Tgid", &status->tgid) || !read_pid(text, "PPid", &status->ppid) ||
	    !read_ids(text, "Uid", &status->uid, &status->euid) ||
	    !read_ids(text, "Gid", &status->gid, &status->egid))
		return -EPROTO;
	read_nspid(text, status);
	return read_groups(text, status);
}

int process_load_status(int dir_fd, const char *name, char **text)
{
	ssize_t length = file_load_at(dir_fd, name, STATUS_LIMIT, text);

	return length < 0 ? (int)length : 0;
}

int process_read_status(const struct process *process, struct process_status *status)
{
	AUTO_FREE char *text = NULL;
	int ret = process_load_status(process->dir_fd, "status", &text);

	*status = (struct process_status){0};
	return ret < 0 ? ret : process_parse_status(text, status);
}

void process_status_free(struct process_status *status)
{
	free(status->groups);
	status->groups = NULL;
	status->group_count = 0;
}

bool process_has_same_credentials(const struct process_status *a, const struct process_status *b)
{
	return a->tgid == b->tgid && a->uid == b->uid && a->euid == b->euid && a->gid == b->gid &&
	       a->egid == b->egid && a->group_count == b->group_count &&
	       (a->group_count == 0 ||
		memcmp(a->groups, b->groups, a->group_count * sizeof(*a->groups)) == 0);
}

int process_read_comm(const struct process *process, char *comm, size_t size)
{
	ssize_t length = file_read_at_once(process->dir_fd, "comm", comm, size);

	if (length < 0)
		return (int)length;
	if (length > 0 && comm[length - 1] == '\n')
		comm[length - 1] = '\0';
	return 0;
}

int process_parse_stat(const char *text, struct process_stat *stat)
{
	/* comm may contain parentheses: the fields start behind the last one. */
	const char *after_comm = strrchr(text, ')');

	/* See proc(5): state, ppid, four of the terminal, flags, twelve of use, starttime. */
	if (!after_comm || sscanf(after_comm + 1,
				  " %c %d %*d %*d %*d %*d %lu %*u %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
				  "%*d %" SCNu64,
				  &stat->state, &stat->ppid, &stat->flags, &stat->start_ticks) != 4)
		return -EPROTO;
	return 0;
}

int process_read_stat(const struct process *process, struct process_stat *stat)
{
	char text[1024];
	ssize_t length = file_read_at_once(process->dir_fd, "stat", text, sizeof(text));

	return length < 0 ? (int)length : process_parse_stat(text, stat);
}

bool process_is_kernel_thread(const struct process *process)
{
	struct process_stat stat;

	return process_read_stat(process, &stat) == 0 && (stat.flags & PROCESS_KERNEL_THREAD);
}

/* Kernel threads and zombies have no command line. */
static int read_name(const struct process *process, bool marks_zombie, char text[COMMAND_SIZE])
{
	struct process_stat stat;
	int ret = process_read_comm(process, text, COMMAND_SIZE - sizeof(DEFUNCT));

	if (ret == 0 && marks_zombie && process_read_stat(process, &stat) == 0 && stat.state == 'Z')
		memcpy(text + strlen(text), DEFUNCT, sizeof(DEFUNCT));
	return ret;
}

int process_read_command(const struct process *process, bool marks_zombie, char text[COMMAND_SIZE])
{
	ssize_t length = file_read_at_once(process->dir_fd, "cmdline", text, COMMAND_SIZE);

	while (length > 0 && text[length - 1] == '\0')
		length--;
	for (ssize_t i = 0; i < length; i++) {
		if (text[i] == '\0')
			text[i] = ' ';
	}
	return length > 0 ? 0 : read_name(process, marks_zombie, text);
}

int process_read_comm_in_brackets(const struct process *process, char *text, size_t size)
{
	char comm[256];
	int ret = process_read_comm(process, comm, sizeof(comm));

	if (ret == 0)
		snprintf(text, size, "[%s]", comm);
	return ret;
}

int id_map_parse(const char *text, struct id_map *map)
{
	map->count = 0;
	while (*text) {
		struct id_range range;

		if (!next_number(&text, &range.inside) || !next_number(&text, &range.outside) ||
		    !next_number(&text, &range.count) || *text != '\n')
			return -EPROTO;
		if (map->count == ID_MAP_MAX)
			return -EPROTO;
		map->ranges[map->count++] = range;
		text++;
	}
	return 0;
}

int process_read_id_map(const struct process *process, const char *name, struct id_map *map)
{
	AUTO_FREE char *text = NULL;
	ssize_t length = file_load_at(process->dir_fd, name, STATUS_LIMIT, &text);

	map->count = 0;
	return length < 0 ? (int)length : id_map_parse(text, map);
}

static bool map_id(const struct id_map *map, uint32_t id, bool to_inside, uint32_t *mapped)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct id_range *range = &map->ranges[i];
		uint32_t from = to_inside ? range->outside : range->inside;

		if (id < from || id - from >= range->count)
			continue;
		*mapped = (to_inside ? range->inside : range->outside) + (id - from);
		return true;
	}
	return false;
}

bool id_map_to_inside(const struct id_map *map, uint32_t outside, uint32_t *inside)
{
	return map_id(map, outside, true, inside);
}

bool id_map_to_outside(const struct id_map *map, uint32_t inside, uint32_t *outside)
{
	return map_id(map, inside, false, outside);
}
