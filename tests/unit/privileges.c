/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/privileges: what a process may gain, from /proc/PID/status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "proc/privileges.h"

static void reads_the_sets(void **state)
{
	/* The name of a program may look like a line, but for its newline. */
	static const char text[] = "Name:\tx\\nCapBnd:\tff\n"
				   "CapInh:\t0000000000000001\n"
				   "CapPrm:\t0000000000000fff\n"
				   "CapBnd:\t800405fb00000000\n"
				   "CapAmb:\t0000000000000002\n"
				   "NoNewPrivs:\t1\n";
	struct privileges privileges;

	(void)state;
	assert_int_equal(privileges_parse(text, &privileges), 0);
	assert_int_equal(privileges.bounding, 0x800405fb00000000ULL);
	assert_int_equal(privileges.inheritable, 1);
	assert_int_equal(privileges.ambient, 2);
	assert_true(privileges.no_new_privs);
}

static void what_is_missing_is_not_guessed(void **state)
{
	struct privileges privileges;

	(void)state;
	assert_int_equal(privileges_parse("Name:\tx\nCapInh:\t0\nCapBnd:\t0\nCapAmb:\t0\n", &privileges),
			 -EPROTO);
	assert_int_equal(privileges_parse("Name:\tx\nCapInh:\t0\nCapAmb:\t0\nNoNewPrivs:\t0\n", &privileges),
			 -EPROTO);
	assert_int_equal(privileges_parse("", &privileges), -EPROTO);
}

static void of_this_process(void **state)
{
	struct process self = {.dir_fd = open("/proc/self", O_PATH | O_DIRECTORY), .pidfd = -1};
	struct privileges privileges;

	(void)state;
	assert_int_equal(privileges_read(&self, &privileges), 0);
	assert_int_equal(privileges.bounding & 1, prctl(PR_CAPBSET_READ, 0));
	assert_int_equal(privileges.no_new_privs, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	close(self.dir_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_the_sets),
	    cmocka_unit_test(what_is_missing_is_not_guessed),
	    cmocka_unit_test(of_this_process),
	};

	return cmocka_run_group_tests_name("privileges", tests, NULL, NULL);
}
