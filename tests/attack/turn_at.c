/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * turn_at FILE TELL KIND CGROUP COMMAND...: enters a target that becomes another,
 * once for each system call of COMMAND.
 *
 * Each round starts a target of turncoat.c, and runs COMMAND PID TELL tell, stopped
 * behind one of its system calls until the target has turned.  What TELL prints then
 * has to be what it prints before the target turned, or after it ("whole"), or nothing
 * runs ("refused"); anything else is "mixed", and explained on standard error.
 * Calls count from the first that opens a pidfd to the one that executes TELL.
 * CGROUP: where KIND is "cgroup", the directory that the target is moved to.
 */
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_SIZE 8192
#define TRIES 50000 /* of 200 microseconds */

struct setting {
	char *file;
	char *tell;
	char *kind;
	char *cgroup;
	char **command;
};

struct target {
	pid_t pid;
	char looks[TEXT_SIZE];
};

struct run {
	int status;
	char out[TEXT_SIZE];
};

struct counts {
	int whole;
	int refused;
	int mixed;
	int missed; /* rounds with fewer calls than the first had */
};

static void must(long result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
}

static size_t append_file(const char *path, char *text, size_t used)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text + used, TEXT_SIZE - 1 - used);

	if (fd >= 0)
		close(fd);
	used += length > 0 ? (size_t)length : 0;
	text[used] = '\0';
	return used;
}

/* The lines of status that the program takes from its target. */
static size_t append_ids(pid_t pid, char *text, size_t used)
{
	char path[64], status[TEXT_SIZE];
	const char *ids, *end;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	append_file(path, status, 0);
	ids = strstr(status, "\nUid:");
	end = ids ? strstr(ids, "\nNStgid:") : NULL;
	if (!ids || !end)
		return used;
	return used + (size_t)snprintf(text + used, TEXT_SIZE - used, "%.*s", (int)(end - ids), ids);
}

/* All that the program takes from its target. */
static void look(pid_t pid, char text[TEXT_SIZE])
{
	static const char *const links[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};
	static const char *const places[] = {"root", "cwd"};
	char path[64], link[64];
	struct stat st;
	size_t used = 0;

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, links[i]);
		length = readlink(path, link, sizeof(link));
		used += (size_t)snprintf(text + used, TEXT_SIZE - used, "%.*s\n", (int)length, link);
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, places[i]);
		if (stat(path, &st) == 0)
			used += (size_t)snprintf(text + used, TEXT_SIZE - used, "%lu %lu\n",
						 (unsigned long)st.st_dev, (unsigned long)st.st_ino);
	}
	used = append_ids(pid, text, used);
	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	append_file(path, text, used);
}

/* ---- the target */

static void exec_target(const struct setting *setting)
{
	char *as_root[] = {"unshare", "--mount", "--uts", setting->tell, setting->kind, setting->file, NULL};
	char *as_user[] = {"unshare",
			   "--mount",
			   "--uts",
			   "setpriv",
			   "--reuid=61234",
			   "--regid=61234",
			   "--clear-groups",
			   setting->tell,
			   setting->kind,
			   setting->file,
			   NULL};
	bool is_user = strncmp(setting->kind, "user", 4) == 0 || strcmp(setting->kind, "setuid") == 0;

	execvp("unshare", is_user ? as_user : as_root);
	_exit(127);
}

static void start_target(const struct setting *setting, struct target *target)
{
	struct stat st;
	int tries = 0;

	unlink(setting->file);
	target->pid = fork();
	must(target->pid, "fork");
	if (target->pid == 0)
		exec_target(setting);
	while (stat(setting->file, &st) < 0 || st.st_size == 0) {
		if (++tries == TRIES)
			errx(1, "the target does not start");
		usleep(200);
	}
	look(target->pid, target->looks);
}

static void turn(const struct setting *setting, const struct target *target)
{
	char looks[TEXT_SIZE], path[PATH_MAX];
	int tries = 0;

	if (strcmp(setting->kind, "cgroup") == 0) {
		FILE *file;

		snprintf(path, sizeof(path), "%s/cgroup.procs", setting->cgroup);
		file = fopen(path, "we");
		if (!file || fprintf(file, "%d", target->pid) < 0 || fclose(file) != 0)
			err(1, "%s", path);
	} else {
		must(kill(target->pid, SIGUSR1), "kill");
	}
	do {
		if (++tries == TRIES)
			errx(1, "the target does not turn");
		usleep(200);
		look(target->pid, looks);
	} while (strcmp(looks, target->looks) == 0);
}

static void stop_target(const struct target *target)
{
	kill(target->pid, SIGKILL);
	waitpid(target->pid, NULL, 0);
}

/* ---- the command */

static void exec_command(const struct setting *setting, pid_t target, int out)
{
	char *argv[32], pid[16];
	int count = 0, null = open("/dev/null", O_RDWR);

	snprintf(pid, sizeof(pid), "%d", target);
	for (char **word = setting->command; *word && count < 28; word++)
		argv[count++] = *word;
	argv[count++] = pid;
	argv[count++] = setting->tell;
	argv[count++] = "tell";
	argv[count] = NULL;
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

static void read_output(int out, struct run *run)
{
	ssize_t length = pread(out, run->out, sizeof(run->out) - 1, 0);

	run->out[length > 0 ? length : 0] = '\0';
	close(out);
}

static void run_plainly(const struct setting *setting, pid_t target, struct run *run)
{
	int out = (int)syscall(SYS_memfd_create, "out", 1U);
	pid_t pid = fork();

	must(pid, "fork");
	if (pid == 0)
		exec_command(setting, target, out);
	must(waitpid(pid, &run->status, 0), "waitpid");
	read_output(out, run);
}

/* Starts the command stopped, with its children to be traced, too. */
static pid_t start_traced(const struct setting *setting, pid_t target, int out)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
	pid_t pid = fork();

	must(pid, "fork");
	if (pid == 0) {
		raise(SIGSTOP);
		exec_command(setting, target, out);
	}
	must(waitpid(pid, NULL, WUNTRACED), "waitpid");
	must(ptrace(PTRACE_SEIZE, pid, NULL, options), "ptrace");
	must(kill(pid, SIGCONT), "kill");
	return pid;
}

#define TRACED_MAX 64

/* A process and the call that it is in: where a call ends, its number is not known any more. */
struct traced {
	pid_t pid;
	uint64_t call;
};

struct window {
	bool is_open;
	bool is_over;
	int calls; /* that ended in it */
	struct traced traced[TRACED_MAX];
};

static struct traced *find_traced(struct window *window, pid_t pid)
{
	for (int i = 0; i < TRACED_MAX; i++) {
		if (window->traced[i].pid == 0)
			window->traced[i].pid = pid;
		if (window->traced[i].pid == pid)
			return &window->traced[i];
	}
	errx(1, "more than %d processes", TRACED_MAX);
}

/* Whether this stop is behind a call that counts. */
static bool is_counted(pid_t pid, struct window *window)
{
	struct traced *traced = find_traced(window, pid);
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
		return false;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		traced->call = info.entry.nr;
		if (window->is_open && traced->call == SYS_execve)
			window->is_over = true;
		return false;
	}
	if (traced->call == SYS_pidfd_open)
		window->is_open = true;
	if (!window->is_open || window->is_over)
		return false;
	window->calls++;
	return true;
}

/* The signal to deliver to a process that stopped; 0: none. */
static int signal_of(int status)
{
	int number = WSTOPSIG(status);

	return status >> 16 != 0 || number == (SIGTRAP | 0x80) ? 0 : number;
}

/* Lets the target turn behind the call with this number.  Returns how many there are. */
static int run_traced(const struct setting *setting, const struct target *target, int number, struct run *run)
{
	int out = (int)syscall(SYS_memfd_create, "out", 1U), status;
	pid_t first = start_traced(setting, target->pid, out), pid;
	struct window window = {0};

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		bool is_call = WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80);

		if (pid == first && !WIFSTOPPED(status)) {
			run->status = status;
			break;
		}
		if (!WIFSTOPPED(status))
			continue;
		if (is_call && is_counted(pid, &window) && window.calls == number)
			turn(setting, target);
		ptrace(window.is_over ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL, signal_of(status));
	}
	read_output(out, run);
	return window.calls;
}

/* ---- the rounds */

static void judge(const struct run *run, const struct run *before, const struct run *after, int number,
		  struct counts *counts)
{
	bool is_success = run->status == 0 && run->out[0] != '\0';
	bool is_whole =
	    is_success && (strcmp(run->out, before->out) == 0 || strcmp(run->out, after->out) == 0);

	if (is_whole) {
		counts->whole++;
	} else if (run->status != 0 && run->out[0] == '\0') {
		counts->refused++;
	} else {
		counts->mixed++;
		fprintf(stderr, "behind call %d, status %#x:\n%sbefore:\n%safter:\n%s", number, run->status,
			run->out, before->out, after->out);
	}
}

/* Number 0 is behind none.  Returns how many calls there were. */
static int play_round(const struct setting *setting, int number, struct counts *counts)
{
	struct target target;
	struct run before, after, run;
	int calls;

	start_target(setting, &target);
	run_plainly(setting, target.pid, &before);
	calls = run_traced(setting, &target, number, &run);
	if (number > 0 && calls >= number) {
		run_plainly(setting, target.pid, &after);
		judge(&run, &before, &after, number, counts);
	} else if (number > 0) {
		counts->missed++;
	}
	stop_target(&target);
	return calls;
}

int main(int argc, char **argv)
{
	struct counts counts = {0};
	struct setting setting;
	int calls;

	if (argc < 6)
		errx(2, "usage: turn_at FILE TELL KIND CGROUP COMMAND...");
	setting = (struct setting){argv[1], argv[2], argv[3], argv[4], argv + 5};
	calls = play_round(&setting, 0, &counts);
	for (int number = 1; number <= calls; number++)
		play_round(&setting, number, &counts);
	printf("whole=%d refused=%d mixed=%d missed=%d\n", counts.whole, counts.refused, counts.mixed,
	       counts.missed);
	return 0;
}
