/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create/reasons: those that no command line of nsctl leads to on every machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "create/reasons.h"

static void assert_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("not in '%s': %s", text, part);
}

/* Until the other end of the pipe is closed. */
static void *wait_for_end(void *context)
{
	char byte;

	return read(*(int *)context, &byte, 1) == 0 ? NULL : context;
}

static void a_process_with_threads_cannot_create_a_user_namespace(void **state)
{
	struct error err;
	pthread_t thread;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_end, ends), 0);
	assert_int_equal(reasons_of_unshare(1U << NS_USER, EINVAL, &err), -EINVAL);
	assert_contains(err.message, ": a process with several threads cannot create a user namespace");
	close(ends[1]);
	pthread_join(thread, NULL);
	close(ends[0]);
}

static void a_file_system_can_be_missing_or_mounted(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(reasons_of_mount("binfmt_misc", "/b", 1U << NS_USER, ENODEV, &err), -ENODEV);
	assert_string_equal(
	    err.message,
	    "cannot mount binfmt_misc on '/b': No such device: this kernel has no such file system");
	assert_string_equal(err.hint, "load its module as root: modprobe binfmt_misc");
	/* Before Linux 5.8 there was one proc for each pid namespace. */
	assert_int_equal(reasons_of_mount("proc", "/proc", 1U << NS_MNT, EBUSY, &err), -EBUSY);
	assert_contains(err.message, ": that of the same pid namespace is mounted there already");
	assert_string_equal(err.hint, "add -p -f, for a new pid namespace");
	assert_int_equal(reasons_of_mount("proc", "/proc", 1U << NS_MNT, ENOSPC, &err), -ENOSPC);
	assert_string_equal(err.hint, "as root: sysctl fs.mount-max=200000");
}

static void other_errors_are_left_as_they_are(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(reasons_of_unshare(1U << NS_UTS, ENOMEM, &err), -ENOMEM);
	assert_string_equal(err.message, "cannot create a uts namespace: Cannot allocate memory");
	assert_string_equal(err.hint, "");
	assert_int_equal(reasons_of_fork(ENOMEM, &err), -ENOMEM);
	assert_string_equal(err.message, "cannot create a process: Cannot allocate memory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_process_with_threads_cannot_create_a_user_namespace),
	    cmocka_unit_test(a_file_system_can_be_missing_or_mounted),
	    cmocka_unit_test(other_errors_are_left_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
