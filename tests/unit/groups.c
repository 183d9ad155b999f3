/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/groups: group(5) of any tree, read as data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "proc/groups.h"

static const char text[] = "root:x:0:\n"
			   "wheel:x:10:root,bob\n"
			   "bad:x:+11:bob\n"
			   "short:x:12\n"
			   "none:x:4294967295:bob\n"
			   "bobs:x:13:bobby,abob\n"
			   "bob:x:14:\n"
			   "last:x:15:,bob";

static void finds_a_group(void **state)
{
	gid_t gid;

	(void)state;
	assert_int_equal(group_parse(text, "wheel", &gid), 0);
	assert_int_equal(gid, 10);
	assert_int_equal(group_parse(text, "last", &gid), 0);
	assert_int_equal(gid, 15);
	assert_int_equal(group_parse(text, "bad", &gid), -ENOENT);
	assert_int_equal(group_parse(text, "short", &gid), -ENOENT);
	assert_int_equal(group_parse(text, "none", &gid), -ENOENT);
	assert_int_equal(group_parse(text, "whee", &gid), -ENOENT);
	assert_int_equal(group_parse("", "", &gid), -ENOENT);
}

static void lists_the_groups_of_a_member(void **state)
{
	AUTO_FREE gid_t *groups = NULL;
	AUTO_FREE gid_t *none = NULL;
	size_t count;

	(void)state;
	assert_int_equal(group_parse_list(text, "bob", &groups, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(groups[0], 10);
	assert_int_equal(groups[1], 15);
	assert_int_equal(group_parse_list(text, "nobody", &none, &count), 0);
	assert_int_equal(count, 0);
}

/* There is room for one more, whatever their number. */
static void many_groups(void **state)
{
	AUTO_FREE char *many = calloc(1000, 16);
	AUTO_FREE gid_t *groups = NULL;
	size_t count;
	char *at = many;

	(void)state;
	assert_non_null(many);
	for (int i = 0; i < 1000; i++)
		at += snprintf(at, 16, "g:x:%d:u\n", i);
	assert_int_equal(group_parse_list(many, "u", &groups, &count), 0);
	assert_int_equal(count, 1000);
	assert_int_equal(groups[999], 999);
	groups[count] = 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_a_group),
	    cmocka_unit_test(lists_the_groups_of_a_member),
	    cmocka_unit_test(many_groups),
	};

	return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
