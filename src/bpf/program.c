/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bpf/program.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "bpf/call.h"
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

static bool is_mark(long number, enum kernel_field *field)
{
	long beyond = number - FIELD_MARK_FIRST;

	if (beyond < 0 || beyond % FIELD_MARK_STEP != 0 || beyond / FIELD_MARK_STEP >= KERNEL_FIELD_COUNT)
		return false;
	*field = (enum kernel_field)(beyond / FIELD_MARK_STEP);
	return true;
}

/* A load at a mark becomes a load at the field's offset, or of 0 without such a field. */
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

/* The same for an address: that of a missing field is 0, where reads return 0. */
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

/* A call of a kernel function.  Without bpf_rdonly_cast() the result is the argument; other results are 0. */
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

int program_load(const struct kernel_types *types, enum program program,
		 const struct program_purpose *purpose, const struct program_maps *maps)
{
	static const char license[] = "GPL";
	const struct code *code = &programs[program];
	struct bpf_insn instructions[MAX_INSTRUCTIONS];
	union bpf_attr attr;

	memcpy(instructions, code->code, code->count * sizeof(instructions[0]));
	patch(types, maps, instructions, code->count);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = purpose->type;
	attr.expected_attach_type = purpose->attach_type;
	attr.attach_btf_id = purpose->btf_id;
	attr.insns = (uint64_t)(uintptr_t)instructions;
	attr.insn_cnt = (uint32_t)code->count;
	attr.license = (uint64_t)(uintptr_t)license;
	return bpf_call(BPF_PROG_LOAD, &attr);
}
