/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/passwd: passwd(5) of any tree, read as data. */
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
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/passwd.h"

static const char passwd[] = "root:x:0:0:root:/root:/bin/bash\n"
			     "short:x:5:5\n"
			     "bob:x:1000:1001:Bob,,:/home/bob:/bin/zsh\n"
			     "again:x:1000:7::/:/bin/no\n"
			     "many:x:6:6:a:b:c:d\n"
			     "noshell:x:8:8::/:\n"
			     "sign:x:+9:9::/:/bin/sh\n"
			     "gid:x:10:x::/:/bin/sh\n"
			     "last:x:11:12::/:/bin/sh";

static void finds_a_user(void **state)
{
	struct user user;

	(void)state;
	assert_true(user_parse(passwd, 1000, &user));
	assert_string_equal(user.name, "bob");
	assert_int_equal(user.gid, 1001);
	assert_string_equal(user.shell, "/bin/zsh");
	assert_true(user_parse(passwd, 8, &user));
	assert_string_equal(user.shell, "");
	assert_true(user_parse(passwd, 11, &user));
	assert_string_equal(user.shell, "/bin/sh");
}

static void finds_a_name(void **state)
{
	struct user user;

	(void)state;
	assert_true(user_parse_name(passwd, "bob", &user));
	assert_int_equal(user.uid, 1000);
	assert_int_equal(user.gid, 1001);
	assert_string_equal(user.home, "/home/bob");
	assert_false(user_parse_name(passwd, "bo", &user));
	assert_false(user_parse_name(passwd, "bobb", &user));
	assert_false(user_parse_name(passwd, "sign", &user));
	assert_false(user_parse_name(passwd, "", &user));
}

/* To setresuid(2) it means "leave it": a tree must not name that as anybody's id. */
static void the_largest_number_is_no_id(void **state)
{
	static const char text[] = "a:x:4294967295:1::/:/bin/sh\nb:x:5:4294967295::/:/bin/sh\n";
	struct user user;

	(void)state;
	assert_false(user_parse_name(text, "a", &user));
	assert_false(user_parse_name(text, "b", &user));
	assert_false(user_parse(text, 5, &user));
}

static void passes_bad_lines_over(void **state)
{
	static const uid_t absent[] = {5, 6, 9, 10, 12, 4294967295U};
	struct user user;

	(void)state;
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_false(user_parse(passwd, absent[i], &user));
	assert_false(user_parse("", 0, &user));
	assert_false(user_parse("\n\n:::::::\n", 0, &user));
}

static void a_field_that_is_too_long_is_no_field(void **state)
{
	char line[1024];
	struct user user;

	(void)state;
	snprintf(line, sizeof(line), "a:x:1:1::/:/%0300d\n", 0);
	assert_false(user_parse(line, 1, &user));
	snprintf(line, sizeof(line), "a:x:1:1::/%0600d:/bin/sh\n", 0);
	assert_true(user_parse(line, 1, &user));
	assert_string_equal(user.home, "");
	snprintf(line, sizeof(line), "%0100d:x:1:1::/:/bin/sh\n", 0);
	assert_false(user_parse(line, 1, &user));
}

static int make_tree(void **state)
{
	char *path = strdup("/tmp/nsctl-passwd-XXXXXX");

	if (!path || !mkdtemp(path))
		return -1;
	*state = path;
	return 0;
}

static int remove_tree(void **state)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf %s", (char *)*state);
	free(*state);
	return system(command); /* NOLINT(cert-env33-c): a path of our own making */
}

static int open_tree(void **state)
{
	return open(*state, O_PATH | O_DIRECTORY);
}

static void write_passwd(int tree, const char *name)
{
	AUTO_CLOSE int fd = openat(tree, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, passwd, strlen(passwd)), strlen(passwd));
}

static void reads_the_tree(void **state)
{
	AUTO_CLOSE int tree = open_tree(state);
	struct user user;

	if (user_find(tree, 0, &user) == -ENOSYS)
		skip(); /* no openat2(2): valgrind 3.19 */
	assert_int_equal(user_find(tree, 0, &user), -ENOENT);
	assert_int_equal(mkdirat(tree, "etc", 0755), 0);
	write_passwd(tree, "etc/real");
	assert_int_equal(symlinkat("/etc/real", tree, "etc/passwd"), 0);
	assert_int_equal(user_find(tree, 1000, &user), 0);
	assert_string_equal(user.name, "bob");
	assert_int_equal(user_find(tree, 4242, &user), -ENOENT);
}

static void never_leaves_the_tree(void **state)
{
	AUTO_CLOSE int tree = open_tree(state);
	struct user user;

	/* /etc/passwd of this side has a root; the tree has none. */
	assert_int_equal(mkdirat(tree, "etc", 0755), 0);
	assert_int_equal(symlinkat("../../../../../../etc/passwd", tree, "etc/passwd"), 0);
	assert_true(user_find(tree, 0, &user) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_a_user),
	    cmocka_unit_test(finds_a_name),
	    cmocka_unit_test(the_largest_number_is_no_id),
	    cmocka_unit_test(passes_bad_lines_over),
	    cmocka_unit_test(a_field_that_is_too_long_is_no_field),
	    cmocka_unit_test_setup_teardown(reads_the_tree, make_tree, remove_tree),
	    cmocka_unit_test_setup_teardown(never_leaves_the_tree, make_tree, remove_tree),
	};

	return cmocka_run_group_tests_name("passwd", tests, NULL, NULL);
}
