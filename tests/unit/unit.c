/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The systemd unit of a cgroup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "container/container.h"

static void check(const char *path, const char *root, const char *expected)
{
	char unit[64] = "none";

	assert_int_equal(unit_below_root(path, root, unit, sizeof(unit)), expected != NULL);
	assert_string_equal(unit, expected ? expected : "none");
}

static void a_unit_is_in_slices(void **state)
{
	(void)state;
	check("/system.slice/nginx.service", "", "nginx.service");
	check("/init.scope", "", "init.scope");
	check("/system.slice/system-getty.slice/getty@tty1.service", "", "getty@tty1.service");
	check("/system.slice/docker-0123.scope", "", "docker-0123.scope");
	check("/", "", NULL);
	check("/system.slice", "", NULL);
	check("/.service", "", NULL);
}

static void the_outermost_counts(void **state)
{
	(void)state;
	check("/system.slice/containerd.service/kubepods/nginx.service", "", "containerd.service");
	check("/machine.slice/machine-m1.scope/payload/system.slice/nginx.service", "", "machine-m1.scope");
}

static void a_user_has_a_manager(void **state)
{
	static const char manager[] = "/user.slice/user-1000.slice/user@1000.service";
	char path[128];

	(void)state;
	check("/user.slice/user-1000.slice/session-1.scope", "", "session-1.scope");
	snprintf(path, sizeof(path), "%s/app.slice/foo.service", manager);
	check(path, "", "user@1000/foo.service");
	snprintf(path, sizeof(path), "%s/init.scope", manager);
	check(path, "", "user@1000/init.scope");
	check(manager, "", "user@1000.service");
	snprintf(path, sizeof(path), "%s/made", manager);
	check(path, "", "user@1000.service");
}

/* nginx.service of a container is not this system's. */
static void elsewhere_is_no_unit(void **state)
{
	(void)state;
	check("/docker/0123/system.slice/nginx.service", "", NULL);
	check("/nginx/nginx.service", "", NULL);
	check("/../system.slice/nginx.service", "", NULL);
}

static void a_container_has_a_root(void **state)
{
	(void)state;
	check("/docker/0123/system.slice/nginx.service", "/docker/0123", "nginx.service");
	check("/docker/0123/init.scope", "/docker/0123", "init.scope");
	check("/docker/01234/system.slice/nginx.service", "/docker/0123", NULL);
	check("/system.slice/nginx.service", "/docker/0123", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_unit_is_in_slices),    cmocka_unit_test(the_outermost_counts),
	    cmocka_unit_test(a_user_has_a_manager),   cmocka_unit_test(elsewhere_is_no_unit),
	    cmocka_unit_test(a_container_has_a_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
