/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/cgroup_resources: the files of cgroup v1 and v2, in a directory of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc/cgroup_resources.h"

typedef int read_fn(int dir_fd, uint64_t *value);

static int open_directory(void)
{
	char path[] = "/tmp/nsctl-unit-XXXXXX";
	int dir_fd;

	assert_non_null(mkdtemp(path));
	dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir_fd >= 0);
	return dir_fd;
}

static void close_directory(int dir_fd)
{
	char link[64];
	char path[128] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir_fd);
	assert_true(readlink(link, path, sizeof(path) - 1) > 0);
	assert_int_equal(rmdir(path), 0);
	close(dir_fd);
}

/* Up to two files, their texts, and what is read then. */
struct sample {
	read_fn *read;
	const char *names[2];
	const char *texts[2];
	int ret;
	uint64_t value;
};

static void write_file(int dir_fd, const char *name, const char *text)
{
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void check(int dir_fd, const struct sample *sample)
{
	uint64_t value = 0;

	for (size_t i = 0; i < 2 && sample->names[i]; i++)
		write_file(dir_fd, sample->names[i], sample->texts[i]);
	assert_int_equal(sample->read(dir_fd, &value), sample->ret);
	if (sample->ret == 0)
		assert_int_equal(value, sample->value);
	for (size_t i = 0; i < 2 && sample->names[i]; i++)
		assert_int_equal(unlinkat(dir_fd, sample->names[i], 0), 0);
}

static void check_all(const struct sample *samples, size_t count)
{
	int dir_fd = open_directory();

	for (size_t i = 0; i < count; i++)
		check(dir_fd, &samples[i]);
	close_directory(dir_fd);
}

#define CHECK_ALL(samples) check_all(samples, sizeof(samples) / sizeof((samples)[0]))

static void version_2(void **state)
{
	static const struct sample samples[] = {
	    {cgroup_read_memory_limit, {"memory.max"}, {"max\n"}, 0, RESOURCE_UNLIMITED},
	    {cgroup_read_memory_limit, {"memory.max"}, {"1048576\n"}, 0, 1048576},
	    {cgroup_read_memory_used, {"memory.current"}, {"4096\n"}, 0, 4096},
	    {cgroup_read_pids_limit, {"pids.max"}, {"max\n"}, 0, RESOURCE_UNLIMITED},
	    {cgroup_read_pids_used, {"pids.current"}, {"3\n"}, 0, 3},
	    {cgroup_read_cpu_limit, {"cpu.max"}, {"max 100000\n"}, 0, RESOURCE_UNLIMITED},
	    {cgroup_read_cpu_limit, {"cpu.max"}, {"50000 100000\n"}, 0, 500},
	    {cgroup_read_cpu_used, {"cpu.stat"}, {"usage_usec 7\nuser_usec 3\n"}, 0, 7},
	    {cgroup_read_oom_kills, {"memory.events"}, {"oom 2\noom_kill 1\n"}, 0, 1},
	    {cgroup_read_throttled, {"cpu.stat"}, {"nr_periods 9\nnr_throttled 3\n"}, 0, 3},
	    {cgroup_read_throttled_usec, {"cpu.stat"}, {"throttled_usec 8\n"}, 0, 8},
	    {cgroup_read_self_freezing, {"cgroup.freeze"}, {"1\n"}, 0, 1},
	};

	(void)state;
	CHECK_ALL(samples);
}

static void version_1(void **state)
{
	static const struct sample samples[] = {
	    {cgroup_read_memory_limit,
	     {"memory.limit_in_bytes"},
	     {"9223372036854771712\n"},
	     0,
	     RESOURCE_UNLIMITED},
	    {cgroup_read_memory_limit, {"memory.limit_in_bytes"}, {"1048576\n"}, 0, 1048576},
	    {cgroup_read_memory_used, {"memory.usage_in_bytes"}, {"4096\n"}, 0, 4096},
	    {cgroup_read_cpu_limit,
	     {"cpu.cfs_quota_us", "cpu.cfs_period_us"},
	     {"-1\n", "100000\n"},
	     0,
	     RESOURCE_UNLIMITED},
	    {cgroup_read_cpu_limit,
	     {"cpu.cfs_quota_us", "cpu.cfs_period_us"},
	     {"150000\n", "100000\n"},
	     0,
	     1500},
	    {cgroup_read_cpu_used, {"cpuacct.usage"}, {"7000\n"}, 0, 7},
	    {cgroup_read_oom_kills, {"memory.oom_control"}, {"under_oom 0\noom_kill 1\n"}, 0, 1},
	    {cgroup_read_throttled_usec, {"cpu.stat"}, {"nr_throttled 1\nthrottled_time 8000\n"}, 0, 8},
	    {cgroup_read_self_freezing, {"freezer.self_freezing"}, {"1\n"}, 0, 1},
	};

	(void)state;
	CHECK_ALL(samples);
}

static void neither(void **state)
{
	static const struct sample samples[] = {
	    {cgroup_read_memory_limit, {NULL}, {NULL}, -ENOENT, 0},
	    {cgroup_read_memory_limit, {"memory.max"}, {"many\n"}, -EPROTO, 0},
	    {cgroup_read_memory_limit, {"memory.max"}, {""}, -EPROTO, 0},
	    {cgroup_read_pids_used, {"pids.current"}, {"-3\n"}, -EPROTO, 0},
	    {cgroup_read_cpu_limit, {"cpu.max"}, {"50000\n"}, -EPROTO, 0},
	    {cgroup_read_cpu_limit, {"cpu.max"}, {"50000 0\n"}, -EPROTO, 0},
	    {cgroup_read_cpu_used, {NULL}, {NULL}, -ENOENT, 0},
	    {cgroup_read_throttled, {"cpu.stat"}, {"usage_usec 7\n"}, -ENOENT, 0},
	    {cgroup_read_throttled, {"cpu.stat"}, {"nr_throttled x\n"}, -EPROTO, 0},
	    {cgroup_read_throttled_usec, {NULL}, {NULL}, -ENOENT, 0},
	};

	(void)state;
	CHECK_ALL(samples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(version_2),
	    cmocka_unit_test(version_1),
	    cmocka_unit_test(neither),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
