/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "run/pipes.h"
#include "run/relay.h"
#include "run/supervised_child.h"
#include "run/time_limit.h"

int supervisor_prepare(struct supervisor *supervisor, char *const *argv, struct error *err)
{
	int ends[2];
	int ret = supervised_make_stack(argv, supervisor, err);

	if (ret < 0)
		return ret;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot make a pipe to the program's process");
	supervisor->alive_fd = ends[0];
	supervisor->held_fd = ends[1];
	supervisor->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return supervisor->detaches && supervisor->proc_fd < 0
		   ? error_set_errno(err, errno, "cannot open /proc")
		   : 0;
}

/* The stack stays until exit: unmapping memory that another processor has used is slow. */
void supervisor_free(struct supervisor *supervisor)
{
	cleanup_close(&supervisor->proc_fd);
	cleanup_close(&supervisor->alive_fd);
	cleanup_close(&supervisor->held_fd);
	*supervisor = SUPERVISOR_NONE;
}

/* The signals that are blocked and waited for; the others have their usual effect. */
static sigset_t signals_of(enum supervisor_habit habit)
{
	sigset_t set;

	sigfillset(&set);
	if (habit == SUPERVISOR_FORWARDS)
		return set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	return set;
}

/* Blocks the signals, so that none is lost between the fork and the wait. */
static int block_signals(struct supervisor *supervisor, const sigset_t *set, struct error *err)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	if (sigprocmask(SIG_BLOCK, set, &supervisor->caller_mask) < 0 ||
	    sigaction(SIGCHLD, &action, &supervisor->caller_child_action) < 0)
		return error_set_errno(err, errno, "cannot block signals");
	return 0;
}

/* By a pipe: a seccomp filter may refuse pidfd_open(2), and getppid(2) returns 0 inside. */
int supervisor_follow_parent(const struct supervisor *supervisor, struct error *err)
{
	struct pollfd parent = {.fd = supervisor->alive_fd, .events = POLLIN};

	close(supervisor->held_fd);
	if (supervisor->signal == 0 && !supervisor->detaches)
		return 0;
	if (supervisor->signal != 0 && prctl(PR_SET_PDEATHSIG, supervisor->signal, 0, 0, 0) < 0)
		return -errno;
	if (poll(&parent, 1, 0) < 0)
		return error_set_errno(err, errno, "cannot check whether nsctl still runs");
	if (parent.revents != 0)
		return error_set(err, ESRCH, "nsctl itself was killed");
	return 0;
}

/* unshare --forward-signals has handlers, which execve(2) resets: also where the caller ignored them. */
static bool unignore_ending(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	return sigaction(SIGINT, &action, NULL) == 0 && sigaction(SIGTERM, &action, NULL) == 0;
}

int supervisor_restore_signals(const struct supervisor *supervisor)
{
	if (supervisor->habit == SUPERVISOR_FORWARDS_ENDING && !unignore_ending())
		return -errno;
	if (sigaction(SIGCHLD, &supervisor->caller_child_action, NULL) < 0 ||
	    sigprocmask(SIG_SETMASK, &supervisor->caller_mask, NULL) < 0)
		return -errno;
	return 0;
}

/* So that the caller's shell notices.  Returns once this process continues. */
static void stop_alone(struct relay *relay)
{
	if (relay)
		relay_pause(relay);
	raise(SIGSTOP);
	if (relay)
		relay_resume(relay);
}

/* Stops this process because the child has stopped; continues both later. */
static void stop_together(const struct supervisor *supervisor, pid_t child)
{
	stop_alone(supervisor->relay);
	kill(child, SIGCONT);
}

/*
 * Collects the child and any other that has ended: helpers, and the orphans of a
 * pid namespace.  Returns whether the child itself has.
 */
static bool collect(const struct supervisor *supervisor, pid_t child, int *status)
{
	bool stops_together = supervisor->habit == SUPERVISOR_FORWARDS && !supervisor->is_init;
	int options = stops_together ? WNOHANG | WUNTRACED : WNOHANG;
	pid_t got;

	while ((got = waitpid(-1, status, options)) > 0) {
		if (got == child && !WIFSTOPPED(*status))
			return true;
		if (got == child)
			stop_together(supervisor, child);
	}
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

static bool is_forwarded(const struct supervisor *supervisor, const siginfo_t *info, bool leads_session)
{
	switch (supervisor->habit) {
	case SUPERVISOR_FORWARDS:
		return info->si_signo != SIGCHLD &&
		       (supervisor->own_session || !is_from_terminal(info, leads_session));
	case SUPERVISOR_FORWARDS_ENDING:
		return info->si_signo != SIGCHLD;
	default:
		return false;
	}
}

/* The kernel ignores SIGTSTP in a session that nobody controls, where nobody could continue it. */
static int choose_forwarded(const struct supervisor *supervisor, int signal)
{
	return supervisor->own_session && signal == SIGTSTP ? SIGSTOP : signal;
}

/* A terminal sends its signals to all processes of a group: here to that of the child's session. */
static void forward_signal(const struct supervisor *supervisor, pid_t child, const siginfo_t *info,
			   bool leads_session)
{
	int signal = choose_forwarded(supervisor, info->si_signo);

	if (supervisor->own_session && is_from_terminal(info, leads_session) && kill(-child, signal) == 0)
		return;
	kill(child, signal);
}

/* The child has this long to end after SIGTERM, before SIGKILL. */
#define GRACE_SEC 1

/*
 * With a relay: what concerns the terminals and not the program.  SIGCONT concerns both:
 * after SIGSTOP, a shell may have changed the modes.  Returns whether that was all.
 */
static bool is_for_relay(const struct supervisor *supervisor, const siginfo_t *info)
{
	struct relay *relay = supervisor->relay;

	if (!relay)
		return false;
	switch (info->si_signo) {
	case SIGWINCH:
		relay_resize(relay);
		return true;
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		stop_alone(relay);
		return true;
	case SIGCONT:
		relay_resume(relay);
		return false;
	default:
		return false;
	}
}

/* Waits for a signal, at most until the limit.  Returns it; 0 at the limit, -1 where it was interrupted. */
static int wait_for_signal(const struct supervisor *supervisor, const sigset_t *set,
			   const struct time_limit *limit, siginfo_t *info)
{
	struct timespec left = {0};
	int signal;

	if (supervisor->relay)
		return relay_until_signal(supervisor->relay, limit) ? sigtimedwait(set, info, &left) : 0;
	if (supervisor->pipes)
		return pipes_until_signal(supervisor->pipes, limit) ? sigtimedwait(set, info, &left) : 0;
	if (!limit->is_set)
		return sigwaitinfo(set, info);
	if (!time_limit_left(limit, &left))
		return 0;
	signal = sigtimedwait(set, info, &left);
	return signal < 0 && errno == EAGAIN ? 0 : signal;
}

/* A child that hangs in execve(2) cannot be killed while a FUSE server has its request. */
static bool is_left(const struct supervisor *supervisor, pid_t child)
{
	if (supervised_has_executed(supervisor, child))
		return false;
	kill(child, SIGKILL);
	return true;
}

static bool is_ending(int signal)
{
	return signal == SIGTERM || signal == SIGINT || signal == SIGHUP || signal == SIGQUIT;
}

/* Returns a status as of waitpid(2); that of a child that is left behind is the signal. */
static int wait_for(struct supervisor *supervisor, pid_t child, const sigset_t *set, bool leads_session)
{
	struct time_limit limit = time_limit_in(supervisor->limit_sec, SIGTERM);
	int ending = 0; /* the signal that reached a child which had not executed the program */
	int status = 0;

	while (!collect(supervisor, child, &status)) {
		siginfo_t info;
		int signal = wait_for_signal(supervisor, set, &limit, &info);

		if (signal > 0 && is_for_relay(supervisor, &info))
			continue;
		if (signal > 0 && is_forwarded(supervisor, &info, leads_session))
			forward_signal(supervisor, child, &info, leads_session);
		else if (signal == SIGTSTP && supervisor->child_is_init)
			stop_together(supervisor, child);
		if (is_ending(signal) && !limit.is_set && !supervised_has_executed(supervisor, child)) {
			limit = time_limit_in(GRACE_SEC, SIGKILL);
			ending = signal;
		}
		if (signal != 0)
			continue;
		if (ending != 0 && is_left(supervisor, child))
			return ending;
		if (ending == 0) {
			supervisor->is_over = true;
			kill(child, limit.signal);
		}
		limit = time_limit_in(ending == 0 && limit.signal == SIGTERM ? GRACE_SEC : 0, SIGKILL);
		ending = 0;
	}
	return status;
}

static int start_copying(struct supervisor *supervisor, const sigset_t *signals, struct error *err)
{
	if (supervisor->relay)
		return relay_start(supervisor->relay, signals, err);
	return supervisor->pipes ? pipes_start(supervisor->pipes, signals, err) : 0;
}

/* ret: 0, or the program did not run.  Returns that, or an error of the copying. */
static int end_copying(struct supervisor *supervisor, int status, int ret, struct error *err)
{
	if (supervisor->relay) {
		relay_finish(supervisor->relay, WIFSIGNALED(status));
		relay_pause(supervisor->relay);
	}
	if (ret < 0 || !supervisor->pipes)
		return ret;
	ret = pipes_finish(supervisor->pipes, WIFSIGNALED(status), err);
	supervisor->copying_failed = ret < 0;
	return ret;
}

/* A signal may end this process: the child then executes nothing, see supervisor_follow_parent(). */
static int run_detached(struct supervisor *supervisor, const struct supervised *supervised, pid_t *child,
			int *status, struct error *err)
{
	sigset_t none;
	int ret;

	sigemptyset(&none);
	ret = block_signals(supervisor, &none, err);
	if (ret < 0)
		return ret;
	err->number = 0;
	*child = supervised_start(supervisor, supervised);
	*status = 0;
	if (*child < 0)
		return error_set_errno(err, errno, "cannot fork");
	if (supervised->started)
		supervised->started(supervised->context, *child);
	ret = supervised_wait_for_execution(supervisor, *child, status);
	if (ret != -ETIMEDOUT)
		return -err->number;
	kill(*child, SIGKILL);
	error_set(err, ETIMEDOUT, "the program was not executed within %d s, and killed", DETACH_SEC);
	return error_hint(err, "its cgroup may be frozen, or the file system of the program may not answer");
}

/*
 * The memory is shared: nothing has to be copied, and the child can store its
 * error.  vfork(2) would not do: this process could not forward signals while an
 * exec hangs in a file system that does not answer.  errno is shared, too.  Until
 * then this process may set it to EINTR (sigwaitinfo(2) after SIGSTOP) and EPERM
 * (kill(2) once the child has another user): neither makes a failed step appear
 * to succeed, nor execvp(3) continue.  A step may at worst fail with the wrong error.
 */
int supervisor_run(struct supervisor *supervisor, const struct supervised *supervised, pid_t *child,
		   int *status, struct error *err)
{
	sigset_t set = signals_of(supervisor->habit);
	bool leads_session = getsid(0) == getpid();
	int ret;

	*child = 0;
	if (supervisor->detaches)
		return run_detached(supervisor, supervised, child, status, err);
	ret = block_signals(supervisor, &set, err);
	if (ret == 0)
		ret = start_copying(supervisor, &set, err);
	if (ret < 0)
		return ret;
	err->number = 0;
	*child = supervised_start(supervisor, supervised);
	if (*child < 0) {
		ret = -errno;
		if (supervisor->relay)
			relay_pause(supervisor->relay);
		return error_set_errno(err, -ret, "cannot fork");
	}
	if (supervisor->pipes)
		pipes_started(supervisor->pipes);
	if (supervised->started)
		supervised->started(supervised->context, *child);
	*status = wait_for(supervisor, *child, &set, leads_session);
	return end_copying(supervisor, *status, -err->number, err);
}
