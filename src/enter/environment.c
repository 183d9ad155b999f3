#include "enter/environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bounded.h"
#include "enter/plan.h"

/* Far above what exec allows (a quarter of the stack limit, or 6 MiB; execve(2)). */
#define ENVIRONMENT_LIMIT (16U << 20)

/*
 * Points *entries at the NUL-terminated strings of text, as environ(7) wants
 * them.  Where some are not NAME=VALUE the process has written its title or
 * something else over them.
 */
static int split_environment(char *text, size_t length, char ***entries, bool *damaged)
{
	size_t count = 0;
	size_t next = 0;

	for (size_t i = 0; i < length; i++)
		count += text[i] == '\0';
	*entries = calloc(count + 2, sizeof(**entries));
	if (!*entries)
		return -ENOMEM;
	for (size_t i = 0; i < length; i += strlen(text + i) + 1) {
		if (strchr(text + i, '='))
			(*entries)[next++] = text + i;
		else
			*damaged = true;
	}
	return 0;
}

int environment_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	ssize_t length;
	int ret;

	plan->environment.entries = environ;
	if (!request->environment)
		return 0;
	ret = plan_need_process(plan, "--env", err);
	if (ret < 0)
		return ret;
	/* Whoever holds the mmap_lock of the process lets every reader wait. */
	length = bounded_load_at(plan->process.dir_fd, "environ", ENVIRONMENT_LIMIT, &plan->environment.text,
				 NULL);
	if (length >= 0)
		ret = split_environment(plan->environment.text, (size_t)length, &plan->environment.owned,
					&plan->environment.is_damaged);
	if (length < 0 || ret < 0)
		return error_set_errno(err, length < 0 ? (int)-length : -ret,
				       "cannot read the environment of process %d", plan->process.pid);
	plan->environment.entries = plan->environment.owned;
	return 0;
}

void environment_free(struct environment *environment)
{
	free(environment->owned);
	free(environment->text);
}

static bool is_of_user(const char *entry)
{
	static const char *const names[] = {"HOME=", "USER=", "LOGNAME=", "SHELL="};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strncmp(entry, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

/* Fills the room for the user's own variables; returns how many there are. */
static size_t format_variables(const struct user *user, struct environment *environment, char **entries)
{
	const char *shell = user->shell[0] ? user->shell : "/bin/sh"; /* passwd(5) */

	snprintf(environment->home, sizeof(environment->home), "HOME=%s", user->home[0] ? user->home : "/");
	entries[0] = environment->home;
	if (!user->name[0])
		return 1;
	snprintf(environment->user, sizeof(environment->user), "USER=%s", user->name);
	snprintf(environment->logname, sizeof(environment->logname), "LOGNAME=%s", user->name);
	snprintf(environment->shell, sizeof(environment->shell), "SHELL=%s", shell);
	entries[1] = environment->user;
	entries[2] = environment->logname;
	entries[3] = environment->shell;
	return 4;
}

int environment_set_user(struct environment *environment, const struct user *user, struct error *err)
{
	char **entries;
	size_t count = 0;
	size_t next;

	while (environment->entries[count])
		count++;
	entries = calloc(count + 5, sizeof(*entries));
	if (!entries)
		return error_set_errno(err, ENOMEM, "cannot set the environment");
	next = format_variables(user, environment, entries);
	for (size_t i = 0; i < count; i++) {
		if (!is_of_user(environment->entries[i]))
			entries[next++] = environment->entries[i];
	}
	free(environment->owned);
	environment->owned = entries;
	environment->entries = entries;
	return 0;
}

int environment_apply(const struct plan *plan, struct error *err)
{
	(void)err;
	environ = plan->environment.entries;
	return 0;
}
