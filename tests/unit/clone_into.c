/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run/clone_into: a child in another cgroup.  Joining by cgroup.procs would hide that this fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/clone_into.h"

#define STACK_SIZE (256U << 10)

struct fixture {
	char path[64];
	int group_fd; /* of a new cgroup; -1: none can be made here */
	struct clone_stack stack;
	char cgroup[512]; /* what the child reads: it may share this memory */
};

static bool is_cgroup2(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC;
}

static int set_up(void **state)
{
	static const char *const mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->group_fd = -1;
	fixture->stack.size = STACK_SIZE;
	fixture->stack.start =
	    mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(fixture->stack.start, MAP_FAILED);
	for (size_t i = 0; i < 2 && fixture->group_fd < 0; i++) {
		snprintf(fixture->path, sizeof(fixture->path), "%s/nsctl-unit-%d", mounts[i], getpid());
		if (is_cgroup2(mounts[i]) && mkdir(fixture->path, 0755) == 0)
			fixture->group_fd = open(fixture->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	/* The kernel removes an ended process from its cgroup a moment later. */
	for (int i = 0; fixture->group_fd >= 0 && rmdir(fixture->path) < 0 && i < 1000; i++)
		usleep(10000);
	if (fixture->group_fd >= 0)
		close(fixture->group_fd);
	munmap(fixture->stack.start, fixture->stack.size);
	free(fixture);
	return 0;
}

static int read_cgroup(void *context)
{
	struct fixture *fixture = context;
	int fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, fixture->cgroup, sizeof(fixture->cgroup) - 1);

	close(fd);
	fixture->cgroup[length > 0 ? length : 0] = '\0';
	return strstr(fixture->cgroup, "/nsctl-unit-") ? 42 : 1;
}

static void check_child(struct fixture *fixture, uint64_t flags)
{
	int status = 0;
	pid_t child;

	if (fixture->group_fd < 0)
		skip();
	child = clone_into_cgroup(read_cgroup, fixture, fixture->stack, flags, fixture->group_fd);
	if (child < 0 && errno == ENOSYS)
		skip();
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	/* Only a shared memory has what the child stored. */
	assert_int_equal(fixture->cgroup[0] != '\0', (flags & CLONE_VM) != 0);
}

static void copied_memory(void **state)
{
	check_child(*state, 0);
}

static void shared_memory(void **state)
{
	check_child(*state, CLONE_VM);
}

static void until_it_ends(void **state)
{
	check_child(*state, CLONE_VM | CLONE_VFORK);
}

static void no_cgroup(void **state)
{
	struct fixture *fixture = *state;
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_int_equal(clone_into_cgroup(read_cgroup, fixture, fixture->stack, CLONE_VM, null_fd), -1);
	assert_true(errno == EBADF || errno == ENOSYS);
	close(null_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(copied_memory, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(shared_memory, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(until_it_ends, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_cgroup, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
