/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bpf/btf_data.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The limit of structures embedded in each other. */
#define MAX_DEPTH 8

/* Kinds that headers before Linux 6.1 may lack. */
#define KIND_DECL_TAG 17
#define KIND_TYPE_TAG 18
#define KIND_ENUM64 19

/* The number of bytes after the header of a type, or -1 for an unknown kind. */
static long tail_size(const struct btf_type *type)
{
	size_t count = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case KIND_TYPE_TAG:
		return 0;
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case KIND_DECL_TAG:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (long)(count * sizeof(struct btf_member));
	case BTF_KIND_ENUM:
		return (long)(count * sizeof(struct btf_enum));
	case BTF_KIND_FUNC_PROTO:
		return (long)(count * sizeof(struct btf_param));
	case BTF_KIND_DATASEC:
		return (long)(count * sizeof(struct btf_var_secinfo));
	case KIND_ENUM64:
		return (long)(count * 3 * sizeof(uint32_t));
	default:
		return -1;
	}
}

static bool is_structure(const struct btf_type *type)
{
	uint32_t kind = BTF_INFO_KIND(type->info);

	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}

static const struct btf_member *members_of(const struct btf_type *type)
{
	return (const struct btf_member *)(type + 1);
}

/* In bytes; bit fields are not looked for. */
static uint32_t member_offset(const struct btf_type *type, const struct btf_member *member)
{
	uint32_t bits = BTF_INFO_KFLAG(type->info) ? BTF_MEMBER_BIT_OFFSET(member->offset) : member->offset;

	return bits / 8;
}

/* Follows typedefs and qualifiers to the structure; NULL if the type is none. */
static const struct btf_type *structure_of(const struct btf_data *btf, uint32_t id)
{
	for (int depth = 0; depth < MAX_DEPTH && id > 0 && id < btf->count; depth++) {
		const struct btf_type *type = btf_data_type(btf, id);

		if (is_structure(type))
			return type;
		switch (BTF_INFO_KIND(type->info)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case KIND_TYPE_TAG:
			id = type->type;
			break;
		default:
			return NULL;
		}
	}
	return NULL;
}

/* A structure that is searched, and the position in it. */
struct level {
	const struct btf_type *type;
	uint32_t offset; /* in the outermost structure */
	size_t next;     /* the member to look at */
};

static bool is_named(const struct btf_data *btf, const struct btf_member *member, const char *name,
		     size_t length)
{
	const char *found = btf_data_name(btf, member->name_off);

	return strncmp(found, name, length) == 0 && found[length] == '\0';
}

/* Looks into a member without a name, as C does. */
static bool descend(const struct btf_data *btf, const struct btf_member *member, uint32_t offset,
		    struct level *below)
{
	const struct btf_type *inner = NULL;

	if (btf_data_name(btf, member->name_off)[0] == '\0')
		inner = structure_of(btf, member->type);
	*below = (struct level){.type = inner, .offset = offset};
	return inner != NULL;
}

/* Finds a member by name, and adds its offset to *offset.  Returns NULL if there is none. */
static const struct btf_member *find_member(const struct btf_data *btf, const struct btf_type *type,
					    const char *name, size_t length, uint32_t *offset)
{
	struct level levels[MAX_DEPTH] = {{.type = type}};
	int depth = 0;

	while (depth >= 0) {
		struct level *level = &levels[depth];
		const struct btf_member *member = &members_of(level->type)[level->next];
		uint32_t at;

		if (level->next == BTF_INFO_VLEN(level->type->info)) {
			depth--;
			continue;
		}
		level->next++;
		at = level->offset + member_offset(level->type, member);
		if (is_named(btf, member, name, length)) {
			*offset += at;
			return member;
		}
		if (depth + 1 < MAX_DEPTH && descend(btf, member, at, level + 1))
			depth++;
	}
	return NULL;
}

uint32_t btf_data_offset(const struct btf_data *btf, const struct btf_type *type, const char *path)
{
	uint32_t offset = 0;

	while (type) {
		size_t length = strcspn(path, ".");
		const struct btf_member *member = find_member(btf, type, path, length, &offset);

		if (!member)
			return BTF_NO_MEMBER;
		path += length;
		if (*path == '\0')
			return offset;
		path++;
		type = structure_of(btf, member->type);
	}
	return BTF_NO_MEMBER;
}

/* Types differ in size: each begins where the one before it ends. */
static int index_types(struct btf_data *btf)
{
	/* No type is smaller than its header. */
	size_t most = btf->types_length / sizeof(struct btf_type) + 1;
	size_t at = 0;

	btf->by_id = calloc(most, sizeof(*btf->by_id));
	if (!btf->by_id)
		return -ENOMEM;
	btf->count = 1;
	while (at + sizeof(struct btf_type) <= btf->types_length) {
		const struct btf_type *type = (const struct btf_type *)(btf->types + at);
		long tail = tail_size(type);

		if (tail < 0 || (size_t)tail > btf->types_length - at - sizeof(*type))
			return -EPROTO;
		btf->by_id[btf->count++] = (uint32_t)at;
		at += sizeof(*type) + (size_t)tail;
	}
	return 0;
}

/* Finds the parts within the limits of the data. */
static int find_parts(const void *data, uint64_t size, struct btf_data *btf)
{
	const struct btf_header *header = data;
	size_t rest;

	if (size < sizeof(*header) || header->magic != BTF_MAGIC || header->hdr_len > size ||
	    header->hdr_len % sizeof(uint32_t) != 0)
		return -EPROTO;
	rest = (size_t)size - header->hdr_len;
	if (header->type_off > rest || header->type_len > rest - header->type_off ||
	    header->type_off % sizeof(uint32_t) != 0 || header->str_off > rest ||
	    header->str_len > rest - header->str_off || header->str_len == 0)
		return -EPROTO;
	btf->types = (const char *)data + header->hdr_len + header->type_off;
	btf->types_length = header->type_len;
	btf->names = (const char *)data + header->hdr_len + header->str_off;
	btf->names_length = header->str_len;
	return btf->names[btf->names_length - 1] == '\0' ? 0 : -EPROTO;
}

int btf_data_open(const void *data, uint64_t size, struct btf_data *btf)
{
	int ret;

	*btf = (struct btf_data){0};
	ret = find_parts(data, size, btf);
	return ret < 0 ? ret : index_types(btf);
}

void btf_data_close(struct btf_data *btf)
{
	free(btf->by_id);
	*btf = (struct btf_data){0};
}
