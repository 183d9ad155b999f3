/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/complete.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/option_set.h"

/* The role of the last word, given the words before it. */
struct position {
	const struct command_option *option; /* the last word is its value; NULL: it is not a value */
	bool has_target;                     /* an option named it */
	bool is_argument;                    /* it is no option, whatever it begins with */
	size_t number;                       /* then: how many arguments precede it */
};

void complete_ask(const char *request)
{
	printf("\t%s\n", request);
}

void complete_offer(const struct completion *completion, const char *candidate, const char *help)
{
	const char *rest = completion->word + completion->fixed;
	char text[256];

	if (strncmp(candidate, rest, strlen(rest)) != 0)
		return;
	text_escape(help, strlen(help), text, sizeof(text));
	printf("%.*s%s%s%s\n", (int)completion->fixed, completion->word, candidate, text[0] ? "\t" : "",
	       text);
}

static void offer_choices(const struct completion *completion, const char *choices)
{
	while (*choices) {
		size_t length = strcspn(choices, ",");
		char choice[64];

		snprintf(choice, sizeof(choice), "%.*s", (int)length, choices);
		complete_offer(completion, choice, "");
		choices += length + (choices[length] == ',');
	}
}

static void offer_types(const struct completion *completion)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		complete_offer(completion, ns_type_name(type), "");
}

static void offer_signals(const struct completion *completion)
{
	for (int i = 1; i < NSIG; i++) {
		const char *name = sigabbrev_np(i);

		if (name)
			complete_offer(completion, name, strsignal(i));
	}
}

/* The case of a column does not matter: it is that of what was typed. */
static void offer_column(const struct completion *completion, const struct column *column)
{
	char typed = completion->word[completion->fixed];
	char name[64];

	snprintf(name, sizeof(name), "%s", column->name);
	for (char *c = name; *c && typed >= 'a' && typed <= 'z'; c++)
		*c = text_to_lower(*c);
	complete_offer(completion, name, column->help);
}

static void offer_columns(const struct completion *completion, const struct table_layout *layout)
{
	size_t count = 0;
	AUTO_FREE const struct column **columns = layout ? columns_collect(layout, &count) : NULL;

	for (size_t i = 0; columns && i < count; i++)
		offer_column(completion, columns[i]);
}

/* Leaves what is typed of a list, up to the last of these characters, as it is. */
static void skip_typed(struct completion *completion, const char *separators)
{
	const char *value = completion->word + completion->fixed;

	for (const char *c = value; *c; c++) {
		if (strchr(separators, *c))
			completion->fixed = (size_t)(c - completion->word) + 1;
	}
}

/* Shells complete a path behind "--root=", but not behind "-r". */
static void ask_for_path(const struct completion *completion, const char *request)
{
	if (completion->fixed == 0 || completion->word[completion->fixed - 1] == '=')
		complete_ask(request);
}

static void complete_value(const struct command *command, const struct command_option *option,
			   struct completion completion)
{
	if (option->choices)
		offer_choices(&completion, option->choices);
	switch (option->kind) {
	case VALUE_OTHER:
		break;
	case VALUE_TYPES:
		skip_typed(&completion, ",");
		complete_ask("nospace");
		offer_types(&completion);
		break;
	case VALUE_COLUMNS:
		skip_typed(&completion, "+,");
		complete_ask("nospace");
		offer_columns(&completion, command->layout);
		break;
	case VALUE_SORT_COLUMN:
		skip_typed(&completion, "-");
		offer_columns(&completion, command->layout);
		break;
	case VALUE_PROCESS:
		complete_process(&completion);
		break;
	case VALUE_FILE:
		ask_for_path(&completion, "file");
		break;
	case VALUE_DIRECTORY:
		ask_for_path(&completion, "directory");
		break;
	case VALUE_SIGNAL:
		offer_signals(&completion);
		break;
	case VALUE_CONTAINER:
		complete_container(&completion);
		break;
	}
}

/* The option of a word with two dashes.  value: where one begins in the word, or NULL. */
static const struct command_option *find_long(const struct option_set *set, const char *word,
					      const char **value)
{
	size_t length = strcspn(word + 2, "=");

	*value = word[2 + length] ? word + 2 + length + 1 : NULL;
	return option_set_find_long(set, word + 2, length);
}

/* The first of several letters that takes a value: the rest of the word is that. */
static const struct command_option *find_in_letters(const struct option_set *set, const char *word,
						    const char **value)
{
	for (const char *c = word + 1; *c; c++) {
		const struct command_option *row = option_set_find_letter(set, *c);

		if (row && row->value) {
			*value = c[1] ? c + 1 : NULL;
			return row;
		}
	}
	*value = NULL;
	return NULL;
}

static const struct command_option *find_option(const struct option_set *set, const char *word,
						const char **value)
{
	return word[1] == '-' ? find_long(set, word, value) : find_in_letters(set, word, value);
}

static bool is_option_word(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

/* Takes an option, and the next word where that is its value.  Returns how many words these are. */
static size_t take_option(const struct option_set *set, const char *word, bool is_last,
			  struct position *position)
{
	const char *value;
	const struct command_option *row = find_option(set, word, &value);
	bool needs_word = row && row->value && row->value[0] != '[' && !value;

	if (!row)
		return 1;
	position->has_target |= row->kind == VALUE_PROCESS || (row->kind == VALUE_FILE && value);
	if (needs_word && is_last)
		position->option = row;
	return needs_word ? 2 : 1;
}

/*
 * How many arguments these words are.  A program's count as well, but for the
 * "--" before it; all targets before it count as one.
 */
static size_t count_arguments(const struct command *command, bool has_target, const char *const *words,
			      size_t count)
{
	size_t own;

	if (!command->count_arguments || has_target)
		return count;
	own = command->count_arguments(words, count);
	if (own < count && strcmp(words[own], "--") == 0)
		own++;
	return 1 + count - own;
}

static struct position find_position(const struct command *command, const struct option_set *set,
				     const char *const *words, size_t before)
{
	struct position position = {0};
	size_t i = 0;

	while (i < before) {
		if (position.is_argument || !is_option_word(words[i])) {
			if (command->stops_at_word)
				break;
			position.number++;
			i++;
		} else if (strcmp(words[i], "--") == 0) {
			position.is_argument = true;
			i++;
		} else {
			i += take_option(set, words[i], i + 1 == before, &position);
		}
	}
	if (i < before) {
		position.is_argument = true;
		position.number = count_arguments(command, position.has_target, words + i, before - i);
	}
	return position;
}

static void offer_options(const struct option_set *set, const struct completion *completion)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct command_option *row = set->rows[i];
		char help[256];
		char name[64];

		snprintf(help, sizeof(help), "%s", row->help);
		for (char *c = help; (c = strchr(c, '\n'));)
			*c = ' ';
		snprintf(name, sizeof(name), "-%c", row->letter);
		if (row->letter)
			complete_offer(completion, name, help);
		snprintf(name, sizeof(name), "--%s", row->name);
		complete_offer(completion, name, help);
	}
}

/* An option, or the value behind it in the same word. */
static void complete_option(const struct command *command, const struct option_set *set, const char *word)
{
	const char *value;
	const struct command_option *row = find_option(set, word, &value);

	if (row && value)
		complete_value(command, row, (struct completion){word, (size_t)(value - word)});
	else
		offer_options(set, &(struct completion){word, 0});
}

static void complete_argument(const struct command *command, const struct position *position,
			      const char *word)
{
	size_t number = position->number + (command->stops_at_word && position->has_target);

	if (command->stops_at_word && number > 0)
		complete_ask(number == 1 ? "command" : "file");
	else if (command->arguments == ARGUMENT_KEPT_NAME)
		complete_kept_name(&(struct completion){word, 0}, "");
	else if (command->arguments == ARGUMENT_NEW_NAME && number == 0)
		return;
	else if (number < command->most && !position->has_target)
		complete_target(&(struct completion){word, 0}, strcmp(command->word, "TARGET") == 0);
}

void complete_words(const struct command *command, const char *const *words, size_t count)
{
	const char *word = words[count - 1];
	struct option_set set;
	struct position position;

	option_set_build(&set, command);
	position = find_position(command, &set, words, count - 1);
	if (position.option)
		complete_value(command, position.option, (struct completion){word, 0});
	else if (!position.is_argument && word[0] == '-')
		complete_option(command, &set, word);
	else
		complete_argument(command, &position, word);
}
