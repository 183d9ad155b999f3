/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of --help of a command. */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/option_set.h"
#include "cmd/wrap.h"
#include "target/target.h"

/* Wider ones stand alone before their text. */
#define WIDEST 24
#define LINE_WIDTH 80

/* " -t, --type LIST" */
static void format_option(const struct command_option *row, char *text, size_t size)
{
	const char *blank = row->value && row->value[0] != '[' ? " " : "";
	char letter[8] = "    ";

	if (row->letter)
		snprintf(letter, sizeof(letter), "-%c, ", row->letter);
	snprintf(text, size, " %s--%s%s%s", letter, row->name, blank, row->value ? row->value : "");
}

static size_t find_help_width(const struct option_set *set)
{
	size_t widest = 0;
	char text[128];

	for (size_t i = 0; i < set->count; i++) {
		size_t length;

		format_option(set->rows[i], text, sizeof(text));
		length = strlen(text);
		if (length > widest && length <= WIDEST)
			widest = length;
	}
	return widest + 2;
}

/* Further lines of the text stand below its first one. */
static void print_option(const struct command_option *row, int width)
{
	const char *line = row->help;
	char text[128];

	format_option(row, text, sizeof(text));
	printf("%-*s%s", width, text, strlen(text) + 2 > (size_t)width ? "  " : "");
	for (;;) {
		int length = (int)strcspn(line, "\n");

		printf("%.*s\n", length, line);
		if (line[length] == '\0')
			break;
		line += length + 1;
		printf("%*s", width, "");
	}
}

/* A blank line between tables; a heading stands before its own. */
static void print_options(const struct command *command, int width)
{
	for (size_t i = 0; i < COMMAND_TABLES; i++) {
		const struct command_option *first = command->tables[i];

		for (const struct command_option *row = first; row && row->help; row++) {
			if (row == first || !row->name)
				putchar('\n');
			if (row->name)
				print_option(row, width);
			else
				printf("%s:\n", row->help);
		}
	}
}

/* How the arguments are written. */
static void print_targets(const struct command *command)
{
	const char *word = command->word;
	char kinds[256];
	size_t column;

	if (command->arguments == ARGUMENT_KEPT_NAME) {
		printf("\n%s is a name of nsctl keep.\n", word);
		return;
	}
	column = (size_t)printf("\n%s is", word);
	target_list_kinds(strcmp(word, "TARGET") == 0, kinds, sizeof(kinds));
	wrap_print(kinds, column, 0, LINE_WIDTH);
	puts(".");
}

void command_print_help(const struct command *command, const char *program)
{
	struct option_set set;
	int width;

	option_set_build(&set, command);
	width = (int)find_help_width(&set);
	printf("Usage: %s %s\n%s", program, command->usage, command->help);
	print_options(command, width);
	print_option(&(struct command_option){"help", 'h', NULL, "this help"}, width);
	print_option(&(struct command_option){"version", 'V', NULL, "version"}, width);
	if (command->word)
		print_targets(command);
	if (command->more)
		printf("\n%s", command->more);
	if (command->examples)
		printf("\nExamples:\n%s", command->examples);
	printf("\nFor more see nsctl-%s(1).\n", command->name);
}
