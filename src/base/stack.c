/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/stack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>

/* Far more than the deepest calls need, libsmartcols's and execvp(3)'s among them. */
#define STACK_SIZE ((size_t)1 << 20)

struct call {
	int (*run)(int argc, char **argv);
	int argc;
	char **argv;
	int status;
	ucontext_t caller;
	ucontext_t own;
};

static bool limit_is_low(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < STACK_SIZE;
}

/* makecontext(3) passes integers only: a pointer comes in two halves. */
static void run_call(unsigned int high, unsigned int low)
{
	struct call *call =
	    (struct call *)((uintptr_t)high << 32 | low); /* NOLINT(performance-no-int-to-ptr) */

	call->status = call->run(call->argc, call->argv);
}

static bool run_on(void *stack, struct call *call)
{
	uint64_t address = (uintptr_t)call;

	if (getcontext(&call->own) < 0)
		return false;
	call->own.uc_stack.ss_sp = stack;
	call->own.uc_stack.ss_size = STACK_SIZE;
	call->own.uc_link = &call->caller;
	makecontext(&call->own, (void (*)(void))run_call, 2, (unsigned int)(address >> 32),
		    (unsigned int)address);
	return swapcontext(&call->caller, &call->own) == 0;
}

int stack_call(int (*run)(int argc, char **argv), int argc, char **argv)
{
	struct call call = {.run = run, .argc = argc, .argv = argv};
	void *stack;

	if (!limit_is_low())
		return run(argc, argv);
	stack =
	    mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED)
		return run(argc, argv);
	if (!run_on(stack, &call))
		call.status = run(argc, argv);
	munmap(stack, STACK_SIZE);
	return call.status;
}
