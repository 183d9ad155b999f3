#include "enter/supervise.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int supervisor_init(struct supervisor *supervisor, int own_pidfd, struct error *err)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t all;

	supervisor->own_pidfd = own_pidfd;
	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, &supervisor->caller_mask) < 0 ||
	    sigaction(SIGCHLD, &action, &supervisor->caller_child_action) < 0)
		return error_set_errno(err, errno, "cannot block signals");
	return 0;
}

int supervisor_follow_parent(const struct supervisor *supervisor, int signal, struct error *err)
{
	struct pollfd parent = {.fd = supervisor->own_pidfd, .events = POLLIN};

	if (prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) < 0)
		return error_set_errno(err, errno, "cannot tie the program's life to nsctl's");
	if (poll(&parent, 1, 0) < 0)
		return error_set_errno(err, errno, "cannot look after nsctl itself");
	if (parent.revents != 0)
		return error_set(err, ESRCH, "nsctl itself was killed");
	return 0;
}

int supervisor_restore_signals(const struct supervisor *supervisor, struct error *err)
{
	if (sigaction(SIGCHLD, &supervisor->caller_child_action, NULL) < 0 ||
	    sigprocmask(SIG_SETMASK, &supervisor->caller_mask, NULL) < 0)
		return error_set_errno(err, errno, "cannot restore the signals");
	return 0;
}

/* The child has stopped: so do we, that the caller's shell notices; continued, we go on together. */
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

int supervisor_wait(pid_t child)
{
	sigset_t all;
	int status = 0;

	sigfillset(&all);
	while (!collect(child, &status)) {
		siginfo_t info;
		int signal = sigwaitinfo(&all, &info);

		if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL)
			kill(child, signal);
	}
	return status;
}

void supervisor_reap(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
}
