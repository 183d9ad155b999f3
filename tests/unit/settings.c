/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of programs: variables, limits, what is missing; and those of this process. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "proc/capability_names.h"
#include "proc/settings.h"

static void set_variables(struct settings *settings, const char *text, size_t length)
{
	char *copy = malloc(length + 1);

	assert_non_null(copy);
	memcpy(copy, text, length);
	assert_int_equal(settings_set_variables(settings, copy, length), 0);
}

#define SET(settings, text) set_variables(settings, text, sizeof(text))

static void keeps_the_last_of_a_name(void **state)
{
	struct settings settings = {0};

	(void)state;
	SET(&settings, "A=1\0AB=2\0A=3\0B=\0A=4\0AB=5\0C=x=y");
	assert_string_equal(settings.variables[0], "B=");
	assert_string_equal(settings.variables[1], "A=4");
	assert_string_equal(settings.variables[2], "AB=5");
	assert_string_equal(settings.variables[3], "C=x=y");
	assert_null(settings.variables[4]);
	assert_false(settings.is_damaged);
	settings_free(&settings);
}

static void drops_what_is_no_variable(void **state)
{
	struct settings settings = {0};

	(void)state;
	SET(&settings, "A=1\0PATH\0=x\0\0B=2");
	assert_string_equal(settings.variables[0], "A=1");
	assert_string_equal(settings.variables[1], "B=2");
	assert_null(settings.variables[2]);
	assert_true(settings.is_damaged);
	settings_free(&settings);
	set_variables(&settings, "", 0);
	assert_null(settings.variables[0]);
	settings_free(&settings);
}

/* What a process can fill 16 MiB with: as many names, all equal and all different. */
static void is_fast_with_many(void **state)
{
	size_t count = 1U << 20;
	char *text = malloc(count * 12);
	struct settings settings = {0};
	size_t length = 0;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < count; i++)
		length += (size_t)sprintf(text + length, i % 2 ? "A=" : "N%zx=", i) + 1;
	assert_int_equal(settings_set_variables(&settings, text, length), 0);
	for (length = 0; settings.variables[length]; length++)
		;
	assert_int_equal(length, count / 2 + 1);
	assert_string_equal(settings.variables[length - 1], "A=");
	settings_free(&settings);
}

static const char limits_text[] =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max cpu time              unlimited            unlimited            seconds   \n"
    "Max file size             1                    unlimited            bytes     \n"
    "Max data size             unlimited            unlimited            bytes     \n"
    "Max stack size            8388608              unlimited            bytes     \n"
    "Max core file size        0                    unlimited            bytes     \n"
    "Max resident set          unlimited            unlimited            bytes     \n"
    "Max processes             96365                96365                processes \n"
    "Max open files            1024                 4096                 files     \n"
    "Max locked memory         8388608              8388608              bytes     \n"
    "Max address space         unlimited            unlimited            bytes     \n"
    "Max file locks            unlimited            unlimited            locks     \n"
    "Max pending signals       96365                96365                signals   \n"
    "Max msgqueue size         819200               819200               bytes     \n"
    "Max nice priority         0                    0                    \n"
    "Max realtime priority     0                    0                    \n"
    "Max realtime timeout      unlimited            unlimited            us        \n";

static void parses_limits(void **state)
{
	struct settings_limit limits[RLIM_NLIMITS] = {0};
	char cut[sizeof(limits_text)];

	(void)state;
	assert_int_equal(settings_parse_limits(limits_text, limits), 0);
	assert_int_equal(limits[RLIMIT_NOFILE].limit.rlim_cur, 1024);
	assert_int_equal(limits[RLIMIT_NOFILE].limit.rlim_max, 4096);
	assert_int_equal(limits[RLIMIT_FSIZE].limit.rlim_cur, 1);
	assert_true(limits[RLIMIT_FSIZE].limit.rlim_max == RLIM_INFINITY);
	assert_int_equal(limits[RLIMIT_NICE].limit.rlim_max, 0);
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++)
		assert_true(limits[i].is_set);
	/* Without its last line. */
	memcpy(cut, limits_text, sizeof(cut));
	*strstr(cut, "Max realtime timeout") = '\0';
	assert_int_equal(settings_parse_limits(cut, limits), -EPROTO);
	assert_int_equal(settings_parse_limits("", limits), -EPROTO);
}

static void names_limits(void **state)
{
	unsigned int resource;

	(void)state;
	assert_true(limit_find("RLIMIT_NOFILE", &resource));
	assert_int_equal(resource, RLIMIT_NOFILE);
	assert_string_equal(limit_name(RLIMIT_NOFILE), "nofile");
	assert_true(limit_find("RLIMIT_AS", &resource));
	assert_int_equal(resource, RLIMIT_AS);
	assert_false(limit_find("RLIMIT_ASX", &resource));
	assert_false(limit_find("RLIMIT_A", &resource));
	assert_false(limit_find("RLIMIT_nofile", &resource));
	assert_false(limit_find("nofile", &resource));
	assert_false(limit_find("", &resource));
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++)
		assert_non_null(limit_name(i));
	assert_null(limit_name(RLIM_NLIMITS));
}

static void names_capabilities(void **state)
{
	unsigned int capability;

	(void)state;
	assert_string_equal(capability_name(0), "CAP_CHOWN");
	assert_string_equal(capability_name(21), "CAP_SYS_ADMIN");
	assert_string_equal(capability_name(40), "CAP_CHECKPOINT_RESTORE");
	assert_null(capability_name(41));
	assert_true(capability_find("CAP_SYS_ADMIN", &capability));
	assert_int_equal(capability, 21);
	assert_false(capability_find("cap_sys_admin", &capability));
	assert_false(capability_find("SYS_ADMIN", &capability));
}

static void missing_is_an_error_unless_permitted(void **state)
{
	struct missing missing = {0};
	struct error err;

	(void)state;
	error_set(&err, EPERM, "no %s", "label");
	assert_int_equal(missing_note(&missing, &err), -EPERM);
	assert_non_null(strstr(err.hint, "--permit-missing"));
	error_set(&err, EPERM, "no filter");
	error_hint(&err, "copy it");
	assert_int_equal(missing_note(&missing, &err), -EPERM);
	assert_non_null(strstr(err.hint, "copy it; --permit-missing"));
	assert_int_equal(missing.count, 0);
	missing.permitted = true;
	for (size_t i = 0; i < MISSING_MAX + 3; i++) {
		error_set(&err, EPERM, "number %zu", i);
		assert_int_equal(missing_note(&missing, &err), 0);
	}
	assert_int_equal(missing.count, MISSING_MAX + 3);
	assert_string_equal(missing.texts[0], "number 0");
}

static void reads_this_process(void **state)
{
	struct process self;
	struct settings a;
	struct settings b;
	struct rlimit limit;
	struct error err;
	mode_t mask = umask(0751);

	(void)state;
	assert_int_equal(process_open(getpid(), &self, &err), 0);
	assert_int_equal(settings_read_process(&self, false, &a, &err), 0);
	assert_int_equal(a.uid, geteuid());
	assert_int_equal(a.gid, getegid());
	assert_int_equal(a.umask, 0751);
	assert_int_equal(getrlimit(RLIMIT_STACK, &limit), 0);
	assert_true(a.limits[RLIMIT_STACK].limit.rlim_cur == limit.rlim_cur);
	assert_true(a.limits[RLIMIT_STACK].limit.rlim_max == limit.rlim_max);
	assert_true(a.has_oom_score_adj);
	assert_int_equal(settings_read_process(&self, false, &b, &err), 0);
	assert_true(settings_are_same(&a, &b));
	b.capabilities[CAPABILITIES_AMBIENT] ^= 1;
	assert_false(settings_are_same(&a, &b));
	settings_free(&a);
	settings_free(&b);
	process_close(&self);
	umask(mask);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_the_last_of_a_name),
	    cmocka_unit_test(drops_what_is_no_variable),
	    cmocka_unit_test(is_fast_with_many),
	    cmocka_unit_test(parses_limits),
	    cmocka_unit_test(names_limits),
	    cmocka_unit_test(names_capabilities),
	    cmocka_unit_test(missing_is_an_error_unless_permitted),
	    cmocka_unit_test(reads_this_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
