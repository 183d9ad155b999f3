/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "enter/hints.h"
#include "enter/plan.h"

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

static int prepare_child(char *const *argv, struct supervisor *supervisor, struct error *err)
{
	size_t guard = round_to_pages(1);
	int ends[2];

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
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot make a pipe to the program's process");
	supervisor->alive_fd = ends[0];
	supervisor->held_fd = ends[1];
	return 0;
}

int supervisor_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	plan->supervisor.wanted = plan_enters(plan, NS_PID) && !request->no_fork;
	plan->supervisor.signal = request->child_signal;
	return plan->supervisor.wanted ? prepare_child(plan->program.argv, &plan->supervisor, err) : 0;
}

/* The stack stays until exit: unmapping memory that another processor has used is slow. */
void supervisor_free(struct supervisor *supervisor)
{
	cleanup_close(&supervisor->alive_fd);
	cleanup_close(&supervisor->held_fd);
	*supervisor = SUPERVISOR_NONE;
}

/* Blocks all signals, so that none is lost between the fork and the wait. */
static int block_signals(struct supervisor *supervisor, struct error *err)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t all;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, &supervisor->caller_mask) < 0 ||
	    sigaction(SIGCHLD, &action, &supervisor->caller_child_action) < 0)
		return error_set_errno(err, errno, "cannot block signals");
	return 0;
}

/* By a pipe: a seccomp filter may refuse pidfd_open(2), and getppid(2) returns 0 inside. */
int supervisor_follow_parent(const struct plan *plan, struct error *err)
{
	const struct supervisor *supervisor = &plan->supervisor;
	struct pollfd parent = {.fd = supervisor->alive_fd, .events = POLLIN};

	if (!supervisor->wanted)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, supervisor->signal, 0, 0, 0) < 0)
		return -errno;
	close(supervisor->held_fd);
	if (poll(&parent, 1, 0) < 0)
		return error_set_errno(err, errno, "cannot check whether nsctl still runs");
	if (parent.revents != 0)
		return error_set(err, ESRCH, "nsctl itself was killed");
	return 0;
}

int supervisor_restore_signals(const struct plan *plan, struct error *err)
{
	const struct supervisor *supervisor = &plan->supervisor;

	(void)err;
	if (supervisor->wanted && (sigaction(SIGCHLD, &supervisor->caller_child_action, NULL) < 0 ||
				   sigprocmask(SIG_SETMASK, &supervisor->caller_mask, NULL) < 0))
		return -errno;
	return 0;
}

/* Stops this process too, so that the caller's shell notices; later both continue. */
static void stop_together(pid_t child)
{
	raise(SIGSTOP);
	kill(child, SIGCONT);
}

/* Returns whether the child has ended. */
static bool collect(pid_t child, int *status)
{
	pid_t got = waitpid(child, status, WNOHANG | WUNTRACED);

	if (got != child)
		return false;
	if (!WIFSTOPPED(*status))
		return true;
	stop_together(child);
	return false;
}

/*
 * Whether the terminal sent it to the whole process group, including the child.
 * The kernel also sends signals to this process alone: SIGALRM of alarm(2),
 * SIGXCPU, and SIGHUP of a terminal to the leader of its session.
 */
static bool is_from_terminal(const siginfo_t *info, bool leads_session)
{
	if (info->si_code != SI_KERNEL)
		return false;
	switch (info->si_signo) {
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGWINCH:
		return true;
	case SIGHUP:
	case SIGCONT:
		return !leads_session;
	default:
		return false;
	}
}

static int wait_for(pid_t child, bool leads_session)
{
	sigset_t all;
	int status = 0;

	sigfillset(&all);
	while (!collect(child, &status)) {
		siginfo_t info;
		int signal = sigwaitinfo(&all, &info);

		if (signal > 0 && signal != SIGCHLD && !is_from_terminal(&info, leads_session))
			kill(child, signal);
	}
	return status;
}

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer's runtime does not support two running processes in one memory. */
#define CHILD_FLAGS (CLONE_VM | CLONE_VFORK | SIGCHLD)
#else
#define CHILD_FLAGS (CLONE_VM | SIGCHLD)
#endif

/*
 * The memory is shared: nothing has to be copied, and the child can store its
 * error.  vfork(2) would not do: this process could not forward signals while an
 * exec hangs in a file system that does not answer.  errno is shared, too.  Until
 * then this process may set it to EINTR (sigwaitinfo(2) after SIGSTOP) and EPERM
 * (kill(2) once the child has another user): neither makes a failed step appear
 * to succeed, nor execvp(3) continue.
 */
int supervisor_run(struct plan *plan, int (*become)(void *context), void *context, int *status,
		   struct error *err)
{
	struct supervisor *supervisor = &plan->supervisor;
	int ret = block_signals(supervisor, err);
	bool leads_session = getsid(0) == getpid();
	pid_t child;

	if (ret < 0)
		return ret;
	err->number = 0;
	child = clone(become, (char *)supervisor->stack + supervisor->stack_size, CHILD_FLAGS, context);
	if (child < 0) {
		error_set_errno(err, errno, "cannot fork");
		return hints_at_fork(plan, err);
	}
	*status = wait_for(child, leads_session);
	return WIFEXITED(*status) ? -err->number : 0;
}
