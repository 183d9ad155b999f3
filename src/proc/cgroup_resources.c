/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/cgroup_resources.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

/* memory.limit_in_bytes without a limit is the largest number of whole pages in a long. */
#define MEMORY_UNLIMITED (UINT64_C(1) << 62)

#define NSEC_PER_USEC 1000

/* Reads a number; "max" and "-1" are RESOURCE_UNLIMITED.  Returns 0 or a negative errno. */
static int read_number(int dir_fd, const char *name, uint64_t *number)
{
	char text[64];
	ssize_t length = file_read_at(dir_fd, name, text, sizeof(text));

	if (length < 0)
		return (int)length;
	text[strcspn(text, "\n")] = '\0';
	*number = RESOURCE_UNLIMITED;
	if (strcmp(text, "max") == 0 || strcmp(text, "-1") == 0)
		return 0;
	return text_parse_number(text, UINT64_MAX, number) ? 0 : -EPROTO;
}

/* Reads the number behind a key: "nr_throttled 3". */
static int read_keyed(int dir_fd, const char *name, const char *key, uint64_t *number)
{
	char text[4096];
	ssize_t length = file_read_at(dir_fd, name, text, sizeof(text));
	char *rest = NULL;

	if (length < 0)
		return (int)length;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		size_t key_length = strcspn(line, " ");

		if (line[key_length] && text_is_word(line, key_length, key))
			return text_parse_number(line + key_length + 1, UINT64_MAX, number) ? 0 : -EPROTO;
	}
	return -ENOENT;
}

int cgroup_read_memory_limit(int dir_fd, uint64_t *limit)
{
	int ret = read_number(dir_fd, "memory.max", limit);

	if (ret == -ENOENT)
		ret = read_number(dir_fd, "memory.limit_in_bytes", limit);
	if (ret == 0 && *limit >= MEMORY_UNLIMITED)
		*limit = RESOURCE_UNLIMITED;
	return ret;
}

int cgroup_read_memory_used(int dir_fd, uint64_t *used)
{
	int ret = read_number(dir_fd, "memory.current", used);

	return ret == -ENOENT ? read_number(dir_fd, "memory.usage_in_bytes", used) : ret;
}

int cgroup_read_pids_limit(int dir_fd, uint64_t *limit)
{
	return read_number(dir_fd, "pids.max", limit);
}

int cgroup_read_pids_used(int dir_fd, uint64_t *used)
{
	return read_number(dir_fd, "pids.current", used);
}

/* "50000 100000" in cpu.max: microseconds in each period. */
static int read_cpu_max(int dir_fd, uint64_t *quota, uint64_t *period)
{
	char text[64];
	ssize_t length = file_read_at(dir_fd, "cpu.max", text, sizeof(text));

	if (length < 0)
		return (int)length;
	*quota = RESOURCE_UNLIMITED;
	if (strncmp(text, "max ", 4) == 0)
		return 0;
	return sscanf(text, "%" SCNu64 " %" SCNu64, quota, period) == 2 ? 0 : -EPROTO;
}

int cgroup_read_cpu_limit(int dir_fd, uint64_t *limit)
{
	uint64_t period = 0;
	int ret = read_cpu_max(dir_fd, limit, &period);

	if (ret == -ENOENT) {
		ret = read_number(dir_fd, "cpu.cfs_quota_us", limit);
		if (ret == 0)
			ret = read_number(dir_fd, "cpu.cfs_period_us", &period);
	}
	if (ret < 0 || *limit == RESOURCE_UNLIMITED)
		return ret;
	if (period == 0 || *limit > UINT64_MAX / 1000)
		return -EPROTO;
	*limit = *limit * 1000 / period;
	return 0;
}

int cgroup_read_cpu_used(int dir_fd, uint64_t *used)
{
	int ret = read_number(dir_fd, "cpuacct.usage", used);

	if (ret == -ENOENT)
		return read_keyed(dir_fd, "cpu.stat", "usage_usec", used);
	if (ret == 0)
		*used /= NSEC_PER_USEC;
	return ret;
}

int cgroup_read_oom_kills(int dir_fd, uint64_t *kills)
{
	int ret = read_keyed(dir_fd, "memory.events", "oom_kill", kills);

	return ret == -ENOENT ? read_keyed(dir_fd, "memory.oom_control", "oom_kill", kills) : ret;
}

int cgroup_read_throttled(int dir_fd, uint64_t *throttled)
{
	return read_keyed(dir_fd, "cpu.stat", "nr_throttled", throttled);
}

/* With cgroup v1 in nanoseconds. */
int cgroup_read_throttled_usec(int dir_fd, uint64_t *usec)
{
	int ret = read_keyed(dir_fd, "cpu.stat", "throttled_usec", usec);

	if (ret != -ENOENT)
		return ret;
	ret = read_keyed(dir_fd, "cpu.stat", "throttled_time", usec);
	if (ret == 0)
		*usec /= NSEC_PER_USEC;
	return ret;
}

int cgroup_read_self_freezing(int dir_fd, uint64_t *freezing)
{
	int ret = read_number(dir_fd, "cgroup.freeze", freezing);

	return ret == -ENOENT ? read_number(dir_fd, "freezer.self_freezing", freezing) : ret;
}
