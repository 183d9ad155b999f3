/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ns/type: the eight types, and the ten links of /proc/PID/ns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ns/type.h"
#include "ns/uapi.h"

static const struct {
	const char *name;
	int flag;
} known[NS_TYPE_COUNT] = {
    {"cgroup", 0x02000000}, {"ipc", 0x08000000}, {"mnt", 0x00020000},  {"net", 0x40000000},
    {"pid", 0x20000000},    {"time", 0x80},      {"user", 0x10000000}, {"uts", 0x04000000},
};

static void names_and_flags_are_the_kernels(void **state)
{
	(void)state;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		assert_string_equal(ns_type_name(type), known[type].name);
		assert_int_equal(ns_type_clone_flag(type), known[type].flag);
	}
}

static void types_map_forth_and_back(void **state)
{
	(void)state;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		const char *name = ns_type_name(type);
		enum ns_type found = NS_TYPE_COUNT;

		assert_true(ns_type_from_name(name, strlen(name), &found));
		assert_int_equal(found, type);
		found = NS_TYPE_COUNT;
		assert_true(ns_type_from_clone_flag(ns_type_clone_flag(type), &found));
		assert_int_equal(found, type);
		assert_int_equal(ns_link_type(ns_type_link(type)), type);
		assert_string_equal(ns_link_name(ns_type_link(type)), name);
	}
}

static void name_ends_at_its_length(void **state)
{
	enum ns_type type = NS_TYPE_COUNT;

	(void)state;
	assert_true(ns_type_from_name("net:[4026531833]", 3, &type));
	assert_int_equal(type, NS_NET);
	assert_false(ns_type_from_name("net", 2, &type));
	assert_false(ns_type_from_name("network", 4, &type));
	assert_false(ns_type_from_name("net", 0, &type));
}

static void other_names_are_no_types(void **state)
{
	static const char *const bad[] = {"",     "n",    "nett",  "NET",     "mount",
					  "pid ", " pid", "users", "cgroups", "pid_for_children"};
	enum ns_type type;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ns_type_from_name(bad[i], strlen(bad[i]), &type));
}

static void other_flags_are_no_types(void **state)
{
	static const int bad[] = {0, -1, CLONE_VM, CLONE_THREAD, CLONE_NEWNET | CLONE_NEWUTS};
	enum ns_type type;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ns_type_from_clone_flag(bad[i], &type));
}

static void flags_of_a_set_add_up(void **state)
{
	int all = 0;

	(void)state;
	assert_int_equal(ns_type_set_clone_flags(0), 0);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		assert_int_equal(ns_type_set_clone_flags(1U << type), ns_type_clone_flag(type));
		assert_int_equal(all & ns_type_clone_flag(type), 0);
		all |= ns_type_clone_flag(type);
	}
	assert_int_equal(ns_type_set_clone_flags(NS_TYPE_SET_ALL), all);
	assert_int_equal(ns_type_set_clone_flags(1U << NS_NET | 1U << NS_USER), CLONE_NEWNET | CLONE_NEWUSER);
	assert_int_equal(ns_type_set_clone_flags(~NS_TYPE_SET_ALL), 0);
}

static void links_are_in_the_order_of_ls(void **state)
{
	(void)state;
	for (enum ns_link link = 1; link < NS_LINK_COUNT; link++)
		assert_true(strcmp(ns_link_name(link - 1), ns_link_name(link)) < 0);
}

static void own_links_are_never_the_childrens(void **state)
{
	size_t for_children = 0;

	(void)state;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		assert_null(strstr(ns_link_name(ns_type_link(type)), "_for_children"));
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		for_children += strstr(ns_link_name(link), "_for_children") != NULL;
	assert_int_equal(for_children, 2);
	assert_int_equal(ns_link_type(NS_LINK_PID_FOR_CHILDREN), NS_PID);
	assert_int_equal(ns_link_type(NS_LINK_TIME_FOR_CHILDREN), NS_TIME);
}

static bool find_link(const char *name, enum ns_link *found)
{
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		if (strcmp(ns_link_name(link), name) == 0) {
			*found = link;
			return true;
		}
	}
	return false;
}

static void assert_type_of_file(int dir_fd, const char *name, enum ns_type type)
{
	AUTO_CLOSE int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, NS_GET_NSTYPE), ns_type_clone_flag(type));
}

static void every_link_of_this_kernel_is_known(void **state)
{
	AUTO_CLOSEDIR DIR *dir = opendir("/proc/self/ns");
	struct dirent *entry;
	size_t count = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		enum ns_link link = NS_LINK_COUNT;

		if (entry->d_name[0] == '.')
			continue;
		if (!find_link(entry->d_name, &link))
			fail_msg("/proc/self/ns/%s is not in the table", entry->d_name);
		assert_type_of_file(dirfd(dir), entry->d_name, ns_link_type(link));
		count++;
	}
	assert_true(count >= 6 && count <= NS_LINK_COUNT);
}

static void other_names(void **state)
{
	static const struct {
		const char *name;
		enum ns_type type;
	} names[] = {{"mount", NS_MNT},    {"mntns", NS_MNT},   {"network", NS_NET},     {"netns", NS_NET},
		     {"hostname", NS_UTS}, {"userns", NS_USER}, {"pidns", NS_PID},       {"timens", NS_TIME},
		     {"ipcns", NS_IPC},    {"utsns", NS_UTS},   {"cgroupns", NS_CGROUP}, {"net", NS_NET}};
	static const char *const bad[] = {"",    "ns", "n", "mounts", "netnsns", "NET", "pid_for_children",
					  "net:"};
	enum ns_type type;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(ns_type_from_any_name(names[i].name, strlen(names[i].name), &type));
		assert_int_equal(type, names[i].type);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ns_type_from_any_name(bad[i], strlen(bad[i]), &type));
	assert_true(ns_type_from_any_name("netns,pid", 5, &type));
	assert_int_equal(type, NS_NET);
}

static void lists(void **state)
{
	static const char *const bad[] = {"", ",", "net,", ",net", "net,,pid", "net pid", "net,foo", " net"};
	ns_type_set set = 0;
	struct error err;

	(void)state;
	assert_int_equal(ns_type_parse_list("net", &set, &err), 0);
	assert_int_equal(set, 1U << NS_NET);
	assert_int_equal(ns_type_parse_list("userns,mount,userns", &set, &err), 0);
	assert_int_equal(set, 1U << NS_NET | 1U << NS_USER | 1U << NS_MNT);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(ns_type_parse_list(bad[i], &set, &err), -EINVAL);
		assert_non_null(strstr(err.hint, "the types are cgroup"));
	}
	ns_type_parse_list("nte", &set, &err);
	assert_non_null(strstr(err.hint, "did you mean 'net'?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(other_names),
	    cmocka_unit_test(lists),
	    cmocka_unit_test(names_and_flags_are_the_kernels),
	    cmocka_unit_test(types_map_forth_and_back),
	    cmocka_unit_test(name_ends_at_its_length),
	    cmocka_unit_test(other_names_are_no_types),
	    cmocka_unit_test(other_flags_are_no_types),
	    cmocka_unit_test(flags_of_a_set_add_up),
	    cmocka_unit_test(links_are_in_the_order_of_ls),
	    cmocka_unit_test(own_links_are_never_the_childrens),
	    cmocka_unit_test(every_link_of_this_kernel_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
