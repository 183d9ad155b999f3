#include "bpf/iterator.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bpf/record.h"

#include "files.bpf.h"
#include "tasks.bpf.h"

#define MAX_INSTRUCTIONS 1024

#define ADD_CONSTANT (BPF_ALU64 | BPF_ADD | BPF_K)
#define SET_CONSTANT (BPF_ALU64 | BPF_MOV | BPF_K)
#define COPY_REGISTER (BPF_ALU64 | BPF_MOV | BPF_X)
#define CALL (BPF_JMP | BPF_CALL)
#define LOAD_CONSTANT (BPF_LD | BPF_DW | BPF_IMM) /* 64 bits, in two instructions */

struct program {
	const uint64_t *code;
	size_t count;
	size_t state_size; /* as much of struct program_state as it uses */
};

static const struct program programs[ITERATOR_KIND_COUNT] = {
    [ITERATOR_TASKS] = {tasks_code, sizeof(tasks_code) / sizeof(tasks_code[0]), sizeof(struct program_state)},
    [ITERATOR_FILES] = {files_code, sizeof(files_code) / sizeof(files_code[0]),
			offsetof(struct program_state, set_count)},
};

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	long ret = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return ret < 0 ? -errno : (int)ret;
}

/* One value: what a program keeps from call to call. */
static int create_state(size_t size)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = sizeof(uint32_t);
	attr.value_size = (uint32_t)size;
	attr.max_entries = 1;
	return bpf(BPF_MAP_CREATE, &attr);
}

static bool is_mark(long number, enum kernel_field *field)
{
	long beyond = number - FIELD_MARK_FIRST;

	if (beyond < 0 || beyond % FIELD_MARK_STEP != 0 || beyond / FIELD_MARK_STEP >= KERNEL_FIELD_COUNT)
		return false;
	*field = (enum kernel_field)(beyond / FIELD_MARK_STEP);
	return true;
}

/* A load at a mark becomes one at the field's offset, or of 0 where there is no such field. */
static void patch_load(const struct kernel_types *types, struct bpf_insn *instruction)
{
	enum kernel_field field;

	if (!is_mark(instruction->off, &field))
		return;
	if (types->offsets[field] == FIELD_MISSING)
		*instruction = (struct bpf_insn){.code = SET_CONSTANT, .dst_reg = instruction->dst_reg};
	else
		instruction->off = (int16_t)types->offsets[field];
}

/* The same for an address.  One of a missing field leads outside of all memory: what is read there is 0. */
static void patch_address(const struct kernel_types *types, struct bpf_insn *instruction)
{
	enum kernel_field field;

	if (!is_mark(instruction->imm, &field))
		return;
	if (types->offsets[field] == FIELD_MISSING)
		*instruction = (struct bpf_insn){.code = SET_CONSTANT, .dst_reg = instruction->dst_reg};
	else
		instruction->imm = (int32_t)types->offsets[field];
}

static void patch_state(int state_fd, struct bpf_insn *instruction)
{
	uint64_t value = (uint32_t)instruction[0].imm | (uint64_t)(uint32_t)instruction[1].imm << 32;

	if (value != STATE_MARK)
		return;
	instruction[0].src_reg = BPF_PSEUDO_MAP_VALUE;
	instruction[0].imm = state_fd;
	instruction[1].imm = 0;
}

/* From the first argument to the result, one way or another. */
static void patch_cast(const struct kernel_types *types, struct bpf_insn *instruction)
{
	if (types->cast_function != 0)
		*instruction = (struct bpf_insn){
		    .code = CALL, .src_reg = BPF_PSEUDO_KFUNC_CALL, .imm = (int32_t)types->cast_function};
	else
		*instruction =
		    (struct bpf_insn){.code = COPY_REGISTER, .dst_reg = BPF_REG_0, .src_reg = BPF_REG_1};
}

static void patch(const struct kernel_types *types, int state_fd, struct bpf_insn *instructions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct bpf_insn *instruction = &instructions[i];

		if (BPF_CLASS(instruction->code) == BPF_LDX) {
			patch_load(types, instruction);
		} else if (instruction->code == ADD_CONSTANT) {
			patch_address(types, instruction);
		} else if (instruction->code == CALL && instruction->imm == CAST_MARK) {
			patch_cast(types, instruction);
		} else if (instruction->code == SET_CONSTANT && instruction->imm == TASK_TYPE_MARK) {
			instruction->imm = (int32_t)types->task_type;
		} else if (instruction->code == LOAD_CONSTANT && i + 1 < count) {
			patch_state(state_fd, instruction);
			i++;
		}
	}
}

static int load_patched(const struct kernel_types *types, enum iterator_kind kind, int state_fd)
{
	static const char license[] = "GPL";
	const struct program *program = &programs[kind];
	struct bpf_insn instructions[MAX_INSTRUCTIONS];
	union bpf_attr attr;

	_Static_assert(sizeof(tasks_code) / 8 <= MAX_INSTRUCTIONS &&
			   sizeof(files_code) / 8 <= MAX_INSTRUCTIONS,
		       "a program is too long");
	memcpy(instructions, program->code, program->count * sizeof(instructions[0]));
	patch(types, state_fd, instructions, program->count);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_TRACING;
	attr.expected_attach_type = BPF_TRACE_ITER;
	attr.attach_btf_id = types->iterators[kind];
	attr.insns = (uint64_t)(uintptr_t)instructions;
	attr.insn_cnt = (uint32_t)program->count;
	attr.license = (uint64_t)(uintptr_t)license;
	return bpf(BPF_PROG_LOAD, &attr);
}

/* Who may not call the function, or has no JIT that can, has the slower way still. */
static int load(const struct kernel_types *types, enum iterator_kind kind, int state_fd)
{
	struct kernel_types without = *types;
	int ret = load_patched(types, kind, state_fd);

	if (ret >= 0 || types->cast_function == 0)
		return ret;
	without.cast_function = 0;
	return load_patched(&without, kind, state_fd);
}

static int open_file_of(int program_fd)
{
	AUTO_CLOSE int link_fd = -1;
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (uint32_t)program_fd;
	attr.link_create.attach_type = BPF_TRACE_ITER;
	link_fd = bpf(BPF_LINK_CREATE, &attr);
	if (link_fd < 0)
		return link_fd;
	memset(&attr, 0, sizeof(attr));
	attr.iter_create.link_fd = (uint32_t)link_fd;
	return bpf(BPF_ITER_CREATE, &attr);
}

static int open_iterator(const struct kernel_types *types, enum iterator_kind kind)
{
	AUTO_CLOSE int state_fd = create_state(programs[kind].state_size);
	AUTO_CLOSE int program_fd = -1;

	if (state_fd < 0)
		return state_fd;
	program_fd = load(types, kind, state_fd);
	return program_fd < 0 ? program_fd : open_file_of(program_fd);
}

/* Before Linux 5.11 programs and maps count as locked memory of the user's, whoever made them. */
int iterator_open(const struct kernel_types *types, enum iterator_kind kind)
{
	struct rlimit before;
	struct rlimit none = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
	bool is_raised;
	int fd;

	if (types->iterators[kind] == 0)
		return -EOPNOTSUPP;
	/* Who may not raise it has what there is. */
	is_raised = getrlimit(RLIMIT_MEMLOCK, &before) == 0 && setrlimit(RLIMIT_MEMLOCK, &none) == 0;
	fd = open_iterator(types, kind);
	if (is_raised && setrlimit(RLIMIT_MEMLOCK, &before) < 0 && fd >= 0) {
		int ret = -errno;

		close(fd);
		return ret;
	}
	return fd;
}
