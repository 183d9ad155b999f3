/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/mountinfo: the lines of /proc/PID/mountinfo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proc/mountinfo.h"

static bool parse(const char *text, struct mountinfo_line *parsed)
{
	static char line[512];

	snprintf(line, sizeof(line), "%s", text);
	return mountinfo_parse(line, parsed);
}

static void a_namespace(void **state)
{
	struct mountinfo_line line;

	(void)state;
	assert_true(parse("412 30 0:4 net:[4026532281] /run/netns/blue rw shared:9 - nsfs nsfs rw\n", &line));
	assert_int_equal(line.id, 412);
	assert_int_equal(line.parent, 30);
	assert_string_equal(line.root, "net:[4026532281]");
	assert_string_equal(line.point, "/run/netns/blue");
	assert_string_equal(line.fstype, "nsfs");
}

static void escapes_are_taken_back(void **state)
{
	struct mountinfo_line line;

	(void)state;
	assert_true(parse("1 2 0:4 / /a\\040b\\011c\\012d\\134e rw - tmpfs - rw", &line));
	assert_string_equal(line.point, "/a b\tc\nd\\e");
	assert_true(parse("1 2 0:4 / /a\\ rw - x y z", &line));
	assert_string_equal(line.point, "/a\\");
}

/* A mount point may look like the separator; the kernel escapes its blanks. */
static void optional_fields_come_in_any_number(void **state)
{
	struct mountinfo_line line;

	(void)state;
	assert_true(parse("1 2 0:4 / /- rw - ext4 /dev/a rw", &line));
	assert_string_equal(line.fstype, "ext4");
	assert_true(parse("1 2 0:4 / / rw shared:1 master:2 propagate_from:3 - proc proc rw", &line));
	assert_string_equal(line.fstype, "proc");
}

static void options_of_the_file_system(void **state)
{
	struct mountinfo_line line;

	(void)state;
	assert_true(parse("1 2 0:4 / /c rw,nosuid - cgroup cgroup rw,cpu,name=x\n", &line));
	assert_string_equal(line.options, "rw,cpu,name=x");
	/* A source may be empty. */
	assert_true(parse("1 2 0:4 / /c rw - tmpfs  rw,size=4k", &line));
	assert_string_equal(line.options, "rw,size=4k");
	assert_true(parse("1 2 0:4 / /c rw - tmpfs none", &line));
	assert_string_equal(line.options, "");
	assert_true(parse("1 2 0:4 / /c rw - tmpfs", &line));
	assert_string_equal(line.options, "");
}

static int find_root(const struct mountinfo_line *line, void *context)
{
	if (strcmp(line->point, "/") == 0)
		*(uint64_t *)context = line->id;
	return 0;
}

static void the_mount_of_an_open_file(void **state)
{
	uint64_t root = 0;
	uint64_t id = 0;
	int fd = open("/", O_PATH | O_DIRECTORY);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(mountinfo_read(AT_FDCWD, "/proc/self/mountinfo", find_root, &root), 0);
	assert_int_equal(mountinfo_read_id(fd, &id), 0);
	assert_int_equal(id, root);
	close(fd);
	assert_true(mountinfo_read_id(fd, &id) < 0);
}

static void what_is_no_line(void **state)
{
	static const char *const lines[] = {"",
					    "1",
					    "1 2 0:4 / /",
					    "1 2 0:4 / / rw",
					    "x 2 0:4 / / - a b c",
					    "1 2 0:4 / / - ",
					    "1  2 0:4 / / - a b c"};
	struct mountinfo_line line;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(parse(lines[i], &line));
}

static int count(const struct mountinfo_line *line, void *context)
{
	assert_non_null(line->point);
	return ++*(int *)context == 3 ? 42 : 0;
}

static void reading_ends_where_it_is_told_to(void **state)
{
	int lines = 0;

	(void)state;
	assert_int_equal(mountinfo_read(AT_FDCWD, "/proc/self/mountinfo", count, &lines), 42);
	assert_int_equal(lines, 3);
	assert_int_equal(mountinfo_read(AT_FDCWD, "/nowhere", count, &lines), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_namespace),
	    cmocka_unit_test(escapes_are_taken_back),
	    cmocka_unit_test(optional_fields_come_in_any_number),
	    cmocka_unit_test(options_of_the_file_system),
	    cmocka_unit_test(the_mount_of_an_open_file),
	    cmocka_unit_test(what_is_no_line),
	    cmocka_unit_test(reading_ends_where_it_is_told_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
