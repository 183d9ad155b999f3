/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bpf/btf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "bpf/btf_data.h"

#define BTF_LIMIT (256U << 20)
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

/* Each iterator is attached to a function of the kernel, which stands for it. */
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

/* The wanted fields by the first letter of their structure: most of the thousands of structures have none. */
struct fields_by_letter {
	uint8_t first[256]; /* the index of a field, plus 1; 0: none */
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

static void find_in_structure(const struct btf_data *btf, const struct fields_by_letter *sorted, uint32_t id,
			      struct kernel_types *types)
{
	const struct btf_type *type = btf_data_type(btf, id);
	const char *name = btf_data_name(btf, type->name_off);

	if (types->task_type == 0 && name[0] == 't' && strcmp(name, "task_struct") == 0)
		types->task_type = id;
	for (size_t i = sorted->first[(unsigned char)name[0]]; i != 0; i = sorted->next[i - 1]) {
		if (types->offsets[i - 1] == FIELD_MISSING && strcmp(name, fields[i - 1].structure) == 0)
			types->offsets[i - 1] = btf_data_offset(btf, type, fields[i - 1].path);
	}
}

static void find_function(const struct btf_data *btf, uint32_t id, struct kernel_types *types)
{
	const char *name = btf_data_name(btf, btf_data_type(btf, id)->name_off);

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

static int find_all(struct btf_data *btf, struct kernel_types *types)
{
	struct fields_by_letter sorted;

	sort_fields(&sorted);
	for (uint32_t id = 1; id < btf->count; id++) {
		const struct btf_type *type = btf_data_type(btf, id);

		if (BTF_INFO_KIND(type->info) == BTF_KIND_STRUCT)
			find_in_structure(btf, &sorted, id, types);
		else if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC)
			find_function(btf, id, types);
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
	AUTO_BTF struct btf_data btf = {0};
	int ret = btf_data_open(data, size, &btf);

	*types = (struct kernel_types){0};
	for (size_t i = 0; i < KERNEL_FIELD_COUNT; i++)
		types->offsets[i] = FIELD_MISSING;
	return ret < 0 ? ret : find_all(&btf, types);
}

/* Since Linux 6.16 the file can be mapped; before, it has to be copied. */
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
