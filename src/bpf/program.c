#include "bpf/program.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bpf/record.h"
#include "bpf/walk.h"

#include "files.bpf.h"
#include "mounts.bpf.h"
#include "mounts_bounded.bpf.h"
#include "mqueue.bpf.h"
#include "mqueue_bounded.bpf.h"
#include "tasks.bpf.h"
#include "types.bpf.h"
#include "types_bounded.bpf.h"

#define MAX_INSTRUCTIONS 1024
#define KERNEL_ENOTSUPP 524 /* ENOTSUPP of the kernel's errno.h, which libc does not know */

#define ADD_CONSTANT (BPF_ALU64 | BPF_ADD | BPF_K)
#define SET_CONSTANT (BPF_ALU64 | BPF_MOV | BPF_K)
#define COPY_REGISTER (BPF_ALU64 | BPF_MOV | BPF_X)
#define CALL (BPF_JMP | BPF_CALL)
#define LOAD_CONSTANT (BPF_LD | BPF_DW | BPF_IMM) /* 64 bits, in two instructions */

struct code {
	const uint64_t *code;
	size_t count;
};

#define CODE(name)                                                                                           \
	{                                                                                                    \
		name##_code, sizeof(name##_code) / sizeof(name##_code[0])                                    \
	}
static const struct code programs[PROGRAM_COUNT] = {
    [PROGRAM_TASKS] = CODE(tasks),   [PROGRAM_FILES] = CODE(files),
    [PROGRAM_TYPES] = CODE(types),   [PROGRAM_TYPES_BOUNDED] = CODE(types_bounded),
    [PROGRAM_MQUEUE] = CODE(mqueue), [PROGRAM_MQUEUE_BOUNDED] = CODE(mqueue_bounded),
    [PROGRAM_MOUNTS] = CODE(mounts), [PROGRAM_MOUNTS_BOUNDED] = CODE(mounts_bounded),
};

#define FITS(name) (sizeof(name##_code) / sizeof(name##_code[0]) <= MAX_INSTRUCTIONS)
_Static_assert(FITS(tasks) && FITS(files) && FITS(types) && FITS(types_bounded) && FITS(mqueue) &&
		   FITS(mqueue_bounded) && FITS(mounts) && FITS(mounts_bounded),
	       "a program is too long");

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	long ret = syscall(SYS_bpf, command, attr, sizeof(*attr));

	if (ret >= 0)
		return (int)ret;
	return errno == KERNEL_ENOTSUPP ? -EOPNOTSUPP : -errno;
}

int program_set_value(int map_fd, const void *value)
{
	const uint32_t first = 0;
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (uint32_t)map_fd;
	attr.key = (uint64_t)(uintptr_t)&first;
	attr.value = (uint64_t)(uintptr_t)value;
	return bpf(BPF_MAP_UPDATE_ELEM, &attr);
}

int program_create_array(size_t value_size, size_t count, bool is_mapped)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = sizeof(uint32_t);
	attr.value_size = (uint32_t)value_size;
	attr.max_entries = (uint32_t)count;
	attr.map_flags = is_mapped ? BPF_F_MMAPABLE : 0;
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

/* The address of the state's value, or the map of the records. */
static void patch_map(const struct program_maps *maps, struct bpf_insn *instruction)
{
	uint64_t value = (uint32_t)instruction[0].imm | (uint64_t)(uint32_t)instruction[1].imm << 32;

	if (value == STATE_MARK) {
		instruction[0].src_reg = BPF_PSEUDO_MAP_VALUE;
		instruction[0].imm = maps->state_fd;
	} else if (value == RECORDS_MARK) {
		instruction[0].src_reg = BPF_PSEUDO_MAP_FD;
		instruction[0].imm = maps->records_fd;
	} else {
		return;
	}
	instruction[1].imm = 0;
}

/* A function of the kernel's.  Without bpf_rdonly_cast() its argument is its result; others return 0. */
static void patch_call(const struct kernel_types *types, struct bpf_insn *instruction)
{
	static const int marks[KERNEL_FUNCTION_COUNT] = {
	    [FUNCTION_RDONLY_CAST] = CAST_MARK,
	    [FUNCTION_NUM_NEW] = NUM_NEW_MARK,
	    [FUNCTION_NUM_NEXT] = NUM_NEXT_MARK,
	    [FUNCTION_NUM_DESTROY] = NUM_DESTROY_MARK,
	};

	for (enum kernel_function f = 0; f < KERNEL_FUNCTION_COUNT; f++) {
		if (instruction->imm != marks[f])
			continue;
		if (types->functions[f] != 0)
			*instruction = (struct bpf_insn){.code = CALL,
							 .src_reg = BPF_PSEUDO_KFUNC_CALL,
							 .imm = (int32_t)types->functions[f]};
		else if (f == FUNCTION_RDONLY_CAST)
			*instruction = (struct bpf_insn){
			    .code = COPY_REGISTER, .dst_reg = BPF_REG_0, .src_reg = BPF_REG_1};
		else
			*instruction = (struct bpf_insn){.code = SET_CONSTANT, .dst_reg = BPF_REG_0};
		return;
	}
}

static void patch(const struct kernel_types *types, const struct program_maps *maps,
		  struct bpf_insn *instructions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct bpf_insn *instruction = &instructions[i];

		if (BPF_CLASS(instruction->code) == BPF_LDX) {
			patch_load(types, instruction);
		} else if (instruction->code == ADD_CONSTANT) {
			patch_address(types, instruction);
		} else if (instruction->code == CALL && instruction->src_reg == 0) {
			patch_call(types, instruction);
		} else if (instruction->code == SET_CONSTANT && instruction->imm == TASK_TYPE_MARK) {
			instruction->imm = (int32_t)types->task_type;
		} else if (instruction->code == LOAD_CONSTANT && i + 1 < count) {
			patch_map(maps, instruction);
			i++;
		}
	}
}

static int load_patched(const struct kernel_types *types, enum program program,
			const struct program_maps *maps)
{
	static const char license[] = "GPL";
	const struct code *code = &programs[program];
	struct bpf_insn instructions[MAX_INSTRUCTIONS];
	union bpf_attr attr;

	memcpy(instructions, code->code, code->count * sizeof(instructions[0]));
	patch(types, maps, instructions, code->count);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_TRACING;
	attr.expected_attach_type = BPF_TRACE_ITER;
	attr.attach_btf_id = types->iterators[program];
	attr.insns = (uint64_t)(uintptr_t)instructions;
	attr.insn_cnt = (uint32_t)code->count;
	attr.license = (uint64_t)(uintptr_t)license;
	return bpf(BPF_PROG_LOAD, &attr);
}

/*
 * Callers that may not call the kernel's functions, or whose JIT cannot, have
 * the slower way still: without bpf_rdonly_cast() each pointer is read by a
 * helper, and without the number iterator no fixed file of an io_uring is.  A
 * walk without it would be none.
 */
int program_load(const struct kernel_types *types, enum program program, const struct program_maps *maps)
{
	struct kernel_types without = *types;
	int ret;

	if (types->iterators[program] == 0)
		return -EOPNOTSUPP;
	ret = load_patched(types, program, maps);
	if (ret >= 0 || types->functions[FUNCTION_RDONLY_CAST] == 0 ||
	    (program != PROGRAM_TASKS && program != PROGRAM_FILES))
		return ret;
	memset(without.functions, 0, sizeof(without.functions));
	return load_patched(&without, program, maps);
}

int program_open_iterator(int program_fd)
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

int program_raise_memlock(struct rlimit *before)
{
	const struct rlimit none = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};

	return getrlimit(RLIMIT_MEMLOCK, before) == 0 && setrlimit(RLIMIT_MEMLOCK, &none) == 0 ? 0 : -errno;
}
