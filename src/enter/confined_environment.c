/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment of a confined program. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enter/confined.h"
#include "enter/identity.h"
#include "enter/plan.h"

/* Strings, each with its NUL, as settings_set_variables() takes them. */
struct strings {
	char *text;
	size_t length;
	size_t capacity;
};

static int strings_add(struct strings *strings, const char *prefix, const char *rest)
{
	size_t first = strlen(prefix);
	size_t second = strlen(rest) + 1;

	if (strings->capacity - strings->length < first + second) {
		size_t capacity = 2 * strings->capacity + first + second;
		char *text = realloc(strings->text, capacity);

		if (!text)
			return -ENOMEM;
		strings->text = text;
		strings->capacity = capacity;
	}
	memcpy(strings->text + strings->length, prefix, first);
	memcpy(strings->text + strings->length + first, rest, second);
	strings->length += first + second;
	return 0;
}

static bool settings_have(const struct settings *settings, const char *prefix)
{
	for (char **entry = settings->variables; entry && *entry; entry++) {
		if (strncmp(*entry, prefix, strlen(prefix)) == 0)
			return true;
	}
	return false;
}

/*
 * HOME comes from passwd(5) if the settings have none, as with runtimes, or if a user was
 * requested: the HOME of the settings belongs to another user.
 */
static int add_home(const struct enter_request *request, const struct plan *plan, struct strings *strings)
{
	struct user found = plan->user;
	struct error ignored; /* only a name can fail to be found */

	if (request->uid_choice == ID_DEFAULT) {
		if (settings_have(&plan->settings, "HOME="))
			return 0;
		identity_find_user(request, plan, plan->credentials.uid, &found, &ignored);
	}
	return strings_add(strings, "HOME=", found.home[0] ? found.home : "/");
}

/* The output ends on the caller's terminal: its type is the program's. */
static int add_terminal_type(struct strings *strings)
{
	for (char **entry = environ; *entry; entry++) {
		if (strncmp(*entry, "TERM=", strlen("TERM=")) == 0)
			return strings_add(strings, "", *entry);
	}
	return 0;
}

/* A later entry replaces an earlier one of the same name. */
static int compose(const struct enter_request *request, const struct plan *plan, struct strings *strings)
{
	int ret = 0;

	for (char **entry = plan->settings.variables; entry && *entry && ret == 0; entry++)
		ret = strings_add(strings, "", *entry);
	if (ret == 0)
		ret = add_home(request, plan, strings);
	if (ret == 0 && plan->terminal.wanted)
		ret = add_terminal_type(strings);
	for (size_t i = 0; i < request->variable_count && ret == 0; i++)
		ret = strings_add(strings, "", request->variables[i]);
	return ret;
}

int confined_environment_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct strings strings = {0};
	int ret = compose(request, plan, &strings);

	if (ret == 0)
		ret = settings_set_variables(&plan->settings, strings.text, strings.length);
	else
		free(strings.text);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot set the environment");
	plan->environment.entries = plan->settings.variables;
	return 0;
}
