/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/status: what /proc/PID/status says, and id maps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/status.h"

static const char text[] = "Name:\tTgid:\\n9\n"
			   "Umask:\t0022\n"
			   "State:\tS (sleeping)\n"
			   "Tgid:\t1234\n"
			   "Ngid:\t0\n"
			   "Pid:\t1235\n"
			   "PPid:\t17\n"
			   "Uid:\t1000\t1001\t1002\t1003\n"
			   "Gid:\t2000\t2001\t2002\t2003\n"
			   "Groups:\t4 27 4294967294 \n"
			   "NSpid:\t1235\t12\t1\n";

static void reads_every_field(void **state)
{
	AUTO_STATUS struct process_status status;

	(void)state;
	assert_int_equal(process_parse_status(text, &status), 0);
	assert_int_equal(status.state, 'S');
	assert_int_equal(status.tgid, 1234);
	assert_int_equal(status.ppid, 17);
	assert_int_equal(status.uid, 1000);
	assert_int_equal(status.euid, 1001);
	assert_int_equal(status.gid, 2000);
	assert_int_equal(status.egid, 2001);
	assert_int_equal(status.group_count, 3);
	assert_int_equal(status.groups[2], 4294967294U);
	assert_int_equal(status.nspid_count, 3);
	assert_int_equal(status.nspid[2], 1);
}

static void refuses_what_is_no_status(void **state)
{
	static const char *const keys[] = {"State:", "Tgid:\t", "PPid:", "Uid:", "Gid:", "Groups:"};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		AUTO_STATUS struct process_status status;
		char *broken = strdup(text);

		assert_non_null(broken);
		/* The second "Tgid:" is the one at the start of a line. */
		*strstr(strstr(broken, keys[i]) == broken + 6 ? broken + 12 : broken, keys[i]) = '#';
		assert_int_equal(process_parse_status(broken, &status), -EPROTO);
		free(broken);
	}
}

static void many_groups(void **state)
{
	AUTO_STATUS struct process_status status;
	size_t size = 65536 * 8 + sizeof(text);
	char *many = malloc(size);
	size_t length;

	(void)state;
	assert_non_null(many);
	length =
	    (size_t)snprintf(many, size, "State:\tR\nTgid:\t1\nPPid:\t0\nUid:\t0 0\nGid:\t0 0\nGroups:\t");
	for (int i = 0; i < 65536; i++)
		length += (size_t)snprintf(many + length, size - length, "%d ", i);
	assert_int_equal(process_parse_status(many, &status), 0);
	assert_int_equal(status.group_count, 65536);
	assert_int_equal(status.groups[65535], 65535);
	assert_int_equal(status.nspid_count, 0);
	free(many);
}

static void of_this_process(void **state)
{
	AUTO_PROCESS struct process self;
	AUTO_STATUS struct process_status status;
	struct error err;
	char comm[64];
	char name[16];

	(void)state;
	assert_int_equal(process_open(getpid(), &self, &err), 0);
	assert_int_equal(process_read_status(&self, &status), 0);
	assert_int_equal(status.tgid, getpid());
	assert_int_equal(status.ppid, getppid());
	assert_int_equal(status.euid, geteuid());
	assert_int_equal(process_read_comm(&self, comm, sizeof(comm)), 0);
	assert_int_equal(prctl(PR_GET_NAME, name), 0);
	assert_string_equal(comm, name);
	assert_false(process_is_kernel_thread(&self));
}

static void maps_both_ways(void **state)
{
	struct id_map map;
	uint32_t id;

	(void)state;
	assert_int_equal(id_map_parse("0 100000 1000\n 1000  5 1\n4294967294 7 1\n", &map), 0);
	assert_int_equal(map.count, 3);
	assert_true(id_map_to_inside(&map, 100999, &id));
	assert_int_equal(id, 999);
	assert_false(id_map_to_inside(&map, 101000, &id));
	assert_false(id_map_to_inside(&map, 99999, &id));
	assert_true(id_map_to_outside(&map, 1000, &id));
	assert_int_equal(id, 5);
	assert_false(id_map_to_outside(&map, 1001, &id));
	assert_true(id_map_to_outside(&map, 4294967294U, &id));
	assert_int_equal(id, 7);
	assert_false(id_map_to_outside(&map, 4294967295U, &id));
}

static void the_whole_map(void **state)
{
	struct id_map map;
	uint32_t id;

	(void)state;
	assert_int_equal(id_map_parse("         0          0 4294967295\n", &map), 0);
	assert_true(id_map_to_inside(&map, 0, &id));
	assert_true(id_map_to_inside(&map, 4294967294U, &id));
	assert_int_equal(id, 4294967294U);
	assert_false(id_map_to_inside(&map, 4294967295U, &id));
	assert_int_equal(id_map_parse("", &map), 0);
	assert_int_equal(map.count, 0);
}

static void refuses_what_is_no_map(void **state)
{
	static const char *const texts[] = {
	    "x", "1", "1 2", "1 2 3", "1 2 3 4\n", "1 2 -3\n", "\n", "1 2 4294967296\n", "1 2 3\nx\n"};
	struct id_map map;
	char many[342 * 6 + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(id_map_parse(texts[i], &map), -EPROTO);
	for (size_t i = 0; i < 341; i++)
		memcpy(many + 6 * i, "1 2 3\n", 7);
	assert_int_equal(id_map_parse(many, &map), -EPROTO);
	many[340 * 6] = '\0';
	assert_int_equal(id_map_parse(many, &map), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_every_field),
	    cmocka_unit_test(refuses_what_is_no_status),
	    cmocka_unit_test(many_groups),
	    cmocka_unit_test(of_this_process),
	    cmocka_unit_test(maps_both_ways),
	    cmocka_unit_test(the_whole_map),
	    cmocka_unit_test(refuses_what_is_no_map),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
