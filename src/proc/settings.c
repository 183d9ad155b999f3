/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

void settings_drop_filters(struct settings *settings)
{
	for (size_t i = 0; i < settings->filter_count; i++)
		free(settings->filters[i].instructions);
	free(settings->filters);
	settings->filters = NULL;
	settings->filter_count = 0;
}

void settings_free(struct settings *settings)
{
	settings_drop_filters(settings);
	free(settings->groups);
	free(settings->cwd);
	free(settings->variables);
	free(settings->text);
	free(settings->apparmor);
	free(settings->selinux);
	*settings = (struct settings){0};
}

/* An entry of the environment, and where it stood. */
struct variable {
	char *entry;
	size_t place;
};

static int compare_names(const char *a, const char *b)
{
	size_t length_a = strcspn(a, "=");
	size_t length_b = strcspn(b, "=");
	int order = memcmp(a, b, length_a < length_b ? length_a : length_b);

	if (order != 0 || length_a == length_b)
		return order;
	return length_a < length_b ? -1 : 1;
}

static int variable_compare_names(const void *a, const void *b)
{
	const struct variable *left = a;
	const struct variable *right = b;
	int order = compare_names(left->entry, right->entry);

	if (order != 0)
		return order;
	return left->place < right->place ? -1 : left->place > right->place;
}

static int variable_compare_places(const void *a, const void *b)
{
	const struct variable *left = a;
	const struct variable *right = b;

	return left->place < right->place ? -1 : left->place > right->place;
}

/* Keeps of equal names the last, and returns how many are left.  Sorts: a process can have millions. */
static size_t variables_unify(struct variable *variables, size_t count)
{
	size_t kept = 0;

	qsort(variables, count, sizeof(*variables), variable_compare_names);
	for (size_t i = 0; i < count; i++) {
		if (i + 1 == count || compare_names(variables[i].entry, variables[i + 1].entry) != 0)
			variables[kept++] = variables[i];
	}
	qsort(variables, kept, sizeof(*variables), variable_compare_places);
	return kept;
}

static size_t variables_split(char *text, size_t length, struct variable *variables, bool *is_damaged)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i += strlen(text + i) + 1) {
		const char *equals = strchr(text + i, '=');

		if (equals && equals > text + i) {
			variables[count] = (struct variable){.entry = text + i, .place = count};
			count++;
		} else {
			*is_damaged = true;
		}
	}
	return count;
}

int settings_set_variables(struct settings *settings, char *text, size_t length)
{
	AUTO_FREE struct variable *variables = NULL;
	size_t count = 1;

	free(settings->text);
	settings->text = text;
	for (size_t i = 0; i < length; i++)
		count += text[i] == '\0';
	variables = calloc(count, sizeof(*variables));
	free(settings->variables);
	settings->variables = calloc(count + 1, sizeof(*settings->variables));
	if (!variables || !settings->variables)
		return -ENOMEM;
	count = variables_split(text, length, variables, &settings->is_damaged);
	count = variables_unify(variables, count);
	for (size_t i = 0; i < count; i++)
		settings->variables[i] = variables[i].entry;
	return 0;
}

bool settings_are_same(const struct settings *a, const struct settings *b)
{
	return a->uid == b->uid && a->gid == b->gid && a->group_count == b->group_count &&
	       (a->group_count == 0 ||
		memcmp(a->groups, b->groups, a->group_count * sizeof(*a->groups)) == 0) &&
	       memcmp(a->capabilities, b->capabilities, sizeof(a->capabilities)) == 0 &&
	       a->no_new_privs == b->no_new_privs && a->filters_unread == b->filters_unread &&
	       a->has_umask == b->has_umask && a->umask == b->umask;
}
