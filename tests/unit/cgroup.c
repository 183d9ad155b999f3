/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/cgroup: which line of /proc/PID/cgroup counts, and what is below a cgroup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "proc/cgroup.h"

static const char *parse(const char *text)
{
	static char copy[512];

	strcpy(copy, text);
	return cgroup_parse(copy);
}

static void version_2(void **state)
{
	(void)state;
	assert_string_equal(parse("0::/user.slice/a b.scope\n"), "/user.slice/a b.scope");
	assert_string_equal(parse("0::/../x:y\n"), "/../x:y");
	assert_string_equal(parse("4:name=systemd:/a\n3:cpu,cpuacct:/b\n0::/c\n"), "/c");
	/* Without a cgroup of its own there, that of systemd. */
	assert_string_equal(parse("4:name=systemd:/a\n3:cpu,cpuacct:/b\n0::/\n"), "/a");
}

static void version_1(void **state)
{
	(void)state;
	assert_string_equal(parse("5:memory:/a\n4:name=systemd:/b\n3:cpu,cpuacct:/c\n"), "/b");
	assert_string_equal(parse("5:memory:/a\n3:cpu,cpuacct:/c\n"), "/a");
}

/* Any user may name a directory of a cgroup that was delegated to him. */
static void a_path_passes_for_no_hierarchy(void **state)
{
	(void)state;
	assert_string_equal(parse("4:name=systemd:/a\n3:memory:/b:name=systemd:/c\n"), "/a");
	assert_string_equal(parse("0::/a\n3:memory:/0::/b\n"), "/a");
}

static void what_is_no_line(void **state)
{
	static const char *const texts[] = {"", "\n", "0", "0:", "0::", "0::a\n", "cpu:/a\n", ":/\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(parse(texts[i]));
}

static void below_another(void **state)
{
	(void)state;
	assert_string_equal(cgroup_path_below("/a", "/a/b"), "/b");
	assert_string_equal(cgroup_path_below("/a/", "/a/b"), "/b");
	assert_string_equal(cgroup_path_below("/", "/a"), "/a");
	assert_string_equal(cgroup_path_below("", "/a"), "/a");
	assert_string_equal(cgroup_path_below("/a", "/a"), "");
	assert_string_equal(cgroup_path_below("/", "/"), "");
	assert_null(cgroup_path_below("/a", "/ab"));
	assert_null(cgroup_path_below("/a/b", "/a"));
	assert_null(cgroup_path_below("/a", "/"));
	/* Outside of the caller's cgroup namespace. */
	assert_null(cgroup_path_below("/", "/../a"));
	assert_null(cgroup_path_below("/..", "/../../a"));
	assert_string_equal(cgroup_path_below("/", "/..a"), "/..a");
	assert_string_equal(cgroup_path_below("/..", "/../a"), "/a");
}

static void a_file(void **state)
{
	char path[4096];
	int dir_fd = open("/proc/self", O_PATH | O_DIRECTORY);

	(void)state;
	assert_int_equal(process_read_cgroup(dir_fd, path, sizeof(path)), 0);
	assert_int_equal(path[0], '/');
	close(dir_fd);
	assert_int_equal(process_read_cgroup(dir_fd, path, sizeof(path)), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(version_2),
	    cmocka_unit_test(version_1),
	    cmocka_unit_test(a_path_passes_for_no_hierarchy),
	    cmocka_unit_test(what_is_no_line),
	    cmocka_unit_test(below_another),
	    cmocka_unit_test(a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
