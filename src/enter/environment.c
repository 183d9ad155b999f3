/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bounded.h"
#include "container/oci.h"
#include "enter/plan.h"

/* Far above what exec allows (a quarter of the stack limit, or 6 MiB; execve(2)). */
#define ENVIRONMENT_LIMIT (16U << 20)

/*
 * Makes *entries, in the form of environ(7), from the NUL-terminated strings of
 * text.  Where one is not NAME=VALUE, the process has overwritten it, for
 * example with its title.
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

/* The terminal is still the caller's. */
static int add_terminal_type(struct environment *environment, struct error *err)
{
	char *type = NULL;
	char **entries;
	size_t count = 0;
	size_t next = 0;

	for (char **entry = environ; *entry; entry++) {
		if (strncmp(*entry, "TERM=", strlen("TERM=")) == 0)
			type = *entry;
	}
	while (environment->owned[count])
		count++;
	entries = calloc(count + 2, sizeof(*entries));
	if (!entries)
		return error_set_errno(err, ENOMEM, "cannot set the environment");
	for (size_t i = 0; i < count; i++) {
		if (!type || strncmp(environment->owned[i], "TERM=", strlen("TERM=")) != 0)
			entries[next++] = environment->owned[i];
	}
	entries[next] = type;
	free(environment->owned);
	environment->owned = entries;
	environment->entries = entries;
	return 0;
}

/* The caller's has secrets of the caller, which a container could read from /proc/PID/environ. */
static int read_of_container(struct plan *plan, struct error *err)
{
	struct environment *environment = &plan->environment;
	struct settings settings;
	int ret = settings_read_oci_variables(plan->configuration.fd, &settings, err);

	environment->text = settings.text;
	environment->owned = settings.variables;
	return ret;
}

static int read_of_process(struct plan *plan, struct error *err)
{
	ssize_t length;
	int ret = 0;

	/* In a helper process: readers wait for the mmap_lock of the process, which it can hold. */
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

int environment_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	int ret;

	plan->environment.entries = environ;
	plan->environment.is_of_container = configuration_has_environment(request, plan);
	if (plan->environment.is_of_container) {
		ret = plan->configuration.fd >= 0 ? read_of_container(plan, err) : read_of_process(plan, err);
		return ret < 0 ? ret : add_terminal_type(&plan->environment, err);
	}
	if (!request->environment)
		return 0;
	ret = plan_need_process(plan, "--env", err);
	return ret < 0 ? ret : read_of_process(plan, err);
}

void environment_free(struct environment *environment)
{
	free(environment->owned);
	free(environment->text);
}

static const char *const user_variables[] = {"HOME", "USER", "LOGNAME", "SHELL"};

static bool is_of_user(const char *entry)
{
	for (size_t i = 0; i < sizeof(user_variables) / sizeof(user_variables[0]); i++) {
		size_t length = strlen(user_variables[i]);

		if (strncmp(entry, user_variables[i], length) == 0 && entry[length] == '=')
			return true;
	}
	return false;
}

/* Returns how many variables the user has. */
static size_t format_variables(const struct user *user, struct environment *environment, char **entries)
{
	const char *const values[] = {
	    user->home[0] ? user->home : "/", user->name, user->name,
	    user->shell[0] ? user->shell : "/bin/sh", /* passwd(5) */
	};
	size_t count = user->name[0] ? sizeof(values) / sizeof(values[0]) : 1;

	for (size_t i = 0; i < count; i++) {
		entries[i] = environment->of_user[i];
		snprintf(entries[i], sizeof(environment->of_user[i]), "%s=%s", user_variables[i], values[i]);
	}
	return count;
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
