/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/supervised_child.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "run/clone_into.h"
#include "run/time_limit.h"

/* Enough for all steps of the child, among them execvp(3) with a long PATH. */
#define STACK_SIZE ((size_t)256 << 10)

static size_t round_to_pages(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page;
}

/* For a script without "#!", execvp(3) copies the argument pointers to the stack. */
static size_t choose_stack_size(char *const *argv)
{
	size_t count = 2;

	while (*argv++)
		count++;
	return round_to_pages(STACK_SIZE + count * sizeof(*argv));
}

int supervised_make_stack(char *const *argv, struct supervisor *supervisor, struct error *err)
{
	size_t guard = round_to_pages(1);

	supervisor->stack_size = choose_stack_size(argv) + guard;
	supervisor->stack = mmap(NULL, supervisor->stack_size, PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (supervisor->stack == MAP_FAILED) {
		supervisor->stack = NULL;
		return error_set_errno(err, errno, "cannot make a stack for the program's process");
	}
	if (mprotect((char *)supervisor->stack + guard, supervisor->stack_size - guard,
		     PROT_READ | PROT_WRITE) < 0)
		return error_set_errno(err, errno, "cannot make a stack for the program's process");
	return 0;
}

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer's runtime does not support two running processes in one memory. */
#define SHARING_FLAGS (CLONE_VM | CLONE_VFORK)
#else
#define SHARING_FLAGS CLONE_VM
#endif

/*
 * The child must not return: a seccomp filter that it has loaded can refuse exit(2), which
 * the functions below call, and what follows would run in the memory of nsctl.  Not by
 * _exit(2): AddressSanitizer warns before it, on a stack that it does not know.
 */
static int run_to_the_end(void *context)
{
	const struct supervised *supervised = context;

	int status = supervised->become(supervised->context);

	syscall(SYS_exit_group, status);
	syscall(SYS_exit, status);
	__builtin_trap();
}

pid_t supervised_start(struct supervisor *supervisor, const struct supervised *supervised)
{
	struct clone_stack stack = {.start = supervisor->stack, .size = supervisor->stack_size};
	int flags = supervisor->copies_memory ? 0 : SHARING_FLAGS;
	pid_t child;

	if (supervisor->cgroup_fd >= 0) {
		supervisor->starts_in_cgroup = true;
		child = clone_into_cgroup(run_to_the_end, (void *)supervised, stack, (uint64_t)flags,
					  supervisor->cgroup_fd);
		if (child > 0)
			return child;
	}
	supervisor->starts_in_cgroup = false;
	return clone(run_to_the_end, (char *)stack.start + stack.size, flags | SIGCHLD, (void *)supervised);
}

/* PF_FORKNOEXEC of the kernel's sched.h, in the flags of /proc/PID/stat: it has executed nothing. */
#define HAS_NOT_EXECUTED 0x40U

bool supervised_has_executed(const struct supervisor *supervisor, pid_t child)
{
	char path[32];
	char text[512];
	const char *behind_name;
	unsigned int flags;
	int parent;

	snprintf(path, sizeof(path), "%d/stat", child);
	if (file_read_at_once(supervisor->proc_fd, path, text, sizeof(text)) < 0)
		return true;
	behind_name = strrchr(text, ')');
	/* In a /proc of another pid namespace it may be another process. */
	if (!behind_name || sscanf(behind_name, ") %*c %d %*d %*d %*d %*d %u", &parent, &flags) != 2 ||
	    parent != getpid())
		return true;
	return !(flags & HAS_NOT_EXECUTED);
}

/* How often that is checked. */
#define DETACH_USEC 500

int supervised_wait_for_execution(const struct supervisor *supervisor, pid_t child, int *status)
{
	struct time_limit limit = time_limit_in(DETACH_SEC, SIGKILL);
	struct timespec left;

	while (time_limit_left(&limit, &left)) {
		if (waitpid(child, status, WNOHANG) == child)
			return -ECHILD;
		if (supervised_has_executed(supervisor, child))
			return 0;
		usleep(DETACH_USEC);
	}
	return -ETIMEDOUT;
}
