/* SPDX-License-Identifier: GPL-2.0-or-later */
/* target/parse: the one grammar of every TARGET. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/target.h"

static struct target parse(const char *text)
{
	struct target target;
	struct error err;

	if (target_parse(text, &target, &err) < 0)
		fail_msg("'%s' was refused: %s", text, err.message);
	assert_ptr_equal(target.text, text);
	return target;
}

static void assert_refused(const char *text)
{
	struct target target;
	struct error err;

	if (target_parse(text, &target, &err) != -EINVAL)
		fail_msg("'%.64s' was taken for a target", text);
	assert_non_null(strstr(err.message, "is not a target"));
	assert_true(err.hint[0] != '\0');
}

static void processes(void **state)
{
	(void)state;
	assert_int_equal(parse("1").pid, 1);
	assert_int_equal(parse("4194304").pid, 4194304);
	assert_int_equal(parse("4194304").kind, TARGET_PROCESS);
	assert_int_equal(parse("1234").pidfd_inode, 0);
	assert_int_equal(parse("1234:5678").pid, 1234);
	assert_int_equal(parse("1234:5678").pidfd_inode, 5678);
	assert_true(parse("1:18446744073709551615").pidfd_inode == UINT64_MAX);
	assert_int_equal(parse("self").kind, TARGET_PROCESS);
	assert_int_equal(parse("self").pid, 0);
}

static void inodes(void **state)
{
	(void)state;
	assert_int_equal(parse("4194305").kind, TARGET_NS);
	assert_int_equal(parse("4026532281").ino, 4026532281);
	assert_int_equal(parse("4026532281").types, NS_TYPE_SET_ALL);
	assert_int_equal(parse("net:[4026532281]").ino, 4026532281);
	assert_int_equal(parse("net:[4026532281]").types, 1U << NS_NET);
	assert_int_equal(parse("user:[1]").ino, 1);
}

static void ids_files_and_names(void **state)
{
	(void)state;
	assert_int_equal(parse(":412").kind, TARGET_NS);
	assert_int_equal(parse(":412").id, 412);
	assert_int_equal(parse("/proc/1/ns/net").kind, TARGET_FILE);
	assert_string_equal(parse("./file").name, "./file");
	assert_int_equal(parse("a/b").kind, TARGET_FILE);
	assert_int_equal(parse("netns:blue").kind, TARGET_NETNS_NAME);
	assert_string_equal(parse("netns:blue").name, "blue");
	assert_string_equal(parse("netns:..x").name, "..x");
}

static void containers_and_units(void **state)
{
	(void)state;
	assert_string_equal(parse("docker:web").name, "web");
	assert_string_equal(parse("containerd:k8s.io/0123").name, "k8s.io/0123");
	assert_string_equal(parse("lxd:web").name, "web");
	assert_string_equal(parse("pod:default/web").name, "default/web");
	assert_string_equal(parse("unit:nginx").name, "nginx");
	assert_string_equal(parse("unit:user@1000/foo.service").name, "user@1000/foo.service");
	assert_refused("docker:");
	assert_refused("pod:web");
	assert_refused("pod:/web");
	assert_refused("unit:");
	assert_refused("unit:a/b");
	assert_refused("unit:user@1000/a/b");
}

static void kept_names(void **state)
{
	(void)state;
	assert_int_equal(parse("keep:web").kind, TARGET_KEPT);
	assert_int_equal(parse("keep:web").types, NS_TYPE_SET_ALL);
	assert_string_equal(parse("keep:web/net").name, "web/net");
	assert_int_equal(parse("keep:web/net").types, 1U << NS_NET);
	assert_int_equal(parse("keep:web/mount").types, 1U << NS_MNT);
	assert_refused("keep:");
	assert_refused("keep:web/");
	assert_refused("keep:web/net/x");
	assert_refused("keep:/net");
	assert_refused("keep:../x");
	assert_refused("keep:.x");
	assert_refused("keep:-x");
	assert_refused("keep:12");
	assert_refused("keep:a:b");
	assert_refused("keep:a b");
}

static void what_is_no_target(void **state)
{
	static const char *const words[] = {
	    "",
	    "0",
	    "-1",
	    "+1",
	    "007",
	    " 1",
	    "1 ",
	    "1x",
	    "web-of-no-runtime",
	    "0x10",
	    "1:",
	    "1:0",
	    "1:x",
	    "0:1",
	    "4194305:1",
	    ":",
	    ":0",
	    ":1x",
	    ":-1",
	    "net:[0]",
	    "net:[1",
	    "net:[]",
	    "net:1",
	    "nett:[1]",
	    "net:[1]x",
	    "net:[01]",
	    "net:[4294967296]",
	    "netns:",
	    "netns:.",
	    "netns:..",
	    "netns:a/b",
	    "4294967296",
	    "99999999999999999999",
	    ":18446744073709551616",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_refused(words[i]);
}

static void long_words(void **state)
{
	size_t length = 100000;
	char *word = malloc(length + 1);

	(void)state;
	assert_non_null(word);
	memset(word, '1', length);
	word[length] = '\0';
	assert_refused(word);
	word[4] = ':';
	assert_refused(word);
	memset(word, 'x', length);
	assert_refused(word);
	free(word);
}

static void kinds_are_listed_for_help(void **state)
{
	char text[300];

	(void)state;
	target_list_kinds(true, text, sizeof(text));
	assert_string_equal(text, "a PID, self, net:[INODE], INODE, :ID, cgroup:PATH, netns:NAME, "
				  "keep:NAME, unit:NAME, pod:NAMESPACE/NAME, RUNTIME:CONTAINER, "
				  "CONTAINER or a namespace file");
	target_list_kinds(false, text, sizeof(text));
	assert_string_equal(text, "net:[INODE], INODE, :ID, netns:NAME, keep:NAME or a namespace file");
	target_list_kinds(true, text, 8);
	assert_string_equal(text, "a PID, ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(processes),           cmocka_unit_test(inodes),
	    cmocka_unit_test(ids_files_and_names), cmocka_unit_test(containers_and_units),
	    cmocka_unit_test(kept_names),          cmocka_unit_test(what_is_no_target),
	    cmocka_unit_test(long_words),          cmocka_unit_test(kinds_are_listed_for_help),
	};

	return cmocka_run_group_tests_name("target_parse", tests, NULL, NULL);
}
