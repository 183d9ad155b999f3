/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types of the kernel, however broken: what is found of them lies within them. */
#include <errno.h>

#include "bpf/btf.h"
#include "bpf/btf_data.h"
#include "bpf/walk_layout.h"
#include "input.h"

/* A type lies within the types; its first member is found by its name. */
static void check_type(const struct btf_data *btf, uint32_t id)
{
	const struct btf_type *type = btf_data_type(btf, id);
	const struct btf_member *member = (const struct btf_member *)(type + 1);
	const char *end = btf->types + btf->types_length;
	size_t count = BTF_INFO_VLEN(type->info);
	const char *name;

	if ((const char *)type < btf->types || (const char *)member > end)
		abort();
	if (BTF_INFO_KIND(type->info) != BTF_KIND_STRUCT || count == 0)
		return;
	if ((const char *)(member + count) > end)
		abort();
	btf_data_offset(btf, type, "ns.inum");
	name = btf_data_name(btf, member->name_off);
	if (name[0] != '\0' && !strchr(name, '.') && btf_data_offset(btf, type, name) == BTF_NO_MEMBER)
		abort();
}

static void check_data(const void *data, size_t size)
{
	struct btf_data btf;
	int ret = btf_data_open(data, size, &btf);

	if (ret != 0 && ret != -EPROTO)
		abort();
	for (uint32_t id = 1; ret == 0 && id < btf.count; id++)
		check_type(&btf, id);
	btf_data_close(&btf);
}

static void check_types(const void *data, size_t size)
{
	struct kernel_types types;
	struct walk_layout layout;
	int ret = btf_parse(data, size, &types);

	if (ret != 0) {
		if (ret != -EPROTO && ret != -EOPNOTSUPP)
			abort();
		return;
	}
	for (size_t i = 0; i < KERNEL_FIELD_COUNT; i++) {
		if (types.offsets[i] != FIELD_MISSING && types.offsets[i] > INT16_MAX)
			abort();
	}
	walk_layout_fill(&types, &layout);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = to_text(data, size); /* aligned */

	check_data(copy, size);
	check_types(copy, size);
	free(copy);
	return 0;
}
