#include "bpf/btf.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define BTF_LIMIT (256U << 20)
/* Structures embedded in each other, as deep as one may believe. */
#define MAX_DEPTH 8

/* Kinds that headers before Linux 6.1 may lack. */
#define KIND_DECL_TAG 17
#define KIND_TYPE_TAG 18
#define KIND_ENUM64 19

struct field {
	const char *structure;
	const char *path;
	bool is_optional;
};

static const struct field fields[KERNEL_FIELD_COUNT] = {
#define FIELD(name, structure, path) {structure, path, false},
#define OPTIONAL(name, structure, path) {structure, path, true},
    KERNEL_FIELDS(FIELD, OPTIONAL)
#undef FIELD
#undef OPTIONAL
};

/* What a program iterates over is a function of the kernel's. */
static const char *const iterator_functions[PROGRAM_COUNT] = {
    [PROGRAM_TASKS] = "bpf_iter_task",          [PROGRAM_FILES] = "bpf_iter_task_file",
    [PROGRAM_TYPES] = "bpf_iter_bpf_map",       [PROGRAM_MQUEUE] = "bpf_iter_bpf_map",
    [PROGRAM_MOUNTS] = "bpf_iter_bpf_map",      [PROGRAM_TYPES_BOUNDED] = "bpf_iter_task",
    [PROGRAM_MQUEUE_BOUNDED] = "bpf_iter_task", [PROGRAM_MOUNTS_BOUNDED] = "bpf_iter_task",
};

static const char *const functions[KERNEL_FUNCTION_COUNT] = {
    [FUNCTION_RDONLY_CAST] = "bpf_rdonly_cast",
    [FUNCTION_NUM_NEW] = "bpf_iter_num_new",
    [FUNCTION_NUM_NEXT] = "bpf_iter_num_next",
    [FUNCTION_NUM_DESTROY] = "bpf_iter_num_destroy",
};

struct blob {
	const char *types;
	size_t types_length;
	const char *names; /* its last byte is 0 */
	size_t names_length;
	uint32_t *by_id; /* where in types each begins */
	size_t count;    /* ids; 0 is void, which is none of them */
};

/* How many bytes follow the head of a type, or -1 for a kind that is not known. */
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

static const struct btf_type *type_of(const struct blob *blob, uint32_t id)
{
	return (const struct btf_type *)(blob->types + blob->by_id[id]);
}

static const char *name_at(const struct blob *blob, uint32_t offset)
{
	return offset < blob->names_length ? blob->names + offset : "";
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

/* In bytes; fields of bits are none of ours. */
static uint32_t member_offset(const struct btf_type *type, const struct btf_member *member)
{
	uint32_t bits = BTF_INFO_KFLAG(type->info) ? BTF_MEMBER_BIT_OFFSET(member->offset) : member->offset;

	return bits / 8;
}

/* Through typedefs and qualifiers to the structure itself; NULL where it is none. */
static const struct btf_type *structure_of(const struct blob *blob, uint32_t id)
{
	for (int depth = 0; depth < MAX_DEPTH && id > 0 && id < blob->count; depth++) {
		const struct btf_type *type = type_of(blob, id);

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

/* A structure that is looked through, and how far. */
struct level {
	const struct btf_type *type;
	uint32_t offset; /* of it in the outermost */
	size_t next;     /* member */
};

static bool is_named(const struct blob *blob, const struct btf_member *member, const char *name,
		     size_t length)
{
	const char *its = name_at(blob, member->name_off);

	return strncmp(its, name, length) == 0 && its[length] == '\0';
}

/* Goes down into a member that has no name of its own, as C does. */
static bool enter(const struct blob *blob, const struct btf_member *member, uint32_t offset,
		  struct level *below)
{
	const struct btf_type *inner = NULL;

	if (name_at(blob, member->name_off)[0] == '\0')
		inner = structure_of(blob, member->type);
	*below = (struct level){.type = inner, .offset = offset};
	return inner != NULL;
}

/* Finds a member by name, and adds where it is to *offset.  NULL: there is none. */
static const struct btf_member *find_member(const struct blob *blob, const struct btf_type *type,
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
		if (is_named(blob, member, name, length)) {
			*offset += at;
			return member;
		}
		if (depth + 1 < MAX_DEPTH && enter(blob, member, at, level + 1))
			depth++;
	}
	return NULL;
}

/* "ns.inum": the offset of inum within the ns within the structure. */
static uint32_t resolve(const struct blob *blob, const struct btf_type *type, const char *path)
{
	uint32_t offset = 0;

	while (type) {
		size_t length = strcspn(path, ".");
		const struct btf_member *member = find_member(blob, type, path, length, &offset);

		if (!member)
			return FIELD_MISSING;
		path += length;
		if (*path == '\0')
			return offset;
		path++;
		type = structure_of(blob, member->type);
	}
	return FIELD_MISSING;
}

/* The fields by the first letter of their structure: there are thousands of structures, and few are wanted.
 */
struct fields_by_letter {
	uint8_t first[256]; /* a field and 1; 0: none */
	uint8_t next[KERNEL_FIELD_COUNT];
};

_Static_assert(KERNEL_FIELD_COUNT < UINT8_MAX, "a field fits a byte");

static void sort_fields(struct fields_by_letter *sorted)
{
	*sorted = (struct fields_by_letter){0};
	for (size_t i = 0; i < KERNEL_FIELD_COUNT; i++) {
		uint8_t *first = &sorted->first[(unsigned char)fields[i].structure[0]];

		sorted->next[i] = *first;
		*first = (uint8_t)(i + 1);
	}
}

static void find_in_structure(const struct blob *blob, const struct fields_by_letter *sorted, uint32_t id,
			      struct kernel_types *types)
{
	const struct btf_type *type = type_of(blob, id);
	const char *name = name_at(blob, type->name_off);

	if (types->task_type == 0 && name[0] == 't' && strcmp(name, "task_struct") == 0)
		types->task_type = id;
	for (size_t i = sorted->first[(unsigned char)name[0]]; i != 0; i = sorted->next[i - 1]) {
		if (types->offsets[i - 1] == FIELD_MISSING && strcmp(name, fields[i - 1].structure) == 0)
			types->offsets[i - 1] = resolve(blob, type, fields[i - 1].path);
	}
}

static void find_function(const struct blob *blob, uint32_t id, struct kernel_types *types)
{
	const char *name = name_at(blob, type_of(blob, id)->name_off);

	if (strncmp(name, "bpf_", strlen("bpf_")) != 0)
		return;
	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		if (strcmp(name, iterator_functions[i]) == 0)
			types->iterators[i] = id;
	}
	for (size_t i = 0; i < KERNEL_FUNCTION_COUNT; i++) {
		if (strcmp(name, functions[i]) == 0)
			types->functions[i] = id;
	}
}

/* Types have no fixed size: where each begins is known only from all before it. */
static int index_types(struct blob *blob)
{
	/* No type is smaller than its head. */
	size_t most = blob->types_length / sizeof(struct btf_type) + 1;
	size_t at = 0;

	blob->by_id = calloc(most, sizeof(*blob->by_id));
	if (!blob->by_id)
		return -ENOMEM;
	blob->count = 1;
	while (at + sizeof(struct btf_type) <= blob->types_length) {
		const struct btf_type *type = (const struct btf_type *)(blob->types + at);
		long tail = tail_size(type);

		if (tail < 0 || (size_t)tail > blob->types_length - at - sizeof(*type))
			return -EPROTO;
		blob->by_id[blob->count++] = (uint32_t)at;
		at += sizeof(*type) + (size_t)tail;
	}
	return 0;
}

static int find_all(struct blob *blob, struct kernel_types *types)
{
	struct fields_by_letter sorted;

	sort_fields(&sorted);
	for (uint32_t id = 1; id < blob->count; id++) {
		const struct btf_type *type = type_of(blob, id);

		if (BTF_INFO_KIND(type->info) == BTF_KIND_STRUCT)
			find_in_structure(blob, &sorted, id, types);
		else if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC)
			find_function(blob, id, types);
	}
	for (size_t i = 0; i < KERNEL_FIELD_COUNT; i++) {
		/* The offset of an instruction has 16 bits. */
		if (types->offsets[i] == FIELD_MISSING ? !fields[i].is_optional
						       : types->offsets[i] > INT16_MAX)
			return -EOPNOTSUPP;
	}
	return 0;
}

int btf_parse(const void *data, uint64_t size, struct kernel_types *types)
{
	const struct btf_header *header = data;
	struct blob blob = {0};
	size_t rest;
	int ret;

	*types = (struct kernel_types){0};
	for (size_t i = 0; i < KERNEL_FIELD_COUNT; i++)
		types->offsets[i] = FIELD_MISSING;
	if (size < sizeof(*header) || header->magic != BTF_MAGIC || header->hdr_len > size ||
	    header->hdr_len % sizeof(uint32_t) != 0)
		return -EPROTO;
	rest = (size_t)size - header->hdr_len;
	if (header->type_off > rest || header->type_len > rest - header->type_off ||
	    header->type_off % sizeof(uint32_t) != 0 || header->str_off > rest ||
	    header->str_len > rest - header->str_off || header->str_len == 0)
		return -EPROTO;
	blob.types = (const char *)data + header->hdr_len + header->type_off;
	blob.types_length = header->type_len;
	blob.names = (const char *)data + header->hdr_len + header->str_off;
	blob.names_length = header->str_len;
	if (blob.names[blob.names_length - 1] != '\0')
		return -EPROTO;
	ret = index_types(&blob);
	if (ret == 0)
		ret = find_all(&blob, types);
	free(blob.by_id);
	return ret;
}

/* Linux 6.16 lets it be mapped; before, it has to be copied. */
int btf_read(struct kernel_types *types)
{
	AUTO_CLOSE int fd = open(BTF_PATH, O_RDONLY | O_CLOEXEC);
	AUTO_FREE char *copy = NULL;
	struct stat st;
	void *mapped;
	ssize_t length;
	int ret;

	if (fd < 0)
		return errno == ENOENT ? -EOPNOTSUPP : -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	mapped = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (mapped != MAP_FAILED) {
		ret = btf_parse(mapped, (uint64_t)st.st_size, types);
		munmap(mapped, (size_t)st.st_size);
		return ret;
	}
	length = file_load_fd(fd, BTF_LIMIT, &copy);
	return length < 0 ? (int)length : btf_parse(copy, (uint64_t)length, types);
}
