/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/call_list.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* The code below has these numbers. */
static_assert(sizeof(struct call) == 64, "size of a call");
static_assert(offsetof(struct call, arguments) == 8, "place of the arguments");
static_assert(offsetof(struct call, result) == 56, "place of the result");
static_assert(offsetof(struct copied, from) == 8 && offsetof(struct copied, size) == 16, "what is copied");

__asm__(".pushsection .rodata\n"
	".balign 16\n"
	".globl call_list_first\n"
	".hidden call_list_first\n"
	".globl call_list_last\n"
	".hidden call_list_last\n"
	"call_list_first:\n"
#if defined(__x86_64__)
	/* A system call changes rax, rcx and r11 alone; a function keeps rbx and rbp. */
	"push %rbx\n"
	"push %rbp\n"
	"mov %rdi, %rbx\n"
	"mov %rsi, %rbp\n"
	"mov 0(%rdx), %rdi\n"
	"mov 8(%rdx), %rsi\n"
	"mov 16(%rdx), %rcx\n"
	"rep movsb\n"
	"0:\n"
	"cmp %rbp, %rbx\n"
	"je 1f\n"
	"mov 0(%rbx), %rax\n"
	"mov 8(%rbx), %rdi\n"
	"mov 16(%rbx), %rsi\n"
	"mov 24(%rbx), %rdx\n"
	"mov 32(%rbx), %r10\n"
	"mov 40(%rbx), %r8\n"
	"mov 48(%rbx), %r9\n"
	"syscall\n"
	"mov %rax, 56(%rbx)\n"
	"add $64, %rbx\n"
	"jmp 0b\n"
	"1:\n"
	"pop %rbp\n"
	"pop %rbx\n"
	"ret\n"
#elif defined(__aarch64__)
	/* A system call changes x0 alone; x9 to x15 are a function's to use. */
	"mov x9, x0\n"
	"mov x10, x1\n"
	"ldp x11, x12, [x2]\n"
	"ldr x13, [x2, #16]\n"
	"0:\n"
	"cbz x13, 1f\n"
	"ldr x14, [x12], #8\n"
	"str x14, [x11], #8\n"
	"sub x13, x13, #8\n"
	"b 0b\n"
	"1:\n"
	"cmp x9, x10\n"
	"b.eq 2f\n"
	"ldp x8, x0, [x9]\n"
	"ldp x1, x2, [x9, #16]\n"
	"ldp x3, x4, [x9, #32]\n"
	"ldr x5, [x9, #48]\n"
	"svc #0\n"
	"str x0, [x9, #56]\n"
	"add x9, x9, #64\n"
	"b 1b\n"
	"2:\n"
	"ret\n"
#endif
	"call_list_last:\n"
	".popsection\n");

extern const char call_list_first[] __attribute__((visibility("hidden")));
extern const char call_list_last[] __attribute__((visibility("hidden")));

const void *call_list_code(size_t *size)
{
	*size = (size_t)((uintptr_t)call_list_last - (uintptr_t)call_list_first);
	return call_list_first;
}

void call_list_run(struct call *first, const struct call *end, const struct copied *copied)
{
	memcpy(copied->to, copied->from, copied->size);
	for (struct call *call = first; call != end; call++) {
		const long *arguments = call->arguments;

		call->result = syscall(call->number, arguments[0], arguments[1], arguments[2], arguments[3],
				       arguments[4], arguments[5]);
		if (call->result == -1)
			call->result = -errno;
	}
}
