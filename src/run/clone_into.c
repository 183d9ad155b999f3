/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/clone_into.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>

/*
 * The C library has no function for clone3(2).  With a new stack the child cannot return
 * from the function that made the call, so it calls run() here, and exits.
 */
static long call_clone3(struct clone_args *args, int (*run)(void *context), void *context)
{
#if defined(__x86_64__)
	register long result __asm__("rax") = SYS_clone3;
	register int (*function)(void *) __asm__("r8") = run;
	register void *argument __asm__("r9") = context;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "mov %%r9, %%rdi\n\t"
			 "call *%%r8\n\t"
			 "mov %%eax, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n"
			 "1:"
			 : "+r"(result)
			 : "D"(args), "S"(sizeof(*args)), "r"(function), "r"(argument), [exit] "i"(SYS_exit)
			 : "rcx", "r11", "cc", "memory");
	return result;
#elif defined(__aarch64__)
	register long number __asm__("x8") = SYS_clone3;
	register long result __asm__("x0") = (long)args;
	register size_t size __asm__("x1") = sizeof(*args);
	register int (*function)(void *) __asm__("x9") = run;
	register void *argument __asm__("x10") = context;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, xzr\n\t"
			 "mov x0, x10\n\t"
			 "blr x9\n\t"
			 "mov x8, %[exit]\n\t"
			 "svc #0\n"
			 "1:"
			 : "+r"(result)
			 : "r"(number), "r"(size), "r"(function), "r"(argument), [exit] "i"(SYS_exit)
			 : "cc", "memory");
	return result;
#else
	(void)args;
	(void)run;
	(void)context;
	return -ENOSYS;
#endif
}

pid_t clone_into_cgroup(int (*run)(void *context), void *context, struct clone_stack stack, uint64_t flags,
			int cgroup_fd)
{
	struct clone_args args = {
	    .flags = flags | CLONE_INTO_CGROUP,
	    .exit_signal = SIGCHLD,
	    .stack = (uint64_t)(uintptr_t)stack.start,
	    .stack_size = stack.size,
	    .cgroup = (unsigned int)cgroup_fd,
	};
	long result = call_clone3(&args, run, context);

	if (result >= 0)
		return (pid_t)result;
	errno = (int)-result;
	return -1;
}
