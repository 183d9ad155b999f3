/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/option_set.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Values for getopt_long(3) of options without a letter. */
#define FIRST_WITHOUT_LETTER 0x100

/* The driver itself answers these. */
static const struct command_option help_options[] = {
    {"help", 'h', NULL, "this help"},
    {"version", 'V', NULL, "version"},
    {0},
};

static int argument_of(const struct command_option *row)
{
	if (!row->value)
		return no_argument;
	return row->value[0] == '[' ? optional_argument : required_argument;
}

static void add_letter(struct option_set *set, const struct command_option *row)
{
	static const char *const marks[] = {
	    [no_argument] = "", [required_argument] = ":", [optional_argument] = "::"};
	size_t used = strlen(set->letters);

	snprintf(set->letters + used, sizeof(set->letters) - used, "%c%s", row->letter,
		 row->letter_alone ? "" : marks[argument_of(row)]);
}

static void add_option(struct option_set *set, const struct command_option *row)
{
	int value = row->letter ? row->letter : FIRST_WITHOUT_LETTER + (int)set->count;

	if (set->count == OPTIONS_MAX || !row->name)
		return;
	set->rows[set->count] = row;
	set->options[set->count++] = (struct option){row->name, argument_of(row), NULL, value};
	if (row->letter)
		add_letter(set, row);
}

void option_set_build(struct option_set *set, const struct command *command)
{
	*set = (struct option_set){.take_equals = command->take_equals};
	snprintf(set->letters, sizeof(set->letters), "%s%s%s", command->stops_at_word ? "+" : "",
		 command->util_linux_help ? "" : ":", command->take_equals ? "=:" : "");
	for (size_t i = 0; i < COMMAND_TABLES; i++) {
		for (const struct command_option *row = command->tables[i]; row && row->help; row++)
			add_option(set, row);
	}
	for (const struct command_option *row = help_options; row->help; row++)
		add_option(set, row);
}

static int note_option(const struct command_option *row, const char *value, void *options, struct error *err)
{
	if (row->flag)
		*(bool *)((char *)options + row->flag) = true;
	if (row->text)
		*(const char **)(void *)((char *)options + row->text) = value;
	if (row->take_numbered)
		return row->take_numbered(options, row->number, value, err);
	return row->take ? row->take(options, value, err) : 0;
}

int option_set_take(struct option_set *set, int found, const char *value, void *options, struct error *err)
{
	if (found == '=' && set->take_equals)
		return set->take_equals(options, value, err);
	for (size_t i = 0; i < set->count; i++) {
		if (set->options[i].val != found)
			continue;
		set->is_given[i] = true;
		return note_option(set->rows[i], value, options, err);
	}
	return 0;
}

static bool is_given(const struct option_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->is_given[i] && strcmp(set->rows[i]->name, name) == 0)
			return true;
	}
	return false;
}

int option_set_check(const struct option_set *set, struct error *err)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct command_option *row = set->rows[i];

		if (set->is_given[i] && row->excludes && is_given(set, row->excludes))
			return error_set(err, EINVAL, "mutually exclusive arguments: --%s --%s", row->name,
					 row->excludes);
	}
	return 0;
}

/* The name of an option as it was typed, without its dashes and value. */
static bool copy_long_name(const char *word, char *name, size_t size)
{
	size_t length;

	word += strspn(word, "-");
	length = strcspn(word, "=");
	if (length >= size)
		return false;
	memcpy(name, word, length);
	name[length] = '\0';
	return true;
}

static const char *find_nearest(const char *name, const struct option_set *set)
{
	const char *names[OPTIONS_MAX + 1] = {NULL};

	for (size_t i = 0; i < set->count; i++)
		names[i] = set->rows[i]->name;
	return text_nearest(name, names);
}

/* An option that the command does not have may be one of list's, which people know best. */
static void suggest_long(const struct option_set *set, const char *word, struct error *err)
{
	struct option_set of_list;
	const char *nearest;
	char name[64];

	if (!copy_long_name(word, name, sizeof(name)))
		return;
	nearest = find_nearest(name, set);
	if (nearest) {
		error_hint(err, "did you mean --%s?", nearest);
		return;
	}
	option_set_build(&of_list, &command_list);
	nearest = find_nearest(name, &of_list);
	if (nearest)
		error_hint(err, "did you mean --%s of nsctl list?", nearest);
}

/* The options that begin with the word.  Returns how many these are. */
static size_t find_longer(const struct option_set *set, const char *word, char *found, size_t size)
{
	size_t length = strcspn(word, "=");
	size_t count = 0;

	for (size_t i = 0; i < set->count && length > 2; i++) {
		const char *name = set->rows[i]->name;
		size_t used = strlen(found);

		if (strncmp(name, word + 2, length - 2) == 0)
			snprintf(found + used, size - used, "%s--%s", count++ ? " or " : "", name);
	}
	return count;
}

static void refuse_long(const struct option_set *set, const char *word, const char *program,
			struct error *err)
{
	char longer[512] = "";

	error_set(err, EINVAL, "unknown or ambiguous option '%.256s'", word);
	error_hint(err, "%s --help", program);
	if (find_longer(set, word, longer, sizeof(longer)) > 1)
		error_hint(err, "did you mean %s?", longer);
	else
		suggest_long(set, word, err);
}

const struct command_option *option_set_find_letter(const struct option_set *set, int letter)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->rows[i]->letter == letter)
			return set->rows[i];
	}
	return NULL;
}

const struct command_option *option_set_find_long(const struct option_set *set, const char *name,
						  size_t length)
{
	const struct command_option *longer = NULL;
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct command_option *row = set->rows[i];

		if (text_is_word(name, length, row->name))
			return row;
		if (strncmp(row->name, name, length) == 0) {
			longer = row;
			count++;
		}
	}
	return count == 1 ? longer : NULL;
}

/* -v for -V: the other case may be meant, or an option of list. */
static void refuse_letter(const struct option_set *set, int letter, const char *program, struct error *err)
{
	const struct command_option *other =
	    isalpha(letter) ? option_set_find_letter(set, letter ^ 0x20) : NULL;
	const struct command_option *row;
	struct option_set of_list;

	option_set_build(&of_list, &command_list);
	row = option_set_find_letter(&of_list, letter);
	error_set(err, EINVAL, "unknown option -%c", letter);
	error_hint(err, "%s --help", program);
	if (other)
		error_hint(err, "did you mean -%c, --%s?", other->letter, other->name);
	else if (row)
		error_hint(err, "did you mean -%c, --%s, of nsctl list?", letter, row->name);
}

/* optopt: the letter, or the value of a long option that takes no value; 0 where the name is unknown. */
void option_set_refuse(const struct option_set *set, int found, const char *word, const char *program,
		       struct error *err)
{
	bool is_letter = optopt > 0 && optopt < FIRST_WITHOUT_LETTER;

	/* A byte of a character that is not ASCII; char may be signed. */
	if (found == '?' && (optopt < 0 || (optopt > 0x7f && is_letter))) {
		error_set(err, EINVAL, "an option is an ASCII letter");
		error_hint(err, "%s --help", program);
	} else if (found == ':') {
		if (is_letter && strncmp(word, "--", 2) != 0)
			error_set(err, EINVAL, "option -%c needs a value", optopt);
		else
			error_set(err, EINVAL, "option '%.256s' needs a value", word);
		error_hint(err, "%s --help", program);
	} else if (optopt == 0) {
		refuse_long(set, word, program, err);
	} else if (!is_letter || option_set_find_letter(set, optopt)) {
		error_set(err, EINVAL, "option '%.256s' takes no value", word);
		error_hint(err, "%s --help", program);
	} else {
		refuse_letter(set, optopt, program, err);
	}
}
