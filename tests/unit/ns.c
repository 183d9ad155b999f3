/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ns/ns: one namespace, opened and identified. */
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
#include "ns/ns.h"

static struct ns open_own(enum ns_type type)
{
	char path[64];
	struct error err;
	struct ns ns;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", ns_type_name(type));
	if (ns_open_path(path, &ns, &err) < 0)
		fail_msg("%s", err.message);
	return ns;
}

static void own_namespaces(void **state)
{
	(void)state;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		AUTO_NS struct ns ns = open_own(type);
		AUTO_NS struct ns again = open_own(type);
		struct stat st;

		assert_int_equal(ns.type, type);
		assert_int_equal(fstat(ns.fd, &st), 0);
		assert_true(ns.ino == st.st_ino && ns.dev == st.st_dev);
		assert_true(ns_is_same(&ns, &again));
		assert_int_equal(fcntl(ns.fd, F_GETFD), FD_CLOEXEC);
	}
}

static void types_are_not_the_same(void **state)
{
	AUTO_NS struct ns net = open_own(NS_NET);
	AUTO_NS struct ns uts = open_own(NS_UTS);

	(void)state;
	assert_false(ns_is_same(&net, &uts));
}

static void assert_no_namespace(const char *path)
{
	struct error err;
	struct ns ns;

	assert_int_equal(ns_open_path(path, &ns, &err), -EINVAL);
	assert_non_null(strstr(err.message, "is not a namespace"));
	assert_int_equal(ns.fd, -1);
}

/* A FIFO opened for reading would wait for a writer that never comes. */
static void other_files(void **state)
{
	char fifo[] = "/tmp/nsctl-ns-XXXXXX";
	struct error err;
	struct ns ns;

	(void)state;
	assert_non_null(mkdtemp(fifo));
	rmdir(fifo);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_no_namespace(fifo);
	unlink(fifo);
	assert_no_namespace("/proc/self/status");
	assert_no_namespace("/");
	assert_no_namespace("/dev/null");
	assert_int_equal(ns_open_path("/no/such/file", &ns, &err), -ENOENT);
	assert_int_equal(ns_open_path("", &ns, &err), -ENOENT);
}

static void a_descriptor_of_something_else_is_closed(void **state)
{
	int fd = open("/dev/null", O_RDONLY);
	struct error err;
	struct ns ns;

	(void)state;
	assert_int_equal(ns_from_fd(fd, &ns, &err), -EINVAL);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(ns.fd, -1);
}

static void the_owner_is_a_user_namespace(void **state)
{
	AUTO_NS struct ns uts = open_own(NS_UTS);
	AUTO_NS struct ns owner = NS_CLOSED;

	(void)state;
	if (ns_open_owner(&uts, &owner) == -EPERM)
		skip(); /* in a user namespace within the machine's own uts namespace */
	assert_int_equal(owner.type, NS_USER);
}

static void a_parent_has_the_same_type(void **state)
{
	AUTO_NS struct ns net = open_own(NS_NET);
	AUTO_NS struct ns user = open_own(NS_USER);
	struct ns parent;

	(void)state;
	assert_int_equal(ns_open_parent(&net, &parent), -EINVAL);
	assert_int_equal(ns_open_parent(&user, &parent), -EPERM);
	assert_int_equal(ns_is_initial(NS_USER, 0xEFFFFFFD), 1);
	assert_int_equal(ns_is_initial(NS_NET, 0xEFFFFFFD), 0);
}

static void ids(void **state)
{
	AUTO_NS struct ns net = open_own(NS_NET);
	AUTO_NS struct ns uts = open_own(NS_UTS);
	struct ns found;

	(void)state;
	if (!ns_kernel_has_ids(&net)) {
		assert_int_equal(ns_read_id(&net), 0);
		skip();
	}
	assert_true(ns_read_id(&net) != 0);
	assert_true(ns_read_id(&net) != ns_read_id(&uts));
	assert_int_equal(ns_open_id(UINT64_MAX, &found), -ESTALE);
	assert_int_equal(found.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(own_namespaces),
	    cmocka_unit_test(types_are_not_the_same),
	    cmocka_unit_test(other_files),
	    cmocka_unit_test(a_descriptor_of_something_else_is_closed),
	    cmocka_unit_test(the_owner_is_a_user_namespace),
	    cmocka_unit_test(a_parent_has_the_same_type),
	    cmocka_unit_test(ids),
	};

	return cmocka_run_group_tests_name("ns", tests, NULL, NULL);
}
