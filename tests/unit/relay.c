/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run/relay: between a caller's terminal, or a pipe for its output, and a program's pseudo-terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "run/relay.h"

enum { MANY = 100000 };

static const struct time_limit no_limit = {0};

/* The standard streams of this process are a terminal and a pipe meanwhile. */
struct scene {
	int keyboard; /* what is written here was typed */
	int terminal;
	int output[2]; /* a pipe */
	int program;   /* the program's end of its pseudo-terminal */
	int saved[2];
	struct termios modes;
	sigset_t signals;
	sigset_t caller_mask;
	struct relay *relay;
};

/* What the program writes passes as it is. */
static void open_program(struct scene *scene, int *master_fd)
{
	struct termios modes;

	assert_int_equal(openpty(master_fd, &scene->program, NULL, NULL, NULL), 0);
	assert_int_equal(tcgetattr(scene->program, &modes), 0);
	cfmakeraw(&modes);
	assert_int_equal(tcsetattr(scene->program, TCSANOW, &modes), 0);
	assert_int_equal(fcntl(*master_fd, F_SETFL, O_NONBLOCK), 0);
}

static void redirect(struct scene *scene)
{
	assert_int_equal(openpty(&scene->keyboard, &scene->terminal, NULL, NULL, NULL), 0);
	assert_int_equal(tcgetattr(scene->terminal, &scene->modes), 0);
	assert_int_equal(pipe(scene->output), 0);
	for (int fd = 0; fd < 2; fd++)
		scene->saved[fd] = dup(fd);
	assert_int_equal(dup2(scene->terminal, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(dup2(scene->output[1], STDOUT_FILENO), STDOUT_FILENO);
	close(scene->output[1]);
}

static void open_scene(struct scene *scene)
{
	struct error err;
	int master_fd;

	open_program(scene, &master_fd);
	redirect(scene);
	sigemptyset(&scene->signals);
	sigaddset(&scene->signals, SIGUSR1);
	sigaddset(&scene->signals, SIGPIPE);
	sigprocmask(SIG_BLOCK, &scene->signals, &scene->caller_mask);
	sigdelset(&scene->signals, SIGPIPE);
	scene->relay = relay_make(master_fd, &err);
	assert_non_null(scene->relay);
	assert_int_equal(relay_start(scene->relay, &scene->signals, &err), 0);
}

static void assert_restored(const struct scene *scene)
{
	const struct termios *before = &scene->modes;
	struct termios now;

	assert_int_equal(tcgetattr(scene->terminal, &now), 0);
	assert_int_equal(now.c_iflag, before->c_iflag);
	assert_int_equal(now.c_oflag, before->c_oflag);
	assert_int_equal(now.c_cflag, before->c_cflag);
	assert_int_equal(now.c_lflag, before->c_lflag);
	assert_memory_equal(now.c_cc, before->c_cc, NCCS);
}

/* Frees the relay; the pipe ends, the terminal has its modes again. */
static void close_relay(struct scene *scene)
{
	relay_free(scene->relay);
	assert_restored(scene);
	for (int fd = 0; fd < 2; fd++) {
		dup2(scene->saved[fd], fd);
		close(scene->saved[fd]);
	}
}

static void close_scene(struct scene *scene)
{
	const struct timespec now = {0};

	while (sigtimedwait(&scene->signals, NULL, &now) > 0)
		;
	sigprocmask(SIG_SETMASK, &scene->caller_mask, NULL);
	close(scene->keyboard);
	close(scene->terminal);
	close(scene->output[0]);
	close(scene->program);
}

/* A child that does not outlive the test. */
static pid_t fork_child(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

/* It ends with 0 where all was right. */
static void wait_for(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void take_signal(const struct scene *scene)
{
	assert_int_equal(sigwaitinfo(&scene->signals, NULL), SIGUSR1);
}

/* The byte at this place of what the program writes. */
static char byte_at(size_t place)
{
	return (char)(place * 7 % 251);
}

/* As the program: writes all, and then reports it. */
static pid_t start_writer(const struct scene *scene, size_t count)
{
	pid_t child = fork_child();

	if (child != 0)
		return child;
	for (size_t i = 0; i < count; i++) {
		char byte = byte_at(i);

		if (write(scene->program, &byte, 1) != 1)
			_exit(1);
	}
	_exit(kill(getppid(), SIGUSR1) == 0 ? 0 : 1);
}

/* Reads the pipe to its end. */
static pid_t start_reader(const struct scene *scene, size_t count)
{
	size_t seen = 0;
	char byte;
	pid_t child = fork_child();

	if (child != 0)
		return child;
	close(STDOUT_FILENO);
	while (read(scene->output[0], &byte, 1) == 1) {
		if (byte != byte_at(seen++))
			_exit(1);
	}
	_exit(seen == count ? 0 : 1);
}

static void output_into_a_pipe_is_complete(void **state)
{
	struct scene scene;
	pid_t reader;
	pid_t writer;

	(void)state;
	open_scene(&scene);
	reader = start_reader(&scene, MANY);
	writer = start_writer(&scene, MANY);
	assert_true(relay_until_signal(scene.relay, &no_limit));
	take_signal(&scene);
	relay_finish(scene.relay, false);
	close_relay(&scene);
	wait_for(writer);
	wait_for(reader);
	close_scene(&scene);
}

static void a_pipe_that_nobody_reads_delays_no_signal(void **state)
{
	struct scene scene;
	pid_t writer;

	(void)state;
	open_scene(&scene);
	writer = start_writer(&scene, MANY);
	kill(getpid(), SIGUSR1);
	assert_true(relay_until_signal(scene.relay, &no_limit));
	take_signal(&scene);
	/* Until the pipe is full, and longer. */
	assert_false(relay_until_signal(scene.relay, &(struct time_limit){.is_set = true}));
	assert_false(relay_until_signal(scene.relay, (struct time_limit[]){time_limit_in(1, 0)}));
	kill(getpid(), SIGUSR1);
	assert_true(relay_until_signal(scene.relay, &no_limit));
	take_signal(&scene);
	relay_finish(scene.relay, true);
	close_relay(&scene);
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	close_scene(&scene);
}

static void a_pipe_that_is_closed_hangs_up(void **state)
{
	struct scene scene;
	struct pollfd program;

	(void)state;
	open_scene(&scene);
	close(scene.output[0]);
	assert_false(relay_until_signal(scene.relay, (struct time_limit[]){time_limit_in(1, 0)}));
	program = (struct pollfd){.fd = scene.program};
	assert_int_equal(poll(&program, 1, 0), 1);
	assert_true(program.revents & POLLHUP);
	relay_finish(scene.relay, false);
	close_relay(&scene);
	scene.output[0] = -1;
	close_scene(&scene);
}

static void what_is_typed_arrives_as_it_is(void **state)
{
	static const char typed[] = "a\r\n\3\32\4\33[A\377";
	struct scene scene;
	char seen[sizeof(typed)] = "";
	pid_t program;

	(void)state;
	open_scene(&scene);
	program = fork_child();
	if (program == 0) {
		size_t count = 0;

		while (count < strlen(typed) && read(scene.program, seen + count, 1) == 1)
			count++;
		kill(getppid(), SIGUSR1);
		_exit(strcmp(seen, typed) == 0 ? 0 : 1);
	}
	assert_int_equal(write(scene.keyboard, typed, strlen(typed)), strlen(typed));
	assert_true(relay_until_signal(scene.relay, &no_limit));
	wait_for(program);
	close_relay(&scene);
	close_scene(&scene);
}

static void the_size_follows_the_terminal(void **state)
{
	struct winsize size = {.ws_row = 12, .ws_col = 34};
	struct scene scene;

	(void)state;
	open_scene(&scene);
	assert_int_equal(ioctl(scene.keyboard, TIOCSWINSZ, &size), 0);
	relay_resize(scene.relay);
	size = (struct winsize){0};
	assert_int_equal(ioctl(scene.program, TIOCGWINSZ, &size), 0);
	assert_int_equal(size.ws_row, 12);
	assert_int_equal(size.ws_col, 34);
	close_relay(&scene);
	close_scene(&scene);
}

static void a_pause_gives_the_modes_back(void **state)
{
	struct scene scene;
	struct termios modes;

	(void)state;
	open_scene(&scene);
	assert_int_equal(tcgetattr(scene.terminal, &modes), 0);
	assert_false(modes.c_lflag & (ICANON | ECHO | ISIG));
	relay_pause(scene.relay);
	assert_restored(&scene);
	relay_resume(scene.relay);
	assert_int_equal(tcgetattr(scene.terminal, &modes), 0);
	assert_false(modes.c_lflag & (ICANON | ECHO | ISIG));
	close_relay(&scene);
	close_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(output_into_a_pipe_is_complete),
	    cmocka_unit_test(a_pipe_that_nobody_reads_delays_no_signal),
	    cmocka_unit_test(a_pipe_that_is_closed_hangs_up),
	    cmocka_unit_test(what_is_typed_arrives_as_it_is),
	    cmocka_unit_test(the_size_follows_the_terminal),
	    cmocka_unit_test(a_pause_gives_the_modes_back),
	};

	/* Whoever waits for ever here must not keep the others. */
	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
