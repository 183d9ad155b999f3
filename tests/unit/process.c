/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/process: a process held so that its number cannot come to mean another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ns/uapi.h"
#include "proc/process.h"

#define PIDFS 0x50494446 /* pidfds have inodes of their own */

static void assert_link(const char *text, enum ns_type type, ino_t ino)
{
	enum ns_type found = NS_TYPE_COUNT;
	ino_t number = 0;

	assert_true(process_parse_link(text, &found, &number));
	assert_int_equal(found, type);
	assert_int_equal(number, ino);
}

static void links_are_parsed(void **state)
{
	(void)state;
	assert_link("net:[4026531833]", NS_NET, 4026531833);
	assert_link("cgroup:[4026531835]", NS_CGROUP, 4026531835);
	assert_link("ipc:[1]", NS_IPC, 1);
	assert_link("mnt:[4294967295]", NS_MNT, 4294967295);
	assert_link("pid:[4026531836]", NS_PID, 4026531836);
	assert_link("time:[4026531834]", NS_TIME, 4026531834);
	assert_link("user:[4026531837]", NS_USER, 4026531837);
	assert_link("uts:[4026531838]", NS_UTS, 4026531838);
}

static void other_texts_are_no_links(void **state)
{
	static const char *const bad[] = {
	    "",
	    ":[1]",
	    "[1]",
	    "net",
	    "net:",
	    "net:[",
	    "net:[]",
	    "net:[1",
	    "net:1]",
	    "net:[1]]",
	    "net:[1] ",
	    " net:[1]",
	    "net: [1]",
	    "net:[ 1]",
	    "net:[0]",
	    "net:[01]",
	    "net:[-1]",
	    "net:[+1]",
	    "net:[0x1]",
	    "net:[1a]",
	    "NET:[1]",
	    "mount:[1]",
	    "socket:[1]",
	    "pipe:[1]",
	    "anon_inode:[eventfd]",
	    "net:[1]\n",
	    "net:[[1]]",
	    "net:[1:[2]",
	    "net:[1]x",
	    "pid_for_children:[1]",
	    "net:[4294967296]",
	    "net:[18446744073709551616]",
	    "net:[99999999999999999999999999999999999999]",
	    "net:[00000000000000000000000000000000000001]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum ns_type type;
		ino_t ino;

		if (process_parse_link(bad[i], &type, &ino))
			fail_msg("'%s' was taken for a link", bad[i]);
	}
}

/* A child that waits for its end. */
static pid_t start_child(void)
{
	pid_t parent = getpid();
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	return child;
}

/* What is left is a zombie. */
static void kill_child(pid_t child)
{
	siginfo_t info;

	assert_return_code(kill(child, SIGKILL), errno);
	assert_return_code(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), errno);
}

static void reap_child(pid_t child)
{
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void assert_open(pid_t pid, struct process *process)
{
	struct error err;

	assert_int_equal(process_open(pid, process, &err), 0);
	assert_int_equal(process->pid, pid);
	assert_true(process->dir_fd >= 0);
	assert_true(fcntl(process->dir_fd, F_GETFD) & FD_CLOEXEC);
	if (process->pidfd >= 0)
		assert_true(fcntl(process->pidfd, F_GETFD) & FD_CLOEXEC);
	assert_true(process_exists(process));
}

static ino_t read_link_of(pid_t pid, enum ns_link link)
{
	char path[64];
	char text[64];
	const char *bracket;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, ns_link_name(link));
	length = readlink(path, text, sizeof(text) - 1);
	if (length < 0)
		return 0;
	text[length] = '\0';
	bracket = strchr(text, '[');
	return bracket ? strtoul(bracket + 1, NULL, 10) : 0;
}

static void assert_links_are_of(const struct process_links *links, pid_t pid)
{
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		assert_int_equal(links->ino[link], read_link_of(pid, link));
		assert_true((links->ino[link] != 0) == (links->reason[link] == 0));
	}
	assert_true(links->ino[NS_LINK_NET] != 0);
}

static void self_opens(void **state)
{
	AUTO_PROCESS struct process process;
	struct process_links links;

	(void)state;
	assert_open(getpid(), &process);
	process_read_links(&process, &links);
	assert_links_are_of(&links, getpid());
}

static void close_leaves_nothing_open(void **state)
{
	struct process process;
	int dir_fd;

	(void)state;
	assert_open(getpid(), &process);
	dir_fd = process.dir_fd;
	process_close(&process);
	assert_int_equal(process.dir_fd, -1);
	assert_int_equal(process.pidfd, -1);
	assert_int_equal(fcntl(dir_fd, F_GETFD), -1);
	process_close(&process);
}

static void child_opens_until_it_is_reaped(void **state)
{
	AUTO_PROCESS struct process process;
	struct process_links links;
	pid_t child = start_child();

	(void)state;
	assert_open(child, &process);
	process_read_links(&process, &links);
	assert_links_are_of(&links, child);
	kill_child(child);
	assert_true(process_exists(&process));
	reap_child(child);
	assert_false(process_exists(&process));
}

static void zombie_opens_without_namespaces(void **state)
{
	AUTO_PROCESS struct process process;
	struct process_links links;
	struct ns ns;
	pid_t child = start_child();
	int ret;

	(void)state;
	kill_child(child);
	assert_open(child, &process);
	process_read_links(&process, &links);
	assert_int_equal(links.ino[NS_LINK_NET], 0);
	assert_true(links.reason[NS_LINK_NET] > 0);
	ret = process_open_ns(&process, NS_LINK_NET, &ns);
	assert_true(ret == -ENOENT || ret == -ESRCH);
	assert_int_equal(ns.fd, -1);
	reap_child(child);
}

static void ended_process_has_no_namespaces(void **state)
{
	AUTO_PROCESS struct process process;
	struct process_links links;
	struct ns ns;
	pid_t child = start_child();

	(void)state;
	assert_open(child, &process);
	kill_child(child);
	reap_child(child);
	process_read_links(&process, &links);
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		assert_int_equal(links.ino[link], 0);
		assert_int_equal(links.reason[link], ESRCH);
		assert_int_equal(process_open_ns(&process, link, &ns), -ESRCH);
		assert_int_equal(ns.fd, -1);
	}
}

static void assert_no_process(pid_t pid)
{
	struct process process;
	struct error err;

	assert_int_equal(process_open(pid, &process, &err), -ESRCH);
	assert_int_equal(err.number, ESRCH);
	assert_non_null(strstr(err.message, "no process or thread"));
	assert_true(err.hint[0] != '\0');
	assert_int_equal(process.dir_fd, -1);
	assert_int_equal(process.pidfd, -1);
}

static void nobody_has_these_numbers(void **state)
{
	pid_t child = start_child();

	(void)state;
	kill_child(child);
	reap_child(child);
	assert_no_process(child);
	assert_no_process(PROCESS_PID_MAX);
	assert_no_process(0);
	assert_no_process(-1);
	assert_no_process(INT32_MAX);
}

struct helper {
	pthread_t thread;
	int to_thread[2];
	int from_thread[2];
};

/* Tells its number, and lives until the pipe is closed. */
static void *run_thread(void *argument)
{
	struct helper *helper = argument;
	pid_t tid = gettid();
	char byte;

	if (write(helper->from_thread[1], &tid, sizeof(tid)) != (ssize_t)sizeof(tid))
		abort();
	while (read(helper->to_thread[0], &byte, 1) > 0)
		;
	return NULL;
}

static pid_t start_thread(struct helper *helper)
{
	pid_t tid = 0;

	assert_return_code(pipe2(helper->to_thread, O_CLOEXEC), errno);
	assert_return_code(pipe2(helper->from_thread, O_CLOEXEC), errno);
	assert_int_equal(pthread_create(&helper->thread, NULL, run_thread, helper), 0);
	assert_int_equal(read(helper->from_thread[0], &tid, sizeof(tid)), sizeof(tid));
	return tid;
}

static void end_thread(struct helper *helper)
{
	close(helper->to_thread[1]);
	assert_int_equal(pthread_join(helper->thread, NULL), 0);
	close(helper->to_thread[0]);
	close(helper->from_thread[0]);
	close(helper->from_thread[1]);
}

/* pthread_join() returns a little before the kernel lets go of the thread. */
static void wait_for_thread_to_go(pid_t tid)
{
	while (syscall(SYS_tgkill, getpid(), tid, 0) == 0)
		usleep(1000);
}

static void thread_that_leads_nothing_opens(void **state)
{
	AUTO_PROCESS struct process process;
	struct process_links links;
	struct helper helper;
	pid_t tid = start_thread(&helper);

	(void)state;
	assert_int_not_equal(tid, getpid());
	assert_open(tid, &process);
	process_read_links(&process, &links);
	assert_links_are_of(&links, tid);
	end_thread(&helper);
	wait_for_thread_to_go(tid);
	assert_false(process_exists(&process));
	assert_no_process(tid);
}

/* Before Linux 6.9 such a thread has no pidfd: its directory alone has to tell. */
static void thread_without_a_pidfd_is_held_too(void **state)
{
	AUTO_PROCESS struct process process;
	struct helper helper;
	pid_t tid = start_thread(&helper);

	(void)state;
	assert_open(tid, &process);
	cleanup_close(&process.pidfd);
	process.pidfd = -1;
	assert_true(process_exists(&process));
	end_thread(&helper);
	wait_for_thread_to_go(tid);
	assert_false(process_exists(&process));
}

/* A child with a number of our choice; -1 where that is not allowed. */
static pid_t start_child_as(pid_t wanted)
{
	struct clone_args args = {
	    .exit_signal = SIGCHLD,
	    .set_tid = (uint64_t)(uintptr_t)&wanted,
	    .set_tid_size = 1,
	};
	long child = syscall(SYS_clone3, &args, sizeof(args));

	if (child == 0) {
		for (;;)
			syscall(SYS_pause);
	}
	return (pid_t)child;
}

static void another_process_with_the_number_is_not_it(void **state)
{
	AUTO_PROCESS struct process process;
	struct process_links links;
	pid_t child = start_child();
	pid_t again;

	(void)state;
	assert_open(child, &process);
	kill_child(child);
	reap_child(child);
	again = start_child_as(child);
	if (again < 0)
		skip(); /* not privileged, or before Linux 5.5 */
	assert_int_equal(again, child);
	assert_int_equal(kill(child, 0), 0);
	process_read_links(&process, &links);
	assert_false(process_exists(&process));
	assert_int_equal(links.reason[NS_LINK_NET], ESRCH);
	kill_child(again);
	reap_child(again);
}

static void namespaces_open_as_the_links_say(void **state)
{
	AUTO_PROCESS struct process process;
	struct process_links links;

	(void)state;
	assert_open(getpid(), &process);
	process_read_links(&process, &links);
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		AUTO_NS struct ns ns = NS_CLOSED;

		if (links.reason[link] == ENOENT)
			continue; /* an older kernel */
		assert_int_equal(process_open_ns(&process, link, &ns), 0);
		assert_int_equal(ns.ino, links.ino[link]);
		assert_int_equal(ns.type, ns_link_type(link));
		assert_true(fcntl(ns.fd, F_GETFD) & FD_CLOEXEC);
	}
}

static void pidfd_inode_is_the_kernels(void **state)
{
	AUTO_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	AUTO_PROCESS struct process process;
	uint64_t inode = 0;
	struct statfs fs;
	struct stat st;
	int ret;

	(void)state;
	assert_open(getpid(), &process);
	ret = process_read_pidfd_inode(&process, &inode);
	if (pidfd < 0 || fstatfs(pidfd, &fs) < 0 || fs.f_type != PIDFS) {
		assert_int_equal(ret, -ENOTTY);
		return;
	}
	assert_int_equal(ret, 0);
	assert_return_code(fstat(pidfd, &st), errno);
	assert_int_equal(inode, st.st_ino);
}

static void pidfd_inodes_differ(void **state)
{
	AUTO_PROCESS struct process self;
	AUTO_PROCESS struct process other;
	pid_t child = start_child();
	uint64_t own = 0;
	uint64_t others = 0;

	(void)state;
	assert_open(getpid(), &self);
	assert_open(child, &other);
	kill_child(child);
	reap_child(child);
	if (process_read_pidfd_inode(&self, &own) == -ENOTTY)
		skip();
	assert_int_equal(process_read_pidfd_inode(&other, &others), 0);
	assert_int_not_equal(own, others);
}

static void no_pidfd_has_no_inode(void **state)
{
	struct process closed = PROCESS_CLOSED;
	uint64_t inode;

	(void)state;
	assert_int_equal(process_read_pidfd_inode(&closed, &inode), -ENOTTY);
}

static void hint_at_permission_fits_the_user(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, EACCES, "no");
	process_hint_at_permission(&err);
	assert_true(err.hint[0] != '\0');
	assert_true((strstr(err.hint, "run as root") != NULL) == (geteuid() != 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(links_are_parsed),
	    cmocka_unit_test(other_texts_are_no_links),
	    cmocka_unit_test(self_opens),
	    cmocka_unit_test(close_leaves_nothing_open),
	    cmocka_unit_test(child_opens_until_it_is_reaped),
	    cmocka_unit_test(zombie_opens_without_namespaces),
	    cmocka_unit_test(ended_process_has_no_namespaces),
	    cmocka_unit_test(nobody_has_these_numbers),
	    cmocka_unit_test(thread_that_leads_nothing_opens),
	    cmocka_unit_test(thread_without_a_pidfd_is_held_too),
	    cmocka_unit_test(another_process_with_the_number_is_not_it),
	    cmocka_unit_test(namespaces_open_as_the_links_say),
	    cmocka_unit_test(pidfd_inode_is_the_kernels),
	    cmocka_unit_test(pidfd_inodes_differ),
	    cmocka_unit_test(no_pidfd_has_no_inode),
	    cmocka_unit_test(hint_at_permission_fits_the_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
