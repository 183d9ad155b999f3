/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bpf/btf: where the kernel's fields lie; BTF that is broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "bpf/btf.h"

/* BTF in the making: types and names. */
struct maker {
	uint32_t types[8192];
	size_t types_count;
	char names[32768];
	size_t names_length;
	uint32_t last_id;
};

static uint32_t add_name(struct maker *maker, const char *name)
{
	size_t at = maker->names_length;

	strcpy(maker->names + at, name);
	maker->names_length += strlen(name) + 1;
	return (uint32_t)at;
}

static uint32_t add_type(struct maker *maker, const char *name, uint32_t kind, uint32_t count, uint32_t size)
{
	maker->types[maker->types_count++] = name ? add_name(maker, name) : 0;
	maker->types[maker->types_count++] = kind << 24 | count;
	maker->types[maker->types_count++] = size;
	return ++maker->last_id;
}

static void add_member(struct maker *maker, const char *name, uint32_t type, uint32_t byte)
{
	maker->types[maker->types_count++] = name ? add_name(maker, name) : 0;
	maker->types[maker->types_count++] = type;
	maker->types[maker->types_count++] = byte * 8;
}

static size_t finish(const struct maker *maker, char *blob)
{
	struct btf_header header = {
	    .magic = BTF_MAGIC,
	    .version = 1,
	    .hdr_len = sizeof(header),
	    .type_len = (uint32_t)(maker->types_count * sizeof(uint32_t)),
	    .str_off = (uint32_t)(maker->types_count * sizeof(uint32_t)),
	    .str_len = (uint32_t)maker->names_length,
	};

	memcpy(blob, &header, sizeof(header));
	memcpy(blob + sizeof(header), maker->types, header.type_len);
	memcpy(blob + sizeof(header) + header.type_len, maker->names, header.str_len);
	return sizeof(header) + header.type_len + header.str_len;
}

struct wanted {
	const char *structure;
	const char *path;
	bool is_optional;
};

static const struct wanted wanted[] = {
#define FIELD(name, structure, path) {structure, path, false},
#define MAYBE(name, structure, path) {structure, path, true},
    KERNEL_FIELDS(FIELD, MAYBE)
#undef FIELD
#undef MAYBE
};

/* Every structure once, each with its fields 8 apart; those below "ns." in a structure without a name of it.
 */
static size_t make_kernel(char *blob, const char *left_out)
{
	static struct maker maker;
	uint32_t integer;
	uint32_t inner;
	uint32_t common;

	memset(&maker, 0, sizeof(maker));
	add_name(&maker, "");
	integer = add_type(&maker, "int", BTF_KIND_INT, 0, 4);
	maker.types[maker.types_count++] = 32;
	inner = add_type(&maker, NULL, BTF_KIND_STRUCT, 1, 8);
	add_member(&maker, "ns_id", integer, 0);
	common = add_type(&maker, "ns_common", BTF_KIND_STRUCT, 2, 32);
	add_member(&maker, "inum", integer, 4);
	add_member(&maker, NULL, inner, 16);
	for (size_t i = 0; i < KERNEL_FIELD_COUNT; i++) {
		uint32_t count = 0;
		size_t head;

		if (i > 0 && strcmp(wanted[i].structure, wanted[i - 1].structure) == 0)
			continue;
		head = maker.types_count;
		add_type(&maker, wanted[i].structure, BTF_KIND_STRUCT, 0, 4096);
		for (size_t j = i; j < KERNEL_FIELD_COUNT; j++) {
			if (strcmp(wanted[j].structure, wanted[i].structure) != 0 ||
			    strchr(wanted[j].path, '.'))
				continue;
			if (left_out && strcmp(wanted[j].path, left_out) == 0)
				continue;
			add_member(&maker, wanted[j].path, integer, 8 * ++count);
		}
		add_member(&maker, "ns", common, 512);
		add_member(&maker, "__sk_common", common, 1024);
		maker.types[head + 1] |= count + 2;
	}
	return finish(&maker, blob);
}

static void the_running_kernel(void **state)
{
	struct kernel_types types;
	int ret = btf_read(&types);

	(void)state;
	if (ret == -EOPNOTSUPP)
		skip();
	assert_int_equal(ret, 0);
	assert_int_not_equal(types.iterators[PROGRAM_TASKS], 0);
	assert_int_not_equal(types.iterators[PROGRAM_FILES], 0);
	assert_int_not_equal(types.task_type, 0);
	assert_int_equal(types.offsets[KERNEL_NSPROXY_COUNT], 0);
	assert_int_equal(types.offsets[KERNEL_TASK_TGID], types.offsets[KERNEL_TASK_PID] + sizeof(int));
}

static void paths_lead_through_structures_and_those_without_a_name(void **state)
{
	static char blob[65536];
	struct kernel_types types;
	size_t size = make_kernel(blob, NULL);

	(void)state;
	/* There is no skc_net: a field that every kernel has is missed. */
	assert_int_equal(btf_parse(blob, size, &types), -EOPNOTSUPP);
	assert_int_equal(types.offsets[KERNEL_UTS_INUM], 512 + 4);
	assert_int_equal(types.offsets[KERNEL_UTS_ID], 512 + 16);
	assert_int_equal(types.offsets[KERNEL_SOCK_NET], FIELD_MISSING);
	assert_int_equal(types.offsets[KERNEL_TASK_PID], 8);
	/* The fourth of the types, as task_struct is the first of the structures. */
	assert_int_equal(types.task_type, 4);
	/* As before Linux 6.2. */
	assert_int_equal(types.functions[FUNCTION_RDONLY_CAST], 0);
	assert_int_equal(types.iterators[PROGRAM_TASKS], 0);
}

static void a_field_that_is_not_there(void **state)
{
	static char blob[65536];
	struct kernel_types types;
	size_t size = make_kernel(blob, "real_parent");

	(void)state;
	assert_int_equal(btf_parse(blob, size, &types), -EOPNOTSUPP);
	assert_int_equal(types.offsets[KERNEL_TASK_PARENT], FIELD_MISSING);
}

/* In memory of its own that ends where it does, so that the sanitizers and valgrind see what is read beyond.
 */
static int parse_copy(const char *blob, size_t length, struct kernel_types *types)
{
	char *copy = malloc(length ? length : 1);
	int ret;

	assert_non_null(copy);
	memcpy(copy, blob, length);
	ret = btf_parse(copy, length, types);
	free(copy);
	return ret;
}

static void what_is_broken_is_refused(void **state)
{
	static char good[65536];
	static char blob[65536];
	struct kernel_types types;
	size_t size = make_kernel(good, NULL);

	(void)state;
	srand(1);
	for (size_t length = 0; length < size; length += 1 + length / 50)
		assert_true(parse_copy(good, length, &types) < 0);
	for (int i = 0; i < 2000; i++) {
		memcpy(blob, good, size);
		for (int j = 0; j < 4; j++)
			blob[(size_t)rand() % size] = (char)rand();
		parse_copy(blob, size, &types);
	}
	/* The last name has no end. */
	memcpy(blob, good, size);
	blob[size - 1] = 'x';
	assert_int_equal(parse_copy(blob, size, &types), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_running_kernel),
	    cmocka_unit_test(paths_lead_through_structures_and_those_without_a_name),
	    cmocka_unit_test(a_field_that_is_not_there),
	    cmocka_unit_test(what_is_broken_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
